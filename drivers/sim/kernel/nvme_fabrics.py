"""A controller's part in NVMe over Fabrics: connecting queues, and the properties that stand for registers.

Source: NVM Express Base 2.0: Connect and Property commands chapter 6, controller properties figure 33 ff.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from drivers.sim.kernel.nvme_pdu import IN_CAPSULE

QUEUE_SIZE = 128
INVALID_OPCODE, INVALID_FIELD = 0x4001, 0x4002
CONNECT_INVALID = 0x4182
_CAP, _VS, _CC, _CSTS = 0x00, 0x08, 0x14, 0x1C
_READY_WITHIN = 20
"""In units of half a second."""
_ENABLE, _SHUTDOWN_DONE = 1, 8
_CONNECT_DATA = 1024
_ANY_CONTROLLER = 0xFFFF
CONTROLLER = 1


class FabricsError(Exception):
    """A Fabrics command ends with this status (and, for Connect, with this result)."""

    def __init__(self, status: int, result: int = 0) -> None:
        super().__init__(f"status {status:#x}")
        self.status = status
        self.result = result


@dataclass(frozen=True, slots=True, kw_only=True)
class Connect:
    """What a Connect command asks for."""

    queue: int
    size: int
    controller: int
    subsystem: str


def connect(raw: bytes, data: bytes) -> Connect:
    """Read a Connect command and its data. Raises `FabricsError`."""
    form, queue, size = struct.unpack_from("<HHH", raw, 40)
    if form or len(data) != _CONNECT_DATA:
        raise FabricsError(CONNECT_INVALID, 40)
    if not 0 < size < QUEUE_SIZE:
        raise FabricsError(CONNECT_INVALID, 44)
    (controller,) = struct.unpack_from("<H", data, 16)
    if controller != (_ANY_CONTROLLER if queue == 0 else CONTROLLER):
        raise FabricsError(CONNECT_INVALID, 1 << 16 | 16)
    name = data[256:512].split(b"\0", 1)[0].decode(errors="replace")
    return Connect(queue=queue, size=size + 1, controller=CONTROLLER, subsystem=name)


class Properties:
    """The controller's registers."""

    def __init__(self, version: int) -> None:
        self._version = version
        self._configuration = 0
        self._status = 0

    def get(self, raw: bytes) -> int:
        """Property Get."""
        (offset,) = struct.unpack_from("<I", raw, 44)
        capabilities = (QUEUE_SIZE - 1) | 1 << 16 | _READY_WITHIN << 24 | 1 << 37
        known = {_CAP: capabilities, _VS: self._version, _CC: self._configuration, _CSTS: self._status}
        if offset not in known:
            raise FabricsError(INVALID_FIELD)
        return known[offset]

    def set(self, raw: bytes) -> None:
        """Property Set: only the controller's configuration can be set."""
        offset, value = struct.unpack_from("<IQ", raw, 44)
        if offset != _CC:
            raise FabricsError(INVALID_FIELD)
        self._configuration = value & 0xFFFFFFFF
        self._status = (value & _ENABLE) | (_SHUTDOWN_DONE if value >> 14 & 3 else 0)


def over_fabrics(identify: bytes) -> bytes:
    """Identify Controller data, with what this way of reaching the drive adds (Base 2.0 figure 275, Fabrics fields)."""
    data = bytearray(identify)
    struct.pack_into("<H", data, 78, CONTROLLER)
    struct.pack_into("<H", data, 320, 10)  # keep alive, in steps of 1 s
    struct.pack_into("<H", data, 514, QUEUE_SIZE)
    struct.pack_into("<I", data, 536, 1 | 1 << 20)  # SGLs, with offsets into the capsule
    struct.pack_into("<IIHBB", data, 1792, (64 + IN_CAPSULE) // 16, 1, 0, 0, 1)
    return bytes(data)


def version_of(identify: bytes) -> int:
    """VER of Identify Controller data, which the property VS repeats."""
    return int(struct.unpack_from("<I", identify, 80)[0])


def subsystem_of(identify: bytes) -> str:
    """The subsystem's NVMe qualified name in Identify Controller data."""
    return identify[768:1024].split(b"\0", 1)[0].decode(errors="replace")
