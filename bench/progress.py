"""How far a job is and how long it will take. Never stored: nobody needs it tomorrow."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bench.evidence import Evidence, PassEvidence
from bench.plan import DrivePlan

_SMOOTHING_SECONDS = 10.0


class Activity(StrEnum):
    """What is being done to the drive."""

    WAITING = "waiting"
    CHECKING = "checking"
    WRITING = "writing"
    VERIFYING = "verifying"
    STOPPED = "stopped"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobProgress:
    """A job's progress. `done` and `total` count bytes written and read back over all passes; `rate` bytes/s.

    `eta` is in seconds, None where there is nothing to reckon with yet.
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


class ProgressMeter:
    """Turns a job's evidence and its worker's reports into `JobProgress`."""

    def __init__(self, job: str, plan: DrivePlan) -> None:
        self._job = job
        self._plan = plan
        self._rate = 0.0
        self._last: tuple[float, int] | None = None

    def at(self, activity: Activity, index: int, done: int, offset: int, now: float) -> JobProgress:
        """Progress at the time `now` (monotonic seconds) with `done` bytes of the whole job moved."""
        self._measure(now, done)
        total = self._plan.bytes_to_move
        return JobProgress(
            job=self._job,
            activity=activity,
            pass_number=min(index + 1, len(self._plan.passes)),
            passes=len(self._plan.passes),
            offset=offset,
            size=self._plan.facts.identity.size,
            done=done,
            total=total,
            rate=self._rate,
            eta=(total - done) / self._rate if self._rate > 0 else None,
        )

    def restart(self) -> None:
        """Forget the last point: time has passed in which nothing was to move."""
        self._last = None

    def _measure(self, now: float, done: int) -> None:
        if self._last is None or done < self._last[1]:
            self._last = (now, done)
            return
        seconds = now - self._last[0]
        if seconds <= 0:
            return
        current = (done - self._last[1]) / seconds
        weight = min(1.0, seconds / _SMOOTHING_SECONDS) if self._rate else 1.0
        self._rate += weight * (current - self._rate)
        self._last = (now, done)


def bytes_done(evidence: Evidence) -> int:
    """Bytes that the journal proves to have been written or read back."""
    return sum(_done_in(item) for item in evidence.passes)


def _done_in(item: PassEvidence) -> int:
    check = item.verification
    return item.synced + (check.compared if check is not None else 0)
