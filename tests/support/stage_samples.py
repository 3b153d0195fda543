"""Jobs with stages as their event logs would tell them: drives that erase themselves, well or badly."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from bench import canaries, sampling
from bench import events as ev
from bench import stage_events as se
from bench.capabilities import (
    Answer,
    Capabilities,
    CommandSet,
    HiddenArea,
    HiddenKind,
    Namespace,
    NvmeCapabilities,
    Opal,
    OpalKind,
    Sanitize,
    SectorFormat,
    Security,
)
from bench.catalogue import built_in
from bench.drive import DriveFacts, Interface, Medium
from bench.levels import Level
from bench.messages import say
from bench.plan import DrivePlan, EraseRequest
from bench.planner import plan as overwriting_plan
from bench.policy import Policy
from bench.policy_file import shipped
from bench.stage_case import NOTHING_ELSE, Circumstances
from bench.stage_planner import plan_stages, with_stages
from bench.stages import NeedsConsent, PlannedStage, StageKind, StagePlan
from bench.techniques import ErasureState, Technique
from support.evidence_samples import MIB, JobLog, facts

T = Technique
SEED = "5e" * 32
MARK = 0xA
PURGE, CLEAR = shipped(Level.PURGE), shipped(Level.CLEAR)
QUIET = Security(
    supported=Answer.YES,
    enabled=Answer.NO,
    locked=Answer.NO,
    frozen=Answer.NO,
    expired=Answer.NO,
    enhanced=Answer.YES,
    erase_minutes=120,
    enhanced_minutes=240,
)
NO_OPAL = Opal(kind=OpalKind.NONE, locking=Answer.NO, locked=Answer.NO, shadowed=Answer.NO)
NOTHING_HIDDEN = tuple(HiddenArea(kind=kind, in_use=Answer.NO) for kind in (HiddenKind.HPA, HiddenKind.DCO))
SECURE = (T.ATA_SECURE_ERASE, T.ATA_SECURE_ERASE_ENHANCED)


def sanitize(*techniques: Technique, state: ErasureState = ErasureState.NEVER, mark: int | None = None) -> Sanitize:
    return Sanitize(techniques=techniques, determined=Answer.YES, state=state, mark=mark, frozen=Answer.NO)


def ata(*offered: Technique, rotation: int = 7200, **changes: object) -> Capabilities:
    """A SATA drive that offers these; a disk unless `rotation` is 0."""
    offered = offered or (T.ATA_SANITIZE_OVERWRITE, *SECURE)
    made = Capabilities(
        command_set=CommandSet.ATA,
        rotation=rotation,
        hybrid=Answer.NO,
        depopulated=Answer.NO,
        security=QUIET,
        sanitize=sanitize(*(item for item in offered if item.is_sanitize)),
        hidden=NOTHING_HIDDEN,
        opal=NO_OPAL,
        firmware_erase=offered,
    )
    return replace(made, **changes)  # type: ignore[arg-type] # any field


def ssd(*offered: Technique, **changes: object) -> Capabilities:
    return ata(*(offered or (T.ATA_SANITIZE_BLOCK, T.ATA_SANITIZE_CRYPTO, *SECURE)), rotation=0, **changes)


def namespace(nsid: int = 1, *, active: bool = True, size: int = 64 * MIB) -> Namespace:
    return Namespace(nsid=nsid, size=size, block=512, format_index=0, metadata_settings=0, active=active)


def nvme(
    *offered: Technique, spaces: Sequence[Namespace] = (), controllers: int = 1, **changes: object
) -> Capabilities:
    offered = offered or (T.NVME_SANITIZE_BLOCK, T.NVME_SANITIZE_CRYPTO, T.NVME_FORMAT_USER_DATA, T.NVME_FORMAT_CRYPTO)
    made = Capabilities(
        command_set=CommandSet.NVME,
        rotation=0,
        hybrid=Answer.NO,
        depopulated=Answer.NO,
        security=Security(supported=Answer.NO),
        sanitize=sanitize(*(item for item in offered if item.is_sanitize)),
        opal=NO_OPAL,
        nvme=NvmeCapabilities(
            namespaces=tuple(spaces) or (namespace(),),
            controllers=controllers,
            formats=Answer.YES,
            format_crypto=Answer.YES,
            format_hits_all=Answer.YES,
        ),
        firmware_erase=offered,
    )
    return replace(made, **changes)  # type: ignore[arg-type] # any field


def sas(*offered: Technique, block: int = 512, **changes: object) -> Capabilities:
    offered = offered or (T.SCSI_SANITIZE_OVERWRITE, T.SCSI_FORMAT_UNIT)
    made = Capabilities(
        command_set=CommandSet.SCSI,
        rotation=10_500,
        hybrid=Answer.NO,
        depopulated=Answer.NO,
        security=Security(supported=Answer.NO),
        sanitize=sanitize(*(item for item in offered if item.is_sanitize)),
        opal=NO_OPAL,
        formats=(SectorFormat(block=block),),
        format_unit=Answer.YES,
        firmware_erase=offered,
    )
    return replace(made, **changes)  # type: ignore[arg-type] # any field


def drive(capabilities: Capabilities, **changes: object) -> DriveFacts:
    """Facts that go with the capabilities."""
    interface = {CommandSet.NVME: Interface.NVME, CommandSet.SCSI: Interface.SAS}.get(
        capabilities.command_set, Interface.SATA
    )
    medium = Medium.FLASH if capabilities.rotation == 0 else Medium.ROTATING
    return replace(facts(interface=interface, medium=medium), **changes)  # type: ignore[arg-type] # any field


def staged(
    capabilities: Capabilities, policy: Policy = PURGE, circumstances: Circumstances = NOTHING_ELSE
) -> StagePlan:
    """The plan, with the operator's consent where that is asked."""
    made = plan_stages(policy.level, policy, drive(capabilities), capabilities, circumstances)
    if isinstance(made, NeedsConsent):
        made = made.given(say("stage-consent-operator", operator="OP-07", at="2026-05-04T10:20:30.123+00:00"))
    assert isinstance(made, StagePlan), made
    return made


def drive_plan(stages: StagePlan) -> DrivePlan:
    request = EraseRequest(addresses=("/dev/sdz",), method="zero", operator="OP-07")
    (host,) = overwriting_plan(request, [drive(stages.capabilities)], [], built_in()).plans
    return with_stages(host, stages)


def reading(
    state: ErasureState = ErasureState.DONE, *, mark: int | None = None, progress: int | None = None, raw: str = "50"
) -> se.StatusReading:
    return se.StatusReading(state=state, progress=progress, mark=mark, raw=raw)


class StageLog(JobLog):
    """A job's log that grows stage by stage."""

    @classmethod
    def of(cls, capabilities: Capabilities, policy: Policy = PURGE, **circumstances: object) -> StageLog:
        known = Circumstances(**circumstances)  # type: ignore[arg-type] # any field
        return cls(drive_plan(staged(capabilities, policy, known)))

    @property
    def stages(self) -> tuple[PlannedStage, ...]:
        return self.plan.stages

    def at(self, kind: StageKind, nth: int = 0) -> int:
        """Where the n-th stage of a kind stands."""
        return [index for index, stage in enumerate(self.stages) if stage.kind is kind][nth]

    @property
    def is_nvme(self) -> bool:
        plan = self.plan.stage_plan
        return plan is not None and plan.capabilities.command_set is CommandSet.NVME

    @property
    def mark(self) -> int | None:
        return MARK if self.is_nvme else None

    def begin(self, index: int, before: se.StatusReading | None = None) -> StageLog:
        marked = self.stages[index].kind is StageKind.ERASE
        self.add(
            se.StageStarted(
                index=index,
                identity=self.evidence.stages.identity.digest,
                before=before or reading(ErasureState.NEVER, raw="40"),
                mark=self.mark if marked else None,
            )
        )
        return self

    def accept(self, index: int) -> StageLog:
        self.add(se.CommandAccepted(index=index, seconds=7200))
        return self

    def seen(self, index: int, progress: int = 500, *, mark: int | None = None) -> StageLog:
        running = reading(ErasureState.RUNNING, progress=progress, mark=self.mark if mark is None else mark, raw="60")
        self.add(se.ErasureSeen(index=index, reading=running), after=60)
        return self

    def finish(self, index: int, state: ErasureState = ErasureState.DONE, *, mark: int | None = None) -> StageLog:
        final = reading(state, mark=self.mark if mark is None else mark)
        self.add(se.StageFinished(index=index, reading=final), after=600)
        return self

    def erase(self, index: int, *, seen: bool = True) -> StageLog:
        self.begin(index).accept(index)
        if seen and self.stages[index].technique is not None:
            self.seen(index)
        return self.finish(index)

    def plant(self, index: int) -> StageLog:
        area = canaries.Area(nsid=0, size=self.size, block=512)
        where = canaries.places([area], self.stages[index].count, SEED)
        held = {canaries.Place(0, 512 * 999, 512): hashlib.shake_256(b"old data").digest(512)}
        planted, kept = canaries.planted(SEED, where), canaries.kept(SEED, held)
        self.begin(index)
        self.add(se.CanariesPlanted(index=index, seed=SEED, planted=planted, kept=kept, direct_io=True))
        return self

    def check(
        self, index: int, survivors: Sequence[canaries.Place] = (), unread: Sequence[canaries.Place] = ()
    ) -> StageLog:
        known = self.evidence.stages.canaries
        assert known is not None
        self.begin(index)
        self.add(
            se.CanariesChecked(
                index=index,
                checked=len(known.planted) + len(known.kept),
                survivors=tuple(survivors),
                unread=tuple(unread),
                direct_io=True,
            )
        )
        return self

    def power(self, index: int, size: int = 0) -> StageLog:
        now = self.evidence.stages.identity
        self.begin(index).add(se.PowerCycleAsked(index=index, reason=self.stages[index].reason))
        self.add(
            se.PowerCycleSeen(
                index=index,
                witness=se.PowerWitness.COUNTER,
                before=11,
                after=12,
                identity=replace(now, size=size or now.size),
            ),
            after=20,
        )
        return self

    def restore(self, index: int, size: int = 0) -> StageLog:
        now, kind = self.evidence.stages.identity, self.stages[index].hidden
        assert kind is not None
        self.begin(index).accept(index)
        self.add(se.HiddenAreaRestored(index=index, kind=kind, identity=replace(now, size=size or now.size)))
        return self

    def reformat(self, index: int) -> StageLog:
        now = self.evidence.stages.identity
        self.begin(index).accept(index)
        self.add(se.Reformatted(index=index, reading=reading(), identity=now, logical_sector=512))
        return self

    def after(self) -> Capabilities:
        """What an honest drive says at the end."""
        plan = self.plan.stage_plan
        assert plan is not None
        was = plan.capabilities
        opened = {stage.hidden for stage in self.stages if stage.kind is StageKind.RESTORE}
        security = was.security
        if was.security.supported is Answer.YES:
            security = replace(security, enabled=Answer.NO, locked=Answer.NO, frozen=Answer.NO)
        sanitized = any(item.is_sanitize for item in plan.erasures)
        status = replace(was.sanitize, state=ErasureState.DONE, mark=self.mark) if sanitized else was.sanitize
        hidden = tuple(replace(area, in_use=Answer.NO) if area.kind in opened else area for area in was.hidden)
        opal = replace(was.opal, locked=Answer.NO, shadowed=Answer.NO)
        return replace(was, security=security, sanitize=status, hidden=hidden, opal=opal)

    def compare(self, index: int, capabilities: Capabilities | None = None, size: int = 0) -> StageLog:
        now = self.evidence.stages.identity
        self.begin(index)
        self.add(
            se.CapabilitiesRead(
                index=index,
                identity=replace(now, size=size or now.size),
                capabilities=capabilities or self.after(),
            )
        )
        return self

    def read_back(self, index: int, *, survivors: int = 0, missed: int = 0) -> StageLog:
        permille = self.stages[index].permille
        places, moved = sampling.total(self.evidence.size, permille, self.evidence.sector)
        self.begin(index)
        self.add(
            se.StageReadBack(
                index=index,
                permille=permille,
                seed=SEED,
                places=places,
                moved=moved,
                missed=missed,
                blank=moved - missed,
                survivors=survivors,
                direct_io=True,
            )
        )
        return self

    def do(self, index: int, *, seen: bool = True) -> StageLog:
        """One stage as an honest drive does it."""
        match self.stages[index].kind:
            case StageKind.WAIT:
                running = reading(ErasureState.RUNNING, progress=3, raw="60")
                self.begin(index, running)
                return self.finish(index)
            case StageKind.POWER_CYCLE:
                return self.power(index)
            case StageKind.RESTORE:
                return self.restore(index)
            case StageKind.PLANT:
                return self.plant(index)
            case StageKind.UNLOCK:
                return self.erase(index, seen=False)
            case StageKind.ERASE:
                return self.erase(index, seen=seen)
            case StageKind.REFORMAT:
                return self.reformat(index)
            case StageKind.CHECK:
                return self.check(index)
            case StageKind.COMPARE:
                return self.compare(index)
            case StageKind.READ_BACK:
                return self.read_back(index)

    def until(self, index: int, *, seen: bool = True) -> StageLog:
        """All stages before this one, from where the log stands."""
        done = sum(item.state.value == "done" for item in self.evidence.stages.items)
        for each in range(done, index):
            self.do(each, seen=seen)
        return self

    def all(self, *, seen: bool = True) -> StageLog:
        """All stages that are left, the passes and the last look at the drive."""
        self.until(len(self.stages), seen=seen)
        if self.plan.passes:
            self.all_passes()
        else:
            self.confirm()
        return self

    def confirm(self) -> StageLog:
        self.add(ev.IdentityRead(identity=self.evidence.stages.identity))
        return self
