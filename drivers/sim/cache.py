"""The medium and the volatile write cache before it: what a drive loses when its power fails."""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
from bisect import bisect_left, bisect_right
from enum import Enum, auto
from pathlib import Path
from random import Random

_NOISE = 256 * 1024
_PUNCH = 1 << 20
_FALLOC_FL_PUNCH_HOLE_KEEP_SIZE = 3
_libc = ctypes.CDLL(None, use_errno=True)


class MediumFile:
    """What survives without power: a sparse file whose holes read as zeros. Offsets and lengths are bytes.

    After a crypto erase (`key` other than 0) the old bytes are gone from the file, and everything is read and
    written through noise drawn from the key: a hole reads as noise, not as the zeros of a blank drive.
    """

    def __init__(self, path: Path, key: int = 0) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        self._noise = _noise(key)

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return os.fstat(self._descriptor).st_size

    def read_into(self, offset: int, buffer: memoryview) -> None:
        """Fill the buffer. Raises `OSError`, EIO where the file is shorter than the drive."""
        whole, start = buffer, offset
        while buffer:
            count = os.preadv(self._descriptor, [buffer], offset)
            if count == 0:
                raise OSError(errno.EIO, "the medium's file is shorter than the drive")
            buffer = buffer[count:]
            offset += count
        if self._noise:
            whole[:] = self._veiled(start, whole)

    def write(self, offset: int, data: memoryview) -> None:
        """Write all of it. Raises `OSError` (a full host disk, …)."""
        if self._noise:
            data = memoryview(self._veiled(offset, data))
        while data:
            count = os.pwrite(self._descriptor, data, offset)
            data = data[count:]
            offset += count

    def fill(self, first: int, end: int, pattern: bytes = b"") -> None:
        """Make the bytes from `first` to `end` read as a repeated pattern, zeros for an empty one. Raises `OSError`."""
        end = min(end, self.size)
        if first < end and not any(pattern) and not self._noise:
            hole = ctypes.c_long(first), ctypes.c_long(end - first)
            if _libc.fallocate(self._descriptor, _FALLOC_FL_PUNCH_HOLE_KEEP_SIZE, *hole) != 0:
                number = ctypes.get_errno()
                raise OSError(number, os.strerror(number))
            return
        pattern = pattern or bytes(1)
        while first < end:
            shift = first % len(pattern)
            block = (pattern * (_PUNCH // len(pattern) + 2))[shift : shift + min(_PUNCH, end - first)]
            self.write(first, memoryview(block))
            first += len(block)

    def change_key(self, key: int) -> None:
        """Everything on the medium is gone for good; 0: and reads as zeros. Raises `OSError`."""
        self._noise = b""
        self.fill(0, self.size)
        self._noise = _noise(key)

    def _veiled(self, offset: int, data: memoryview) -> bytes:
        start = offset % _NOISE
        noise = self._noise * ((start + len(data)) // _NOISE + 1)
        veil = int.from_bytes(noise[start : start + len(data)], "little")
        return (int.from_bytes(data, "little") ^ veil).to_bytes(len(data), "little")

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)


def _noise(key: int) -> bytes:
    return hashlib.shake_256(f"media key {key}".encode()).digest(_NOISE) if key else b""


class _Fate(Enum):
    """What a power cut makes of one cached entry."""

    LOST = auto()
    WRITTEN = auto()
    TORN = auto()


class WriteCache:
    """Written data on its way to the medium: entries that never overlap, `capacity` bytes at most in all.

    Entries are written out in an order drawn from `random`, as a drive writes in the order that suits it.
    """

    def __init__(self, medium: MediumFile, *, capacity: int, sector: int, random: Random) -> None:
        self._medium = medium
        self._capacity = capacity
        self._sector = sector
        self._random = random
        self._starts: list[int] = []  # sorted
        self._entries: dict[int, memoryview] = {}
        self._held = 0

    @property
    def held(self) -> int:
        """Bytes that a power cut could lose."""
        return self._held

    def write(self, offset: int, data: memoryview) -> None:
        """Take `data`, whose buffer the caller gives up, in place of what was cached there. Raises `OSError`."""
        if not data:
            return
        end = offset + len(data)
        overlapped = self._overlapping(offset, end)
        kept = {offset: data}
        for start in self._starts[overlapped]:
            old = self._entries.pop(start)
            self._held -= len(old)
            # Copies: a slice would keep the whole old buffer alive, outside the capacity.
            if start < offset:
                kept[start] = memoryview(bytes(old[: offset - start]))
            if start + len(old) > end:
                kept[end] = memoryview(bytes(old[end - start :]))
        self._starts[overlapped] = sorted(kept)
        self._entries.update(kept)
        self._held += sum(len(entry) for entry in kept.values())
        while self._held > self._capacity:
            self._write_out(self._random.randrange(len(self._starts)))

    def read_into(self, offset: int, buffer: memoryview) -> None:
        """Fill the buffer with the medium's bytes, overlaid with newer cached ones. Raises `OSError`."""
        end = offset + len(buffer)
        self._medium.read_into(offset, buffer)
        for start in self._starts[self._overlapping(offset, end)]:
            entry = self._entries[start]
            first, last = max(start, offset), min(start + len(entry), end)
            buffer[first - offset : last - offset] = entry[first - start : last - start]

    def flush(self) -> None:
        """Write everything to the medium. Raises `OSError`; what could not be written stays cached."""
        while self._starts:
            self._write_out(self._random.randrange(len(self._starts)))

    def lose(self) -> None:
        """The power fails: a random part of the entries reaches the medium, some of them torn between sectors."""
        for start in self._random.sample(self._starts, len(self._starts)):
            entry = self._entries[start]
            first, last = self._surviving(len(entry))
            self._medium.write(start + first, entry[first:last])
        self._starts.clear()
        self._entries.clear()
        self._held = 0

    def _surviving(self, length: int) -> tuple[int, int]:
        """Which bytes of an entry of this length reach the medium in a power cut."""
        match self._random.choice(list(_Fate)):
            case _Fate.LOST:
                return 0, 0
            case _Fate.WRITTEN:
                return 0, length
            case _Fate.TORN:
                first, last = sorted(self._random.randint(0, length // self._sector) for _ in range(2))
                return first * self._sector, last * self._sector

    def _overlapping(self, start: int, end: int) -> slice:
        """Where in `_starts` the entries are that share a byte with `start` to `end`."""
        first = bisect_right(self._starts, start)
        if first and self._starts[first - 1] + len(self._entries[self._starts[first - 1]]) > start:
            first -= 1
        return slice(first, max(first, bisect_left(self._starts, end)))

    def _write_out(self, index: int) -> None:
        start = self._starts[index]
        self._medium.write(start, self._entries[start])
        del self._starts[index]
        self._held -= len(self._entries.pop(start))
