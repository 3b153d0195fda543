"""Measuring the surface while a task runs: each request's latency goes to its zone, a zone's sums are drawn at its end.

The timing itself is `drivers.timed`'s: two clock readings around the system call.
"""

from __future__ import annotations

import threading
from array import array

from bench.surface import SlowRange, Zone
from bench.work import Measured

SLOW_US = 500_000
SLOW_FACTOR = 20
"""A request is slow if it takes longer than `SLOW_US` and than so many times its zone's median."""
SLOWEST = 16
"""Slow requests named per zone; the zone counts them all."""
SAMPLES = 4096
"""Latencies kept per zone: all of them up to twice that number, then every 2nd, every 4th and so on."""


class Zones:
    """The zones of one task, `zone_size` bytes each; 0 for a task that measures nothing. Threads may share it."""

    def __init__(self, zone_size: int) -> None:
        self._zone_size = zone_size
        self._open: dict[int, _OpenZone] = {}
        self._lock = threading.Lock()

    def took(self, offset: int, length: int, done: int, microseconds: int) -> None:
        """A request for `length` bytes at `offset` was answered, with `done` of them moved."""
        if not self._zone_size:
            return
        number = offset // self._zone_size
        with self._lock:
            zone = self._open.get(number)
            if zone is None:
                zone = self._open[number] = _OpenZone(number)
            zone.took(offset, length, done, microseconds)

    def measured(self, upto: int | None = None) -> Measured | None:
        """The zones that end at or before `upto` (None: all), each given once; None where there are none.

        If requests for such a place still come, the zone is given again for those: the two add up.
        """
        with self._lock:
            ready = [number for number in self._open if upto is None or (number + 1) * self._zone_size <= upto]
            closed = [self._open.pop(number) for number in sorted(ready)]
        if not closed:
            return None
        results = [zone.close() for zone in closed]
        return Measured(
            zone_size=self._zone_size,
            zones=tuple(zone for zone, _ in results),
            slow=tuple(item for _, slow in results for item in slow),
        )


class _OpenZone:
    """A zone being measured, in at most 64 KB however large it is."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._bytes = self._busy = self._worst = self._retried = 0
        self._latencies = array("Q")
        self._requests = 0
        self._step = 1
        self._candidates: list[SlowRange] = []

    def took(self, offset: int, length: int, done: int, microseconds: int) -> None:
        """See `Zones.took`."""
        self._bytes += done
        self._busy += microseconds
        self._worst = max(self._worst, microseconds)
        self._retried += done < length
        self._sample(microseconds)
        if microseconds > SLOW_US:
            self._candidates.append(SlowRange(offset=offset, length=length, took_us=microseconds))

    def close(self) -> tuple[Zone, tuple[SlowRange, ...]]:
        """The zone's numbers, and its slowest requests in order of place."""
        ordered = sorted(self._latencies)
        median = ordered[(len(ordered) - 1) // 2]
        slow = [item for item in self._candidates if item.took_us > SLOW_FACTOR * median]
        zone = Zone(
            number=self._number,
            bytes=self._bytes,
            busy_us=self._busy,
            retried=self._retried,
            slow=len(slow),
            median_us=median,
            p99_us=ordered[-(-len(ordered) * 99 // 100) - 1],
            worst_us=self._worst,
        )
        slowest = sorted(slow, key=lambda item: -item.took_us)[:SLOWEST]
        return zone, tuple(sorted(slowest, key=lambda item: item.offset))

    def _sample(self, microseconds: int) -> None:
        if self._requests % self._step == 0:
            self._latencies.append(microseconds)
            if len(self._latencies) > 2 * SAMPLES:
                self._latencies = self._latencies[::2]
                self._step *= 2
        self._requests += 1
