"""How far a job is and how long it will take. Never stored: nobody needs it tomorrow."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from bench.bus import Bus, Demand
from bench.evidence import Evidence, PassEvidence
from bench.forecast import READ, SAMPLE, WRITE, Forecast
from bench.messages import Message
from bench.plan import VerifyKind
from bench.stages import StageKind
from bench.techniques import Technique

_SMOOTHING_SECONDS = 10.0
_TELLING_PERMILLE = 10
"""Below one hundredth, a drive's progress says nothing about its pace."""


class Activity(StrEnum):
    """What is being done to the drive."""

    WAITING = "waiting"
    CHECKING = "checking"
    WRITING = "writing"
    VERIFYING = "verifying"
    STAGE = "stage"
    """A stage before the passes; see `StageProgress`."""
    STOPPED = "stopped"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobProgress:
    """A job's progress. `done` and `total` count bytes written and read back over all passes; `rate` bytes/s.

    `eta` is in seconds, None where there is nothing to reckon with yet: see `bench.forecast` and `bench.bus`.
    """

    job: str
    activity: Activity
    pass_number: int
    passes: int
    offset: int
    size: int
    done: int
    total: int
    rate: float
    eta: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StageProgress:
    """How far one stage is: stage `number` of `stages`, running for `elapsed` seconds.

    `permille` is the drive's own progress in thousandths, None where it gives none: then nothing is made up, and
    `estimate` (the drive's own, in seconds, None where it gives none either) stands beside the time elapsed. `eta` is
    in seconds, None where neither says anything. `request` is what somebody at the bench has to do now.
    """

    job: str
    number: int
    stages: int
    kind: StageKind
    technique: Technique | None
    elapsed: float
    permille: int | None = None
    estimate: int | None = None
    request: Message | None = None

    @property
    def eta(self) -> float | None:
        """By the drive's progress, else by its estimate as long as that has not run out."""
        if self.permille is not None and self.permille >= _TELLING_PERMILLE:
            return self.elapsed * (1000 - self.permille) / self.permille
        if self.estimate is not None and self.estimate > self.elapsed:
            return self.estimate - self.elapsed
        return None


class ProgressMeter:
    """Turns the reports of a job's worker into `JobProgress`. Of the past it knows what the evidence has."""

    def __init__(self, evidence: Evidence, bus: Bus) -> None:
        self._job = evidence.job
        # A stage may have changed the drive's size and sectors.
        identity = evidence.stages.identity
        facts = replace(evidence.plan.facts, identity=identity, logical_sector=evidence.sector)
        self._plan = replace(evidence.plan, facts=facts)
        self._total = self._plan.bytes_to_move
        self._bus = bus
        self._forecast = Forecast(self._plan)
        for item in evidence.passes:
            self._forecast.learn(WRITE, item.surface)
            if item.verification is not None:
                kind = SAMPLE if item.verification.kind is VerifyKind.SAMPLE else READ
                self._forecast.learn(kind, item.verification.surface)
        self._rate = 0.0
        self._resume_at: int | None = None
        self._last: _Point | None = None
        self._reached: _Point | None = None

    def begin(self, activity: Activity, index: int, resume_at: int) -> None:
        """A task begins; for one that only checks, the pass will be written from `resume_at` on."""
        self._forecast.begin(index, READ if activity is Activity.VERIFYING else WRITE)
        self._resume_at = resume_at if activity is Activity.CHECKING else None
        self._last = self._reached = None

    def at(self, activity: Activity, index: int, done: int, offset: int, now: float) -> JobProgress:
        """Progress at the time `now` (monotonic seconds) with `done` bytes of the whole job moved."""
        self._measure(_Point(now=now, done=done, offset=offset))
        seconds = self._forecast.seconds_left(offset if self._resume_at is None else self._resume_at)
        eta = None
        if seconds is not None:
            eta = self._bus.tell(self._job, Demand(seconds=seconds, bytes=max(0, self._total - done), rate=self._rate))
        return JobProgress(
            job=self._job,
            activity=activity,
            pass_number=min(index + 1, len(self._plan.passes)),
            passes=len(self._plan.passes),
            offset=offset,
            size=self._plan.facts.identity.size,
            done=done,
            total=self._total,
            rate=self._rate,
            eta=eta,
        )

    def end(self) -> None:
        """The job no longer runs."""
        self._bus.leave(self._job)

    def _measure(self, point: _Point) -> None:
        last, reached = self._last, self._reached
        if last is None or reached is None or point.offset < reached.offset:
            self._last = self._reached = point
            return
        seconds = point.now - last.now
        if seconds <= 0 or self._resume_at is not None:
            return
        if point.offset > reached.offset:
            # Time in which a drive came no further belongs to where it stood.
            self._forecast.moved((reached.offset, point.offset), point.now - reached.now)
            self._reached = point
        self._last = point
        current = (point.done - last.done) / seconds
        weight = min(1.0, seconds / _SMOOTHING_SECONDS) if self._rate else 1.0
        self._rate += weight * (current - self._rate)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Point:
    """What one report said, and when."""

    now: float
    done: int
    offset: int


def bytes_done(evidence: Evidence) -> int:
    """Bytes that the journal proves to have been written or read back."""
    return sum(_done_in(item) for item in evidence.passes)


def _done_in(item: PassEvidence) -> int:
    check = item.verification
    return item.synced + (check.compared if check is not None else 0)
