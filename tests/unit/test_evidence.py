from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import events as ev
from bench import evidence as evidence_module
from bench import pass_evidence
from bench.evidence import Evidence, Stage, fold
from bench.messages import say
from bench.methods import Pass
from bench.plan import Verify, VerifyKind
from bench.verdict import judge
from bench.work import Action, Algorithm, FaultKind
from support.event_strategies import events
from support.evidence_samples import CONTEXT, MIB, STREAM, ZEROS, JobLog, plan

SAMPLE = Verify(kind=VerifyKind.SAMPLE, permille=50)
NONE = Verify(kind=VerifyKind.NONE, permille=0)
END = 64 * MIB
CHECKED = Pass(pattern="55", verify=True)


def job(*passes: Pass, verify: Verify | None = None) -> JobLog:
    return JobLog(plan(passes=passes or (STREAM,), verify=verify))


def started(log: JobLog, index: int = 0, **changes: object) -> JobLog:
    """`log` with its next start of writing changed in these fields."""
    log.start(index)
    last = log.logged[-1]
    assert isinstance(last.event, ev.PassStarted)
    log.logged[-1] = replace(last, event=replace(last.event, **changes))  # type: ignore[arg-type] # any field
    return log


def verifying(log: JobLog, index: int = 0, **changes: object) -> JobLog:
    log.verify_start(index)
    last = log.logged[-1]
    assert isinstance(last.event, ev.VerifyStarted)
    log.logged[-1] = replace(last, event=replace(last.event, **changes))  # type: ignore[arg-type] # any field
    return log


def resumed(log: JobLog, cause: ev.Cause = ev.Cause.PROGRAM_ENDED) -> JobLog:
    return log.add(ev.Resumed(cause=cause, context=CONTEXT))


def written(index: int = 0, moved: int = END) -> ev.PassWritten:
    return ev.PassWritten(index=index, moved=moved, busy_ms=1)


def finished(index: int = 0, moved: int = END) -> ev.VerifyFinished:
    return ev.VerifyFinished(index=index, moved=moved, busy_ms=1, places=0)


def checkpoint(offset: int, index: int = 0) -> ev.PassCheckpoint:
    return ev.PassCheckpoint(index=index, offset=offset)


def compared(offset: int, index: int = 0) -> ev.VerifyCheckpoint:
    return ev.VerifyCheckpoint(index=index, offset=offset)


def halfway() -> JobLog:
    """Writing was at 8 MiB, synced, when the program ended; it runs again."""
    return resumed(job().start(0).checkpoint(0, 8 * MIB))


STOP = ev.JobStopped(cancelled=False, reason=say("guard-not-found", what="x"))
OUT_OF_ORDER: list[tuple[str, Callable[[], JobLog]]] = [
    ("job-planned-out-of-place", lambda: job().add(ev.JobPlanned(plan=plan(), context=CONTEXT, consent="typed"))),
    ("drive-protected-out-of-place", lambda: job().add(ev.DriveProtected(name="x", why=""))),
    ("protection-lifted-out-of-place", lambda: job().add(ev.ProtectionLifted(name="x"))),
    ("job-stopped-out-of-place", lambda: job().add(STOP).add(STOP)),
    ("event-of-a-pass-not-in-the-plan", lambda: job().add(checkpoint(0, index=1))),
    ("event-of-a-pass-not-in-the-plan", lambda: job().add(checkpoint(0, index=-1))),
    ("event-of-a-pass-not-in-the-plan", lambda: job().fault(5)),
    ("identity-read-after-the-verdict", lambda: concluded().confirm()),
    ("concluded-after-the-verdict", lambda: concluded().add(ev.Concluded(verdict="erased", reasons=(), number="2"))),
    # Writing.
    ("pass-1-started-after-its-end", lambda: job().write(0).start(0)),
    ("pass-1-started-while-at-work", lambda: job().start(0).start(0)),
    ("pass-2-started-while-at-work", lambda: job(ZEROS, ZEROS).start(0).start(1)),
    ("pass-2-started-before-the-one-before-ended", lambda: job(ZEROS, ZEROS).start(1)),
    ("pass-2-started-before-the-one-before-ended", lambda: resumed(job(ZEROS, ZEROS).start(0)).start(1)),
    ("pass-1-started-after-the-next-one", lambda: job(CHECKED, ZEROS).write(0).write(1).verify_start(0)),
    ("pass-1-not-as-planned", lambda: started(job(ZEROS), algorithm=Algorithm.CHACHA20, key="00")),
    ("pass-1-not-as-planned", lambda: started(job(STREAM), algorithm=None, key="")),
    ("pass-1-key-not-as-planned", lambda: started(job(STREAM), key="")),
    ("pass-1-key-not-as-planned", lambda: started(job(ZEROS), key="00")),
    ("pass-1-resumed-beyond-checkpoint", lambda: started(job(), offset=MIB)),
    ("pass-1-resumed-beyond-checkpoint", lambda: started(halfway().window(0, 8 * MIB), offset=9 * MIB)),
    ("pass-1-resumed-without-checking", lambda: halfway().start(0, 8 * MIB)),
    ("pass-1-resumed-without-checking", lambda: resumed(halfway().window(0, 8 * MIB)).start(0, 8 * MIB)),
    ("pass-1-resumed-with-another-key", lambda: started(halfway().window(0, 8 * MIB), offset=8 * MIB, key="00")),
    (
        "pass-1-resumed-with-another-key",
        lambda: started(halfway().window(0, 8 * MIB), offset=8 * MIB, algorithm=Algorithm.CHACHA20),
    ),
    ("pass-1-checkpoint-while-not-writing", lambda: job().add(checkpoint(0))),
    ("pass-1-checkpoint-while-not-writing", lambda: job().write(0).add(checkpoint(END))),
    ("pass-1-checkpoint-while-not-writing", lambda: halfway().add(checkpoint(9 * MIB))),
    ("pass-1-checkpoint-out-of-order", lambda: job().start(0).checkpoint(0, 2 * MIB).checkpoint(0, MIB)),
    ("pass-1-checkpoint-out-of-order", lambda: job().start(0).checkpoint(0, END + 1)),
    ("pass-1-checkpoint-out-of-order", lambda: job().start(0).checkpoint(0, -1)),
    ("pass-1-ended-while-not-writing", lambda: job().add(written())),
    ("pass-1-ended-while-not-writing", lambda: job().write(0).add(written())),
    ("pass-1-ended-while-not-writing", lambda: resumed(job().start(0)).add(written())),
    ("pass-1-ended-before-the-end-of-the-drive", lambda: job().start(0).add(written(moved=END - 512))),
    ("pass-1-ended-before-the-end-of-the-drive", lambda: job().start(0).add(written(moved=END + 512))),
    ("pass-1-window-checked-while-not-resuming", lambda: job().start(0).checkpoint(0, MIB).window(0, MIB)),
    ("pass-1-window-checked-while-not-resuming", lambda: job().window(0, MIB)),
    ("pass-1-another-window-checked", lambda: halfway().window(0, 7 * MIB)),
    (
        "pass-1-another-window-checked",
        lambda: halfway().add(ev.WindowChecked(index=0, start=8 * MIB, end=8 * MIB, unchanged=True)),
    ),
    (
        "pass-1-another-window-checked",
        lambda: halfway().add(ev.WindowChecked(index=0, start=-512, end=8 * MIB, unchanged=True)),
    ),
    # Reading back.
    ("pass-1-verification-out-of-turn", lambda: job().verify_start(0)),
    ("pass-1-verification-out-of-turn", lambda: job().write(0).verify(0).verify_start(0)),
    ("pass-1-verification-not-planned", lambda: verifying(job(verify=NONE).write(0))),
    ("pass-1-verification-not-as-planned", lambda: verifying(job().write(0), kind=VerifyKind.SAMPLE, permille=50)),
    ("pass-1-verification-not-as-planned", lambda: verifying(job(verify=SAMPLE).write(0), permille=49)),
    ("pass-1-sample-without-seed", lambda: verifying(job(verify=SAMPLE).write(0), seed="")),
    ("pass-1-verification-resumed-beyond-checkpoint", lambda: verifying(job().write(0), offset=MIB)),
    ("pass-1-verification-event-while-not-verifying", lambda: job().write(0).add(compared(MIB))),
    ("pass-1-verification-event-while-not-verifying", lambda: job().write(0).add(finished())),
    ("pass-1-verification-event-while-not-verifying", lambda: job().write(0).verify(0).add(finished())),
    (
        "pass-1-verification-event-while-not-verifying",
        lambda: resumed(job().write(0).verify_start(0)).add(finished()),
    ),
    ("pass-1-checkpoint-of-a-sample", lambda: job(verify=SAMPLE).write(0).verify_start(0).add(compared(MIB))),
    (
        "pass-1-verification-checkpoint-out-of-order",
        lambda: job().write(0).verify_start(0).add(compared(2 * MIB)).add(compared(MIB)),
    ),
    ("pass-1-verification-checkpoint-out-of-order", lambda: job().write(0).verify_start(0).add(compared(END + 1))),
    (
        "pass-1-verification-ended-at-another-place",
        lambda: job().write(0).verify_start(0).add(finished(moved=END - 512)),
    ),
    (
        "pass-1-verification-ended-at-another-place",
        lambda: job(verify=SAMPLE).write(0).verify_start(0).add(finished(moved=END + 512)),
    ),
    # While nothing may go on.
    ("pass-1-pass-started-while-stopped", lambda: job().add(STOP).start(0)),
    ("pass-1-pass-started-while-stopped", lambda: job().add(ev.Interrupted(cause=ev.Cause.PAUSED)).start(0)),
    ("pass-1-pass-written-while-stopped", lambda: job().start(0).add(ev.Interrupted(cause=ev.Cause.PAUSED)).written(0)),
    (
        "pass-1-verify-started-while-stopped",
        lambda: job().write(0).add(ev.Interrupted(cause=ev.Cause.OPERATOR)).verify_start(0),
    ),
]


def concluded() -> JobLog:
    return job().all_passes().add(ev.Concluded(verdict="erased", reasons=(), number="1"))


@pytest.mark.parametrize(
    ("code", "build"), OUT_OF_ORDER, ids=[f"{n}-{code}" for n, (code, _) in enumerate(OUT_OF_ORDER)]
)
def test_what_does_not_follow_is_an_anomaly_and_proves_nothing(code: str, build: Callable[[], JobLog]) -> None:
    log = build()
    before, after = fold(log.logged[:-1]), log.evidence
    assert before.anomalies == ()
    assert after.anomalies == (code,)
    # Nothing else changed: an event that does not follow is counted and otherwise ignored.
    same = {"anomalies": (), "last_event": before.last_event, "events": before.events}
    assert replace(after, **same) == before  # type: ignore[arg-type] # fields of Evidence
    assert not judge(after).verdict.proves_erasure


def test_every_way_not_to_follow_is_among_these() -> None:
    source = "".join(
        Path(module.__file__ or "").read_text(encoding="utf-8") for module in (evidence_module, pass_evidence)
    )
    ways = set(re.findall(r'(?:_require\(|_of_pass\(|DoesNotFollowError\()[^\n]*"([a-z-]+)"\)', source))
    told = {re.sub(r"^pass-\d-", "", code) for code, _ in OUT_OF_ORDER}
    assert len(ways) > 20
    assert ways <= told | {"event-of-another-job"}, "that one is the next test"


def test_an_event_of_another_job_is_an_anomaly() -> None:
    log = job().all_passes()
    log.logged[1] = replace(log.logged[1], job="job-2")
    assert log.evidence.anomalies[0] == "event-of-another-job"


def test_a_job_begins_with_its_plan() -> None:
    with pytest.raises(ValueError, match="not with its plan"):
        fold(job().write(0).logged[1:])
    with pytest.raises(ValueError, match="at least its plan"):
        fold([])


def test_a_job_without_trouble() -> None:
    evidence = job(ZEROS, STREAM).all_passes().evidence
    zeros, stream = evidence.passes
    assert (zeros.stage, stream.stage) == (Stage.WRITTEN, Stage.VERIFIED)
    assert zeros.synced == stream.synced == evidence.size == END
    assert stream.key
    assert not zeros.key
    assert stream.verification is not None
    assert stream.verification.finished
    assert stream.verification.compared == END
    assert evidence.final_identity == evidence.plan.facts.identity
    assert not evidence.identity_changed
    assert not evidence.anomalies
    assert not evidence.faults
    assert not evidence.interruptions
    assert evidence.is_open
    assert not concluded().evidence.is_open


def test_only_a_kept_window_lets_a_pass_go_on() -> None:
    log = halfway().window(0, 8 * MIB).start(0, 8 * MIB)
    assert log.evidence.passes[0].synced == 8 * MIB
    log.written(0, 8 * MIB).verify(0).confirm()
    evidence = log.evidence
    assert evidence.anomalies == ()
    assert (evidence.passes[0].starts, evidence.passes[0].restarts) == (2, 0)
    assert evidence.passes[0].started == log.logged[1].at


def test_a_lost_window_starts_the_pass_again() -> None:
    log = halfway().window(0, 8 * MIB, unchanged=False)
    assert log.evidence.passes[0].synced == 0
    evidence = log.start(0).written(0).verify(0).confirm().evidence
    assert evidence.anomalies == ()
    assert (evidence.passes[0].starts, evidence.passes[0].restarts) == (2, 1)


def test_a_pass_started_again_may_have_another_key() -> None:
    evidence = started(halfway(), key="ab").written(0).evidence
    assert evidence.anomalies == ()
    assert evidence.passes[0].key == "ab"


def test_reading_back_goes_on_where_it_was() -> None:
    log = job().write(0).verify_start(0).add(compared(8 * MIB))
    resumed(log)
    verifying(log, offset=8 * MIB).add(compared(9 * MIB)).add(finished(moved=END - 8 * MIB)).confirm()
    evidence = log.evidence
    assert evidence.anomalies == ()
    assert evidence.passes[0].verification is not None
    assert evidence.passes[0].verification.compared == END
    assert evidence.passes[0].verification.started == log.logged[3].at


def test_busy_time_adds_up_over_resumes_of_reading_back() -> None:
    evidence = job().write(0).verify(0).evidence
    assert evidence.passes[0].busy_ms > 0
    assert evidence.passes[0].verification is not None
    assert evidence.passes[0].verification.busy_ms > 0


def test_one_buffered_start_makes_the_whole_pass_buffered() -> None:
    log = halfway().window(0, 8 * MIB).start(0, 8 * MIB, direct_io=False).written(0, 8 * MIB)
    assert not log.evidence.passes[0].direct_io
    assert not verifying(job().write(0), direct_io=False).evidence.passes[0].direct_io


def test_faults_are_kept_whenever_they_are_told() -> None:
    log = job(ZEROS, STREAM).fault(1).write(0).fault(0, action=Action.READ, kind=FaultKind.MISMATCH)
    log.add(ev.Interrupted(cause=ev.Cause.OPERATOR)).fault(0).add(STOP).fault(0)
    evidence = log.evidence
    assert evidence.anomalies == ()
    assert len(evidence.faults) == 4
    assert evidence.passes[0].faults[0].kind is FaultKind.MISMATCH


def test_a_stop_and_its_resume_are_one_interruption() -> None:
    log = job().start(0).add(ev.Interrupted(cause=ev.Cause.OPERATOR))
    assert log.evidence.is_halted
    evidence = resumed(log, ev.Cause.OPERATOR).evidence
    assert not evidence.is_halted
    (gap,) = evidence.interruptions
    assert (gap.cause, gap.stopped, gap.resumed) == (ev.Cause.OPERATOR, log.logged[2].at, log.logged[3].at)


def test_a_crash_is_known_by_its_resume_alone() -> None:
    log = resumed(job().start(0))
    (gap,) = log.evidence.interruptions
    assert (gap.cause, gap.stopped, gap.resumed) == (ev.Cause.PROGRAM_ENDED, "", log.logged[-1].at)


def test_a_crash_after_a_stop_is_an_interruption_of_its_own() -> None:
    evidence = resumed(job().start(0).add(ev.Interrupted(cause=ev.Cause.OPERATOR))).evidence
    assert [gap.cause for gap in evidence.interruptions] == [ev.Cause.OPERATOR, ev.Cause.PROGRAM_ENDED]
    assert not evidence.is_halted


def test_what_resumed_a_job_is_known_if_it_is_another_program() -> None:
    log = job().start(0)
    newer = replace(CONTEXT, version="9")
    log.add(ev.Resumed(cause=ev.Cause.PROGRAM_ENDED, context=CONTEXT))
    log.add(ev.Resumed(cause=ev.Cause.PROGRAM_ENDED, context=newer))
    assert log.evidence.contexts == (CONTEXT, newer)


def test_the_last_identity_counts_only_after_the_last_step() -> None:
    early = job().write(0).confirm()
    assert early.evidence.final_identity is not None
    assert early.verify_start(0).evidence.final_identity is None
    assert early.add(finished()).evidence.final_identity is None
    assert early.confirm().evidence.final_identity is not None


def test_another_drive_once_is_another_drive_for_good() -> None:
    log = job()
    other = replace(log.plan.facts.identity, serial="other")
    assert log.add(ev.IdentityRead(identity=other)).all_passes().evidence.identity_changed
    assert started(job(), identity="0" * 64).evidence.identity_changed
    assert verifying(job().write(0), identity="0" * 64).evidence.identity_changed


@given(st.lists(events, max_size=12))
def test_no_sequence_of_events_raises_or_proves(sequence: list[ev.Event]) -> None:
    log = job(ZEROS, STREAM)
    for event in sequence:
        log.add(event)
    evidence = log.evidence
    assert evidence.events == len(sequence) + 1
    assert not judge(evidence).verdict.proves_erasure


@given(st.lists(events, min_size=1, max_size=6), st.data())
def test_foreign_events_among_good_ones_raise_nothing(sequence: list[ev.Event], data: st.DataObject) -> None:
    good = job(CHECKED, STREAM).all_passes().logged
    for event in sequence:
        place = data.draw(st.integers(1, len(good)))
        good.insert(place, replace(good[0], event=event))
    evidence: Evidence = fold(good)
    assert judge(evidence).reasons is not None
