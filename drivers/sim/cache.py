"""The medium and the volatile write cache before it: what a drive loses when its power fails."""

from __future__ import annotations

import errno
import os
from bisect import bisect_left, bisect_right
from enum import Enum, auto
from pathlib import Path
from random import Random


class MediumFile:
    """What survives without power: a sparse file whose holes read as zeros. Offsets and lengths are bytes."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)

    def read_into(self, offset: int, buffer: memoryview) -> None:
        """Fill the buffer. Raises `OSError`, EIO where the file is shorter than the drive."""
        while buffer:
            count = os.preadv(self._descriptor, [buffer], offset)
            if count == 0:
                raise OSError(errno.EIO, "the medium's file is shorter than the drive")
            buffer = buffer[count:]
            offset += count

    def write(self, offset: int, data: memoryview) -> None:
        """Write all of it. Raises `OSError` (a full host disk, …)."""
        while data:
            count = os.pwrite(self._descriptor, data, offset)
            data = data[count:]
            offset += count

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)


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
