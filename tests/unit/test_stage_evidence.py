"""Stages folded from their events: what follows, what does not, and which drive is expected afterwards."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bench import events as ev
from bench import stage_events as se
from bench import stage_evidence, stage_fold
from bench.canaries import Place
from bench.capabilities import Answer, HiddenArea, HiddenKind
from bench.evidence import fold
from bench.messages import say
from bench.stage_evidence import StageState
from bench.stages import StageKind
from bench.techniques import ErasureState, Technique
from bench.verdict import judge
from support.evidence_samples import CONTEXT, MIB
from support.stage_samples import CLEAR, PURGE, SECURE, StageLog, ata, nvme, reading, sanitize, sas

K = StageKind
HIDING = ata(
    hidden=(
        HiddenArea(kind=HiddenKind.HPA, in_use=Answer.YES, size=80 * MIB),
        HiddenArea(kind=HiddenKind.DCO, in_use=Answer.YES, size=96 * MIB),
    )
)
WAITING = ata(sanitize=sanitize(Technique.ATA_SANITIZE_OVERWRITE, state=ErasureState.RUNNING))
TOP = replace(PURGE, overwrite_on_top=True)
WORD = "reuse"
GONE = ev.Interrupted(cause=ev.Cause.WORKER_LOST)


def disk() -> StageLog:
    """plant, erase, power-cycle, check, compare, read-back."""
    return StageLog.of(ata())


def disk_at(kind: StageKind) -> StageLog:
    log = disk()
    return log.until(log.at(kind))


def erasing() -> StageLog:
    return disk_at(K.ERASE).begin(1).accept(1).seen(1)


def cut(log: StageLog) -> StageLog:
    log.add(ev.Interrupted(cause=ev.Cause.PROGRAM_ENDED))
    log.add(ev.Resumed(cause=ev.Cause.PROGRAM_ENDED, context=CONTEXT))
    return log


def adopt(log: StageLog, found: se.StatusReading, index: int = 1) -> StageLog:
    log.add(se.ErasureAdopted(index=index, identity=log.plan.facts.identity.digest, reading=found))
    return log


def again(log: StageLog) -> StageLog:
    log.add(log.logged[-1].event)
    return log


def with_event(log: StageLog, event: ev.Event) -> StageLog:
    log.add(event)
    return log


def planted_twice() -> StageLog:
    log = disk()
    event = log.plant(0).logged.pop().event
    assert isinstance(event, se.CanariesPlanted)
    return with_event(log, replace(event, kept=event.planted[:1]))


def planted_few() -> StageLog:
    log = disk()
    event = log.plant(0).logged.pop().event
    assert isinstance(event, se.CanariesPlanted)
    return with_event(log, replace(event, planted=event.planted[1:]))


def checked(**changes: object) -> StageLog:
    log = disk_at(K.CHECK)
    event = log.check(3).logged.pop().event
    assert isinstance(event, se.CanariesChecked)
    return with_event(log, replace(event, **changes))  # type: ignore[arg-type] # any field


def powered(**changes: object) -> StageLog:
    log = disk_at(K.POWER_CYCLE)
    event = log.power(2).logged.pop().event
    assert isinstance(event, se.PowerCycleSeen)
    return with_event(log, replace(event, **changes))  # type: ignore[arg-type] # any field


def read(**changes: object) -> StageLog:
    log = disk_at(K.READ_BACK)
    event = log.read_back(5).logged.pop().event
    assert isinstance(event, se.StageReadBack)
    return with_event(log, replace(event, **changes))  # type: ignore[arg-type] # any field


def restored(kind: HiddenKind, *, accepted: bool = True) -> StageLog:
    log = StageLog.of(HIDING).begin(0)
    if accepted:
        log.accept(0)
    return with_event(log, se.HiddenAreaRestored(index=0, kind=kind, identity=log.plan.facts.identity))


def reformatted(size: int = 64 * MIB, sector: int = 512, *, accepted: bool = True) -> StageLog:
    log = StageLog.of(sas(block=520))
    index = log.at(K.REFORMAT)
    log.until(index).begin(index)
    if accepted:
        log.accept(index)
    identity = replace(log.plan.facts.identity, size=size)
    event = se.Reformatted(index=index, reading=reading(), identity=identity, logical_sector=sector)
    return with_event(log, event)


ANOMALIES: dict[str, Callable[[], StageLog]] = {
    "event-of-a-stage-not-in-the-plan": lambda: with_event(disk(), se.PowerCycleAsked(index=6, reason=say("x"))),
    "stage-1-started-while-at-work": lambda: again(disk().begin(0)),
    "stage-2-started-before-the-one-before-ended": lambda: disk().begin(1),
    "stage-1-started-after-the-next-one": lambda: cut(disk_at(K.ERASE).begin(1)).begin(0),
    "stage-1-started-after-its-end": lambda: disk().plant(0).begin(0),
    "stage-2-started-over-a-running-one": lambda: disk_at(K.ERASE).begin(1, reading(ErasureState.RUNNING)),
    "stage-1-event-of-another-kind-of-stage": lambda: disk().begin(0).accept(0),
    "stage-2-event-while-not-at-work": lambda: disk_at(K.ERASE).accept(1),
    "stage-2-password-out-of-turn": lambda: with_event(erasing(), se.SecurityPasswordChosen(index=1, password=WORD)),
    "stage-2-accepted-out-of-turn": lambda: erasing().accept(1),
    "stage-2-refused-while-not-at-work": lambda: with_event(
        disk_at(K.ERASE), se.CommandRefused(index=1, reason=say("x"))
    ),
    "stage-2-seen-before-it-was-accepted": lambda: disk_at(K.ERASE).begin(1).seen(1),
    "stage-1-adopted-what-is-no-erasure": lambda: adopt(disk(), reading(ErasureState.RUNNING), 0),
    "stage-2-adopted-what-does-not-resume": lambda: adopt(
        cut(StageLog.of(ata(Technique.ATA_SECURE_ERASE_ENHANCED)).until(1).begin(1)), reading()
    ),
    "stage-2-adopted-while-not-interrupted": lambda: adopt(disk_at(K.ERASE), reading(ErasureState.RUNNING)),
    "stage-2-adopted-before-it-was-accepted": lambda: adopt(cut(disk_at(K.ERASE).begin(1)), reading()),
    "stage-2-adopted-with-another-mark": lambda: adopt(
        cut(disk_at(K.ERASE).begin(1)), reading(ErasureState.RUNNING, mark=7)
    ),
    "stage-2-ended-before-it-was-accepted": lambda: disk_at(K.ERASE).begin(1).finish(1),
    "stage-2-ended-while-running": lambda: erasing().finish(1, ErasureState.RUNNING),
    "stage-2-failure-mode-left-without-a-failure": lambda: with_event(erasing(), se.FailureModeLeft(index=1)),
    "stage-1-planted-twice-at-a-place": planted_twice,
    "stage-1-planted-fewer-than-planned": planted_few,
    "stage-4-checked-other-canaries": lambda: checked(checked=64),
    "stage-3-power-cut-not-asked-for": lambda: with_event(
        disk_at(K.POWER_CYCLE).begin(2),
        se.PowerCycleSeen(
            index=2, witness=se.PowerWitness.VANISHED, before=None, after=None, identity=disk().plan.facts.identity
        ),
    ),
    "stage-3-power-cut-not-counted": lambda: powered(after=11),
    "stage-1-restored-another-area": lambda: restored(HiddenKind.DCO),
    "stage-3-formatted-to-nothing": lambda: reformatted(sector=0),
    "stage-6-read-back-not-as-planned": lambda: read(permille=51),
    "stage-6-read-back-of-other-places": lambda: read(places=1),
    "stage-2-erasure-seen-while-stopped": lambda: with_event(
        with_event(erasing(), GONE), se.ErasureSeen(index=1, reading=reading(ErasureState.RUNNING))
    ),
}


@pytest.mark.parametrize("code", ANOMALIES)
def test_what_does_not_follow_is_counted_and_otherwise_ignored(code: str) -> None:
    log = ANOMALIES[code]()
    before, after = fold(log.logged[:-1]), log.evidence
    assert before.anomalies == ()
    assert after.anomalies == (code,)
    assert replace(after, anomalies=(), last_event=before.last_event, events=before.events) == before
    assert not judge(after).verdict.proves_erasure


def test_every_way_not_to_follow_is_among_these() -> None:
    source = "".join(Path(module.__file__ or "").read_text("utf-8") for module in (stage_evidence, stage_fold))
    ways = set(re.findall(r'(?:require\(|DoesNotFollowError\()[^\n]*"([a-z-]+)"\)', source))
    told = {re.sub(r"^stage-\d-", "", code) for code in ANOMALIES}
    assert len(ways) > 20
    # No plan has a check before its plant, and no type of event is without its case.
    assert ways <= told | {"checked-without-canaries", "event-out-of-place"}


@pytest.mark.parametrize(
    "log",
    [
        lambda: checked(survivors=(Place(0, 512 * 7, 512),)),
        lambda: checked(unread=(Place(0, 512 * 7, 512),)),
        lambda: powered(before=None),
        lambda: powered(before=None, after=None),
        lambda: restored(HiddenKind.HPA, accepted=False),
        lambda: reformatted(accepted=False),
        lambda: reformatted(size=64 * MIB + 1),
        lambda: read(missed=-1),
        lambda: read(blank=65 * MIB),
        lambda: read(seed=""),
        lambda: read(survivors=-1),
    ],
)
def test_other_numbers_do_not_follow_either(log: Callable[[], StageLog]) -> None:
    assert len(log().evidence.anomalies) == 1


def test_stages_come_before_passes_and_passes_after_all_stages() -> None:
    log = StageLog.of(ata(), TOP)
    log.until(len(log.stages) - 1)
    log.start(0)
    assert log.evidence.anomalies == ("pass-1-started-before-the-stages-ended",)
    log = StageLog.of(ata(), TOP)
    log.until(len(log.stages)).start(0)
    log.begin(5)
    assert log.evidence.anomalies == ("stage-6-stage-started-after-a-pass-began",)


def test_a_running_sanitize_of_ours_is_adopted_after_a_restart() -> None:
    log = adopt(cut(erasing()), reading(ErasureState.RUNNING, progress=700)).finish(1)
    item = log.evidence.stages.items[1]
    assert log.evidence.anomalies == ()
    assert (item.state, item.starts, item.adoptions, item.seen_running) == (StageState.DONE, 1, 1, True)
    log.all()
    judgement = judge(log.evidence)
    assert judgement.level_achieved.value == "purge"
    remarks = [reason.id for reason in judgement.reasons]
    assert remarks == ["remark-stage-adopted", "remark-interrupted-program-ended"]


def test_an_acceptance_nobody_wrote_down_shows_in_what_the_drive_does() -> None:
    log = adopt(cut(disk_at(K.ERASE).begin(1)), reading(ErasureState.RUNNING))
    assert log.evidence.stages.items[1].state is StageState.ACCEPTED


def test_what_does_not_resume_by_itself_is_begun_again() -> None:
    log = StageLog.of(ata(*SECURE))
    cut(log.until(1).begin(1).accept(1)).begin(1).add(se.SecurityPasswordChosen(index=1, password=WORD))
    item = log.accept(1).evidence.stages.items[1]
    assert log.evidence.anomalies == ()
    assert (item.starts, item.password_chosen, item.resumes_by_itself) == (2, True, False)


def test_a_foreign_sanitize_is_waited_out_and_proves_nothing() -> None:
    log = StageLog.of(WAITING)
    log.begin(0, reading(ErasureState.RUNNING)).seen(0).finish(0, ErasureState.FAILED)
    item = log.evidence.stages.items[0]
    assert (item.state, item.seen_running) == (StageState.DONE, False)


def test_opening_hidden_areas_makes_the_drive_larger() -> None:
    log = StageLog.of(HIDING, CLEAR)
    assert [stage.kind for stage in log.stages] == [K.RESTORE, K.RESTORE, K.POWER_CYCLE, K.RESTORE, K.COMPARE]
    log.restore(0, 80 * MIB).restore(1).power(2, 96 * MIB).restore(3).compare(4)
    evidence = log.evidence
    assert (evidence.anomalies, evidence.identity_changed, evidence.size) == ((), False, 96 * MIB)
    log.add(
        ev.PassStarted(
            index=0,
            offset=0,
            algorithm=None,
            key="",
            identity=log.evidence.stages.identity.digest,
            direct_io=True,
        )
    )
    log.add(ev.PassWritten(index=0, moved=96 * MIB, missed=0, faults="", busy_ms=1))
    assert log.evidence.anomalies == ()
    assert log.evidence.passes[0].synced == 96 * MIB


@pytest.mark.parametrize(
    ("log", "strange", "shrunk"),
    [
        (lambda: disk_at(K.POWER_CYCLE).power(2, 65 * MIB), True, 0),
        (lambda: disk_at(K.COMPARE).compare(4, size=65 * MIB), False, 0),
        (lambda: disk_at(K.COMPARE).compare(4, size=63 * MIB), False, MIB),
        (lambda: disk_at(K.POWER_CYCLE).power(2, 60 * MIB), False, 4 * MIB),
        (lambda: StageLog.of(HIDING).restore(0, 63 * MIB), False, MIB),
        (lambda: powered(identity=replace(disk().plan.facts.identity, serial="OTHER")), True, 0),
        (lambda: reformatted(64 * MIB), False, 0),
        (lambda: reformatted(63 * MIB), False, MIB),
    ],
)
def test_a_drive_may_grow_by_what_makes_it_grow(log: Callable[[], StageLog], strange: bool, shrunk: int) -> None:
    evidence = log().evidence
    assert evidence.anomalies == ()
    assert (evidence.identity_changed, evidence.stages.shrunk) == (strange, shrunk)


def test_a_stage_on_another_drive_is_noticed() -> None:
    log = disk()
    log.add(se.StageStarted(index=0, identity="another", before=reading(), mark=None))
    assert log.evidence.identity_changed


def test_a_stage_takes_back_the_last_look_at_the_drive() -> None:
    log = disk().plant(0).confirm()
    assert log.evidence.final_identity is not None
    assert log.begin(1).evidence.final_identity is None


def test_a_refused_command_ends_its_stage() -> None:
    log = disk_at(K.ERASE).begin(1)
    log.add(se.CommandRefused(index=1, reason=say("stage-passed-frozen")))
    item = log.evidence.stages.items[1]
    assert (item.state, item.state.has_ended, item.at_work) == (StageState.REFUSED, True, False)
    reasons = [reason.id for reason in judge(log.evidence).reasons]
    assert reasons[:2] == ["reason-stage-refused", "stage-passed-frozen"]


def test_nvme_keeps_its_mark() -> None:
    log = StageLog.of(nvme(Technique.NVME_SANITIZE_BLOCK))
    assert log.until(1).begin(1).accept(1).evidence.stages.items[1].mark == 0xA
    assert not log.seen(1, mark=0xB).evidence.stages.items[1].seen_running
    assert log.seen(1).evidence.stages.items[1].seen_running
