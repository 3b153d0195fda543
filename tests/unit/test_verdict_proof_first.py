"""Proof first: from a complete job's log, take away, repeat, move or change any one event.

What may still be called erased afterwards is listed here by hand, with why. Anything else that comes out as erased
is a hole in the verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import events as ev
from bench.drive import DriveIdentity
from bench.evidence import fold
from bench.messages import Message, say
from bench.methods import Pass
from bench.plan import DrivePlan, Verify, VerifyKind
from bench.verdict import Verdict, judge
from bench.work import Action, Algorithm, FaultKind, Outcome
from support.evidence_samples import CONTEXT, MIB, STREAM, ZEROS, JobLog, facts, plan

END = 64 * MIB
Log = list[ev.Logged]


def single() -> JobLog:
    """One pass, checkpoints on the way, all read back."""
    log = JobLog(plan()).start(0).checkpoint(0, MIB).checkpoint(0, 2 * MIB).written(0).verify_start(0)
    log.add(ev.VerifyCheckpoint(index=0, offset=MIB)).add(ev.VerifyCheckpoint(index=0, offset=2 * MIB))
    return log.verified(0).confirm()


def several() -> JobLog:
    """Three passes, of which the method reads back the first and the operator the last."""
    return JobLog(plan(passes=(Pass(pattern="55", verify=True), STREAM, ZEROS))).all_passes()


def sampled() -> JobLog:
    return JobLog(plan(verify=Verify(kind=VerifyKind.SAMPLE, permille=50))).all_passes()


def resumed() -> JobLog:
    """Stopped while writing and resumed; crashed while reading back and resumed."""
    log = JobLog(plan()).start(0).checkpoint(0, MIB).add(ev.Interrupted(cause=ev.Cause.OPERATOR))
    log.add(ev.Resumed(cause=ev.Cause.OPERATOR, context=CONTEXT)).window(0, MIB).start(0, MIB).written(0, MIB)
    log.verify_start(0).add(ev.VerifyCheckpoint(index=0, offset=MIB))
    log.add(ev.Resumed(cause=ev.Cause.PROGRAM_ENDED, context=CONTEXT))
    last = log.verify_start(0).logged.pop()
    assert isinstance(last.event, ev.VerifyStarted)
    log.add(replace(last.event, offset=MIB))
    return log.verified(0, MIB).confirm()


JOBS: dict[str, Callable[[], JobLog]] = {
    "single": single, "several": several, "sampled": sampled, "resumed": resumed,
}  # fmt: skip
jobs = pytest.mark.parametrize("name", JOBS)


def proves(logged: Log) -> bool:
    try:
        return judge(fold(logged)).verdict.proves_erasure
    except ValueError:
        return False  # A log without its plan at the head is no job at all.


@jobs
def test_the_whole_log_proves_an_erasure(name: str) -> None:
    assert proves(JOBS[name]().logged)


@jobs
def test_no_beginning_of_a_log_proves_anything(name: str) -> None:
    logged = JOBS[name]().logged
    assert [length for length in range(len(logged) + 1) if proves(logged[:length])] == [len(logged)]


# Without these the rest still proves it: checkpoints that nothing was resumed from, and the word of a stop, because
# its resume tells of it too.
MAY_BE_MISSING = {
    "single": ["2:pass-checkpoint", "3:pass-checkpoint", "6:verify-checkpoint", "7:verify-checkpoint"],
    "several": [],
    "sampled": [],
    "resumed": ["3:interrupted"],
}


@jobs
def test_an_event_that_is_missing(name: str) -> None:
    logged = JOBS[name]().logged
    harmless = [place(logged, at) for at in range(len(logged)) if proves(logged[:at] + logged[at + 1 :])]
    assert harmless == MAY_BE_MISSING[name]


# Told again, these say nothing new: a checkpoint holds, or contradicts what came after it. A stop or a resume is one
# more interruption, and so one more remark. What was read from the drive holds only where it was read.
MAY_BE_REPEATED = {"pass-checkpoint", "verify-checkpoint", "window-checked", "identity-read", "interrupted", "resumed"}


@jobs
def test_an_event_that_is_told_twice(name: str) -> None:
    logged = JOBS[name]().logged
    for at, item in enumerate(logged):
        for again in range(at + 1, len(logged) + 1):
            if proves([*logged[:again], item, *logged[again:]]):
                harmless = item.event.TYPE in MAY_BE_REPEATED
                if item.event.TYPE in {"window-checked", "identity-read"}:
                    harmless = again == at + 1
                assert harmless, f"{place(logged, at)} again at {again}"


@jobs
def test_an_event_that_is_told_at_another_time(name: str) -> None:
    """Only what may be missing may be elsewhere, and a resume may come before or after what is no work."""
    logged = JOBS[name]().logged
    for at, item in enumerate(logged):
        rest = logged[:at] + logged[at + 1 :]
        for elsewhere in range(len(logged)):
            if elsewhere != at and proves([*rest[:elsewhere], item, *rest[elsewhere:]]):
                low, high = sorted((at, elsewhere))
                crossed = {other.event.TYPE for other in logged[low : high + 1]} - {item.event.TYPE}
                assert place(logged, at) in MAY_BE_MISSING[name] or crossed <= {"interrupted"}, (
                    f"{place(logged, at)} at {elsewhere}"
                )


@jobs
def test_two_events_in_each_others_place(name: str) -> None:
    logged = JOBS[name]().logged
    for one in range(len(logged)):
        for other in range(one + 1, len(logged)):
            swapped = list(logged)
            swapped[one], swapped[other] = swapped[other], swapped[one]
            harmless = {place(logged, one), place(logged, other)} <= set(MAY_BE_MISSING[name])
            # Two resumes with each other's cause: both interruptions are still told.
            harmless = harmless or logged[one].event.TYPE == logged[other].event.TYPE == "resumed"
            assert not proves(swapped) or harmless, f"{place(logged, one)} and {place(logged, other)}"


# Fields whose value cannot contradict anything else in the log: descriptions, times taken, keys drawn, causes. A
# checkpoint farther on changes nothing: work went on from the end of the window that was read back, wherever that is.
DESCRIBES = {
    "job-planned": {"context", "consent"},
    "pass-started": {"direct_io", "key", "algorithm"},
    "pass-checkpoint": {"offset"},
    "pass-written": {"busy_ms"},
    "window-checked": {"start"},
    "verify-started": {"direct_io", "seed"},
    "verify-finished": {"busy_ms", "places"},
    "interrupted": {"cause"},
    "resumed": {"cause", "context"},
}


@jobs
def test_a_field_that_says_something_else(name: str) -> None:
    logged = JOBS[name]().logged
    tried = 0
    for at, item in enumerate(logged):
        for field, event in altered(item.event):
            changed = [*logged[:at], replace(item, event=event), *logged[at + 1 :]]
            tried += 1
            if proves(changed):
                harmless = field in DESCRIBES.get(item.event.TYPE, set()) or place(logged, at) in MAY_BE_MISSING[name]
                assert harmless, f"{place(logged, at)}.{field}: {getattr(event, field)!r}"
    assert tried > 20


@jobs
@pytest.mark.parametrize(
    "more",
    [
        *(
            ev.FaultSeen(
                index=-1, action=action, kind=kind, offset=0, length=512, errno=0, tries=3, outcome=outcome, holds=None
            )
            for action, kind, outcome in (
                (Action.READ, FaultKind.MISMATCH, Outcome.LASTING),
                (Action.READ, FaultKind.MISMATCH, Outcome.CURED),
                (Action.WRITE, FaultKind.SHORT, Outcome.CURED),
                (Action.WRITE, FaultKind.SHORT, Outcome.REWRITTEN),
            )
        ),
        ev.GivenUp(index=-1, reason=say("reason-gave-up-too-long", **{"pass": 1})),
        ev.JobStopped(cancelled=True, reason=say("reason-cancelled")),
        ev.JobStopped(cancelled=False, reason=say("guard-not-found", what="x")),
        ev.IdentityRead(identity=facts(serial="ANOTHER").identity),
        ev.PassStarted(index=0, offset=0, algorithm=None, key="", identity="", direct_io=True),
    ],
    ids=lambda event: str(event.TYPE),
)
def test_what_speaks_against_it_does_so_wherever_it_stands(name: str, more: ev.Event) -> None:
    logged = JOBS[name]().logged
    final = len(fold(logged).passes) - 1
    if isinstance(more, ev.FaultSeen | ev.GivenUp):
        more = replace(more, index=final)
    for at in range(1, len(logged) + 1):
        assert not proves([*logged[:at], replace(logged[0], event=more), *logged[at:]]), at


def before_the_last_pass() -> JobLog:
    return JobLog(plan(passes=(Pass(pattern="55", verify=True), STREAM))).write(0).verify(0)


def unwritten() -> JobLog:
    return before_the_last_pass().start(1).checkpoint(1, MIB).fault(1).written(1, missed=4096).verify(1).confirm()


def unwritten_after_a_resume() -> JobLog:
    log = before_the_last_pass().start(1).checkpoint(1, 4 * MIB).fault(1, offset=5 * MIB)
    log.add(ev.Resumed(cause=ev.Cause.PROGRAM_ENDED, context=CONTEXT)).window(1, 3 * MIB).start(1, 3 * MIB)
    return log.fault(1, offset=5 * MIB).written(1, 3 * MIB, missed=4096).verify(1).confirm()


def unread() -> JobLog:
    log = before_the_last_pass().write(1).verify_start(1).fault(1, action=Action.READ)
    return log.fault(1, action=Action.READ, offset=3 * MIB).verified(1, missed=8192).confirm()


def unread_in_a_sample() -> JobLog:
    log = JobLog(plan(verify=Verify(kind=VerifyKind.SAMPLE, permille=50))).write(0).verify_start(0)
    return log.fault(0, action=Action.READ, offset=0, length=512).verified(0, missed=512).confirm()


def not_synced() -> JobLog:
    log = before_the_last_pass().start(1).fault(1, action=Action.SYNC, offset=MIB, length=MIB)
    reason = say("reason-gave-up-sync", **{"pass": 2})
    return log.add(ev.GivenUp(index=1, reason=reason)).confirm()


def given_up() -> JobLog:
    return before_the_last_pass().write(1).verify_start(1).fault(1, action=Action.READ).give_up(1).confirm()


def mismatching() -> JobLog:
    return before_the_last_pass().write(1).verify_start(1).mismatch(1).verified(1).confirm()


def unwritten_before_a_resume() -> JobLog:
    """Nothing after the resume came by the place again, and the sample need not."""
    log = JobLog(plan(verify=Verify(kind=VerifyKind.SAMPLE, permille=50))).start(0).fault(0).checkpoint(0, 4 * MIB)
    log.add(ev.Resumed(cause=ev.Cause.PROGRAM_ENDED, context=CONTEXT)).window(0, 3 * MIB).start(0, 3 * MIB)
    return log.written(0, 3 * MIB).verify(0).confirm()


FAILED: dict[str, Callable[[], JobLog]] = {
    "unwritten": unwritten,
    "unwritten-after-a-resume": unwritten_after_a_resume,
    "unwritten-before-a-resume": unwritten_before_a_resume,
    "mismatching": mismatching,
    "unread": unread,
    "unread-in-a-sample": unread_in_a_sample,
    "not-synced": not_synced,
    "given-up": given_up,
}
failed_jobs = pytest.mark.parametrize("name", FAILED)


@failed_jobs
def test_no_event_taken_from_a_failure_makes_it_an_erasure(name: str) -> None:
    logged = FAILED[name]().logged
    assert fold(logged).anomalies == ()
    assert judge(fold(logged)).verdict is Verdict.FAILED
    assert [place(logged, at) for at in range(len(logged)) if proves(logged[:at] + logged[at + 1 :])] == []


@failed_jobs
def test_no_event_told_elsewhere_again_or_otherwise_makes_a_failure_an_erasure(name: str) -> None:
    logged = FAILED[name]().logged
    for at, item in enumerate(logged):
        rest = logged[:at] + logged[at + 1 :]
        for elsewhere in range(len(logged)):
            assert not proves([*rest[:elsewhere], item, *rest[elsewhere:]]), f"{place(logged, at)} at {elsewhere}"
            assert not proves([*logged[:elsewhere], item, *logged[elsewhere:]]), f"{place(logged, at)} again"
            swapped = list(logged)
            swapped[at], swapped[elsewhere] = swapped[elsewhere], swapped[at]
            assert not proves(swapped), f"{place(logged, at)} and {place(logged, elsewhere)}"
        for field, event in altered(item.event):
            changed = [*logged[:at], replace(item, event=event), *rest[at:]]
            assert not proves(changed), f"{place(logged, at)}.{field}: {getattr(event, field)!r}"


@failed_jobs
@pytest.mark.parametrize("outcome", [Outcome.RETRIED, Outcome.CURED, Outcome.REWRITTEN])
def test_no_fault_can_be_called_overcome(name: str, outcome: Outcome) -> None:
    """Not even all of them at once: what they covered is told by the end of the work as well."""
    logged = [
        replace(item, event=replace(item.event, outcome=outcome)) if isinstance(item.event, ev.FaultSeen) else item
        for item in FAILED[name]().logged
    ]
    assert not proves(logged)
    assert not proves([item for item in logged if not isinstance(item.event, ev.FaultSeen)])


@given(st.data(), st.sampled_from(sorted(FAILED)))
def test_nothing_left_of_a_failure_proves_an_erasure(data: st.DataObject, name: str) -> None:
    """Any part of its log in any order: the proof that is missing is in none of its events."""
    logged = FAILED[name]().logged
    places = [at for at, item in enumerate(logged) if not isinstance(item.event, ev.Resumed)]
    chosen = data.draw(st.lists(st.sampled_from(places[1:]), max_size=2 * len(logged)))
    edits = data.draw(st.lists(st.tuples(st.integers(1, len(logged)), st.integers(0, 2)), max_size=4))
    assert not proves(edited(logged, edits) if edits else [logged[at] for at in (0, *chosen)])


def test_a_drive_that_is_not_the_planned_one_proves_nothing() -> None:
    log = single()
    other = facts(serial="ANOTHER")
    changed = replace(log.logged[0], event=ev.JobPlanned(plan=plan(other), context=CONTEXT, consent=""))
    assert not proves([changed, *log.logged[1:]])


@given(st.data(), st.sampled_from(sorted(JOBS)))
def test_whatever_is_left_of_a_log_proves_only_what_it_tells(data: st.DataObject, name: str) -> None:
    """Any part of a log in any order, even repeated: called erased, it holds all that an erasure needs."""
    logged = JOBS[name]().logged
    rest = data.draw(st.lists(st.sampled_from(logged[1:]), max_size=2 * len(logged)))
    edits = data.draw(st.lists(st.tuples(st.integers(1, len(logged)), st.integers(0, 2)), max_size=3))
    mutated = logged[:1] + rest if not edits else edited(logged, edits)
    if proves(mutated):
        assert holds_all_an_erasure_needs(mutated)


def edited(logged: Log, edits: list[tuple[int, int]]) -> Log:
    """A few events deleted (0), repeated (1) or exchanged with their neighbour (2)."""
    out = list(logged)
    for at, how in edits:
        here = min(at, len(out) - 1)
        if how == 0 and here:
            del out[here]
        elif how == 1:
            out.insert(here, out[here])
        elif here + 1 < len(out):
            out[here], out[here + 1] = out[here + 1], out[here]
    return out


def holds_all_an_erasure_needs(logged: Log) -> bool:
    """The least that an erasure takes, said without the fold: written, then read back, then the same drive."""
    events = [item.event for item in logged]
    head = events[0]
    assert isinstance(head, ev.JobPlanned)
    final = len(head.plan.passes) - 1
    written = [last(events, ev.PassWritten, index) for index in range(final + 1)]
    read, same = last(events, ev.VerifyFinished, final), last(events, ev.IdentityRead)
    return -1 not in written and written == sorted(written) and written[-1] < read < same


def last(events: list[ev.Event], kind: type[Any], index: int | None = None) -> int:
    """Where the last event of this type (and of this pass) stands; -1 if there is none."""
    found = [at for at, event in enumerate(events) if isinstance(event, kind)]
    return max((at for at in found if index is None or getattr(events[at], "index", None) == index), default=-1)


def place(logged: Log, at: int) -> str:
    return f"{at}:{logged[at].event.TYPE}"


def altered(event: ev.Event) -> Iterator[tuple[str, ev.Event]]:
    """The event with each of its fields saying something else, one at a time."""
    for field in fields(event):
        values: list[Any] = [1, 2 * MIB] if field.name == "holds" else other_values(getattr(event, field.name))
        for value in values:
            yield field.name, replace(event, **{field.name: value})


def other_values(value: Any) -> list[Any]:
    match value:
        case Enum():
            return [other for other in type(value) if other is not value]
        case bool():
            return [not value]
        case int():
            return [other for other in (value - 1, value + 1, value + MIB, -1, 0, END) if other != value]
        case str():
            return ["", "f" * 64] if value else ["f" * 64]
        case DriveIdentity():
            changes: list[dict[str, Any]] = [
                {"serial": "X"}, {"model": "X"}, {"wwn": "X"}, {"size": 512}, {"source": "X"},
            ]  # fmt: skip
            return [replace(value, **change) for change in changes]
        case DrivePlan():
            return list(other_plans(value))
        case None:
            return [Algorithm.CHACHA20]
        case Message():
            return []
    return []


def other_plans(made: DrivePlan) -> Iterator[DrivePlan]:
    """Another drive, one pass more or less, another kind of pass, more to be read back."""
    for identity in other_values(made.facts.identity):
        yield replace(made, facts=replace(made.facts, identity=identity))
    yield replace(made, passes=(*made.passes, ZEROS))
    if len(made.passes) > 1:
        yield replace(made, passes=made.passes[:-1])
    yield replace(made, passes=(*made.passes[:-1], ZEROS if made.passes[-1].is_stream else STREAM))
    for verify in (Verify(), Verify(kind=VerifyKind.NONE, permille=0), Verify(kind=VerifyKind.SAMPLE, permille=60)):
        if verify != made.verify:
            yield replace(made, verify=verify)
