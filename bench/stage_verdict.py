"""What stages prove, and what they do not: failures, gaps, remarks, and the level they have earned. Pure.

A command's own "done" is never enough. An erasure counts once it was accepted, seen under way or its canaries found
gone, and ended as done; and the drive is afterwards as large as before, no more locked, and hides nothing.
"""

from __future__ import annotations

from bench.canaries import Place
from bench.capabilities import Answer, Capabilities
from bench.evidence import Evidence
from bench.levels import CRYPTO, Credit, Ground, Level, credit
from bench.messages import Message, say
from bench.stage_evidence import StageEvidence, StageState, opened
from bench.stages import StageKind, StagePlan
from bench.techniques import ErasureState, Technique

_MARKED = frozenset({Technique.NVME_SANITIZE_BLOCK, Technique.NVME_SANITIZE_CRYPTO, Technique.NVME_SANITIZE_OVERWRITE})
"""The drive keeps the command itself (SCDW10): success must be that command's."""

_UNSETTLED = {
    "erase-status-unreadable": "reason-stage-unreadable",
    "erase-status-stale": "reason-stage-stale",
    "erase-never-began": "reason-stage-never-began",
    "erase-drive-lost": "reason-stage-unanswered",
    "erase-drive-hangs": "reason-stage-unanswered",
    "stage-run-not-stored": "reason-stage-not-stored",
}
"""What ended a stage without the drive having refused anything, and how that is said."""


def earned(evidence: Evidence) -> Credit:
    """The most that what was done is worth, had it been proven: host passes are Clear at most."""
    plan = evidence.plan.stage_plan
    if plan is None:
        return Credit(level=Level.CLEAR)
    ground = ground_of(evidence, plan)
    techniques = (*plan.erasures, *((Technique.OVERWRITE,) if evidence.plan.passes else ()))
    return max((credit(item, ground) for item in techniques), key=lambda worth: worth.level.rank)


def ground_of(evidence: Evidence, plan: StagePlan) -> Ground:
    """What the credit rests on: the drive as it was found after its erasure, as it was before where nobody looked."""
    compared = _compared(evidence)
    return Ground.of(evidence.plan.facts.medium, compared or plan.capabilities, plan.basis)


def failures(evidence: Evidence) -> tuple[Message, ...]:
    """What shows that data may remain."""
    found: list[Message] = []
    for item in evidence.stages.items:
        number = item.index + 1
        if item.kind is StageKind.ERASE and item.state is StageState.FAILED:
            left = "-left" if item.failure_mode_left else ""
            found.append(say(f"reason-stage-failed{left}", stage=number))
        if item.check is not None and item.check.survivors:
            found.append(say("reason-canaries-survived", stage=number, count=len(item.check.survivors)))
        if item.read_back is not None and item.read_back.survivors:
            found.append(say("reason-canaries-survived", stage=number, count=item.read_back.survivors))
    if evidence.stages.shrunk:
        found.append(say("reason-capacity-shrunk", size=evidence.stages.shrunk))
    return tuple(found)


def gaps(evidence: Evidence) -> tuple[Message, ...]:
    """Where the evidence of the stages ends before it proves anything."""
    plan = evidence.plan.stage_plan
    if plan is None:
        return ()
    unfinished = next((item for item in evidence.stages.items if not item.is_behind), None)
    if unfinished is not None:
        refusal = () if unfinished.refused is None else (unfinished.refused,)
        return (_why_unfinished(unfinished), *refusal)
    found: list[Message] = []
    for item in evidence.stages.items:
        if item.kind is StageKind.ERASE:
            found += _erasure_gaps(evidence, item)
        if item.check is not None and item.check.unread:
            found.append(say("reason-canaries-unread", stage=item.index + 1, count=len(item.check.unread)))
        if item.read_back is not None and item.read_back.missed:
            found.append(say("reason-read-back-unread", stage=item.index + 1, size=item.read_back.missed))
    found += _worse(evidence, plan)
    worth = earned(evidence)
    if not worth.level.reaches(plan.level):
        found += [say("reason-level-not-reached", level=plan.level.value), *worth.limits]
    return tuple(found)


def remarks(evidence: Evidence) -> tuple[Message, ...]:
    """What must be known about a proven erasure."""
    plan = evidence.plan.stage_plan
    if plan is None:
        return ()
    found = [*plan.consent, *plan.remarks]
    if plan.basis and any(item in CRYPTO for item in plan.erasures):
        found.append(say("remark-crypto-basis", statement=plan.basis))
    for item in evidence.stages.items:
        number = item.index + 1
        if item.kind is StageKind.WAIT:
            found.append(say("remark-foreign-sanitize", stage=number))
        if item.adoptions:
            found.append(say("remark-stage-adopted", stage=number, count=item.adoptions))
        elif item.starts > 1:
            found.append(say("remark-stage-started-again", stage=number, count=item.starts))
        if item.failure_mode_left:
            found.append(say("remark-failure-mode-left", stage=number))
    seen_past_cache = [item.planted or item.check or item.read_back for item in evidence.stages.items]
    if not all(event.direct_io for event in seen_past_cache if event is not None):
        found.append(say("remark-stages-buffered"))
    return tuple(dict.fromkeys(found))


def _why_unfinished(item: StageEvidence) -> Message:
    number = item.index + 1
    if item.state is StageState.REFUSED:
        known = item.refused.id if item.refused is not None else ""
        return say(_UNSETTLED.get(known, "reason-stage-refused"), stage=number)
    if item.may_be_running:
        return say("reason-stage-unfinished", stage=number)
    return say("reason-stage-not-done", stage=number)


def _erasure_gaps(evidence: Evidence, item: StageEvidence) -> list[Message]:
    """Why the drive's own "done" is not believed."""
    number, found = item.index + 1, list[Message]()
    final = item.final
    if not item.accepted or item.before is None or final is None or final.state is not ErasureState.DONE:
        return [say("reason-stage-not-done", stage=number)]
    if item.before.state is ErasureState.RUNNING:
        found.append(say("reason-stage-over-another", stage=number))
    if item.planned.technique in _MARKED and (item.mark is None or final.mark != item.mark):
        found.append(say("reason-stage-mark-differs", stage=number))
    planted, checked = _canaries_around(evidence, item)
    if planted and not checked:
        found.append(say("reason-canaries-not-checked", stage=number))
    if planted and (bare := _without_canaries(evidence, item)):
        found.append(say("reason-namespaces-without-canaries", stage=number, namespaces=", ".join(map(str, bare))))
    # A drive that never showed the erasure may only repeat an older success; after a second start, canaries could have
    # been lost to the first one.
    if not item.seen_running and not (planted and checked and item.starts == 1):
        # Where a drive keeps no status at all, only another erasure, in one go, can tell.
        silent = item.starts > 1 and not item.resumes_by_itself
        found.append(say("reason-stage-given-twice" if silent else "reason-stage-never-seen", stage=number))
    return found


def _canaries_around(evidence: Evidence, item: StageEvidence) -> tuple[bool, bool]:
    """Whether canaries were planted for this very erasure, and whether all of them were looked for after it."""
    items = evidence.stages.items
    erasures = [other.index for other in items if other.kind is StageKind.ERASE]
    before = max((index for index in erasures if index < item.index), default=-1)
    after = min((index for index in erasures if index > item.index), default=len(items))
    planted = any(other.planted is not None for other in items[before + 1 : item.index])
    checked = any(other.check is not None and other.check.checked > 0 for other in items[item.index + 1 : after])
    return planted, checked


def _without_canaries(evidence: Evidence, item: StageEvidence) -> tuple[int, ...]:
    """Namespaces that go with the drive and whose first and last block were not both planted for this erasure."""
    before = [other.planted for other in evidence.stages.items[: item.index] if other.planted is not None]
    places = {canary.place for canary in before[-1].planted} if before else set[Place]()
    ends = {
        area.nsid: {Place(area.nsid, 0, area.block), Place(area.nsid, area.size - area.block, area.block)}
        for area in evidence.stages.beside
    }
    return tuple(nsid for nsid, wanted in ends.items() if not wanted <= places)


def _lost_namespaces(evidence: Evidence, after: Capabilities) -> tuple[int, ...]:
    """Namespaces that went with the drive and are not there any more, or have another size."""
    sizes = {item.nsid: item.size for item in after.nvme.namespaces if item.active} if after.nvme is not None else {}
    return tuple(area.nsid for area in evidence.stages.beside if sizes.get(area.nsid) != area.size)


def _worse(evidence: Evidence, plan: StagePlan) -> list[Message]:
    """In what the drive is not as it was before: locked, still erasing, or hiding what was to be opened."""
    after = _compared(evidence)
    if after is None:
        return [say("reason-not-compared")] if plan.stages else []
    found: list[Message] = []
    before = plan.capabilities
    if _locked_more(before, after):
        found.append(say("reason-security-worse"))
    # NVMe keeps the outcome of the latest sanitize for ever; ATA and SCSI may forget a good one with the power.
    kept = any(item in _MARKED for item in plan.erasures)
    bad = {ErasureState.RUNNING, ErasureState.FAILED}
    if after.sanitize.state in bad or (kept and after.sanitize.state is not ErasureState.DONE):
        found.append(say("reason-sanitize-not-done-at-end"))
    if lost := _lost_namespaces(evidence, after):
        found.append(say("reason-namespaces-changed", namespaces=", ".join(map(str, lost))))
    was_opened = opened(evidence.stages.items)
    states = {area.kind: area.in_use for area in after.hidden}
    for kind in sorted(was_opened):
        if states.get(kind) is not Answer.NO:
            found.append(say("reason-hidden-remains", kind=kind.value))
    left = {area.kind for area in before.hidden if area.in_use is Answer.YES} - was_opened
    for area in after.hidden:
        if area.in_use is Answer.YES and area.kind not in left | was_opened:
            found.append(say("reason-hidden-new", kind=area.kind.value))
    wanted = max((item.planned.size for item in evidence.stages.items if item.kind is StageKind.RESTORE), default=0)
    if evidence.size < wanted:
        found.append(say("reason-hidden-size", size=evidence.size, wanted=wanted))
    return found


def _locked_more(before: Capabilities, after: Capabilities) -> bool:
    """Whether anything locks, or is no longer known not to."""
    pairs = (
        (before.security.enabled, after.security.enabled),
        (before.security.locked, after.security.locked),
        (before.security.expired, after.security.expired),
        (before.opal.locked, after.opal.locked),
        (before.opal.shadowed, after.opal.shadowed),
    )
    unknown = Answer.INDETERMINATE
    return any(now is Answer.YES or (now is unknown and was is not unknown) for was, now in pairs)


def _compared(evidence: Evidence) -> Capabilities | None:
    return next(
        (item.compared.capabilities for item in reversed(evidence.stages.items) if item.compared is not None), None
    )
