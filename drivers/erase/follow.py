"""Watching an erasure that runs in the background to its end, by the drive's status alone, without being fooled by it.

A status tells of the most recent erasure, which need not be ours. So an end is believed only where the drive was seen
at work since the command, or where it now says something else than before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from bench.firmware_work import CommandReport, Ended, NotTaken, Seen
from bench.messages import say
from bench.stage_events import StatusReading
from bench.techniques import ErasureState
from drivers.commands.outcome import Unclear
from drivers.erase.steps import Clock, LostError, is_gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One reading. `idle`: the drive says that it has nothing to say, as SCSI drives do once all is over."""

    reading: StatusReading
    idle: bool = False


Looking: TypeAlias = Callable[[], Look | Unclear]
"""Asks the drive; `Unclear` where no answer came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Seconds. An accepted erasure must show within `settle`; a status that cannot be read is borne for `unreadable`.

    Between two readings `share` of the time since the command passes, from `shortest` to `longest`: an end is noticed
    late by a part of what the erasure took, 15 seconds at most, and no processor is spent on asking many drives.
    """

    settle: float = 3.0
    unreadable: float = 60.0
    share: float = 0.35
    shortest: float = 0.02
    longest: float = 15.0
    losses: int = 3
    """Answers in a row that may be lost on the way."""

    def until_next(self, elapsed: float) -> float:
        """How long to wait now."""
        return min(self.longest, max(self.shortest, elapsed * self.share))


PACE = Pace()


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What is known when the watching begins: the status before the command, and whether it was seen at work since."""

    before: StatusReading
    seen: bool = False


def follow(look: Looking, start: Beginning, clock: Clock, pace: Pace = PACE) -> Iterator[CommandReport]:
    """Report each reading, then the end. Raises `LostError` where the drive went away or no longer answers."""
    began = readable = clock.now()
    seen, losses = start.seen, 0
    while True:
        found = look()
        now = clock.now()
        if isinstance(found, Unclear):
            losses += 1
            if losses >= pace.losses or is_gone(found):
                raise LostError(found.detail, found.errno)
        else:
            losses = 0
            reading = found.reading
            yield Seen(reading=reading)
            seen = seen or reading.state is ErasureState.RUNNING
            if reading.state is not ErasureState.UNKNOWN or found.idle:
                readable = now
            if ended := _end(found, start.before, seen=seen):
                yield ended
                return
            if now - readable > pace.unreadable:
                yield NotTaken(reason=say("erase-status-unreadable", seconds=round(now - readable)))
                return
            if not seen and readable == now and now - began > pace.settle:
                yield _never_began(found)
                return
        clock.sleep(pace.until_next(now - began))


def _end(found: Look, before: StatusReading, *, seen: bool) -> Ended | None:
    """The end, where this reading is to be believed as one."""
    reading = found.reading
    if found.idle:
        # SBC-4 4.11.3: a failure would be told, so after work silence is success.
        return Ended(reading=replace(reading, state=ErasureState.DONE)) if seen else None
    if reading.state not in {ErasureState.DONE, ErasureState.FAILED, ErasureState.NEVER}:
        return None
    return Ended(reading=reading) if seen or _changed(before, reading) else None


def _changed(before: StatusReading, now: StatusReading) -> bool:
    """Whether this can be no old status. Of what was unreadable before, only a failure is news."""
    if now.state is ErasureState.NEVER:
        return False
    if before.state is ErasureState.UNKNOWN:
        return now.state is ErasureState.FAILED
    return (before.state, before.mark, before.raw) != (now.state, now.mark, now.raw)


def _never_began(found: Look) -> NotTaken:
    stale = found.reading.state in {ErasureState.DONE, ErasureState.FAILED}
    return NotTaken(reason=say("erase-status-stale" if stale else "erase-never-began"))
