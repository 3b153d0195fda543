"""What a worker is told, from what is proven about a job and how the bench works. Pure."""

from __future__ import annotations

from typing import TypedDict

from bench.evidence import Evidence
from bench.plan import Verify, VerifyKind
from bench.settings import Settings
from bench.surface import zone_size
from bench.work import Content, Patience, SampleTask, VerifyTask, WriteTask


class _Manner(TypedDict):
    checkpoint_ms: int
    patience: Patience


def write_task(evidence: Evidence, settings: Settings, index: int, start: int) -> WriteTask:
    """Write pass `index` from `start` to the end of the drive."""
    zones = _zone_size(evidence)
    content = _content(evidence, index)
    return WriteTask(content=content, start=start, end=evidence.size, zone_size=zones, **_manner(evidence, settings))


def verify_task(
    evidence: Evidence, settings: Settings, index: int, verify: Verify, start: int, seed: str
) -> VerifyTask | SampleTask:
    """Read pass `index` back: all of it from `start` on, or the places that `seed` draws."""
    content, size, zones = _content(evidence, index), evidence.size, _zone_size(evidence)
    manner = _manner(evidence, settings)
    if verify.kind is VerifyKind.SAMPLE:
        patience = manner["patience"]
        return SampleTask(
            content=content, size=size, permille=verify.permille, seed=seed, patience=patience, zone_size=zones
        )
    return VerifyTask(content=content, start=start, end=size, zone_size=zones, **manner)


def window_task(evidence: Evidence, settings: Settings, index: int) -> VerifyTask | None:
    """Read back what lies before the place where pass `index` would go on; None if it would go on at the start.

    That place is some way before the checkpoint: the task's end.
    """
    sector = evidence.sector
    end = max(0, evidence.passes[index].synced - settings.rewind) // sector * sector
    if end == 0:
        return None
    start = max(0, end - settings.window) // sector * sector
    return VerifyTask(content=_content(evidence, index), start=start, end=end, **_manner(evidence, settings))


def _content(evidence: Evidence, index: int) -> Content:
    planned, item = evidence.plan.passes[index], evidence.passes[index]
    return Content(pattern=planned.pattern, algorithm=item.algorithm, key=item.key)


def _manner(evidence: Evidence, settings: Settings) -> _Manner:
    patience = settings.patience(evidence.sector)
    return {"checkpoint_ms": round(settings.checkpoint * 1000), "patience": patience}


def _zone_size(evidence: Evidence) -> int:
    plan = evidence.plan
    readings = sum(plan.verifies(index).kind is not VerifyKind.NONE for index in range(len(plan.passes)))
    return zone_size(evidence.size, len(plan.passes) + readings)
