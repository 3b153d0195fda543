"""The record's account of the surface: what each zone of a drive answered like, as columns of integers to draw."""

from __future__ import annotations

from collections.abc import Callable

from bench import surface
from bench.record.base import AbsenceReason, Count, LbaRange, Ordinal, Published, Stated, absent


class SlowStretch(Published):
    """Logical blocks that one slow request moved, or failed to."""

    range: LbaRange
    took_us: Count


class SurfaceTable(Published):
    """One pass or reading back, measured for free while it ran. Column entry n is zone n, from the drive's start.

    Times are microseconds in which the drive was waited for. A zone that was not measured has zeros.
    """

    zone_bytes: Ordinal
    """Size of a zone; the last one ends with the drive."""
    moved_bytes: tuple[Count, ...]
    """What was written twice, after an interruption, counts twice."""
    busy_us: tuple[Count, ...]
    median_us: tuple[Count, ...]
    """Latency of a request; of the worst stretch where a zone was measured in several."""
    p99_us: tuple[Count, ...]
    worst_us: tuple[Count, ...]
    retried: tuple[Count, ...]
    """Requests that failed or moved less than asked."""
    slow: tuple[Count, ...]
    """Requests of more than half a second and more than twenty times the median."""
    slowest: tuple[SlowStretch, ...]
    """The slowest of these, in order of place."""


def statement_of_surface(found: surface.Surface, size: int, sector: int) -> Stated[SurfaceTable]:
    """The table of a drive of `size` bytes, its logical sectors `sector` bytes long."""
    if not found.zones:
        return absent(AbsenceReason.NOT_RECORDED)
    known = {zone.number: zone for zone in found.zones}

    def column(amount: Callable[[surface.Zone], int]) -> tuple[int, ...]:
        numbers = range(-(-size // found.zone_size))
        return tuple(amount(known[number]) if number in known else 0 for number in numbers)

    return SurfaceTable(
        zone_bytes=found.zone_size,
        moved_bytes=column(lambda zone: zone.bytes),
        busy_us=column(lambda zone: zone.busy_us),
        median_us=column(lambda zone: zone.median_us),
        p99_us=column(lambda zone: zone.p99_us),
        worst_us=column(lambda zone: zone.worst_us),
        retried=column(lambda zone: zone.retried),
        slow=column(lambda zone: zone.slow),
        slowest=tuple(
            SlowStretch(
                range=LbaRange(first=item.offset // sector, last=(item.offset + max(item.length, 1) - 1) // sector),
                took_us=item.took_us,
            )
            for item in found.slow
        ),
    )
