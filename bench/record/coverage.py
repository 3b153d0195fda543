"""What an erasure left out, by what it was: the drive's own firmware reaches what the host does not."""

from __future__ import annotations

from bench.capabilities import Answer, CommandSet
from bench.drive import Interface
from bench.evidence import Evidence
from bench.levels import Level
from bench.record.result import NotCovered, not_covered
from bench.verdict import Judgement

_NOT_EXAMINED = frozenset(
    {
        NotCovered.HPA_DCO_NOT_EXAMINED,
        NotCovered.NAMESPACES_NOT_EXAMINED,
        NotCovered.HIDDEN_CAPACITY_NOT_EXAMINED,
    }
)
_OUT_OF_REACH = frozenset({NotCovered.REALLOCATED_SECTORS, NotCovered.OVERPROVISIONING_ON_FLASH})


def left_out(evidence: Evidence, judgement: Judgement) -> tuple[NotCovered, ...]:
    """What this job does not cover; the host's limits, less what a proven Purge or an answer of the drive's removes."""
    areas = not_covered(evidence.plan.facts)
    plan = evidence.plan.stage_plan
    if plan is None:
        return areas
    removed = _OUT_OF_REACH if judgement.level_achieved is Level.PURGE else frozenset[NotCovered]()
    if _examined(evidence):
        removed |= _NOT_EXAMINED
    kept = tuple(area for area in areas if area not in removed)
    logical = (NotCovered.LOGICAL_VIEW_ONLY,) if plan.erasures and not evidence.plan.passes else ()
    return (*kept, *logical)


def _examined(evidence: Evidence) -> bool:
    """Whether the drive answered for all capacity that it could keep from sight."""
    plan = evidence.plan.stage_plan
    if plan is None:
        return False
    capabilities = plan.capabilities
    if capabilities.command_set is CommandSet.NVME or evidence.plan.facts.interface is Interface.NVME:
        nvme = capabilities.nvme
        erased = 1 + len(evidence.plan.facts.together)
        return nvme is not None and len(nvme.namespaces) == erased and not nvme.unallocated
    if capabilities.command_set is CommandSet.SCSI:
        return bool(capabilities.formats)
    return bool(capabilities.hidden) and all(area.in_use is not Answer.INDETERMINATE for area in capabilities.hidden)
