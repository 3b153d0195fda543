"""How long a job still takes, from how fast each part of the drive was.

The drive is cut into cells, and each kind of work (writing, reading back, reading a sample) has a pace per cell, in
seconds per byte of the drive. For a cell that the present task has been through, that is what was measured.
For the others it is a guess times how far the guess was off so far, the last eighth of the drive counting most.
The guess is, in this order:

- the pace of the same kind of work on this drive before, or else of another kind;
- for what rotates, a disk that turns at constant speed and holds as much on every millimetre of track: bytes pass at
  a speed proportional to the radius, and a ring's share of the capacity to its area. With the innermost track at r of
  the outermost, speed(x) = sqrt(1 - (1 - r^2) x), x being how much of the capacity lies further out. r is about
  a half; it is fitted to what was measured;
- else the same pace everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bench import sampling
from bench.drive import Medium
from bench.faults import Span
from bench.plan import DrivePlan, VerifyKind
from bench.surface import Surface

CELLS = 64
RADIUS = 0.5
"""Innermost over outermost track of a disk, where nothing is known."""
_RADII = tuple(step / 20 for step in range(6, 21))
_TRUST = 0.15
"""How far from `RADIUS` a fit may easily go, against a cell that is off by `_NOISE`."""
_NOISE = 0.1
_MEMORY = CELLS / 8
"""Cells after which a deviation counts for 1/e."""
SEEK_SECONDS = 0.012
"""To reach a place of a sample on what rotates: half a turn at 5400/min, and the arm."""

Known: TypeAlias = Sequence[float | None]
Paces: TypeAlias = list[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One task of a plan: pass `index` written or read back; `share` of its bytes are moved, with `seeks` in all."""

    index: int
    kind: str
    share: float
    seeks: int


WRITE, READ, SAMPLE = "write", "read", "sample"


def legs_of(plan: DrivePlan) -> tuple[Leg, ...]:
    """All tasks of a plan in their order."""
    legs: list[Leg] = []
    size = plan.facts.identity.size
    for index in range(len(plan.passes)):
        legs.append(Leg(index=index, kind=WRITE, share=1.0, seeks=0))
        verify = plan.verifies(index)
        if verify.kind is VerifyKind.FULL:
            legs.append(Leg(index=index, kind=READ, share=1.0, seeks=0))
        elif verify.kind is VerifyKind.SAMPLE:
            places, total = sampling.total(size, verify.permille, plan.facts.logical_sector)
            legs.append(Leg(index=index, kind=SAMPLE, share=total / size, seeks=places if total < size else 0))
    return tuple(legs)


class Forecast:
    """Learns a drive's paces and tells the seconds left. Offsets are bytes, times seconds of the clock."""

    def __init__(self, plan: DrivePlan) -> None:
        self._size = plan.facts.identity.size
        self._rotates = plan.facts.medium is Medium.ROTATING
        self._legs = legs_of(plan)
        self._leg = 0
        self._before: dict[str, Known] = {}
        self._bytes = [0.0] * CELLS
        self._seconds = [0.0] * CELLS
        self._guesses: dict[str, Paces] = {}

    def learn(self, kind: str, surface: Surface) -> None:
        """What was measured before this run: a pass that was written or read back, at least in part."""
        self._remember(kind, self._cells_of(surface))

    def begin(self, index: int, kind: str) -> None:
        """A task of the plan begins, or goes on after an interruption. `ValueError` if it is not in the plan."""
        found = [n for n, leg in enumerate(self._legs) if (leg.index, leg.kind == WRITE) == (index, kind == WRITE)]
        if not found:
            raise ValueError(f"pass {index + 1} has no task {kind!r}")
        self._remember(self._legs[self._leg].kind, self._measured())
        self._leg = found[0]
        self._bytes = [0.0] * CELLS
        self._seconds = [0.0] * CELLS

    def moved(self, span: Span, seconds: float) -> None:
        """The present task went from one offset of the drive to the other in so many seconds."""
        start, end = span
        cell_size = self._size / CELLS
        for cell in range(int(start / cell_size), min(CELLS, math.ceil(end / cell_size))):
            part = min(end, (cell + 1) * cell_size) - max(start, cell * cell_size)
            if part > 0:
                if not self._bytes[cell]:
                    self._guesses.clear()
                self._bytes[cell] += part
                self._seconds[cell] += seconds * part / (end - start)

    def seconds_left(self, offset: int) -> float | None:
        """Seconds until the whole job is done, the present task having reached `offset`; None while nobody can tell."""
        leg = self._legs[self._leg]
        measured = self._measured()
        if not self._before and not any(measured):
            return None
        present = complete(measured, self._guess(leg))
        total = self._sum(present, offset)
        for later in self._legs[self._leg + 1 :]:
            total += self._sum(self._paces_of(later, leg, present), 0)
        return total

    def _paces_of(self, later: Leg, leg: Leg, present: Paces) -> Paces:
        """Paces of a task to come: as just measured, if it is of the same kind or none was before; else as before."""
        if later.kind == leg.kind:
            return present
        if later.kind in self._before:
            return self._guess(later)
        return self._converted(present, leg, later)

    def _guess(self, leg: Leg) -> Paces:
        """Paces of a task from what was measured before it; the same until another cell is reached."""
        if leg.kind not in self._guesses:
            self._guesses[leg.kind] = self._guessed(leg)
        return self._guesses[leg.kind]

    def _guessed(self, leg: Leg) -> Paces:
        kinds = [kind for kind in (leg.kind, READ, WRITE) if kind in self._before]
        if not kinds:
            return self._shape(self._measured())
        known = self._before[kinds[0]]
        whole = complete(known, self._shape(known))
        other = next(item for item in self._legs if item.kind == kinds[0]) if kinds[0] != leg.kind else leg
        return self._converted(whole, other, leg)

    def _shape(self, known: Known) -> Paces:
        """Paces as they go on this sort of drive, in no unit."""
        return disk(fitted(known)) if self._rotates else [1.0] * CELLS

    def _converted(self, paces: Paces, leg: Leg, other: Leg) -> Paces:
        """Paces of one task turned into those of another: fewer bytes are moved, and places are sought."""
        if leg.kind == other.kind or SAMPLE not in {leg.kind, other.kind}:
            return paces
        seeking = self._seeking(other)
        if other.kind == SAMPLE:
            return [pace * other.share + seeking for pace in paces]
        return [max(pace - self._seeking(leg), pace / 2) / leg.share for pace in paces]

    def _seeking(self, leg: Leg) -> float:
        return leg.seeks * SEEK_SECONDS / self._size if self._rotates else 0.0

    def _sum(self, paces: Paces, offset: int) -> float:
        cell_size = self._size / CELLS
        first = min(int(offset / cell_size), CELLS - 1)
        rest = (first + 1) * cell_size - offset
        return paces[first] * max(0.0, rest) + sum(paces[first + 1 :]) * cell_size

    def _measured(self) -> Known:
        """Paces of the present task, where it was."""
        cells = zip(self._bytes, self._seconds, strict=True)
        return [seconds / moved if moved and seconds else None for moved, seconds in cells]

    def _remember(self, kind: str, paces: Known) -> None:
        """Keep these for later guesses, and where there are none what is known already."""
        known = self._before.get(kind, [None] * CELLS)
        merged = [old if new is None else new for new, old in zip(paces, known, strict=True)]
        if any(merged):
            self._before[kind] = merged
            self._guesses.clear()

    def _cells_of(self, surface: Surface) -> Known:
        sums = [(0, 0)] * CELLS
        for zone in surface.zones:
            middle = (zone.number + 0.5) * surface.zone_size
            cell = min(CELLS - 1, int(middle * CELLS / self._size))
            sums[cell] = (sums[cell][0] + zone.bytes, sums[cell][1] + zone.busy_us)
        return [busy / 1_000_000 / moved if moved and busy else None for moved, busy in sums]


def disk(radius: float) -> Paces:
    """Relative paces of a disk's cells, 1 at its start; `radius` is that of the innermost track, of the outermost."""
    slope = 1 - radius * radius
    return [1 / math.sqrt(1 - slope * (cell + 0.5) / CELLS) for cell in range(CELLS)]


def fitted(known: Known) -> float:
    """The `radius` of the disk that these paces look like, near `RADIUS` while they say little."""
    cells = [(cell, pace) for cell, pace in enumerate(known) if pace]
    if len(cells) < CELLS // 8:
        return RADIUS

    def misfit(radius: float) -> float:
        shape = disk(radius)
        logs = [math.log(pace / shape[cell]) for cell, pace in cells]
        mean = sum(logs) / len(logs)
        return sum(((log - mean) / _NOISE) ** 2 for log in logs) + ((radius - RADIUS) / _TRUST) ** 2

    return min(_RADII, key=misfit)


def complete(known: Known, guess: Paces) -> Paces:
    """`known` where it says something, elsewhere the guess times how far it was off, what was measured last most."""
    latest = max((cell for cell, pace in enumerate(known) if pace), default=None)
    if latest is None:
        return guess
    actual = expected = 0.0
    for cell, pace in enumerate(known):
        if pace:
            weight = math.exp((cell - latest) / _MEMORY)
            actual += weight * pace
            expected += weight * guess[cell]
    ratio = actual / expected
    return [pace or guess[cell] * ratio for cell, pace in enumerate(known)]
