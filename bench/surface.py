"""What a pass shows of a drive's surface, for free: how fast each zone of it answered.

Standard library only: the erase worker imports this.

A drive is cut into equal zones of whole MiB (the last one perhaps shorter). A zone's numbers are integers: bytes
and microseconds. Latency is that of a single request (1 MiB, less where a fault is being located), around the system
call only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Self

MIB = 1 << 20
MAX_ZONES = 256
"""Zones of one pass, or of one reading back."""
MAX_ZONES_OF_A_JOB = 1024
"""Zones of all passes and readings of a job together: some 40 KB as JSON. A method of many passes has larger ones."""
MAX_SLOW = 64
"""Slow requests named with their place, for one pass or reading: the slowest ones. Zones count them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """One zone, as measured: `bytes` moved in `busy_us` spent waiting for the drive.

    `retried` counts requests that failed or moved less than asked, each of which was tried again. `slow` counts those
    that took more than half a second and more than twenty times the median. Median and 99th percentile are those
    of single requests; where the zone was measured in several pieces, of the worst piece. `ValueError` for numbers
    that no measurement gives.
    """

    number: int
    bytes: int
    busy_us: int
    retried: int
    slow: int
    median_us: int
    p99_us: int
    worst_us: int

    def __post_init__(self) -> None:
        if min(self.row) < 0:
            raise ValueError(f"no number of a zone is negative: {self.row}")
        if not self.median_us <= self.p99_us <= self.worst_us <= self.busy_us:
            raise ValueError(f"median, 99th percentile, worst and sum of latencies are in no order: {self.row}")

    @property
    def row(self) -> tuple[int, ...]:
        """All numbers, in the order of the fields: the stored form."""
        return (
            self.number, self.bytes, self.busy_us, self.retried, self.slow,
            self.median_us, self.p99_us, self.worst_us,
        )  # fmt: skip

    @classmethod
    def of_row(cls, row: Sequence[int]) -> Self:
        """Read `row` back. `ValueError` if it is none."""
        return cls(**dict(zip((item.name for item in fields(cls)), row, strict=True)))

    @property
    def bytes_per_second(self) -> int:
        """How fast the drive moved this zone's bytes; 0 where none were."""
        return self.bytes * 1_000_000 // self.busy_us if self.busy_us else 0

    def merged(self, other: Zone) -> Zone:
        """Two measurements of this zone as one: amounts add up, latencies are those of the worse one.

        The order of merging does not matter. `ValueError` for another zone.
        """
        if self.number != other.number:
            raise ValueError(f"zone {self.number} is not zone {other.number}")
        return Zone(
            number=self.number,
            bytes=self.bytes + other.bytes,
            busy_us=self.busy_us + other.busy_us,
            retried=self.retried + other.retried,
            slow=self.slow + other.slow,
            median_us=max(self.median_us, other.median_us),
            p99_us=max(self.p99_us, other.p99_us),
            worst_us=max(self.worst_us, other.worst_us),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowRange:
    """A stretch that one slow request moved, or failed to, in bytes, and how long that took in microseconds."""

    offset: int
    length: int
    took_us: int

    def __post_init__(self) -> None:
        if min(self.row) < 0:
            raise ValueError(f"no number of a slow range is negative: {self.row}")

    @property
    def row(self) -> tuple[int, ...]:
        """All numbers, in the order of the fields: the stored form."""
        return self.offset, self.length, self.took_us

    @classmethod
    def of_row(cls, row: Sequence[int]) -> Self:
        """Read `row` back. `ValueError` if it is none."""
        offset, length, took_us = row
        return cls(offset=offset, length=length, took_us=took_us)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """What was measured in one pass, or one reading back: zones by number, and the slowest requests by place.

    `zone_size` is bytes, 0 while nothing was measured. What was written twice, after an interruption, is in it twice.
    """

    zone_size: int = 0
    zones: tuple[Zone, ...] = ()
    slow: tuple[SlowRange, ...] = ()

    def with_more(self, zone_size: int, zones: Iterable[Zone], slow: Iterable[SlowRange]) -> Surface:
        """This surface and further measurements of it, merged. `ValueError` for zones of another size."""
        if zone_size < 1 or self.zone_size not in {0, zone_size}:
            raise ValueError(f"zones of {zone_size} bytes cannot be merged with zones of {self.zone_size}")
        known = {zone.number: zone for zone in self.zones}
        for zone in zones:
            known[zone.number] = known[zone.number].merged(zone) if zone.number in known else zone
        slowest = sorted((*self.slow, *slow), key=lambda item: (-item.took_us, item.row))[:MAX_SLOW]
        return Surface(
            zone_size=zone_size,
            zones=tuple(known[number] for number in sorted(known)),
            slow=tuple(sorted(slowest, key=lambda item: item.row)),
        )


NO_SURFACE = Surface()


def zone_size(size: int, tables: int = 1) -> int:
    """Bytes of a zone of a drive of `size` bytes, for a job that measures it `tables` times over."""
    count = max(1, min(MAX_ZONES, MAX_ZONES_OF_A_JOB // max(1, tables)))
    return -(-size // (count * MIB)) * MIB
