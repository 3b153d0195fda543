"""An ATA command and its outcome (ACS-4): registers in, registers and data out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

ABORTED = 0x04
NOT_FOUND = 0x10
UNCORRECTABLE = 0x40
READY = 0x50
ERROR = 0x51
SECTOR = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Taskfile:
    """A command's inputs; `data` is what the host sends, `timeout` its patience in seconds."""

    command: int
    feature: int
    count: int
    lba: int
    device: int
    extended: bool
    data: bytes
    timeout: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A command's outputs; None leaves a register as it was."""

    count: int | None = None
    lba: int | None = None
    data: bytes = b""


class AtaError(Exception):
    """The command ends with ERR set: the ERROR register, and LBA where it says more."""

    def __init__(self, error: int = ABORTED, lba: int | None = None) -> None:
        super().__init__(f"error register {error:#x}")
        self.error = error
        self.lba = lba


Handler: TypeAlias = Callable[[Taskfile], Outcome]
Handlers: TypeAlias = Mapping[int, Handler]


def checked(words: bytes | bytearray, *, signature: bool = True) -> bytes:
    """A 512-byte structure with its checksum in byte 511 (and, in IDENTIFY, A5h before it)."""
    sector = bytearray(words)
    if signature:
        sector[510] = 0xA5
    sector[511] = -sum(sector[:511]) & 0xFF
    return bytes(sector)
