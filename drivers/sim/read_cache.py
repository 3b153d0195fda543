"""A cache that outlives an erasure, as the sickness `stale-reads` has it: old sectors are served until power-off."""

from __future__ import annotations

_CAPACITY = 16384


class ReadCache:
    """Sectors as last read or written. Offsets and lengths are bytes, whole sectors."""

    def __init__(self, sector: int) -> None:
        self._sector = sector
        self._held: dict[int, bytes] = {}
        self.stale = False

    def keep(self, offset: int, data: memoryview) -> None:
        """Remember what was read or written; the oldest go first."""
        for at in range(0, len(data), self._sector):
            self._held.pop(offset + at, None)
            self._held[offset + at] = bytes(data[at : at + self._sector])
        while len(self._held) > _CAPACITY:
            del self._held[next(iter(self._held))]

    def overlay(self, offset: int, buffer: memoryview) -> None:
        """Put what is remembered over what the medium gave."""
        for at in range(0, len(buffer), self._sector):
            if (old := self._held.get(offset + at)) is not None:
                buffer[at : at + self._sector] = old
