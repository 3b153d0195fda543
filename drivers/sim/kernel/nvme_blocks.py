"""NVMe I/O commands (NVM Command Set 1.0 chapter 3) as block requests to a virtual drive."""

from __future__ import annotations

import errno
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from drivers.commands.transport import NvmeReply, NvmeRequest
from drivers.sim.kernel.attachment import FOREVER_S, Lane
from drivers.sim.kernel.nvme_pdu import Entry

_DO_NOT_RETRY = 0x4000
_SUCCESS, _INVALID_OPCODE, _INVALID_FIELD, _INVALID_NAMESPACE = 0, 0x4001, 0x4002, 0x400B
_SANITIZE_FAILED, _SANITIZING = 0x401C, 0x001D
_LBA_OUT_OF_RANGE = 0x4080
_WRITE_FAULT, _UNRECOVERED_READ = 0x4280, 0x4281
_FLUSH, _WRITE, _READ, _WRITE_ZEROES, _DATASET = 0x00, 0x01, 0x02, 0x08, 0x09
_FORCE_UNIT_ACCESS = 1 << 30
_GET_LOG, _IDENTIFY = 0x02, 0x06
_SANITIZE_LOG, _SANITIZE_STATUS, _RUNNING, _FAILED = 0x81, 2, 2, 3
_ALL = 0xFFFFFFFF
_ZEROES_AT_ONCE = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended: the status without its phase bit, dword 0, and data for the host."""

    status: int
    result: int = 0
    data: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Space:
    """A namespace and its sectors, in bytes."""

    size: int
    block: int


class Blocks:
    """The namespaces of one drive, over one lane. Raises `OSError` with ENODEV where the drive went away."""

    def __init__(self, lane: Lane) -> None:
        self._lane = lane
        self._known: dict[int, _Space] = {}
        self._kinds: Mapping[int, Callable[[Entry, bytes, _Space], bytes]] = {
            _READ: self._read,
            _WRITE: self._write,
            _WRITE_ZEROES: self._write_zeroes,
            _DATASET: lambda _entry, _data, _space: b"",  # a hint, which a drive may leave without effect
        }

    def forget_formats(self) -> None:
        """The drive may have been formatted: ask it anew."""
        self._known = {}

    def perform(self, entry: Entry, data: bytes) -> Ended:
        """Perform an I/O command."""
        try:
            if entry.opcode == _FLUSH:
                self._lane.connection.flush()
                return Ended(status=_SUCCESS)
            if entry.opcode not in self._kinds:
                return Ended(status=_INVALID_OPCODE)
            space = self._space(entry.nsid)
            if space is None:
                return Ended(status=_INVALID_NAMESPACE)
            if entry.opcode != _DATASET and not _fits(entry, space):
                return Ended(status=_LBA_OUT_OF_RANGE)
            return Ended(status=_SUCCESS, data=self._kinds[entry.opcode](entry, data, space))
        except OSError as error:
            return Ended(status=self._status(error, entry))

    def _read(self, entry: Entry, _: bytes, space: _Space) -> bytes:
        offset, length = _extent(entry, space)
        data = self._lane.read(offset, length, entry.nsid)
        if len(data) != length:
            raise OSError(errno.EIO, "the drive gave less than it was asked for")
        return data

    def _write(self, entry: Entry, data: bytes, space: _Space) -> bytes:
        offset, length = _extent(entry, space)
        if len(data) != length:
            raise OSError(errno.EPROTO, "data of another length than the command says")
        self._put(offset, data, entry)
        return b""

    def _write_zeroes(self, entry: Entry, _: bytes, space: _Space) -> bytes:
        offset, length = _extent(entry, space)
        for place in range(0, length, _ZEROES_AT_ONCE):
            self._put(offset + place, bytes(min(_ZEROES_AT_ONCE, length - place)), entry)
        return b""

    def _put(self, offset: int, data: bytes, entry: Entry) -> None:
        if self._lane.write(offset, data, entry.nsid) != len(data):
            raise OSError(errno.EIO, "the drive took less than it was given")
        if entry.cdw[2] & _FORCE_UNIT_ACCESS:
            self._lane.connection.flush()

    def _status(self, error: OSError, entry: Entry) -> int:
        """What a drive answers that fails so."""
        match error.errno:
            case errno.ENODEV:
                raise error
            case errno.EPROTO:
                return _INVALID_FIELD
            case errno.EINVAL:
                return _LBA_OUT_OF_RANGE
        # Block requests have error numbers only: the reason for a refusal stands in the sanitize log.
        log = self._ask(_GET_LOG, _ALL, (127 << 16 | _SANITIZE_LOG, 0, 0, 0, 0, 0), 512)
        state = log[_SANITIZE_STATUS] & 7 if log else 0
        if state in {_RUNNING, _FAILED}:
            return _SANITIZING if state == _RUNNING else _SANITIZE_FAILED
        return _UNRECOVERED_READ if entry.opcode == _READ else _WRITE_FAULT

    def _space(self, nsid: int) -> _Space | None:
        if nsid not in self._known:
            data = self._ask(_IDENTIFY, nsid, (0, 0, 0, 0, 0, 0), 4096) if 0 < nsid < _ALL else b""
            if not any(data):
                return None
            (sectors,) = struct.unpack_from("<Q", data)
            block = 1 << data[128 + 4 * (data[26] & 0xF) + 2]
            self._known[nsid] = _Space(size=sectors * block, block=block)
        return self._known[nsid]

    def _ask(self, opcode: int, nsid: int, cdw: tuple[int, int, int, int, int, int], length: int) -> bytes:
        """The data of an answer to an admin command; empty where the drive refuses."""
        try:
            reply = self._lane.command(NvmeRequest(opcode=opcode, nsid=nsid, cdw=cdw, length=length, timeout=FOREVER_S))
        except OSError as error:
            if error.errno == errno.ENODEV:
                raise
            return b""  # a dead drive
        return reply.data if isinstance(reply, NvmeReply) and not reply.status else b""


def _extent(entry: Entry, space: _Space) -> tuple[int, int]:
    """Bytes of the namespace: the first, and how many."""
    first, count = _sectors(entry)
    return first * space.block, count * space.block


def _fits(entry: Entry, space: _Space) -> bool:
    first, count = _sectors(entry)
    return (first + count) * space.block <= space.size


def _sectors(entry: Entry) -> tuple[int, int]:
    (first,) = struct.unpack_from("<Q", entry.raw, 40)
    return first, (entry.cdw[2] & 0xFFFF) + 1
