"""Proof first, for stages: from a complete log, take away, repeat, move or change any one event."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import events as ev
from bench import stage_events as se
from bench.canaries import Place
from bench.capabilities import Answer, Capabilities, HiddenArea, HiddenKind
from bench.evidence import fold
from bench.levels import Level
from bench.messages import Message
from bench.plan import VerifyKind
from bench.stages import StageKind
from bench.techniques import ErasureState, Technique
from bench.verdict import Judgement, Verdict, judge
from support.evidence_samples import CONTEXT, MIB
from support.stage_samples import CLEAR, PURGE, SECURE, StageLog, ata, nvme, reading, sas, ssd
from ui.formats import Language
from ui.texts import texts

Log = list[ev.Logged]
K = StageKind
TOP = replace(PURGE, overwrite_on_top=True)
BARE = replace(PURGE, canaries=0, power_cycle=False, read_back=0)
HPA = HiddenArea(kind=HiddenKind.HPA, in_use=Answer.YES, size=80 * MIB)


def disk() -> StageLog:
    return StageLog.of(ata()).all()


def flash() -> StageLog:
    return StageLog.of(ssd()).all()


def unseen() -> StageLog:
    """An erasure so quick that nobody saw it run: the canaries alone show it."""
    return StageLog.of(ata(*SECURE)).all(seen=False)


def marked() -> StageLog:
    return StageLog.of(nvme(Technique.NVME_SANITIZE_BLOCK)).all()


def bare() -> StageLog:
    """No canaries: it was seen running."""
    return StageLog.of(ata(), BARE).all()


def on_top() -> StageLog:
    return StageLog.of(ata(Technique.ATA_SANITIZE_OVERWRITE), TOP).all()


def hiding() -> StageLog:
    log = StageLog.of(ata(hidden=(HPA,)))
    return log.restore(0).power(1, 80 * MIB).all()


def adopted() -> StageLog:
    log = StageLog.of(ata())
    log.until(1).begin(1).accept(1).add(ev.Resumed(cause=ev.Cause.PROGRAM_ENDED, context=CONTEXT))
    digest = log.plan.facts.identity.digest
    log.add(se.ErasureAdopted(index=1, identity=digest, reading=reading(ErasureState.RUNNING, progress=7)))
    return log.finish(1).all()


JOBS: dict[str, Callable[[], StageLog]] = {
    "disk": disk, "flash": flash, "unseen": unseen, "marked": marked, "bare": bare, "on-top": on_top,
    "hiding": hiding, "adopted": adopted,
}  # fmt: skip
jobs = pytest.mark.parametrize("name", JOBS)


def judged(logged: Log) -> Judgement | None:
    try:
        return judge(fold(logged))
    except ValueError:
        return None  # A log without its plan at the head is no job at all.


def level(logged: Log) -> Level:
    found = judged(logged)
    return found.level_achieved if found is not None else Level.NONE


def place(logged: Log, at: int) -> str:
    return f"{at}:{logged[at].event.TYPE}"


@jobs
def test_the_whole_log_proves_a_purge(name: str) -> None:
    log = JOBS[name]()
    assert log.evidence.anomalies == ()
    judgement = judge(log.evidence)
    assert judgement.level_achieved is Level.PURGE, judgement
    for reason in judgement.reasons:
        assert all(texts(language).text(reason) for language in Language)


@jobs
def test_no_beginning_of_a_log_proves_anything(name: str) -> None:
    logged = JOBS[name]().logged
    assert [length for length in range(len(logged) + 1) if level(logged[:length]) is not Level.NONE] == [len(logged)]


# Seen running and canaries stand in for each other; that a command was accepted shows in what it was found doing.
MAY_BE_MISSING = {
    "disk": ["5:erasure-seen"],
    "flash": ["5:erasure-seen", "13:erasure-seen"],
    "marked": ["5:erasure-seen"],
    "on-top": ["5:erasure-seen"],
    "hiding": ["11:erasure-seen"],
    "adopted": ["4:command-accepted"],
}


@jobs
def test_an_event_that_is_missing(name: str) -> None:
    logged = JOBS[name]().logged
    rest = {place(logged, at): level(logged[:at] + logged[at + 1 :]) for at in range(len(logged))}
    assert [at for at, reached in rest.items() if reached is not Level.NONE] == MAY_BE_MISSING.get(name, [])


@jobs
def test_an_event_that_is_told_twice_or_elsewhere(name: str) -> None:
    logged = JOBS[name]().logged
    may = {"erasure-seen", "power-cycle-asked", "identity-read", "pass-checkpoint", "resumed", "interrupted"}
    for at, item in enumerate(logged):
        rest = logged[:at] + logged[at + 1 :]
        for elsewhere in range(len(logged) + 1):
            again = level([*logged[:elsewhere], item, *logged[elsewhere:]])
            assert again is Level.NONE or item.event.TYPE in may, f"{place(logged, at)} again at {elsewhere}"
            if elsewhere not in {at, len(logged)}:
                moved = level([*rest[:elsewhere], item, *rest[elsewhere:]])
                crossed = {other.event.TYPE for other in logged[min(at, elsewhere) : max(at, elsewhere) + 1]}
                harmless = place(logged, at) in MAY_BE_MISSING.get(name, []) or crossed <= {"resumed", "interrupted"}
                assert moved is Level.NONE or harmless, f"{place(logged, at)} at {elsewhere}"


# Fields that contradict nothing else: descriptions, times, estimates, the drive's own words about itself.
DESCRIBES = {
    "job-planned": {"context", "consent"},
    "stage-started": {"mark", "before"},
    "command-accepted": {"seconds"},
    "erasure-seen": {"reading"},
    "erasure-adopted": {"reading"},
    "stage-finished": {"reading"},
    "canaries-planted": {"seed", "direct_io", "planted"},
    "canaries-checked": {"direct_io"},
    "power-cycle-asked": {"reason"},
    "power-cycle-seen": {"witness", "before", "after"},
    "capabilities-read": {"capabilities"},
    "stage-read-back": {"seed", "blank", "direct_io"},
    "pass-started": {"direct_io", "key", "algorithm"},
    "pass-written": {"busy_ms"},
    "verify-started": {"direct_io", "seed"},
    "verify-finished": {"busy_ms", "places"},
    "resumed": {"cause", "context"},
}


@jobs
def test_a_field_that_says_something_else(name: str) -> None:
    logged = JOBS[name]().logged
    tried = 0
    for at, item in enumerate(logged[1:], start=1):
        for field, event in altered(item.event):
            tried += 1
            changed = level([*logged[:at], replace(item, event=event), *logged[at + 1 :]])
            harmless = field in DESCRIBES.get(item.event.TYPE, set())
            assert changed is Level.NONE or harmless, f"{place(logged, at)}.{field}: {getattr(event, field)!r}"
    assert tried > 20


def altered(event: ev.Event) -> Iterator[tuple[str, ev.Event]]:
    for field in fields(event):
        for value in others(getattr(event, field.name)):
            yield field.name, replace(event, **{field.name: value})


def others(value: Any) -> list[Any]:
    match value:
        case Enum():
            return [other for other in type(value) if other is not value]
        case bool():
            return [not value]
        case int():
            return [other for other in (value - 1, value + 1, -1, 0) if other != value]
        case str():
            return ["", "f" * 64] if value else ["f" * 64]
        case None:
            return [3]
        case tuple() if value and is_dataclass(value[0]):
            return [value[:-1], (*value, value[-1])]
        case tuple():
            return [(Place(0, 0, 512),)]
        case Message() | Capabilities():
            return []
    if not is_dataclass(value) or isinstance(value, type):
        return []
    return [replace(value, **{f.name: other}) for f in fields(value) for other in others(getattr(value, f.name))]


Change = Callable[[se.StatusReading], se.StatusReading]


@jobs
@pytest.mark.parametrize("state", [item for item in ErasureState if item is not ErasureState.DONE])
def test_no_end_but_done_is_a_success(name: str, state: ErasureState) -> None:
    logged = JOBS[name]().logged
    for at, item in enumerate(logged):
        if isinstance(item.event, se.StageFinished):
            event = replace(item.event, reading=replace(item.event.reading, state=state))
            assert level([*logged[:at], replace(item, event=event), *logged[at + 1 :]]) is Level.NONE


def test_another_commands_mark_is_not_ours() -> None:
    logged = marked().logged
    for at, item in enumerate(logged):
        if isinstance(item.event, se.StageFinished | se.StageStarted):
            for mark in (None, 11):
                event: ev.Event
                if isinstance(item.event, se.StageStarted):
                    if item.event.mark is None:
                        continue
                    event = replace(item.event, mark=mark)
                else:
                    event = replace(item.event, reading=replace(item.event.reading, mark=mark))
                changed = [*logged[:at], replace(item, event=event), *logged[at + 1 :]]
                judgement = judged(changed)
                assert judgement is not None
                assert judgement.verdict is Verdict.UNPROVEN
                assert "reason-stage-mark-differs" in [reason.id for reason in judgement.reasons]


# What dishonest and broken drives come to


def outcome(log: StageLog) -> tuple[Verdict, list[str]]:
    judgement = judge(log.evidence)
    for reason in judgement.reasons:
        assert all(texts(language).text(reason) for language in Language)
    return judgement.verdict, [reason.id for reason in judgement.reasons]


def until(capabilities: Capabilities, kind: StageKind, *, seen: bool = True) -> StageLog:
    log = StageLog.of(capabilities)
    return log.until(log.at(kind), seen=seen)


def test_a_lying_erasure_is_a_failure() -> None:
    log = until(ata(), K.CHECK)
    known = log.evidence.stages.canaries
    assert known is not None
    log.check(3, survivors=[known.planted[5].place]).all()
    verdict, reasons = outcome(log)
    assert (verdict, reasons) == (Verdict.FAILED, ["reason-canaries-survived"])


def test_old_data_that_survived_is_a_failure_too() -> None:
    log = until(ata(), K.CHECK)
    known = log.evidence.stages.canaries
    assert known is not None
    log.check(3, survivors=[known.kept[0].place]).all()
    assert outcome(log)[0] is Verdict.FAILED
    log = until(ata(), K.READ_BACK).read_back(5, survivors=1).confirm()
    assert outcome(log) == (Verdict.FAILED, ["reason-canaries-survived"])


def test_a_stale_success_proves_nothing() -> None:
    """The command was swallowed; the drive still tells of an older success, and there are no canaries."""
    log = StageLog.of(ata(), BARE)
    log.begin(0, reading()).accept(0).finish(0).compare(1).confirm()
    assert outcome(log) == (Verdict.UNPROVEN, ["reason-stage-never-seen"])


def test_canaries_that_a_first_attempt_may_have_destroyed_do_not_vouch_for_the_second() -> None:
    log = StageLog.of(ata(*SECURE))
    log.until(1).begin(1).accept(1).add(ev.Resumed(cause=ev.Cause.PROGRAM_ENDED, context=CONTEXT))
    log.erase(1, seen=False).all()
    verdict, reasons = outcome(log)
    assert (verdict, reasons) == (Verdict.UNPROVEN, ["reason-stage-given-twice"])


def test_a_canary_that_cannot_be_read_is_neither_gone_nor_there() -> None:
    log = until(ata(), K.CHECK)
    known = log.evidence.stages.canaries
    assert known is not None
    log.check(3, unread=[known.planted[0].place]).all()
    assert outcome(log) == (Verdict.UNPROVEN, ["reason-canaries-unread"])
    log = until(ata(), K.READ_BACK).read_back(5, missed=512).confirm()
    assert outcome(log) == (Verdict.UNPROVEN, ["reason-read-back-unread"])


def test_a_failed_sanitize_is_a_failure_and_leaving_it_changes_nothing() -> None:
    log = until(ata(), K.ERASE).begin(1).accept(1).seen(1).finish(1, ErasureState.FAILED)
    assert outcome(log)[1][0] == "reason-stage-failed"
    log.add(se.FailureModeLeft(index=1))
    verdict, reasons = outcome(log)
    assert (verdict, reasons[0]) == (Verdict.FAILED, "reason-stage-failed-left")
    log.erase(1).all()
    verdict, reasons = outcome(log)
    assert verdict is Verdict.ERASED_WITH_REMARKS
    assert reasons == ["remark-stage-started-again", "remark-failure-mode-left"]


def test_lost_capacity_is_a_failure() -> None:
    log = until(ata(), K.COMPARE).compare(4, size=63 * MIB).read_back(5).confirm()
    verdict, reasons = outcome(log)
    assert (verdict, reasons) == (Verdict.FAILED, ["reason-capacity-shrunk"])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"security": {"enabled": Answer.YES}}, "reason-security-worse"),
        ({"security": {"locked": Answer.YES}}, "reason-security-worse"),
        ({"security": {"locked": Answer.INDETERMINATE}}, "reason-security-worse"),
        ({"opal": {"locked": Answer.YES}}, "reason-security-worse"),
        ({"opal": {"shadowed": Answer.INDETERMINATE}}, "reason-security-worse"),
        ({"sanitize": {"state": ErasureState.FAILED}}, "reason-sanitize-not-done-at-end"),
        ({"sanitize": {"state": ErasureState.RUNNING}}, "reason-sanitize-not-done-at-end"),
        ({"hidden": (HPA,)}, "reason-hidden-new"),
    ],
)
def test_a_drive_that_is_worse_afterwards_is_unproven(change: dict[str, Any], reason: str) -> None:
    log = until(ata(), K.COMPARE)
    after = log.after()
    for field, value in change.items():
        part = replace(getattr(after, field), **value) if isinstance(value, dict) else value
        after = replace(after, **{field: part})
    log.compare(4, after).read_back(5).confirm()
    verdict, reasons = outcome(log)
    assert verdict is Verdict.UNPROVEN
    assert reason in reasons


def test_nvme_must_say_at_the_end_that_its_sanitize_is_done() -> None:
    log = until(nvme(Technique.NVME_SANITIZE_BLOCK), K.COMPARE)
    after = replace(log.after(), sanitize=replace(log.after().sanitize, state=ErasureState.UNKNOWN))
    log.compare(4, after).read_back(5).confirm()
    assert outcome(log) == (Verdict.UNPROVEN, ["reason-sanitize-not-done-at-end"])


@pytest.mark.parametrize(
    ("in_use", "size", "reason"),
    [
        (Answer.YES, 80 * MIB, "reason-hidden-remains"),
        (Answer.INDETERMINATE, 80 * MIB, "reason-hidden-remains"),
        (Answer.NO, 72 * MIB, "reason-hidden-size"),
    ],
)
def test_a_hidden_area_that_was_not_opened_is_not_erased(in_use: Answer, size: int, reason: str) -> None:
    log = StageLog.of(ata(hidden=(HPA,)), CLEAR)
    log.restore(0).power(1, size).compare(2, replace(log.after(), hidden=(replace(HPA, in_use=in_use),)))
    identity = log.evidence.stages.identity
    log.add(ev.PassStarted(index=0, offset=0, algorithm=None, key="", identity=identity.digest, direct_io=True))
    log.add(ev.PassWritten(index=0, moved=size, missed=0, faults="", busy_ms=1))
    log.add(replace(READING, identity=identity.digest))
    log.add(ev.VerifyFinished(index=0, moved=size, missed=0, faults="", busy_ms=1, places=0)).confirm()
    verdict, reasons = outcome(log)
    assert verdict is Verdict.UNPROVEN
    assert reason in reasons


READING = ev.VerifyStarted(index=0, kind=VerifyKind.FULL, permille=1000, offset=0, seed="", identity="", direct_io=True)


def test_a_planned_purge_that_the_drive_does_not_bear_afterwards_is_unproven() -> None:
    log = until(ata(*SECURE), K.COMPARE)
    unsure = tuple(replace(area, in_use=Answer.INDETERMINATE) for area in log.after().hidden)
    log.compare(4, replace(log.after(), hidden=unsure)).read_back(5).confirm()
    verdict, reasons = outcome(log)
    assert verdict is Verdict.UNPROVEN
    assert reasons == ["reason-level-not-reached", "level-limit-enhanced-hidden-unknown"]


def test_less_than_asked_is_remarked_with_the_consent() -> None:
    log = StageLog.of(ata(Technique.ATA_SECURE_ERASE)).all(seen=False)
    judgement = judge(log.evidence)
    assert (log.plan.level_asked, judgement.level_achieved) == (Level.PURGE, Level.CLEAR)
    assert [reason.id for reason in judgement.reasons] == [
        "stage-consent-question", "stage-consent-operator", "level-limit-command",
    ]  # fmt: skip


def test_a_reformatted_drive_is_judged_by_its_new_sectors() -> None:
    log = StageLog.of(sas(block=520)).all()
    assert outcome(log) == (Verdict.ERASED_WITH_REMARKS, ["stage-remark-no-canaries"])


@settings(max_examples=300, deadline=None)
@given(st.data(), st.sampled_from(sorted(JOBS)))
def test_whatever_is_left_of_a_log_proves_only_what_it_tells(data: st.DataObject, name: str) -> None:
    """A few events deleted, repeated or exchanged: called a Purge, it holds all that a Purge needs."""
    logged = list(JOBS[name]().logged)
    for at, how in data.draw(st.lists(st.tuples(st.integers(1, len(logged)), st.integers(0, 2)), max_size=3)):
        here = min(at, len(logged) - 1)
        if how == 0 and here:
            del logged[here]
        elif how == 1:
            logged.insert(here, logged[here])
        elif here + 1 < len(logged):
            logged[here], logged[here + 1] = logged[here + 1], logged[here]
    if level(logged) is Level.NONE:
        return
    events = [item.event for item in logged]
    head = events[0]
    assert isinstance(head, ev.JobPlanned)
    order = [type(event) for event in events]
    for index, stage in enumerate(head.plan.stages):
        of_stage = [event for event in events if getattr(event, "index", None) == index]
        if stage.kind is K.ERASE:
            kinds = [type(event) for event in of_stage]
            assert kinds.index(se.StageStarted) < kinds.index(se.StageFinished)
            assert se.CommandAccepted in kinds or se.ErasureAdopted in kinds
            assert se.ErasureSeen in kinds or se.ErasureAdopted in kinds or se.CanariesChecked in order
    assert order.index(se.CapabilitiesRead) < order.index(ev.IdentityRead)
