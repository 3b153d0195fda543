"""Watching an erasure by its status: what ends it, what only looks as if, and how often the drive is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from bench.firmware_work import CommandReport, Ended, NotTaken, Seen
from bench.stage_events import StatusReading
from bench.techniques import ErasureState
from drivers.commands.outcome import Doubt, Unclear
from drivers.erase.follow import PACE, Beginning, Look, follow
from drivers.erase.steps import LostError

S = ErasureState
LOST = Unclear(doubt=Doubt.LOST, detail="no answer")


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.at = 0.0
        self.pauses: list[float] = []

    def now(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += seconds
        self.pauses.append(seconds)


def said(state: ErasureState, *, raw: str = "", mark: int | None = None, idle: bool = False) -> Look:
    return Look(reading=StatusReading(state=state, progress=None, mark=mark, raw=raw), idle=idle)


RUNNING, IDLE = said(S.RUNNING), said(S.UNKNOWN, idle=True)
DONE, FAILED, NEVER, NONSENSE = said(S.DONE), said(S.FAILED), said(S.NEVER), said(S.UNKNOWN)


def reports(
    looks: Sequence[Look | Unclear], before: Look, *, seen: bool = False, clock: Time | None = None
) -> list[CommandReport]:
    """The last look is repeated for ever."""

    def answers() -> Iterator[Look | Unclear]:
        yield from looks
        while True:
            yield looks[-1]

    asked = answers()
    return list(follow(lambda: next(asked), Beginning(before=before.reading, seen=seen), clock or Time()))


def last(looks: Sequence[Look | Unclear], before: Look, *, seen: bool = False) -> CommandReport:
    return reports(looks, before, seen=seen)[-1]


@pytest.mark.parametrize("end", [DONE, FAILED, NEVER])
def test_what_was_seen_at_work_ends_as_the_drive_says(end: Look) -> None:
    assert reports([RUNNING, end], before=NEVER) == [
        Seen(reading=RUNNING.reading),
        Seen(reading=end.reading),
        Ended(reading=end.reading),
    ]


@pytest.mark.parametrize(("before", "reason"), [(DONE, "stale"), (FAILED, "stale")])
def test_an_old_outcome_is_no_end(before: Look, reason: str) -> None:
    end = last([before], before)
    assert isinstance(end, NotTaken)
    assert end.reason.id == f"erase-status-{reason}"


@pytest.mark.parametrize("quiet", [NEVER, IDLE])
def test_an_erasure_that_never_shows_has_not_begun(quiet: Look) -> None:
    end = last([quiet], quiet)
    assert isinstance(end, NotTaken)
    assert end.reason.id == "erase-never-began"


def test_an_end_that_was_not_there_before_is_believed() -> None:
    assert last([DONE], before=NEVER) == Ended(reading=DONE.reading)
    assert last([FAILED], before=DONE) == Ended(reading=FAILED.reading)
    again = said(S.DONE, raw="02", mark=2)
    assert last([again], before=said(S.DONE, raw="01", mark=2)) == Ended(reading=again.reading)


def test_a_success_after_an_unreadable_status_may_be_an_old_one() -> None:
    assert isinstance(last([DONE], before=NONSENSE), NotTaken)
    assert last([FAILED], before=NONSENSE) == Ended(reading=FAILED.reading)


def test_a_drive_that_begins_late_is_waited_for() -> None:
    assert last([DONE, DONE, DONE, RUNNING, DONE], before=DONE) == Ended(reading=DONE.reading)


def test_silence_after_work_is_success_and_nothing_else_is() -> None:
    end = last([RUNNING, IDLE], before=IDLE)
    assert isinstance(end, Ended)
    assert end.reading.state is S.DONE


def test_an_unreadable_status_never_ends_as_a_success() -> None:
    clock = Time()
    end = reports([RUNNING, NONSENSE], before=NEVER, clock=clock)[-1]
    assert isinstance(end, NotTaken)
    assert end.reason.id == "erase-status-unreadable"
    assert PACE.unreadable < clock.at < 2 * PACE.unreadable


def test_an_answer_may_be_lost_and_three_in_a_row_may_not() -> None:
    assert last([RUNNING, LOST, LOST, RUNNING, LOST, DONE], before=NEVER) == Ended(reading=DONE.reading)
    with pytest.raises(LostError):
        reports([RUNNING, LOST, LOST, LOST, DONE], before=NEVER)


def test_a_drive_that_is_gone_is_not_asked_again() -> None:
    gone = Unclear(doubt=Doubt.LOST, detail="no such device", errno=19)
    with pytest.raises(LostError):
        reports([RUNNING, gone, DONE], before=NEVER)


def test_a_long_erasure_is_asked_seldom_and_its_end_is_noticed_soon() -> None:
    clock = Time()
    hours = 4 * 3600
    looks = [RUNNING] * 100_000

    def look() -> Look:
        return looks.pop() if clock.at < hours else DONE

    *seen, end = follow(look, Beginning(before=NEVER.reading), clock)
    assert isinstance(end, Ended)
    assert clock.at <= hours + PACE.longest
    assert len(seen) < hours / PACE.longest + 100
    assert max(clock.pauses) == PACE.longest
