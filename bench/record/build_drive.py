"""What the drive answered about itself, for the record; nothing where it was not asked."""

from __future__ import annotations

from bench.capabilities import Answer, HiddenKind
from bench.evidence import Evidence
from bench.record.base import AbsenceReason, Count, Stated, absent, stated
from bench.record.drive import NamespaceStatement

_LATER = absent(AbsenceReason.NOT_YET_SUPPORTED)
_UNSAID = absent(AbsenceReason.NOT_REPORTED_BY_DRIVE)


def bridge_of(evidence: Evidence) -> Stated[str]:
    """The bridge in between, if any."""
    plan = evidence.plan.stage_plan
    return stated(plan.capabilities.bridge, AbsenceReason.NOT_APPLICABLE) if plan is not None else _LATER


def size_with(evidence: Evidence, *kinds: HiddenKind) -> Stated[Count]:
    """Bytes with these hidden areas undone: the drive's own word, or its size where it proves that there are none."""
    plan = evidence.plan.stage_plan
    if plan is None:
        return _LATER
    areas = [area for area in plan.capabilities.hidden if area.kind in kinds]
    largest = max((area.size for area in areas), default=0)
    if largest:
        return largest
    proven_none = bool(areas) and all(area.in_use is Answer.NO for area in areas)
    return evidence.plan.facts.identity.size if proven_none else _UNSAID


def namespaces_of(evidence: Evidence) -> Stated[tuple[NamespaceStatement, ...]]:
    """All NVMe namespaces, as found."""
    plan = evidence.plan.stage_plan
    if plan is None:
        return _LATER
    if plan.capabilities.nvme is None:
        return absent(AbsenceReason.NOT_APPLICABLE)
    return tuple(
        NamespaceStatement(nsid=item.nsid, size_bytes=item.size, block_bytes=item.block, active=item.active)
        for item in plan.capabilities.nvme.namespaces
    )
