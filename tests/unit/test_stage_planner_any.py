"""For any drive and any policy: no plan promises what its stages cannot earn, or does what it must not."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bench.capabilities import Answer, Capabilities, CommandSet, HiddenKind, OpalKind
from bench.drive import DriveFacts, Medium
from bench.levels import CRYPTO, Ground, Level, credit
from bench.plan import Refusal
from bench.policy import Downgrade, Policy
from bench.stage_case import NOTHING_ELSE, Circumstances
from bench.stage_planner import plan_stages, with_stages
from bench.stages import Choice, NeedsConsent, Overwriting, StageKind, StagePlan
from bench.techniques import ErasureState, Technique
from support.evidence_samples import facts
from support.evidence_samples import plan as host_plan
from support.stage_samples import PURGE, ata, nvme, sas, ssd
from support.stage_strategies import calm, capabilities, circumstances, policies
from ui.formats import Language
from ui.texts import texts

levels = st.sampled_from([Level.CLEAR, Level.PURGE])
drives = st.builds(
    lambda medium, sector: replace(facts(medium=medium), logical_sector=sector),
    st.sampled_from(Medium),
    st.sampled_from([512, 4096]),
)
Planned = StagePlan | Refusal | NeedsConsent


def effective(made: Planned) -> StagePlan | None:
    """The plan there is, or would be with consent."""
    return made.lesser if isinstance(made, NeedsConsent) else made if isinstance(made, StagePlan) else None


def check(
    made: Planned, level: Level, policy: Policy, drive: DriveFacts, found: Capabilities, known: Circumstances
) -> None:
    if isinstance(made, Refusal):
        assert made.reasons
        return
    plan = effective(made)
    assert plan is not None
    _promises_no_more(plan, policy, drive)
    _never_less_in_silence(made, level, policy)
    _commands_only_what_it_may(plan, policy, found, known)
    _mentions_hidden_areas(plan)
    _is_in_order(plan)
    _explains_itself(plan)


def _promises_no_more(plan: StagePlan, policy: Policy, drive: DriveFacts) -> None:
    opened = {stage.hidden for stage in plan.stages if stage.kind is StageKind.RESTORE}
    ground = Ground.of(drive.medium, plan.capabilities, policy.basis(drive.identity.model))
    ground = replace(
        ground, hidden=tuple(replace(a, in_use=Answer.NO) if a.kind in opened else a for a in ground.hidden)
    )
    used = [*plan.erasures, *([Technique.OVERWRITE] if plan.overwriting is Overwriting.ALONE else [])]
    best = max((credit(item, ground).level for item in used), key=lambda one: one.rank)
    assert best.reaches(plan.level)
    if not plan.erasures:
        assert plan.level is Level.CLEAR
    if plan.level is Level.PURGE and set(plan.erasures) <= CRYPTO:
        assert plan.basis
    if plan.capabilities.opal.kind is OpalKind.PYRITE:
        assert Technique.OPAL_PSID_REVERT not in plan.erasures


def _never_less_in_silence(made: Planned, level: Level, policy: Policy) -> None:
    if isinstance(made, NeedsConsent):
        assert policy.downgrade is Downgrade.ASK
        assert not made.lesser.level.reaches(level)
        assert made.level_asked is level
    elif isinstance(made, StagePlan):
        assert made.level_asked is level
        if not made.level.reaches(level):
            assert policy.downgrade is Downgrade.ALLOW
            assert made.consent
        else:
            assert not made.consent


def _commands_only_what_it_may(plan: StagePlan, policy: Policy, found: Capabilities, known: Circumstances) -> None:
    commanding = [stage for stage in plan.stages if stage.kind.commands_the_drive]
    if found.command_set is CommandSet.NONE:
        assert not commanding
    for technique in plan.erasures:
        assert technique in found.firmware_erase
        assert technique in {*policy.flash, *policy.disk}
        assert not known.siblings
        if technique.is_sanitize:
            assert found.sanitize.determined is Answer.YES
        if found.sanitize.state is ErasureState.FAILED:
            assert technique.is_sanitize
        if technique is Technique.OPAL_PSID_REVERT:
            assert known.psid
    if found.nvme is not None and found.command_set is CommandSet.NVME and plan.erasures:
        active = {item.nsid for item in found.nvme.namespaces if item.active}
        assert len(active) <= 1 or active <= set(known.held)
        assert found.nvme.controllers <= known.controllers
    locked = Answer.YES in {found.security.enabled, found.security.locked}
    shut = Answer.YES in {found.opal.locked, found.opal.shadowed}
    assert not locked or known.own_password
    assert not shut or known.psid
    assert [stage.kind for stage in plan.stages].count(StageKind.UNLOCK) == locked + shut
    if found.sanitize.state is ErasureState.RUNNING:
        assert plan.stages[0].kind is StageKind.WAIT
        assert not known.own_job


def _mentions_hidden_areas(plan: StagePlan) -> None:
    for area in plan.capabilities.hidden:
        opened = any(stage.hidden is area.kind for stage in plan.stages)
        told = any(remark.params.get("kind") == area.kind.value for remark in plan.remarks)
        assert area.in_use is Answer.NO or opened or told


def _is_in_order(plan: StagePlan) -> None:
    kinds = [stage.kind for stage in plan.stages]
    erasing = [index for index, kind in enumerate(kinds) if kind is StageKind.ERASE]
    opening = [i for i, kind in enumerate(kinds) if kind in {StageKind.RESTORE, StageKind.UNLOCK, StageKind.WAIT}]
    assert max(opening, default=-1) < min(erasing, default=len(kinds))
    assert kinds.count(StageKind.PLANT) == kinds.count(StageKind.CHECK)
    assert kinds.count(StageKind.COMPARE) == (1 if kinds else 0)
    for index, kind in enumerate(kinds):
        if kind is StageKind.PLANT:
            assert kinds[index + 1] is StageKind.ERASE
            assert StageKind.CHECK in kinds[index + 2 : index + 4]
    restored = [index for index, kind in enumerate(kinds) if kind is StageKind.RESTORE]
    if restored:
        assert StageKind.POWER_CYCLE in kinds[restored[0] :]
    hpa = [stage.hidden for stage in plan.stages if stage.kind is StageKind.RESTORE]
    if HiddenKind.DCO in hpa:
        assert hpa[-1] is HiddenKind.HPA


def _explains_itself(plan: StagePlan) -> None:
    chosen = [item.technique for item in plan.decisions if item.choice is Choice.CHOSEN]
    used = {*plan.erasures, *([Technique.OVERWRITE] if plan.overwriting is Overwriting.ALONE else [])}
    assert set(chosen) == used
    assert len({item.technique for item in plan.decisions}) == len(plan.decisions)
    assert set(plan.capabilities.firmware_erase) <= {item.technique for item in plan.decisions}


@settings(max_examples=600, deadline=None)
@given(levels, policies, drives, capabilities, circumstances)
def test_any_drive(level: Level, policy: Policy, drive: DriveFacts, found: Capabilities, known: Circumstances) -> None:
    check(plan_stages(level, policy, drive, found, known), level, policy, drive, found, known)


@settings(max_examples=600, deadline=None)
@given(levels, policies, drives, calm(), st.one_of(st.just(NOTHING_ELSE), circumstances))
@example(Level.PURGE, PURGE, facts(), ata(), NOTHING_ELSE)
@example(Level.PURGE, PURGE, facts(medium=Medium.FLASH), ssd(), NOTHING_ELSE)
@example(Level.PURGE, PURGE, facts(medium=Medium.FLASH), nvme(), NOTHING_ELSE)
@example(Level.PURGE, PURGE, facts(), sas(block=520), NOTHING_ELSE)
def test_any_drive_with_nothing_in_its_way(
    level: Level, policy: Policy, drive: DriveFacts, found: Capabilities, known: Circumstances
) -> None:
    made = plan_stages(level, policy, drive, found, known)
    check(made, level, policy, drive, found, known)
    plan = effective(made)
    if plan is not None:
        joined = with_stages(host_plan(drive), plan)
        assert bool(joined.passes) is (plan.overwriting is not Overwriting.NONE)
        assert joined.stages == plan.stages


@settings(max_examples=200, deadline=None)
@given(levels, policies, drives, st.one_of(capabilities, calm()), circumstances)
def test_whatever_is_planned_can_be_said(
    level: Level, policy: Policy, drive: DriveFacts, found: Capabilities, known: Circumstances
) -> None:
    made = plan_stages(level, policy, drive, found, known)
    plan = effective(made)
    messages = list(made.reasons) if isinstance(made, Refusal) else []
    if plan is not None:
        messages += [stage.reason for stage in plan.stages] + [item.reason for item in plan.decisions]
        messages += [*plan.remarks, *plan.consent]
    if isinstance(made, NeedsConsent):
        messages.append(made.question)
    for message in messages:
        for language in Language:
            assert texts(language).text(message)


@settings(max_examples=300, deadline=None)
@given(policies, drives, calm())
def test_what_reaches_purge_reaches_clear(policy: Policy, drive: DriveFacts, found: Capabilities) -> None:
    more = plan_stages(Level.PURGE, policy, drive, found)
    if isinstance(more, StagePlan) and more.level is Level.PURGE:
        assert isinstance(plan_stages(Level.CLEAR, policy, drive, found), StagePlan)
