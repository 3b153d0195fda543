"""How the evidence of stages becomes the record's account of them."""

from __future__ import annotations

from bench import stage_events as se
from bench.capabilities import Answer, HiddenArea
from bench.evidence import Evidence, StageEvidence
from bench.levels import SOURCES, TITLES
from bench.record import firmware as fw
from bench.record.base import AbsenceReason, Absent, Sentence, Stated, absent, stated
from bench.stage_evidence import StageState, opened
from bench.stages import StageKind, StagePlan

_COMMANDS = frozenset({StageKind.WAIT, StageKind.UNLOCK, StageKind.ERASE, StageKind.REFORMAT})
_NOT_APPLICABLE = absent(AbsenceReason.NOT_APPLICABLE)
_NOT_STARTED = absent(AbsenceReason.NOT_STARTED)
_NOT_RECORDED = absent(AbsenceReason.NOT_RECORDED)


def commands(evidence: Evidence) -> Stated[tuple[fw.FirmwareCommand, ...]]:
    """What the drive was told to do; absent where the plan knows of no such thing."""
    plan = evidence.plan.stage_plan
    if plan is None or not any(item.kind in _COMMANDS for item in evidence.stages.items):
        return _NOT_APPLICABLE
    return tuple(_command(evidence, plan, item) for item in evidence.stages.items if item.kind in _COMMANDS)


def hidden_areas(evidence: Evidence) -> Stated[tuple[fw.HiddenAreaStatement, ...]]:
    """Every hidden area the drive was asked for; absent where nobody asked."""
    plan = evidence.plan.stage_plan
    if plan is None:
        return absent(AbsenceReason.NOT_YET_SUPPORTED)
    if not plan.capabilities.hidden:
        return _NOT_RECORDED
    compared = next((item.compared for item in reversed(evidence.stages.items) if item.compared is not None), None)
    after = {area.kind: area.in_use for area in compared.capabilities.hidden} if compared is not None else {}
    return tuple(
        fw.HiddenAreaStatement(
            kind=area.kind,
            in_use_before=area.in_use,
            size_bytes=area.size or absent(AbsenceReason.NOT_REPORTED_BY_DRIVE),
            action=_action(evidence, area),
            in_use_after=after.get(area.kind, _NOT_RECORDED),
        )
        for area in plan.capabilities.hidden
    )


def power_cycles(evidence: Evidence) -> Stated[tuple[fw.PowerCycleStatement, ...]]:
    """Every time the power was, or was to be, cut; absent where none was planned."""
    if evidence.plan.stage_plan is None:
        return absent(AbsenceReason.NOT_YET_SUPPORTED)
    items = [item for item in evidence.stages.items if item.kind is StageKind.POWER_CYCLE]
    return tuple(_power_cycle(item) for item in items) if items else _NOT_APPLICABLE


def _command(evidence: Evidence, plan: StagePlan, item: StageEvidence) -> fw.FirmwareCommand:
    technique = item.planned.technique
    erases = item.kind is StageKind.ERASE
    return fw.FirmwareCommand(
        stage=item.index + 1,
        kind=item.kind,
        technique=technique or _NOT_APPLICABLE,
        title=TITLES[technique] if technique else _NOT_APPLICABLE,
        source=SOURCES[technique] if technique else _NOT_APPLICABLE,
        policy=plan.policy,
        reason=Sentence.of(item.planned.reason),
        state=item.state,
        started=stated(item.started, AbsenceReason.NOT_STARTED),
        accepted=stated(item.accepted, AbsenceReason.NOT_RECORDED),
        ended=stated(item.ended, AbsenceReason.NOT_FINISHED),
        starts=item.starts,
        adoptions=item.adoptions,
        estimate_s=item.estimate or absent(AbsenceReason.NOT_REPORTED_BY_DRIVE),
        seen_running=item.seen_running,
        status_before=_status(item.before) if item.before is not None else _NOT_STARTED,
        status_at_end=_status(item.final) if item.final is not None else absent(AbsenceReason.NOT_FINISHED),
        refusal=Sentence.of(item.refused) if item.refused is not None else _NOT_APPLICABLE,
        failure_mode_left=item.failure_mode_left,
        canaries=_canaries(evidence, item) if erases else _NOT_APPLICABLE,
        read_back=_read_back(evidence, item) if erases else _NOT_APPLICABLE,
    )


def _status(reading: se.StatusReading) -> fw.StatusStatement:
    unsaid = absent(AbsenceReason.NOT_REPORTED_BY_DRIVE)
    return fw.StatusStatement(
        state=reading.state,
        progress_permille=unsaid if reading.progress is None else reading.progress,
        mark=unsaid if reading.mark is None else reading.mark,
        raw=stated(reading.raw, AbsenceReason.NOT_REPORTED_BY_DRIVE),
    )


def _canaries(evidence: Evidence, item: StageEvidence) -> Stated[fw.CanaryStatement]:
    """Those planted last before this erasure, and the check that came first after it."""
    items = evidence.stages.items
    around = [other for other in items if other.kind in {StageKind.PLANT, StageKind.CHECK}]
    before = next((other for other in reversed(around) if other.index < item.index), None)
    after = next((other for other in around if other.index > item.index), None)
    if before is None or before.kind is not StageKind.PLANT:
        return absent(AbsenceReason.NOT_ASKED)
    planted = before.planted
    if planted is None:
        return _NOT_STARTED
    check = after.check if after is not None else None
    unchecked = absent(AbsenceReason.NOT_FINISHED)
    return fw.CanaryStatement(
        planted=len(planted.planted),
        kept=len(planted.kept),
        seed=planted.seed,
        checked=check.checked if check is not None else unchecked,
        survivors=len(check.survivors) if check is not None else unchecked,
        unread=len(check.unread) if check is not None else unchecked,
    )


def _read_back(evidence: Evidence, item: StageEvidence) -> Stated[fw.ReadBackStatement]:
    """What was read belongs to the last erasure."""
    later = evidence.stages.items[item.index + 1 :]
    if any(other.kind is StageKind.ERASE for other in later):
        return _NOT_APPLICABLE
    planned = next((other for other in later if other.kind is StageKind.READ_BACK), None)
    if planned is None:
        return absent(AbsenceReason.NOT_ASKED)
    read = planned.read_back
    if read is None:
        return absent(AbsenceReason.NOT_FINISHED)
    return fw.ReadBackStatement(
        share_permille=read.permille,
        seed=read.seed,
        places=read.places,
        read_bytes=read.moved - read.missed,
        unread_bytes=read.missed,
        blank_bytes=read.blank,
        survivors=read.survivors,
    )


def _action(evidence: Evidence, area: HiddenArea) -> fw.HiddenAction:
    if area.in_use is Answer.NO:
        return fw.HiddenAction.NONE_NEEDED
    if area.kind in opened(evidence.stages.items):
        return fw.HiddenAction.RESTORED
    if any(item.planned.hidden is area.kind for item in evidence.stages.items):
        return fw.HiddenAction.NOT_DONE
    return fw.HiddenAction.LEFT if area.in_use is Answer.YES else fw.HiddenAction.UNKNOWN


def _power_cycle(item: StageEvidence) -> fw.PowerCycleStatement:
    power = item.power
    unseen: Absent = absent(AbsenceReason.NOT_FINISHED)
    counted = power is not None and power.before is not None and power.after is not None
    return fw.PowerCycleStatement(
        stage=item.index + 1,
        reason=Sentence.of(item.planned.reason),
        asked=stated(item.asked, AbsenceReason.NOT_STARTED),
        seen=item.ended if item.state is StageState.DONE else unseen,
        witness=power.witness if power is not None else unseen,
        count_before=power.before if counted and power and power.before is not None else _NOT_RECORDED,
        count_after=power.after if counted and power and power.after is not None else _NOT_RECORDED,
    )
