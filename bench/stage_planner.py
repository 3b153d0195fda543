"""From level, policy and capabilities to ordered stages, each with its reason; or why not. Pure.

The order: what is in the way (a running sanitize, a freeze, a lock), hidden areas, then for each erasure canaries, the
drive's own command, a power cut where the policy wants one and the canaries again; at last what the drive has
become, a share of it read, and the host's passes.
"""

from __future__ import annotations

from dataclasses import replace

from bench.capabilities import Answer, Capabilities, CommandSet, HiddenKind
from bench.drive import DriveFacts
from bench.levels import CRYPTO, FORMATS, SOURCES, TITLES, Level
from bench.messages import Message, say
from bench.plan import DrivePlan, Refusal
from bench.policy import Downgrade, HiddenRule, Policy
from bench.stage_case import NOTHING_ELSE, Case, Circumstances
from bench.stage_choice import Selection, blast_radius, select
from bench.stages import NeedsConsent, Overwriting, PlannedStage, StageKind, StagePlan
from bench.techniques import ErasureState, Technique

K = StageKind


def plan_stages(
    level: Level,
    policy: Policy,
    facts: DriveFacts,
    capabilities: Capabilities,
    circumstances: Circumstances = NOTHING_ELSE,
) -> StagePlan | Refusal | NeedsConsent:
    """The plan for one drive. `level` is what was asked: the policy's own, unless the operator asked for another.

    `ValueError` for a level of none: nothing can be planned for that.
    """
    if level is Level.NONE:
        raise ValueError("a plan asks for a level")
    case = Case(level=level, policy=policy, facts=facts, capabilities=capabilities, circumstances=circumstances)
    refused = _in_the_way(case)
    selection = select(case)
    if not selection.chosen:
        refused = [*refused, say("stage-refused-nothing-usable"), *_reasons(selection)]
    if refused:
        return Refusal(facts=facts, reasons=tuple(dict.fromkeys(refused)))
    return _as_policy_decides(case, selection)


def with_stages(plan: DrivePlan, stages: StagePlan) -> DrivePlan:
    """A plan for host overwriting, with what the drive does itself: before its passes, or in their place."""
    if stages.overwriting is not Overwriting.NONE:
        return replace(plan, stage_plan=stages, level_asked=stages.level_asked)
    last = stages.erasures[-1]
    return replace(
        plan,
        stage_plan=stages,
        level_asked=stages.level_asked,
        method=last.value,
        method_title=TITLES[last],
        method_source=SOURCES[last],
        site_method=False,
        passes=(),
        rounds=1,
        warnings=(),
    )


def _as_policy_decides(case: Case, selection: Selection) -> StagePlan | Refusal | NeedsConsent:
    reached = selection.credit.level
    if reached.reaches(case.level):
        return _plan(case, selection)
    by_level = {"asked": case.level.value, "reached": reached.value}
    match case.policy.downgrade:
        case Downgrade.ALLOW:
            consent = say("stage-consent-policy", policy=case.policy.name, **by_level)
            return replace(
                _plan(replace(case, level=reached), selection, less=True), level_asked=case.level, consent=(consent,)
            )
        case Downgrade.ASK:
            lesser = _plan(replace(case, level=reached), selection, less=True)
            question = say("stage-consent-question", **by_level)
            return NeedsConsent(level_asked=case.level, lesser=lesser, question=question)
        case Downgrade.REFUSE:
            unreachable = say("stage-refused-level", policy=case.policy.name, **by_level)
            return Refusal(facts=case.facts, reasons=(unreachable, *selection.credit.limits, *_reasons(selection)))


def _reasons(selection: Selection) -> tuple[Message, ...]:
    """Why what was passed over was, each reason once."""
    return tuple(dict.fromkeys(item.reason for item in selection.decisions if item.technique not in selection.chosen))


def _in_the_way(case: Case) -> list[Message]:
    """What keeps the drive from being erased by any means, each with what its owner can do."""
    found: list[Message] = []
    capabilities, known = case.capabilities, case.circumstances
    if case.password_set and not known.own_password:
        locked = capabilities.security.locked is Answer.YES
        found.append(say("stage-refused-password-locked" if locked else "stage-refused-password-set"))
    if case.opal_shut:
        shut = "shadowed" if capabilities.opal.shadowed is Answer.YES else "locked"
        if not known.psid:
            found.append(say(f"stage-refused-opal-{shut}"))
        elif Technique.OPAL_PSID_REVERT not in capabilities.firmware_erase:
            found.append(say("stage-refused-no-revert"))
        elif beyond := blast_radius(case):
            found.append(beyond)
    if (case.password_set or case.opal_shut) and capabilities.command_set is CommandSet.NONE:
        found.append(say("stage-refused-lock-out-of-reach"))
    if capabilities.sanitize.state is ErasureState.RUNNING and known.own_job:
        found.append(say("stage-refused-own-sanitize", job=known.own_job))
    if case.policy.hidden_areas is HiddenRule.REFUSE:
        found += [
            say("stage-refused-hidden", kind=area.kind.value, size=area.size)
            for area in capabilities.hidden
            if area.in_use is Answer.YES
        ]
    if case.needs_reformat and not _can_reformat(case):
        sector = capabilities.formats[0].block if capabilities.formats else case.facts.logical_sector
        found.append(say("stage-refused-sectors", sector=sector))
    return found


def _can_reformat(case: Case) -> bool:
    scsi = case.capabilities.command_set is CommandSet.SCSI
    return scsi and case.capabilities.format_unit is Answer.YES and blast_radius(case) is None


def _plan(case: Case, selection: Selection, *, less: bool = False) -> StagePlan:
    """The plan for the case's level; `less` says that more was asked, and that what it lacks must be told."""
    erasures = tuple(item for item in selection.chosen if item.is_firmware)
    overwriting = Overwriting.ALONE
    if erasures:
        overwriting = Overwriting.ON_TOP if case.policy.overwrite_on_top else Overwriting.NONE
    crypto_alone = bool(erasures) and all(item in CRYPTO for item in erasures)
    limits = selection.credit.limits if less or crypto_alone else ()
    if less and case.capabilities.command_set is CommandSet.NONE:
        limits = (*limits, say("stage-remark-no-commands", bridge=case.capabilities.bridge or "none"))
    basis = case.ground.basis if any(item in CRYPTO for item in erasures) else ""
    stages = (*_before(case, erasures), *_erasing(case, erasures))
    if stages:
        stages = (*stages, PlannedStage(kind=K.COMPARE, reason=say("stage-compare")))
    if erasures and case.policy.read_back:
        reason = say("stage-read-back", permille=case.policy.read_back)
        stages = (*stages, PlannedStage(kind=K.READ_BACK, reason=reason, permille=case.policy.read_back))
    return StagePlan(
        policy=case.policy.name,
        level_asked=case.level,
        level=case.level,
        capabilities=case.capabilities,
        stages=stages,
        decisions=selection.decisions,
        overwriting=overwriting,
        basis=basis,
        remarks=tuple(dict.fromkeys((*limits, *_remarks(case, erasures)))),
    )


def _before(case: Case, erasures: tuple[Technique, ...]) -> tuple[PlannedStage, ...]:
    """What must be out of the way before anything is erased."""
    stages: list[PlannedStage] = []
    if case.capabilities.sanitize.state is ErasureState.RUNNING:
        stages.append(PlannedStage(kind=K.WAIT, reason=say("stage-wait-foreign")))
    if case.thaw_needed(erasures):
        stages.append(PlannedStage(kind=K.POWER_CYCLE, reason=say("stage-power-cycle-thaw")))
    if case.opal_shut:
        revert = Technique.OPAL_PSID_REVERT
        stages.append(PlannedStage(kind=K.UNLOCK, reason=say("stage-unlock-opal"), technique=revert))
    if case.password_set:
        stages.append(PlannedStage(kind=K.UNLOCK, reason=say("stage-unlock-password")))
    return (*stages, *_restoring(case))


def _restoring(case: Case) -> tuple[PlannedStage, ...]:
    """HPA, DCO, power cycle, HPA again: a drive takes one of each per power-on, and shows its size after the next."""
    order = list(HiddenKind)
    areas = sorted(case.restored, key=lambda area: order.index(area.kind))
    if not areas:
        return ()
    stages = [
        PlannedStage(
            kind=K.RESTORE, reason=say("stage-restore", kind=area.kind.value), hidden=area.kind, size=area.size
        )
        for area in areas
    ]
    stages.append(PlannedStage(kind=K.POWER_CYCLE, reason=say("stage-power-cycle-identify")))
    if any(area.kind is HiddenKind.DCO for area in areas):
        again = say("stage-restore-again")
        stages.append(PlannedStage(kind=K.RESTORE, reason=again, hidden=HiddenKind.HPA))
    return tuple(stages)


def _erasing(case: Case, erasures: tuple[Technique, ...]) -> tuple[PlannedStage, ...]:
    """Each erasure between its canaries; the last one with a power cut and a new format where these are wanted."""
    stages: list[PlannedStage] = []
    count = case.policy.canaries if case.writable else 0
    for index, technique in enumerate(erasures):
        last = index == len(erasures) - 1
        if count:
            stages.append(PlannedStage(kind=K.PLANT, reason=say("stage-plant", count=count), count=count))
        reason = say(f"stage-erase-{'sanitize' if technique.is_sanitize else 'once'}")
        stages.append(PlannedStage(kind=K.ERASE, reason=reason, technique=technique))
        if last and case.policy.power_cycle:
            stages.append(PlannedStage(kind=K.POWER_CYCLE, reason=say("stage-power-cycle-forget")))
        if count:
            stages.append(PlannedStage(kind=K.CHECK, reason=say("stage-check")))
    if case.needs_reformat:
        stages.append(PlannedStage(kind=K.REFORMAT, reason=say("stage-reformat")))
    return tuple(stages)


def _remarks(case: Case, erasures: tuple[Technique, ...]) -> tuple[Message, ...]:
    """What must be known about the drive and keeps nobody from erasing it."""
    found: list[Message] = []
    capabilities = case.capabilities
    for area in capabilities.hidden:
        if area.in_use is Answer.INDETERMINATE:
            found.append(say("stage-remark-hidden-indeterminate", kind=area.kind.value))
    found += [say("stage-remark-hidden-left", kind=area.kind.value, size=area.size) for area in case.left]
    if capabilities.retired_sectors and not any(item.is_sanitize for item in erasures):
        found.append(say("stage-remark-retired-sectors", count=capabilities.retired_sectors))
    if capabilities.nvme is not None and capabilities.nvme.unallocated and not any(i.is_sanitize for i in erasures):
        found.append(say("stage-remark-unallocated", size=capabilities.nvme.unallocated))
    if case.together:
        found += _namespaces_together(case)
        if erasures and case.policy.overwrite_on_top:
            found.append(say("stage-remark-one-overwritten", node=case.facts.node))
    others = _other_namespaces(case)
    if others and all(item in FORMATS or not item.is_firmware for item in erasures):
        found.append(say("stage-remark-namespaces", count=others))
    if capabilities.depopulated is Answer.YES:
        found.append(say("level-limit-depopulated"))
    if erasures and not case.writable:
        found.append(say("stage-remark-no-canaries"))
    return tuple(found)


def _other_namespaces(case: Case) -> int:
    nvme = case.capabilities.nvme
    return max(0, len(nvme.namespaces) - max(1, len(case.circumstances.held))) if nvme is not None else 0


def _namespaces_together(case: Case) -> tuple[Message, ...]:
    """All that is erased at once, by its addresses and sizes."""
    facts = case.facts
    lead = (facts.node, facts.unit, facts.identity.size)
    parts = [lead, *((item.node, item.unit, item.identity.size) for item in facts.together)]
    named = (say("stage-remark-namespace", node=node, nsid=nsid, size=size) for node, nsid, size in parts)
    return say("stage-remark-together", count=len(parts)), *named
