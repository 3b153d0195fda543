from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import events as ev
from bench import evidence as evidence_module
from bench import faults, pass_evidence
from bench.evidence import Evidence, Stage, fold
from bench.messages import say
from bench.methods import Pass
from bench.plan import Verify, VerifyKind
from bench.surface import Zone
from bench.verdict import judge
from bench.work import Action, Algorithm, FaultKind, Outcome
from support import evidence_samples as sample
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


def written(index: int = 0, moved: int = END, missed: int = 0, faults: str = "") -> ev.PassWritten:
    return ev.PassWritten(index=index, moved=moved, missed=missed, faults=faults, busy_ms=1)


def finished(index: int = 0, moved: int = END, missed: int = 0, faults: str = "") -> ev.VerifyFinished:
    return ev.VerifyFinished(index=index, moved=moved, missed=missed, faults=faults, busy_ms=1, places=0)


def seen(**changes: Any) -> ev.FaultSeen:
    """A place that could not be read, changed in these fields."""
    fault = job().fault(0, action=Action.READ).logged[-1].event
    assert isinstance(fault, ev.FaultSeen)
    return replace(fault, **changes)


def checkpoint(offset: int, index: int = 0) -> ev.PassCheckpoint:
    return ev.PassCheckpoint(index=index, offset=offset)


def compared(offset: int, index: int = 0) -> ev.VerifyCheckpoint:
    return ev.VerifyCheckpoint(index=index, offset=offset)


def halfway() -> JobLog:
    """Writing was at 8 MiB, synced, when the program ended; it runs again."""
    return resumed(job().start(0).checkpoint(0, 8 * MIB))


def mismatched() -> str:
    return job().mismatch(0).told(0)


def beyond_a_fault() -> JobLog:
    """A place at 1 MiB could not be written; resumed from 8 MiB."""
    log = resumed(job().start(0).fault(0, offset=MIB).checkpoint(0, 8 * MIB))
    return log.window(0, 8 * MIB).start(0, 8 * MIB)


MISMATCH = {"kind": FaultKind.MISMATCH, "errno": 0}
IMPOSSIBLE: list[tuple[str, dict[str, Any]]] = [
    ("fault-beyond-the-drive", {"offset": -512}),
    ("fault-beyond-the-drive", {"offset": END}),
    ("fault-beyond-the-drive", {"length": END}),
    ("fault-beyond-the-drive", {"length": -512}),
    ("fault-of-nothing", {"length": 0}),
    ("fault-of-nothing", {"action": Action.WRITE, "length": 0}),
    ("fault-without-a-try", {"tries": 0}),
    ("fault-without-a-try", {"errno": -5}),
    ("fault-with-another-outcome", {"outcome": Outcome.REWRITTEN}),
    ("fault-with-another-outcome", {"action": Action.WRITE, "outcome": Outcome.CURED}),
    ("fault-with-another-outcome", {"action": Action.SYNC, "outcome": Outcome.CURED}),
    ("fault-with-another-outcome", {**MISMATCH, "outcome": Outcome.CURED}),
    ("fault-with-another-outcome", {**MISMATCH, "outcome": Outcome.RETRIED}),
    ("fault-with-another-outcome", {**MISMATCH, "action": Action.WRITE}),
    ("fault-with-another-origin", {"holds": 2 * MIB}),
    ("fault-with-another-origin", {**MISMATCH, "holds": MIB}),
    ("fault-with-another-origin", {**MISMATCH, "holds": 0}),
    ("fault-with-another-origin", {**MISMATCH, "holds": END}),
]


def measured(number: int = 0, *, action: Action = Action.WRITE, zone_size: int = MIB) -> ev.SurfaceMeasured:
    zone = Zone.of_row([number, MIB, 5, 0, 0, 5, 5, 5])
    return ev.SurfaceMeasured(index=0, action=action, zone_size=zone_size, zones=(zone,), slow=())


STOP = ev.JobStopped(cancelled=False, reason=say("guard-not-found", what="x"))
OUT_OF_ORDER: list[tuple[str, Callable[[], JobLog]]] = [
    ("job-planned-out-of-place", lambda: job().add(ev.JobPlanned(plan=plan(), context=CONTEXT, consent="typed"))),
    ("drive-protected-out-of-place", lambda: job().add(ev.DriveProtected(name="x", why=""))),
    ("protection-lifted-out-of-place", lambda: job().add(ev.ProtectionLifted(name="x"))),
    ("job-stopped-out-of-place", lambda: job().add(STOP).add(STOP)),
    ("event-of-a-pass-not-in-the-plan", lambda: job().add(checkpoint(0, index=1))),
    ("event-of-a-pass-not-in-the-plan", lambda: job().add(checkpoint(0, index=-1))),
    ("event-of-a-pass-not-in-the-plan", lambda: job().fault(5)),
    ("event-of-a-pass-not-in-the-plan", lambda: job().give_up(5)),
    ("given-up-out-of-place", lambda: job().give_up(0).give_up(0)),
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
    ("pass-1-told-other-faults", lambda: job().start(0).add(written(faults="f" * 64))),
    (
        "pass-1-told-other-faults",
        lambda: job().write(0).verify_start(0).mismatch(0).mismatch(0).add(finished(faults=mismatched())),
    ),
    ("pass-1-missed-more-or-less-than-its-faults", lambda: job().start(0).written(0, missed=512)),
    ("pass-1-missed-more-or-less-than-its-faults", lambda: job().start(0).fault(0).written(0)),
    ("pass-1-missed-more-or-less-than-its-faults", lambda: job().start(0).fault(0).written(0, missed=512)),
    ("pass-1-missed-more-or-less-than-its-faults", lambda: job().start(0).add(written(moved=END + 512, missed=-512))),
    (
        "pass-1-missed-more-or-less-than-its-faults",
        lambda: job().start(0).fault(0, outcome=Outcome.RETRIED).written(0, missed=4096),
    ),
    (
        # What was missed before the resume is not missed again.
        "pass-1-missed-more-or-less-than-its-faults",
        lambda: beyond_a_fault().written(0, 8 * MIB, missed=4096),
    ),
    ("pass-1-window-checked-while-not-resuming", lambda: job().start(0).checkpoint(0, MIB).window(0, MIB)),
    ("pass-1-window-checked-while-not-resuming", lambda: job().window(0, MIB)),
    ("pass-1-resumed-without-checking", lambda: halfway().window(0, 7 * MIB).start(0, 8 * MIB)),
    ("pass-1-resumed-without-checking", lambda: halfway().window(0, 8 * MIB).start(0, 7 * MIB)),
    ("pass-1-another-window-checked", lambda: halfway().window(0, 9 * MIB)),
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
    ("pass-1-missed-more-or-less-than-its-faults", lambda: job().write(0).verify_start(0).verified(0, missed=512)),
    (
        "pass-1-missed-more-or-less-than-its-faults",
        lambda: job().write(0).verify_start(0).fault(0, action=Action.READ).verified(0),
    ),
    (
        "pass-1-missed-more-or-less-than-its-faults",
        lambda: job().write(0).verify_start(0).mismatch(0).verified(0, missed=4096),
    ),
    (
        "pass-1-sampled-with-another-seed",
        lambda: verifying(resumed(job(verify=SAMPLE).write(0).verify_start(0)), seed="00"),
    ),
    # Faults that no worker reports.
    *(
        (f"pass-1-{code}", lambda changes=changes: job().write(0).verify_start(0).add(seen(**changes)))
        for code, changes in IMPOSSIBLE
    ),
    # What was measured on the way.
    ("pass-1-measured-while-not-at-work", lambda: job().add(measured())),
    ("pass-1-measured-while-not-at-work", lambda: job().start(0).add(measured(action=Action.READ))),
    ("pass-1-measured-while-not-at-work", lambda: job().write(0).add(measured())),
    ("pass-1-measured-beyond-the-drive", lambda: job().start(0).add(measured(64))),
    ("pass-1-measured-in-other-zones", lambda: job().start(0).add(measured()).add(measured(zone_size=2 * MIB))),
    # What takes the place of what.
    ("corrected-before-the-verdict", lambda: job().all_passes().add(corrected())),
    ("corrected-what-is-not-the-latest", lambda: concluded().add(corrected(supersedes="2"))),
    ("corrected-what-is-not-the-latest", lambda: concluded().add(corrected(version=3))),
    ("corrected-what-is-not-the-latest", lambda: concluded().add(corrected()).add(corrected())),
    # While nothing may go on.
    ("pass-1-pass-started-while-stopped", lambda: job().give_up(0).start(0)),
    ("pass-1-verify-started-while-stopped", lambda: job().write(0).give_up(0).verify_start(0)),
    ("pass-1-pass-written-while-stopped", lambda: job().start(0).give_up(0).written(0)),
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


def corrected(supersedes: str = "1", version: int = 2) -> ev.Corrected:
    changes = {"number": str(version), "supersedes": supersedes, "version": version}
    return replace(sample.corrected(), **changes)  # type: ignore[arg-type] # fields of Corrected


def test_corrections_follow_the_verdict_one_after_the_other() -> None:
    once = concluded().add(corrected())
    twice = once.add(corrected(supersedes="2", version=3)).evidence
    assert twice.anomalies == ()
    assert [item.number for item in twice.corrections] == ["2", "3"]
    assert judge(twice) == judge(concluded().evidence)


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
        Path(module.__file__ or "").read_text(encoding="utf-8") for module in (evidence_module, pass_evidence, faults)
    )
    ways = set(re.findall(r'(?:require\(|_of_pass\(|DoesNotFollowError\()[^\n]*"([a-z-]+)"\)', source))
    told = {re.sub(r"^pass-\d-", "", code) for code, _ in OUT_OF_ORDER}
    assert len(ways) > 20
    elsewhere = {"event-of-another-job", "started-before-the-stages-ended"}
    assert ways <= told | elsewhere, "the next test, and those of stages"


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


def test_a_pass_may_go_on_before_the_checkpoint() -> None:
    log = halfway().window(0, 5 * MIB).start(0, 5 * MIB)
    assert log.evidence.passes[0].synced == 5 * MIB
    evidence = log.written(0, 5 * MIB).verify(0).confirm().evidence
    assert evidence.anomalies == ()
    assert judge(evidence).verdict.proves_erasure


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
    log = job(ZEROS, STREAM).fault(1).write(0).mismatch(0)
    log.add(ev.Interrupted(cause=ev.Cause.OPERATOR)).fault(0).add(STOP).fault(0).give_up(0).fault(0)
    evidence = log.evidence
    assert len(evidence.faults) == 5
    assert evidence.passes[0].faults[0].kind is FaultKind.MISMATCH


@pytest.mark.parametrize(
    ("build", "action"),
    [
        (job, Action.WRITE),
        (lambda: job().start(0), Action.READ),
        (lambda: job().write(0), Action.WRITE),
        (lambda: job().write(0), Action.SYNC),
        (lambda: job().write(0).verify_start(0), Action.WRITE),
        (lambda: job().write(0).verify(0), Action.READ),
        (lambda: resumed(job().start(0)), Action.WRITE),
        (lambda: halfway().window(0, 8 * MIB), Action.READ),
        (lambda: job(ZEROS, STREAM).start(0), Action.WRITE),
    ],
)
def test_a_fault_that_no_work_had_met_counts_and_contradicts_the_log(
    build: Callable[[], JobLog], action: Action
) -> None:
    log = build()
    index = len(log.plan.passes) - 1
    code = f"pass-{index + 1}-{action.value}-fault-while-not-at-it"
    assert log.fault(index, action=action).evidence.anomalies == (code,)
    assert len(log.evidence.faults) == 1
    # One that was overcome may be told at any time: it keeps nothing from being proven.
    assert build().fault(index, action=action, outcome=Outcome.RETRIED).evidence.anomalies == ()


def outcomes(log: JobLog) -> list[tuple[int, int, Outcome]]:
    """The faults of the first pass as (first MiB, MiB, outcome)."""
    assert log.evidence.anomalies == ()
    return [(fault.offset // MIB, fault.length // MIB, fault.outcome) for fault in log.evidence.passes[0].faults]


def test_what_is_written_again_overcomes_what_could_not_be_written() -> None:
    log = job().start(0)
    for offset, length in ((2, 1), (7, 2), (10, 1)):
        log.fault(0, offset=offset * MIB, length=length * MIB)
    log.fault(0, action=Action.SYNC, offset=8 * MIB, length=3 * MIB).checkpoint(0, 12 * MIB)
    assert [outcome for *_, outcome in outcomes(log)] == [Outcome.LASTING] * 4
    resumed(log).window(0, 8 * MIB)
    assert [outcome for *_, outcome in outcomes(log)] == [Outcome.LASTING] * 4
    log.start(0, 8 * MIB).fault(0, offset=10 * MIB, length=MIB)
    # Only what lies behind the resume is written again: a fault across it is overcome in part.
    assert outcomes(log) == [
        (2, 1, Outcome.LASTING),
        (7, 1, Outcome.LASTING),
        (8, 1, Outcome.REWRITTEN),
        (10, 1, Outcome.REWRITTEN),
        (8, 3, Outcome.REWRITTEN),
        (10, 1, Outcome.LASTING),
    ]
    log.written(0, 8 * MIB, missed=MIB)
    assert log.evidence.anomalies == ()
    assert log.evidence.passes[0].unwritten == ((2 * MIB, 3 * MIB), (7 * MIB, 8 * MIB), (10 * MIB, 11 * MIB))


def test_a_sync_that_failed_before_the_resume_is_not_overcome() -> None:
    log = job().start(0).fault(0, action=Action.SYNC, offset=7 * MIB, length=MIB).checkpoint(0, 8 * MIB)
    resumed(log).window(0, 8 * MIB).start(0, 8 * MIB).written(0, 8 * MIB)
    assert outcomes(log) == [(7, 1, Outcome.LASTING)]
    assert log.evidence.passes[0].bad == ()


def test_what_is_read_again_overcomes_what_could_not_be_read_but_not_other_bytes() -> None:
    log = job().write(0).verify_start(0).fault(0, action=Action.READ, offset=MIB, length=MIB)
    log.add(compared(8 * MIB)).fault(0, action=Action.READ, offset=9 * MIB, length=MIB)
    log.mismatch(0, offset=11 * MIB, length=MIB)
    verifying(resumed(log), offset=8 * MIB)
    assert outcomes(log) == [(1, 1, Outcome.LASTING), (9, 1, Outcome.RETRIED), (11, 1, Outcome.LASTING)]
    log.verified(0, 8 * MIB)
    assert log.evidence.anomalies == ()
    assert log.evidence.passes[0].unread == ((MIB, 2 * MIB),)
    assert log.evidence.passes[0].mismatches == ((11 * MIB, 12 * MIB),)


def test_a_sample_that_starts_again_reads_all_its_places_again() -> None:
    log = job(verify=SAMPLE).write(0).verify_start(0).fault(0, action=Action.READ)
    resumed(log).verify_start(0).fault(0, action=Action.READ).verified(0, missed=4096)
    assert log.evidence.anomalies == ()
    assert log.evidence.passes[0].unread == ((MIB, MIB + 4096),)


def test_faults_that_touch_or_overlap_are_missed_once() -> None:
    log = job().start(0).fault(0, length=1024).fault(0, offset=MIB + 512, length=1024).fault(0, length=512)
    evidence = log.fault(0, offset=MIB + 1536, length=512).written(0, missed=2048).evidence
    assert evidence.anomalies == ()
    assert evidence.passes[0].unwritten == ((MIB, MIB + 2048),)


spans = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 6)).map(lambda span: (span[0], span[0] + span[1])))


@given(spans, st.integers(0, 70))
def test_stretches_are_what_their_bytes_are(given_spans: list[tuple[int, int]], place: int) -> None:
    log = job().start(0)
    for start, end in given_spans:
        log.fault(0, offset=start, length=end - start)
    found = log.evidence.passes[0].unwritten
    covered = {at for start, end in given_spans for at in range(start, end)}
    assert {at for start, end in found for at in range(start, end)} == covered
    assert faults.length_of(found) == len(covered)
    assert all(one[1] < other[0] for one, other in pairwise(found))
    assert faults.length_of(faults.before(found, place)) == sum(at < place for at in covered)
    assert faults.length_of(faults.beyond(found, place)) == sum(at >= place for at in covered)


def test_a_drive_that_is_given_up_is_left_alone() -> None:
    log = job().start(0).give_up(0)
    assert log.evidence.given_up is not None
    assert not log.evidence.passes[0].at_work
    assert log.confirm().evidence.anomalies == ()


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
