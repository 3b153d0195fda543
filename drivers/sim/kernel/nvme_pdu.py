"""The units that NVMe/TCP sends over a connection, without sockets; little-endian.

Sources: NVM Express TCP Transport 1.0, chapter 3.6 (PDU definitions); Base 2.0, chapters 3.3.3 (queue entries)
and 6 (Fabrics commands). No digests, no padding.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

HEADER_SIZE = 8
MAX_PDU = 2 * 1024 * 1024
"""Bytes of one unit from the host; it sends no more than it was told it may."""
MAX_H2C_DATA = 128 * 1024
IN_CAPSULE = 8192
"""Bytes of data that may come with a command; for admin and Fabrics commands the standard says so."""
_HEADER = struct.Struct("<BBBBI")
_LAST = 0x04
_TRANSPORT_SGL, _IN_CAPSULE_SGL = 0x5A, 0x01


class Kind(IntEnum):
    """PDU-Type."""

    IC_REQ = 0
    IC_RESP = 1
    H2C_TERM_REQ = 2
    C2H_TERM_REQ = 3
    CAPSULE_CMD = 4
    CAPSULE_RESP = 5
    H2C_DATA = 6
    C2H_DATA = 7
    R2T = 9


_HEADER_LENGTHS = {Kind.IC_REQ: 128, Kind.H2C_TERM_REQ: 24, Kind.CAPSULE_CMD: 72, Kind.H2C_DATA: 24}


class PduError(Exception):
    """What came is no unit that a host may send now; `fatal` is the Fatal Error Status to end the connection with."""

    def __init__(self, what: str, fatal: int) -> None:
        super().__init__(what)
        self.fatal = fatal


_INVALID_HEADER, _OUT_OF_RANGE, _UNSUPPORTED = 1, 4, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Connecting:
    """ICReq: the host wants this protocol version, alignment and digests."""

    version: int
    digests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A submission queue entry. `length` bytes are to be moved; `in_capsule` says that they came along."""

    opcode: int
    cid: int
    nsid: int
    cdw: tuple[int, int, int, int, int, int]
    length: int
    in_capsule: bool
    raw: bytes

    @property
    def to_controller(self) -> bool:
        """Whether the command moves data from the host (for Fabrics commands, by their own type)."""
        way = self.raw[4] if self.opcode == FABRICS else self.opcode
        return way & 3 == 1

    @property
    def to_host(self) -> bool:
        """Whether it moves data to the host."""
        way = self.raw[4] if self.opcode == FABRICS else self.opcode
        return way & 3 == 2


FABRICS = 0x7F


@dataclass(frozen=True, slots=True, kw_only=True)
class Capsule:
    """A command, with the data that came in it."""

    entry: Entry
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """Bytes for the transfer `tag` at `offset`; for command `cid`."""

    cid: int
    tag: int
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminated:
    """The host ends the connection: H2CTermReq."""

    fatal: int


Unit: TypeAlias = Connecting | Capsule | Data | Terminated


def size(header: bytes) -> int:
    """How many bytes a unit has, from its first `HEADER_SIZE`. Raises `PduError`."""
    kind, flags, length, _place, whole = _HEADER.unpack(header)
    if kind not in _HEADER_LENGTHS or length != _HEADER_LENGTHS[Kind(kind)] or not length <= whole <= MAX_PDU:
        raise PduError(f"no unit of a host: {header.hex()}", _INVALID_HEADER)
    if flags & 3:
        raise PduError("digests were not agreed", _UNSUPPORTED)
    return int(whole)


def parse(unit: bytes) -> Unit:
    """Read a whole unit. Raises `PduError`."""
    kind, _flags, length, place, whole = _HEADER.unpack_from(unit)
    if whole != length and not length <= place <= whole:
        raise PduError(f"data at {place} of {whole} bytes", _INVALID_HEADER)
    data = unit[place:] if whole != length else b""
    match kind:
        case Kind.IC_REQ:
            version, _alignment, digests = struct.unpack_from("<HBB", unit, 8)
            return Connecting(version=version, digests=digests)
        case Kind.CAPSULE_CMD:
            return Capsule(entry=entry(unit[8:72]), data=data)
        case Kind.H2C_DATA:
            cid, tag, offset, count = struct.unpack_from("<HHII", unit, 8)
            if count != len(data):
                raise PduError(f"{len(data)} bytes of data instead of {count}", _INVALID_HEADER)
            return Data(cid=cid, tag=tag, offset=offset, data=data)
        case _:
            return Terminated(fatal=struct.unpack_from("<H", unit, 8)[0])


def entry(raw: bytes) -> Entry:
    """Read 64 bytes. Raises `PduError` for data described in another way than over this transport."""
    opcode, _flags, cid, nsid = struct.unpack_from("<BBHI", raw)
    count, kind = struct.unpack_from("<I3xB", raw, 32)
    if count and kind not in {_TRANSPORT_SGL, _IN_CAPSULE_SGL}:
        raise PduError(f"an SGL descriptor of kind {kind:02x}h", _UNSUPPORTED)
    return Entry(
        opcode=opcode,
        cid=cid,
        nsid=nsid,
        cdw=struct.unpack_from("<6I", raw, 40),
        length=count,
        in_capsule=kind == _IN_CAPSULE_SGL,
        raw=raw,
    )


def accepted() -> bytes:
    """ICResp: version 0, no digests, no alignment."""
    return struct.pack("<BBBBIHBBI", Kind.IC_RESP, 0, 128, 0, 128, 0, 0, 0, MAX_H2C_DATA).ljust(128, b"\0")


def response(cid: int, status: int, result: int, head: int, queue: int) -> bytes:
    """A completion; `status` without the phase bit, `result` up to 64 bits, `head` of the submission queue."""
    return struct.pack("<BBBBIQHHHH", Kind.CAPSULE_RESP, 0, 24, 0, 24, result, head, queue, cid, status << 1 & 0xFFFF)


def to_host(cid: int, data: bytes) -> bytes:
    """All the data of a command."""
    head = struct.pack("<BBBBI", Kind.C2H_DATA, _LAST, 24, 24, 24 + len(data))
    return head + struct.pack("<HHII4x", cid, 0, 0, len(data)) + data


def ready(cid: int, tag: int, length: int) -> bytes:
    """R2T: all the data of a command may come, under this tag."""
    return struct.pack("<BBBBIHHII4x", Kind.R2T, 0, 24, 0, 24, cid, tag, 0, length)


def terminate(error: PduError, header: bytes) -> bytes:
    """C2HTermReq, with the header that was wrong."""
    return struct.pack("<BBBBIHI10x", Kind.C2H_TERM_REQ, 0, 24, 24, 24 + len(header), error.fatal, 0) + header


class Transfer:
    """The data of one command, as it comes in pieces that the host was asked for."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self._data = bytearray(entry.length)
        self._got = 0

    def take(self, piece: Data) -> bytes | None:
        """One piece; all the data once it is there. Raises `PduError`."""
        if piece.cid != self.entry.cid or piece.offset != self._got or self._got + len(piece.data) > len(self._data):
            raise PduError(f"data for command {piece.cid} at {piece.offset}", _OUT_OF_RANGE)
        self._data[self._got : self._got + len(piece.data)] = piece.data
        self._got += len(piece.data)
        return bytes(self._data) if self._got == len(self._data) else None
