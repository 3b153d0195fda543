"""Sense data as targets build it: SPC-5 4.4 (72h descriptor and 70h fixed format), SAT-4 12.2.2 (ATA registers)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

NO_SENSE = 0x0
RECOVERED = 0x1
NOT_READY = 0x2
MEDIUM_ERROR = 0x3
ILLEGAL_REQUEST = 0x5
DATA_PROTECT = 0x7
ABORTED = 0xB

INVALID_OPCODE = (ILLEGAL_REQUEST, 0x20, 0x00)
LBA_OUT_OF_RANGE = (ILLEGAL_REQUEST, 0x21, 0x00)
INVALID_FIELD_IN_CDB = (ILLEGAL_REQUEST, 0x24, 0x00)
INVALID_FIELD_IN_PARAMETERS = (ILLEGAL_REQUEST, 0x26, 0x00)
FORMATTING = (NOT_READY, 0x04, 0x04)
SANITIZING = (NOT_READY, 0x04, 0x1B)
FORMAT_CORRUPT = (MEDIUM_ERROR, 0x31, 0x00)
SANITIZE_FAILED = (MEDIUM_ERROR, 0x31, 0x03)
READ_ERROR = (MEDIUM_ERROR, 0x11, 0x00)
WRITE_ERROR = (MEDIUM_ERROR, 0x0C, 0x00)
ACCESS_DENIED = (DATA_PROTECT, 0x20, 0x02)


class CheckCondition(Exception):  # noqa: N818 - the standard's word for it
    """A command ends so: sense key, additional sense code and qualifier, and progress in 65536ths if any."""

    def __init__(self, code: tuple[int, int, int], progress: int | None = None) -> None:
        super().__init__("{:x}/{:02x}/{:02x}".format(*code))
        self.code = code
        self.progress = progress

    def sense(self, *, descriptor: bool) -> bytes:
        """The sense data."""
        return sense(self.code, self.progress, descriptor=descriptor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registers:
    """An ATA command's outputs."""

    status: int
    error: int
    count: int
    lba: int
    device: int
    extended: bool


def sense(code: tuple[int, int, int], progress: int | None = None, *, descriptor: bool) -> bytes:
    """Sense data without registers; a progress indication is sense key specific (SPC-5 4.4.2.4.4)."""
    specific = b"" if progress is None else struct.pack(">BH", 0x80, min(progress, 0xFFFF))
    key, asc, ascq = code
    if descriptor:
        extra = struct.pack(">BBxx3sx", 2, 6, specific) if specific else b""
        return bytes([0x72, key, asc, ascq, 0, 0, 0, len(extra)]) + extra
    return struct.pack(">BxBxxxxBxxxxBBx3s", 0x70, key, 10, asc, ascq, specific or bytes(3))


def ata_descriptor(code: tuple[int, int, int], out: Registers) -> bytes:
    """Descriptor format with the ATA Status Return descriptor (09h)."""
    count = out.count if out.extended else out.count & 0xFF
    lba = out.lba if out.extended else out.lba & 0xFFFFFF
    low, middle, high, low2, middle2, high2 = lba.to_bytes(6, "little")
    registers = [out.error, count >> 8, count & 0xFF, low2, low, middle2, middle, high2, high, out.device, out.status]
    return bytes([0x72, *code, 0, 0, 0, 14, 9, 12, int(out.extended), *registers])


def ata_fixed(code: tuple[int, int, int], out: Registers, *, tells_upper: bool) -> bytes:
    """Fixed format: COUNT(15:8) and LBA(47:24) are lost, but for a bit each that says they were not zero."""
    upper = (0x40 if out.count >> 8 else 0) | (0x20 if out.lba >> 24 else 0) if tells_upper else 0
    low, middle, high = (out.lba & 0xFFFFFF).to_bytes(3, "little")
    information = [out.error, out.status, out.device, out.count & 0xFF]
    specific = [(0x80 if out.extended else 0) | upper, low, middle, high]
    key, asc, ascq = code
    return bytes([0xF0, 0, key, *information, 10, *specific, asc, ascq, 0, 0, 0, 0])
