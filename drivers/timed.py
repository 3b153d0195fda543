"""A medium that counts the time its drive takes: what is slow is then known to be the drive, and not the bench.

Reads and writes are also told to `drivers.zones`, by place.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from drivers.medium import Medium
from drivers.zones import Zones


class TimedMedium:
    """A `Medium` that adds up the time spent in the calls of another one. Safe to use from two threads."""

    def __init__(self, medium: Medium, clock: Callable[[], float], zones: Zones) -> None:
        """`clock` gives seconds."""
        self._medium = medium
        self.zones = zones
        self._clock = clock
        self._lock = threading.Lock()
        self._busy = 0.0

    @property
    def busy_us(self) -> int:
        """Microseconds spent so far, counted when a call returns; calls at the same time count each."""
        return round(self._busy * 1_000_000)

    def read_into(self, offset: int, buffer: memoryview) -> int:
        """See `Medium`."""
        return self._transfer(self._medium.read_into, offset, buffer)

    def write(self, offset: int, data: memoryview) -> int:
        """See `Medium`."""
        return self._transfer(self._medium.write, offset, data)

    def flush(self) -> None:
        """See `Medium`. Counts too: a drive may take quickly what it stores slowly."""
        self._wait(self._medium.flush)

    def forget(self) -> None:
        """See `Medium`. Where the host caches, this waits for the drive to take what it was written."""
        self._wait(self._medium.forget)

    def _transfer(self, transfer: Callable[[int, memoryview], int], offset: int, data: memoryview) -> int:
        done = 0
        began = self._clock()
        try:
            done = transfer(offset, data)
        finally:
            self.zones.took(offset, len(data), done, self._spent_since(began))
        return done

    def _wait(self, call: Callable[[], None]) -> None:
        began = self._clock()
        try:
            call()
        finally:
            self._spent_since(began)

    def _spent_since(self, began: float) -> int:
        """Add up the time since then; its microseconds."""
        spent = self._clock() - began
        with self._lock:
            self._busy += spent
        return round(spent * 1_000_000)
