"""How the events of stages change a job's stages, in their order, and the drive that is expected from then on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bench import sampling
from bench import stage_events as se
from bench import stage_evidence as on
from bench.canaries import Area
from bench.drive import DriveFacts, DriveIdentity
from bench.faults import DoesNotFollowError, require
from bench.stage_evidence import StageEvidence, StageState
from bench.stages import PlannedStage, StageKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """All stages of a job, and the drive as it is expected to be: planned, or changed by what a stage did to it.

    `sector` is the logical sector in bytes, `beside` the other namespaces that go with the drive. `strange` says that
    another drive answered. `shrunk` is how many bytes of capacity were lost on the way.
    """

    items: tuple[StageEvidence, ...]
    identity: DriveIdentity
    sector: int
    beside: tuple[Area, ...] = ()
    strange: bool = False
    shrunk: int = 0

    @classmethod
    def of(cls, planned: tuple[PlannedStage, ...], facts: DriveFacts) -> Stages:
        """As they are before the first one."""
        items = tuple(StageEvidence(index=index, planned=stage) for index, stage in enumerate(planned))
        beside = tuple(Area(nsid=item.unit, size=item.identity.size, block=item.sector) for item in facts.together)
        return cls(items=items, identity=facts.identity, sector=facts.logical_sector, beside=beside)

    @property
    def areas(self) -> tuple[Area, ...]:
        """All that is erased, planted with canaries and read back: the drive's own address has `nsid` 0."""
        return Area(nsid=0, size=self.identity.size, block=self.sector), *self.beside

    @property
    def all_behind(self) -> bool:
        """Whether the passes may begin: see `StageEvidence.is_behind`."""
        return all(item.is_behind for item in self.items)

    @property
    def at_work(self) -> bool:
        """Whether any stage is being worked on."""
        return any(item.at_work for item in self.items)

    def idle(self) -> Stages:
        """After an interruption."""
        return replace(self, items=tuple(on.on_interruption(item) for item in self.items))

    @property
    def canaries(self) -> se.CanariesPlanted | None:
        """Those planted last."""
        return next((item.planted for item in reversed(self.items) if item.planted is not None), None)


def apply_stage(stages: Stages, event: se.StageEvent, at: str) -> Stages:
    """The stages after one more event. `DoesNotFollowError` if it cannot have come next."""
    if not 0 <= event.index < len(stages.items):
        raise DoesNotFollowError("event-of-a-stage-not-in-the-plan")
    item = stages.items[event.index]
    try:
        if isinstance(event, se.StageStarted | se.ErasureAdopted):
            stages, item = _on_start(stages, item, event, at)
        else:
            item = _on_step(stages, item, event, at)
            stages = _reshaped(stages, item, event)
    except DoesNotFollowError as anomaly:
        raise DoesNotFollowError(f"stage-{event.index + 1}-{anomaly.code}") from None
    items = list(stages.items)
    items[event.index] = item
    return replace(stages, items=tuple(items))


def _on_start(
    stages: Stages, item: StageEvidence, event: se.StageStarted | se.ErasureAdopted, at: str
) -> tuple[Stages, StageEvidence]:
    """A stage begins only in its turn, on the drive that is expected."""
    require(not stages.at_work, "started-while-at-work")
    earlier, later = stages.items[: item.index], stages.items[item.index + 1 :]
    require(all(other.is_behind for other in earlier), "started-before-the-one-before-ended")
    require(all(other.state is StageState.WAITING for other in later), "started-after-the-next-one")
    if event.identity != stages.identity.digest and not _tells_identity(item):
        stages = replace(stages, strange=True)
    if isinstance(event, se.StageStarted):
        return stages, on.on_stage_started(item, event, at)
    return stages, on.on_adopted(item, event, at)


def _tells_identity(item: StageEvidence) -> bool:
    """Whether the stage begins again, and its end gives the whole identity: that decides about a size.

    What opens a hidden area, shows it after a power cut, or gives other sectors may have done so before that.
    """
    return item.starts > 0 and item.kind in {StageKind.RESTORE, StageKind.REFORMAT, StageKind.POWER_CYCLE}


def _on_step(  # noqa: C901, PLR0912  (one case for each event: a table, not a tangle)
    stages: Stages, item: StageEvidence, event: se.StageEvent, at: str
) -> StageEvidence:
    match event:
        case se.SecurityPasswordChosen():
            return on.on_password_chosen(item, event)
        case se.CommandAccepted():
            return on.on_accepted(item, event, at)
        case se.CommandRefused():
            return on.on_refused(item, event, at)
        case se.ErasureSeen():
            return on.on_seen(item, event)
        case se.StageFinished():
            return on.on_stage_finished(item, event, at)
        case se.FailureModeLeft():
            return on.on_failure_mode_left(item)
        case se.CanariesPlanted():
            return on.on_planted(item, event, at)
        case se.CanariesChecked():
            return on.on_checked(item, event, at, stages.canaries)
        case se.PowerCycleAsked():
            return on.on_power_asked(item, at)
        case se.PowerCycleSeen():
            return on.on_power_seen(item, event, at)
        case se.HiddenAreaRestored():
            return on.on_restored(item, event, at)
        case se.Reformatted():
            return on.on_reformatted(item, event, at)
        case se.CapabilitiesRead():
            return on.on_compared(item, event, at)
        case se.StageReadBack():
            totals = [sampling.total(area.size, item.planned.permille, area.block) for area in stages.areas]
            expected = sum(places for places, _ in totals), sum(moved for _, moved in totals)
            return on.on_read_back(item, event, at, expected)
        case _:
            raise DoesNotFollowError("event-out-of-place")


_MAY_GROW: Mapping[type[se.StageEvent], frozenset[StageKind]] = {
    se.HiddenAreaRestored: frozenset({StageKind.RESTORE}),
    se.PowerCycleSeen: frozenset({StageKind.RESTORE}),
    se.CapabilitiesRead: frozenset({StageKind.RESTORE, StageKind.ERASE}),
}
"""After which event a drive may have more room, if one of these stages was done before or with it."""


def _reshaped(stages: Stages, item: StageEvidence, event: se.StageEvent) -> Stages:
    """The drive that is expected from now on, where this event read it again."""
    if isinstance(event, se.Reformatted):
        return _reformatted(stages, event)
    if not isinstance(event, se.HiddenAreaRestored | se.PowerCycleSeen | se.CapabilitiesRead):
        return stages
    found, known = event.identity, stages.identity
    if not on.same_drive(found, known):
        return replace(stages, strange=True)
    if found.size < known.size:
        return replace(stages, identity=found, shrunk=stages.shrunk + known.size - found.size)
    before = stages.items[: item.index + 1]
    grew_by = {other.kind for other in before if other.state is StageState.DONE or other.index == item.index}
    if found.size > known.size and not grew_by & _MAY_GROW[type(event)]:
        return replace(stages, strange=True)
    return replace(stages, identity=found)


def identity_read(stages: Stages, found: DriveIdentity) -> Stages:
    """The drive was read again outside the stages: what it lost since its firmware was told to erase is lost capacity.

    A size of 0 is a drive that does not say.
    """
    known = stages.identity
    erased = any(item.kind is StageKind.ERASE and item.starts for item in stages.items)
    if not erased or not on.same_drive(found, known) or not 0 < found.size < known.size:
        return stages
    return replace(stages, identity=found, shrunk=stages.shrunk + known.size - found.size)


def _reformatted(stages: Stages, event: se.Reformatted) -> Stages:
    """Other sectors: as many of them as before, or more."""
    found, known = event.identity, stages.identity
    if not on.same_drive(found, known):
        return replace(stages, strange=True)
    missing = known.size // stages.sector - found.size // event.logical_sector
    lost = max(0, missing) * event.logical_sector
    return replace(stages, identity=found, sector=event.logical_sector, shrunk=stages.shrunk + lost)
