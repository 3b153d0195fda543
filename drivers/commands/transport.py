"""The one port through which commands reach a drive: raw requests out, raw replies back, nothing interpreted.

`drivers.commands.sgio` and `drivers.commands.nvme_ioctl` speak to the kernel, `drivers.sim.transport` to a virtual
drive's COMMAND. ATA commands travel inside SCSI ones (SAT), as they do on every Linux machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Direction(StrEnum):
    """Which way data goes, seen from the host."""

    NONE = "none"
    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScsiRequest:
    """A command descriptor block of 6 to 32 bytes; `length` bytes to receive, or `data` to send. Seconds to wait."""

    cdb: bytes
    direction: Direction = Direction.NONE
    length: int = 0
    data: bytes = b""
    timeout: float = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ScsiReply:
    """The SAM status byte, the sense data as it came, and the data received (already without the residual).

    `host_status` and `driver_status` are the kernel's own (`DID_*`), 0 where nothing went wrong on the way.
    """

    status: int
    sense: bytes = b""
    data: bytes = b""
    host_status: int = 0
    driver_status: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NvmeRequest:
    """An NVMe admin command: `cdw` are command dwords 10 to 15; `length` bytes to receive, or `data` to send."""

    opcode: int
    nsid: int = 0
    cdw: tuple[int, int, int, int, int, int] = (0, 0, 0, 0, 0, 0)
    length: int = 0
    data: bytes = b""
    timeout: float = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class NvmeReply:
    """The status field without its phase bit (status code type in bits 10:8, status code in 7:0), and dword 0."""

    status: int
    result: int = 0
    data: bytes = b""


class TransportError(Exception):
    """The request did not get through, or its reply did not come back: nothing is known about what the drive did.

    `errno` is the kernel's, 0 where there was none.
    """

    def __init__(self, what: str, errno: int = 0) -> None:
        super().__init__(what)
        self.errno = errno


class Transport(Protocol):
    """A way to one drive. A transport takes SCSI requests or NVMe ones; the other kind raises `TransportError`."""

    def scsi(self, request: ScsiRequest) -> ScsiReply:
        """Send a command and wait for its end. Raises `TransportError`."""
        ...

    def nvme(self, request: NvmeRequest) -> NvmeReply:
        """Send an admin command and wait for its end. Raises `TransportError`."""
        ...
