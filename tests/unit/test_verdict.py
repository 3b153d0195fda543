from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bench import events as ev
from bench import sampling
from bench.evidence import Evidence
from bench.messages import say
from bench.methods import Pass
from bench.plan import Level, Verify, VerifyKind
from bench.verdict import Verdict, judge
from bench.work import Action, FaultKind
from support.evidence_samples import CONTEXT, MIB, STREAM, ZEROS, JobLog, plan
from ui.formats import Language
from ui.texts import texts

SAMPLE = Verify(kind=VerifyKind.SAMPLE, permille=50)
NONE = Verify(kind=VerifyKind.NONE, permille=0)
CHECKED = Pass(pattern="55", verify=True)
GONE = say("guard-not-found", what="no answer at its address")


def job(*passes: Pass, verify: Verify | None = None) -> JobLog:
    return JobLog(plan(passes=passes or (STREAM,), verify=verify))


def stopped_and_resumed(cause: ev.Cause) -> JobLog:
    log = job().start(0).checkpoint(0, MIB).add(ev.Interrupted(cause=cause))
    return log.add(ev.Resumed(cause=cause, context=CONTEXT))


def resumed_from_checkpoint(cause: ev.Cause) -> Evidence:
    log = stopped_and_resumed(cause).window(0, MIB).start(0, MIB).written(0, MIB)
    return log.verify(0).confirm().evidence


def short_sample() -> Evidence:
    log = job(verify=SAMPLE).write(0).verify_start(0)
    places, moved = sampling.total(log.size, 50, 512)
    return log.add(ev.VerifyFinished(index=0, moved=moved - 2048, busy_ms=1, places=places - 1)).confirm().evidence


def another_drive() -> Evidence:
    log = job().write(0).verify(0)
    return log.add(ev.IdentityRead(identity=replace(log.plan.facts.identity, size=1))).evidence


def not_synced() -> Evidence:
    """No sequence of events comes to this: the verdict does not rely on the fold for it."""
    whole = job().all_passes().evidence
    return replace(whole, passes=(replace(whole.passes[0], synced=whole.size - 512),))


def not_compared() -> Evidence:
    """The same of reading back."""
    whole = job().all_passes().evidence
    check = whole.passes[0].verification
    assert check is not None
    short = replace(check, compared=whole.size - 512)
    return replace(whole, passes=(replace(whole.passes[0], verification=short),))


FAULTS = [
    (Action.WRITE, FaultKind.IO_ERROR, "reason-error-write"),
    (Action.SYNC, FaultKind.IO_ERROR, "reason-error-sync"),
    (Action.READ, FaultKind.IO_ERROR, "reason-error-read"),
    (Action.WRITE, FaultKind.SHORT, "reason-short-write"),
    (Action.READ, FaultKind.SHORT, "reason-short-read"),
    (Action.READ, FaultKind.MISMATCH, "reason-mismatch"),
    (Action.READ, FaultKind.NO_ANSWER, "reason-no-answer"),
]
UNPROVEN: list[tuple[str, Callable[[], Evidence]]] = [
    ("reason-not-verified", lambda: job(verify=NONE).all_passes().evidence),
    ("reason-pass-incomplete", lambda: job().start(0).confirm().evidence),
    ("reason-pass-incomplete", lambda: job(ZEROS, STREAM).write(0).confirm().evidence),
    ("reason-pass-not-synced", not_synced),
    ("reason-verification-incomplete", lambda: job().write(0).confirm().evidence),
    ("reason-verification-incomplete", lambda: job().write(0).verify_start(0).confirm().evidence),
    ("reason-verification-incomplete", lambda: job(CHECKED, STREAM).write(0).write(1).verify(1).confirm().evidence),
    ("reason-verification-incomplete", short_sample),
    ("reason-verification-incomplete", not_compared),
    ("reason-identity-changed", another_drive),
    ("reason-identity-not-confirmed", lambda: job().write(0).verify(0).evidence),
    ("reason-inconsistent-journal", lambda: job().all_passes().start(0).confirm().evidence),
    ("guard-not-found", lambda: job().all_passes().add(ev.JobStopped(cancelled=False, reason=GONE)).evidence),
]
REMARKS: list[tuple[str, Callable[[], Evidence]]] = [
    ("remark-sampled", lambda: job(verify=SAMPLE).all_passes().evidence),
    ("remark-buffered-io", lambda: job().all_passes(direct_io=False).evidence),
    (
        "remark-pass-restarted",
        lambda: stopped_and_resumed(ev.Cause.PAUSED).window(0, MIB, unchanged=False).all_passes().evidence,
    ),
    *(
        (f"remark-interrupted-{cause.value}", lambda cause=cause: resumed_from_checkpoint(cause))
        for cause in ev.Cause
        if cause is not ev.Cause.PAUSED
    ),
]


def ids(evidence: Evidence) -> list[str]:
    """The reasons' ids; those of the verdict's own can be said in both languages."""
    reasons = judge(evidence).reasons
    assert all(texts(language).text(reason) for reason in reasons if reason != GONE for language in Language)
    return [reason.id for reason in reasons]


@pytest.mark.parametrize(
    ("passes", "verify"),
    [((STREAM,), None), ((ZEROS, STREAM), None), ((CHECKED, STREAM, ZEROS), None)],
)
def test_a_complete_job_is_erased(passes: tuple[Pass, ...], verify: Verify | None) -> None:
    judgement = judge(job(*passes, verify=verify).all_passes().evidence)
    assert judgement.verdict is Verdict.ERASED
    assert judgement.reasons == ()
    assert judgement.level_achieved is Level.CLEAR


@pytest.mark.parametrize(("reason", "build"), UNPROVEN, ids=[reason for reason, _ in UNPROVEN])
def test_what_is_missing_leaves_it_unproven(reason: str, build: Callable[[], Evidence]) -> None:
    evidence = build()
    judgement = judge(evidence)
    assert judgement.verdict is Verdict.UNPROVEN
    assert judgement.level_achieved is Level.NONE
    assert ids(evidence) == [reason]


@pytest.mark.parametrize(("remark", "build"), REMARKS, ids=[remark for remark, _ in REMARKS])
def test_what_must_be_known_is_a_remark(remark: str, build: Callable[[], Evidence]) -> None:
    evidence = build()
    judgement = judge(evidence)
    assert judgement.verdict is Verdict.ERASED_WITH_REMARKS
    assert judgement.level_achieved is Level.CLEAR
    assert ids(evidence) == [remark]


def test_a_pause_is_no_remark() -> None:
    assert judge(resumed_from_checkpoint(ev.Cause.PAUSED)).verdict is Verdict.ERASED


@pytest.mark.parametrize(("action", "kind", "reason"), FAULTS, ids=[reason for _, _, reason in FAULTS])
def test_any_fault_in_any_pass_fails_with_its_place(action: Action, kind: FaultKind, reason: str) -> None:
    log = job(ZEROS, STREAM).write(0).fault(0, action=action, kind=kind, offset=MIB, length=4096)
    evidence = log.write(1).verify(1).confirm().evidence
    judgement = judge(evidence)
    assert judgement.verdict is Verdict.FAILED
    assert judgement.level_achieved is Level.NONE
    assert ids(evidence) == [reason]
    params = judgement.reasons[0].params
    assert (params["pass"], params["first"], params["last"]) == (1, 2048, 2055)


def test_a_fault_without_length_is_at_one_sector() -> None:
    evidence = job().fault(0, action=Action.SYNC, offset=512, length=0).evidence
    assert (judge(evidence).reasons[0].params["first"], judge(evidence).reasons[0].params["last"]) == (1, 1)


def test_sectors_are_those_of_the_drive() -> None:
    log = job()
    made = replace(log.plan, facts=replace(log.plan.facts, logical_sector=4096))
    evidence = JobLog(made).fault(0, offset=MIB, length=8192).evidence
    assert (judge(evidence).reasons[0].params["first"], judge(evidence).reasons[0].params["last"]) == (256, 257)


def test_a_failure_outweighs_everything_and_keeps_the_doubts() -> None:
    log = job().start(0).fault(0).add(ev.JobStopped(cancelled=True, reason=say("reason-cancelled")))
    judgement = judge(log.evidence)
    assert judgement.verdict is Verdict.FAILED
    assert [reason.id for reason in judgement.reasons] == [
        "reason-error-write",
        "reason-pass-incomplete",
    ]


@pytest.mark.parametrize("log", [job().start(0), job().all_passes()], ids=["halfway", "complete"])
def test_a_cancelled_job_is_aborted_however_far_it_was(log: JobLog) -> None:
    reason = say("reason-cancelled")
    judgement = judge(log.add(ev.JobStopped(cancelled=True, reason=reason)).evidence)
    assert (judgement.verdict, judgement.reasons) == (Verdict.ABORTED, (reason,))
    assert judgement.level_achieved is Level.NONE


def test_only_two_verdicts_prove_an_erasure() -> None:
    proving = {verdict for verdict in Verdict if verdict.proves_erasure}
    assert proving == {Verdict.ERASED, Verdict.ERASED_WITH_REMARKS}
