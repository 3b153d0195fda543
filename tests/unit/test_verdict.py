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
from bench.work import Action, FaultKind, Outcome
from support import evidence_samples as sample
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
    short = ev.VerifyFinished(index=0, moved=moved - 2048, missed=0, faults="", busy_ms=1, places=places - 1)
    return log.add(short).confirm().evidence


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


def unwritten() -> JobLog:
    log = job(ZEROS, STREAM).write(0).start(1).fault(1, length=4096).fault(1, offset=3 * MIB, length=512)
    return log.written(1, missed=4608).verify(1).confirm()


def unread(kind: FaultKind = FaultKind.IO_ERROR) -> JobLog:
    log = job(ZEROS, STREAM).write(0).write(1).verify_start(1)
    for offset, length in ((MIB, 4096), (3 * MIB, 512)):
        log.fault(1, action=Action.READ, kind=kind, offset=offset, length=length)
    return log.verified(1, missed=4608).confirm()


def mismatching() -> JobLog:
    log = job(ZEROS, STREAM).write(0).write(1).verify_start(1)
    return log.mismatch(1, length=4096).mismatch(1, offset=3 * MIB, length=512).verified(1).confirm()


FAULTS: list[tuple[str, Callable[[], JobLog]]] = [
    ("reason-unwritten", unwritten),
    ("reason-unread", unread),
    ("reason-unread", lambda: unread(FaultKind.SHORT)),
    ("reason-mismatch", mismatching),
]


def earlier(work: Callable[[JobLog], JobLog]) -> Evidence:
    """Something was wrong with the first pass, which is read back, and nothing with the second."""
    log = job(CHECKED, STREAM)
    work(log)
    if log.evidence.passes[0].verification is None:
        log.verify(0)
    return log.write(1).verify(1).confirm().evidence


def overcome(outcome: Outcome, action: Action) -> Evidence:
    log = job().start(0)
    if action is not Action.READ:
        return log.fault(0, action=action, outcome=outcome).written(0).verify(0).confirm().evidence
    return log.written(0).verify_start(0).fault(0, action=action, outcome=outcome).verified(0).confirm().evidence


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
    ("remark-earlier-errors", lambda: earlier(lambda log: log.start(0).fault(0).written(0, missed=4096))),
    (
        "remark-earlier-errors",
        lambda: earlier(lambda log: log.write(0).verify_start(0).fault(0, action=Action.READ).verified(0, missed=4096)),
    ),
    ("remark-earlier-errors", lambda: earlier(lambda log: log.write(0).verify_start(0).mismatch(0).verified(0))),
    ("remark-cured", lambda: overcome(Outcome.CURED, Action.READ)),
    ("remark-retried", lambda: overcome(Outcome.RETRIED, Action.READ)),
    ("remark-retried", lambda: overcome(Outcome.RETRIED, Action.WRITE)),
    ("remark-retried", lambda: overcome(Outcome.RETRIED, Action.SYNC)),
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


@pytest.mark.parametrize(("reason", "build"), FAULTS, ids=[f"{n}-{reason}" for n, (reason, _) in enumerate(FAULTS)])
def test_what_the_last_pass_left_fails_with_how_much_and_where(reason: str, build: Callable[[], JobLog]) -> None:
    evidence = build().evidence
    judgement = judge(evidence)
    assert evidence.anomalies == ()
    assert judgement.verdict is Verdict.FAILED
    assert judgement.level_achieved is Level.NONE
    assert ids(evidence) == [reason]
    assert judgement.reasons[0].params == {"count": 9, "ranges": 2, "first": 2048, "last": 6144}


def test_hundreds_of_ranges_are_one_reason() -> None:
    log = job().start(0)
    for number in range(400):
        log.fault(0, offset=number * 4096, length=512)
    judgement = judge(log.written(0, missed=400 * 512).verify(0).confirm().evidence)
    (reason,) = judgement.reasons
    assert reason == say("reason-unwritten", count=400, ranges=400, first=0, last=399 * 8)


def test_each_way_of_missing_data_is_a_reason_of_its_own() -> None:
    assert ids(sample.failed()) == ["reason-unwritten", "reason-unread", "reason-mismatch"]


def test_sectors_are_those_of_the_drive() -> None:
    log = job()
    made = replace(log.plan, facts=replace(log.plan.facts, logical_sector=4096))
    evidence = JobLog(made).fault(0, offset=MIB, length=8192).evidence
    assert judge(evidence).reasons[0].params == {"count": 2, "ranges": 1, "first": 256, "last": 257}


@pytest.mark.parametrize("index", [0, 1])
@pytest.mark.parametrize("length", [0, 4096])
def test_a_sync_that_failed_for_good_is_a_failure_in_any_pass(index: int, length: int) -> None:
    log = job(ZEROS, STREAM)
    for number in range(2):
        log.start(number)
        if number == index:
            log.fault(number, action=Action.SYNC, length=length)
        log.written(number)
    evidence = log.verify(1).confirm().evidence
    assert judge(evidence).verdict is Verdict.FAILED
    assert judge(evidence).reasons == (say("reason-gave-up-sync", **{"pass": index + 1}),)


def test_a_drive_that_was_given_up_fails_and_says_it_once() -> None:
    log = job(ZEROS, STREAM).write(0).start(1).fault(1, action=Action.SYNC)
    log.add(ev.GivenUp(index=1, reason=say("reason-gave-up-sync", **{"pass": 2})))
    assert ids(log.evidence) == ["reason-gave-up-sync", "reason-pass-incomplete"]
    assert judge(log.evidence).verdict is Verdict.FAILED
    # Even if the first pass was not the last one, and whatever is said afterwards.
    early = job(ZEROS, STREAM).start(0).give_up(0).confirm()
    assert judge(early.evidence).verdict is Verdict.FAILED
    after = job().all_passes().give_up(0)
    assert ids(after.evidence) == ["reason-gave-up-too-many-ranges"]


def test_a_read_error_that_passed_when_reading_went_on_is_a_remark() -> None:
    log = job().write(0).verify_start(0).fault(0, action=Action.READ)
    log.add(ev.Resumed(cause=ev.Cause.PAUSED, context=CONTEXT)).verify(0).confirm()
    assert ids(log.evidence) == ["remark-retried"]


def test_a_write_error_that_was_overwritten_after_a_resume_is_a_remark() -> None:
    log = job().start(0).checkpoint(0, MIB).fault(0, offset=2 * MIB)
    log.add(ev.Resumed(cause=ev.Cause.PAUSED, context=CONTEXT)).window(0, MIB).start(0, MIB).written(0, MIB)
    assert ids(log.verify(0).confirm().evidence) == ["remark-retried"]


def test_after_a_sample_nothing_is_said_of_a_reading_that_may_not_have_been() -> None:
    log = job(ZEROS, STREAM, verify=SAMPLE).start(0).fault(0).written(0, missed=4096).write(1).verify(1).confirm()
    assert ids(log.evidence) == ["remark-sampled", "remark-earlier-errors-sampled"]


def test_errors_of_writing_and_reading_one_place_are_one_place() -> None:
    log = job(CHECKED, STREAM).start(0).fault(0, length=8192).written(0, missed=8192).verify_start(0)
    log.mismatch(0, length=4096).fault(0, action=Action.READ, offset=MIB + 4096).verified(0, missed=4096)
    (remark,) = judge(log.write(1).verify(1).confirm().evidence).reasons
    assert remark.params == {"pass": 1, "count": 16, "ranges": 1, "first": 2048, "last": 2063}


def wrapped(*places: tuple[int, int | None]) -> Evidence:
    """Megabytes at these places (MiB) hold what was meant for others."""
    log = job().write(0).verify_start(0)
    for place, holds in places:
        log.mismatch(0, offset=place * MIB, length=MIB, holds=None if holds is None else holds * MIB)
    return log.verified(0).confirm().evidence


@pytest.mark.parametrize(
    ("places", "room"),
    [
        ([(0, 48), (1, 49)], 48),
        ([(number, 48 + number % 16) for number in range(48)], 16),
        ([(number, number + 24 * ((63 - number) // 24)) for number in range(40)], 24),
        # "At most": only the first of them were read before it was enough.
        ([(number, number + 48) for number in range(15)], 48),
        # A sample may have seen its beginning and another place only.
        ([(0, 60), (6, 56)], 10),
    ],
)
def test_a_drive_that_wraps_around_has_less_room_than_it_says(places: list[tuple[int, int]], room: int) -> None:
    evidence = wrapped(*places)
    assert ids(evidence) == ["reason-fake-capacity", "reason-mismatch"]
    assert judge(evidence).reasons[0] == say("reason-fake-capacity", size=room * MIB, claimed=64 * MIB)


@pytest.mark.parametrize(
    "places",
    [
        [(0, None)],
        # A write that went astray: its own place holds what was there before.
        [(0, 20), (20, None)],
        [(5, 20), (6, 21)],
    ],
    ids=["unknown", "astray", "not-from-the-beginning"],
)
def test_other_bytes_alone_are_no_fake_capacity(places: list[tuple[int, int | None]]) -> None:
    assert ids(wrapped(*places)) == ["reason-mismatch"]


def test_a_failure_outweighs_everything_and_keeps_the_doubts() -> None:
    log = job().start(0).fault(0).add(ev.JobStopped(cancelled=True, reason=say("reason-cancelled")))
    judgement = judge(log.evidence)
    assert judgement.verdict is Verdict.FAILED
    assert [reason.id for reason in judgement.reasons] == [
        "reason-unwritten",
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
