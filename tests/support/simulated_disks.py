"""Drives that exist only as times: how long each stretch of them takes, to try forecasts on by a clock of their own."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from bench.bus import Bus
from bench.drive import Medium
from bench.evidence import Evidence
from bench.forecast import WRITE, Leg, legs_of
from bench.methods import Pass
from bench.plan import Verify
from bench.progress import Activity, JobProgress, ProgressMeter
from support.evidence_samples import ZEROS, JobLog, facts, plan

GB = 10**9
STEP = 1 / 500
"""Share of a drive between two reports."""


@dataclass(frozen=True, kw_only=True)
class SimulatedDisk:
    """A disk with zones of constant speed, as disks have, with noise and with hiccups.

    `outer` is bytes/s at its start, `inner` the speed at its end as a share of that; reading is `reading` times as
    fast as writing. Each zone is off by `noise` (standard deviation), the same each time; each step by three times
    that.
    """

    outer: float = 180e6
    inner: float = 0.5
    tracks: int = 20
    reading: float = 1.0
    noise: float = 0.02
    hiccups: float = 0.0
    seed: int = 1

    def speed_at(self, place: float) -> float:
        zone = int(place * self.tracks)
        middle = (zone + 0.5) / self.tracks
        own = Random(f"{self.seed}/{zone}").gauss(1, self.noise)
        return self.outer * own * math.sqrt(1 - (1 - self.inner**2) * middle)

    def seconds(self, leg: Leg, place: float, length: int, random: Random) -> float:
        """How long `length` bytes of the drive at `place` (0 to 1) take."""
        speed = self.speed_at(place) * (1.0 if leg.kind == WRITE else self.reading)
        pace = length * leg.share / speed * max(0.2, random.gauss(1, 3 * self.noise))
        seeking = 0.009 * leg.seeks * STEP
        return pace + seeking + (random.uniform(1, 20) if random.random() < self.hiccups * STEP else 0.0)


def random_disk(seed: int) -> SimulatedDisk:
    random = Random(seed)
    return SimulatedDisk(
        outer=random.uniform(60e6, 260e6),
        inner=random.uniform(0.42, 0.62),
        tracks=random.randint(8, 40),
        reading=random.uniform(0.9, 1.15),
        noise=random.uniform(0.0, 0.05),
        hiccups=random.choice([0.0, 0.0, 10.0]),
        seed=seed,
    )


def job(passes: int, verify: str, *, size: int = 500 * GB, medium: Medium = Medium.ROTATING) -> Evidence:
    items: list[Pass] = [replace(ZEROS, verify=False)] * passes
    return JobLog(
        plan(facts(size=size // 4096 * 4096, medium=medium), passes=items, verify=Verify.parse(verify))
    ).evidence


def run(
    disk: SimulatedDisk, evidence: Evidence, meter: ProgressMeter | None = None
) -> Iterator[tuple[float, JobProgress]]:
    """A whole job on such a disk: the clock and what is shown, at each report."""
    meter = meter or ProgressMeter(evidence, Bus(0))
    random = Random(disk.seed)
    now, done, size = 0.0, 0.0, evidence.size
    for leg in legs_of(evidence.plan):
        activity = Activity.WRITING if leg.kind == WRITE else Activity.VERIFYING
        meter.begin(activity, leg.index, 0)
        step = round(size * STEP)
        for number in range(round(1 / STEP)):
            now += disk.seconds(leg, number * STEP, step, random)
            done += step * leg.share
            yield now, meter.at(activity, leg.index, round(done), min(size, (number + 1) * step), now)


def error_at_half_time(shown: list[tuple[float, JobProgress]]) -> float:
    """How far the time left that was shown at half-time was off, as a share of the time that was left."""
    end = shown[-1][0]
    now, progress = next(item for item in shown if item[0] >= end / 2)
    assert progress.eta is not None
    return abs(progress.eta - (end - now)) / (end - now)
