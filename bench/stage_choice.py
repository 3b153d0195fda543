"""Which technique, and why not the others."""

from __future__ import annotations

from dataclasses import dataclass

from bench.capabilities import Answer, CommandSet
from bench.levels import CRYPTO, FORMATS, SECURITY, Credit, Level, credit
from bench.messages import Message, say
from bench.policy import FrozenRule, RetiredRule
from bench.stage_case import Case
from bench.stages import Choice, Decision
from bench.techniques import Technique

_T = Technique
_CRYPTO_BESIDE = {
    _T.ATA_SANITIZE_BLOCK: _T.ATA_SANITIZE_CRYPTO,
    _T.NVME_SANITIZE_BLOCK: _T.NVME_SANITIZE_CRYPTO,
    _T.SCSI_SANITIZE_BLOCK: _T.SCSI_SANITIZE_CRYPTO,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The techniques chosen, in the order they are applied (none if nothing may be used), and all decisions.

    `credit` is what the best of them is worth.
    """

    chosen: tuple[Technique, ...]
    credit: Credit
    decisions: tuple[Decision, ...]


def select(case: Case) -> Selection:
    """Choose by the policy's order among what reaches the level asked; else what reaches most."""
    ground = case.ground
    considered = _considered(case)
    objections = {technique: objection(case, technique) for technique in considered}
    worths = {technique: credit(technique, ground) for technique in considered}
    usable = [item for item in considered if objections[item] is None and worths[item].level is not Level.NONE]
    most = max((worths[item].level for item in usable), key=lambda level: level.rank, default=Level.NONE)
    needed = case.level if most.reaches(case.level) else most
    best = next((item for item in usable if worths[item].level.reaches(needed)), None)
    chosen = () if best is None else (*_crypto_first(case, best, usable), best)
    decisions = tuple(
        Decision(technique=item, choice=Choice.CHOSEN, reason=_why_chosen(item, best))
        if item in chosen
        else Decision(
            technique=item,
            choice=Choice.PASSED_OVER,
            reason=objections[item] or _why_passed_over(worths[item], needed if best else case.level),
        )
        for item in considered
    )
    worth = worths[best] if best is not None else Credit(level=Level.NONE)
    return Selection(chosen=chosen, credit=worth, decisions=decisions)


def _considered(case: Case) -> tuple[Technique, ...]:
    """What the drive offers and its command set knows, in the policy's order; what the policy leaves out comes last."""
    family = case.capabilities.command_set.value
    offered = case.capabilities.firmware_erase
    known = [
        item
        for item in Technique
        if item in offered or item is Technique.OVERWRITE or item.value.startswith(f"{family}-")
    ]
    order = case.policy.order(flash=case.ground.flash)
    return tuple(sorted(known, key=lambda item: order.index(item) if item in order else len(order)))


def _crypto_first(case: Case, best: Technique, usable: list[Technique]) -> tuple[Technique, ...]:
    beside = _CRYPTO_BESIDE.get(best)
    if beside is None or not case.policy.crypto_before_block or beside not in usable:
        return ()
    return (beside,)


def _why_chosen(item: Technique, best: Technique | None) -> Message:
    return say("stage-chosen-first" if item is best else "stage-chosen-beside-block")


def _why_passed_over(worth: Credit, needed: Level) -> Message:
    if not worth.level.reaches(needed) or worth.level is Level.NONE:
        return worth.limits[0]
    return say("stage-passed-less-preferred")


def objection(case: Case, technique: Technique) -> Message | None:
    """What forbids a technique for this drive, whatever it is worth; None if nothing does."""
    if technique not in case.policy.order(flash=case.ground.flash):
        return say("stage-passed-policy", policy=case.policy.name)
    if technique is Technique.OVERWRITE:
        return _against_overwriting(case)
    return _out_of_reach(case, technique) or blast_radius(case) or _by_state(case, technique)


def _against_overwriting(case: Case) -> Message | None:
    retired = case.capabilities.retired_sectors or 0
    if retired and case.policy.retired_sectors is RetiredRule.REFUSE_OVERWRITE:
        return say("stage-passed-retired-sectors", count=retired)
    if case.medium_closed:
        return say("stage-passed-medium-closed")
    if case.together:
        return say("stage-passed-one-namespace", count=len(case.circumstances.held))
    return None


def _out_of_reach(case: Case, technique: Technique) -> Message | None:
    """What the drive does not offer, or what no command of ours reaches."""
    capabilities = case.capabilities
    if capabilities.command_set is CommandSet.NONE:
        return say("stage-passed-no-commands")
    foreign = technique is not Technique.OPAL_PSID_REVERT and not technique.value.startswith(
        f"{capabilities.command_set.value}-"
    )
    if foreign or technique not in capabilities.firmware_erase:
        return say("stage-passed-not-offered")
    if technique.is_sanitize and capabilities.sanitize.determined is not Answer.YES:
        return say("stage-passed-status-unreadable")
    if technique is Technique.SCSI_FORMAT_UNIT and capabilities.format_unit is not Answer.YES:
        return say("stage-passed-not-offered")
    if technique in FORMATS:
        nvme = capabilities.nvme
        if nvme is None or (nvme.format_crypto if technique in CRYPTO else nvme.formats) is not Answer.YES:
            return say("stage-passed-not-offered")
    if technique in SECURITY:
        security = capabilities.security
        wanted = {security.supported} | ({security.enhanced} if technique is _T.ATA_SECURE_ERASE_ENHANCED else set())
        if wanted != {Answer.YES}:
            return say("stage-passed-not-offered")
    return None


def blast_radius(case: Case) -> Message | None:
    """What an erasure by the drive would hit beyond what was named: all of it must be ours to erase.

    That holds of Format NVM too, whatever its scope: it is given to every namespace (`drivers/erase/nvme_format.py`).
    """
    siblings, units = case.circumstances.siblings, case.circumstances.units
    if siblings:
        return say("stage-passed-siblings", siblings=", ".join(siblings))
    if units and case.capabilities.command_set is CommandSet.SCSI:
        return say("stage-passed-units", units=", ".join(units))
    if case.capabilities.command_set is not CommandSet.NVME:
        return None
    nvme = case.capabilities.nvme
    if nvme is None:
        return say("stage-passed-namespaces-unknown")
    active = {item.nsid for item in nvme.namespaces if item.active}
    if len(active) > 1 and not active <= set(case.circumstances.held):
        others = sorted(active - set(case.circumstances.held))
        return say("stage-passed-namespaces", count=len(active), namespaces=", ".join(map(str, others)))
    if nvme.controllers > case.circumstances.controllers:
        return say("stage-passed-controllers", count=nvme.controllers)
    return None


def _by_state(case: Case, technique: Technique) -> Message | None:
    """What the drive would refuse in its present state."""
    if case.medium_closed and not technique.is_sanitize:
        return say("stage-passed-medium-closed")
    if case.frozen_for(technique) and case.policy.frozen is FrozenRule.PASS_OVER:
        return say("stage-passed-frozen")
    if technique is Technique.OPAL_PSID_REVERT:
        if not case.circumstances.psid:
            return say("stage-passed-no-psid")
        if case.opal_shut:
            return say("stage-passed-revert-unlocks")
    return None
