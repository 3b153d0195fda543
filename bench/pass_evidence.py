"""What is proven about one pass, and how each event of it changes that.

Every function here takes what was proven and one event, and gives what is proven after it, or raises
`DoesNotFollowError` where the event cannot have come next.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from bench import events as ev
from bench.faults import (
    DoesNotFollowError,
    FaultRecord,
    Span,
    beyond,
    chained,
    fault_of,
    length_of,
    read_again,
    require,
    spans_of,
    written_again,
)
from bench.methods import Pass
from bench.plan import Verify, VerifyKind
from bench.surface import NO_SURFACE, Surface
from bench.work import Action, Algorithm, FaultKind, Outcome


class Stage(StrEnum):
    """How far a pass has come."""

    WAITING = "waiting"
    WRITING = "writing"
    WRITTEN = "written"
    VERIFYING = "verifying"
    VERIFIED = "verified"

    @property
    def is_written(self) -> bool:
        """Whether the pass has reached the end of the drive."""
        return self not in {Stage.WAITING, Stage.WRITING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The reading back of one pass.

    Bytes: `compared` is how far (for a sample: how much) reading has come, faults included; `started_at` is where
    the latest start began.
    """

    kind: VerifyKind
    permille: int
    seed: str
    started: str
    ended: str = ""
    compared: int = 0
    places: int = 0
    busy_ms: int = 0
    finished: bool = False
    started_at: int = 0
    surface: Surface = NO_SURFACE


@dataclass(frozen=True, slots=True, kw_only=True)
class PassEvidence:
    """One pass. Bytes: `synced` is proven to be on the medium, `started_at` is where the latest start began.

    `at_work` says that writing or reading back was started and neither ended nor interrupted since; `confirmed` is
    the checkpoint up to which the drive was found to have kept its data, after the latest interruption. `faults_digest`
    is the digest over what was told.
    """

    index: int
    stage: Stage = Stage.WAITING
    algorithm: Algorithm | None = None
    key: str = ""
    started: str = ""
    ended: str = ""
    started_at: int = 0
    synced: int = 0
    busy_ms: int = 0
    starts: int = 0
    restarts: int = 0
    direct_io: bool = True
    at_work: bool = False
    confirmed: int = 0
    faults: tuple[FaultRecord, ...] = ()
    faults_digest: str = ""
    surface: Surface = NO_SURFACE
    verification: Verification | None = None

    def may_meet(self, action: Action) -> bool:
        """Whether what is being done may meet a fault of this action: the drive syncs whatever is done."""
        other = Action.READ if self.stage is Stage.WRITING else Action.WRITE
        return self.at_work and action is not other

    def lasting(self, action: Action) -> tuple[FaultRecord, ...]:
        """Faults of this action that stayed; a mismatch is told apart by `mismatches`."""
        return tuple(
            fault
            for fault in self.faults
            if fault.action is action and fault.outcome is Outcome.LASTING and fault.kind is not FaultKind.MISMATCH
        )

    @property
    def unwritten(self) -> tuple[Span, ...]:
        """What this pass could not write."""
        return spans_of(self.lasting(Action.WRITE))

    @property
    def unread(self) -> tuple[Span, ...]:
        """What could not be read back."""
        return spans_of(self.lasting(Action.READ))

    @property
    def mismatches(self) -> tuple[Span, ...]:
        """What held other bytes than were written."""
        return spans_of(fault for fault in self.faults if fault.kind is FaultKind.MISMATCH)

    @property
    def bad(self) -> tuple[Span, ...]:
        """All that could not be written or read back, or held other bytes."""
        return spans_of(
            fault for fault in self.faults if fault.outcome is Outcome.LASTING and fault.action is not Action.SYNC
        )


def on_pass_started(item: PassEvidence, event: ev.PassStarted, at: str, planned: Pass) -> PassEvidence:
    """Writing begins, or goes on from a checkpoint that the drive was found to have kept."""
    require(not item.stage.is_written, "started-after-its-end")
    require((event.algorithm is not None) == planned.is_stream, "not-as-planned")
    require(bool(event.key) == planned.is_stream, "key-not-as-planned")
    require(event.offset <= item.synced, "resumed-beyond-checkpoint")
    if event.offset:
        require((event.algorithm, event.key) == (item.algorithm, item.key), "resumed-with-another-key")
        require(event.offset == item.confirmed, "resumed-without-checking")
    return replace(
        item,
        stage=Stage.WRITING,
        algorithm=event.algorithm,
        key=event.key,
        started=item.started or at,
        synced=event.offset,
        started_at=event.offset,
        starts=item.starts + 1,
        direct_io=item.direct_io and event.direct_io,
        at_work=True,
        faults=tuple(part for fault in item.faults for part in written_again(fault, event.offset)),
    )


def on_pass_checkpoint(item: PassEvidence, event: ev.PassCheckpoint, size: int) -> PassEvidence:
    """More of the pass is on the medium."""
    require(item.at_work and item.stage is Stage.WRITING, "checkpoint-while-not-writing")
    require(item.synced <= event.offset <= size, "checkpoint-out-of-order")
    return replace(item, synced=event.offset)


def on_pass_written(item: PassEvidence, event: ev.PassWritten, at: str, size: int) -> PassEvidence:
    """The pass ended where the drive does."""
    require(item.at_work and item.stage is Stage.WRITING, "ended-while-not-writing")
    require(item.started_at + event.moved + event.missed == size, "ended-before-the-end-of-the-drive")
    require(item.faults_digest == event.faults, "told-other-faults")
    missed = length_of(beyond(item.unwritten, item.started_at))
    require(missed == event.missed, "missed-more-or-less-than-its-faults")
    busy = item.busy_ms + event.busy_ms
    return replace(item, stage=Stage.WRITTEN, synced=size, ended=at, busy_ms=busy, at_work=False)


def on_window_checked(item: PassEvidence, event: ev.WindowChecked) -> PassEvidence:
    """The drive kept what it had synced, or it did not and the pass begins again."""
    require(item.stage is Stage.WRITING and not item.at_work, "window-checked-while-not-resuming")
    require(0 <= event.start < event.end <= item.synced, "another-window-checked")
    if event.unchanged:
        return replace(item, confirmed=event.end)
    return replace(item, synced=0, restarts=item.restarts + 1)


def on_verify_started(item: PassEvidence, event: ev.VerifyStarted, at: str, planned: Verify) -> PassEvidence:
    """Reading back begins, or goes on from what was compared."""
    require(item.stage in {Stage.WRITTEN, Stage.VERIFYING}, "verification-out-of-turn")
    require(planned.kind is not VerifyKind.NONE, "verification-not-planned")
    require((event.kind, event.permille) == (planned.kind, planned.permille), "verification-not-as-planned")
    require(bool(event.seed) or event.kind is not VerifyKind.SAMPLE, "sample-without-seed")
    last = item.verification
    require(event.offset in {0, last.compared if last else 0}, "verification-resumed-beyond-checkpoint")
    require(last is None or event.seed == last.seed, "sampled-with-another-seed")
    check = Verification(
        kind=event.kind,
        permille=event.permille,
        seed=event.seed,
        started=last.started if last else at,
        compared=event.offset,
        started_at=event.offset,
        busy_ms=last.busy_ms if last else 0,
        surface=last.surface if last else NO_SURFACE,
    )
    return replace(
        item,
        stage=Stage.VERIFYING,
        verification=check,
        direct_io=item.direct_io and event.direct_io,
        at_work=True,
        faults=tuple(part for fault in item.faults for part in read_again(fault, event.offset)),
    )


def on_verify_checkpoint(item: PassEvidence, event: ev.VerifyCheckpoint, size: int) -> PassEvidence:
    """More of the pass has been compared. A sample has no checkpoints: it starts again."""
    check = _running_check(item)
    require(check.kind is VerifyKind.FULL, "checkpoint-of-a-sample")
    require(check.compared <= event.offset <= size, "verification-checkpoint-out-of-order")
    return replace(item, verification=replace(check, compared=event.offset))


def on_verify_finished(item: PassEvidence, event: ev.VerifyFinished, at: str, size: int) -> PassEvidence:
    """Reading back ended: at the end of the drive, if all of it was to be read."""
    check = _running_check(item)
    compared = check.started_at + event.moved + event.missed
    within = compared == size if check.kind is VerifyKind.FULL else 0 <= compared <= size
    require(within, "verification-ended-at-another-place")
    require(item.faults_digest == event.faults, "told-other-faults")
    missed = length_of(beyond(item.unread, check.started_at))
    require(missed == event.missed, "missed-more-or-less-than-its-faults")
    busy = check.busy_ms + event.busy_ms
    done = replace(check, finished=True, compared=compared, places=event.places, ended=at, busy_ms=busy)
    return replace(item, stage=Stage.VERIFIED, verification=done, at_work=False)


def on_fault_seen(item: PassEvidence, event: ev.FaultSeen, at: str, size: int) -> PassEvidence:
    """A fault counts whenever it is told: no order of events makes it unseen."""
    fault = fault_of(event, at, size)
    return replace(item, faults=(*item.faults, fault), faults_digest=chained(item.faults_digest, event))


def on_surface_measured(item: PassEvidence, event: ev.SurfaceMeasured, size: int) -> PassEvidence:
    """More of the surface was measured, by what is being done."""
    doing = {Stage.WRITING: Action.WRITE, Stage.VERIFYING: Action.READ}.get(item.stage)
    require(item.at_work and event.action is doing, "measured-while-not-at-work")
    ends = [slow.offset + slow.length for slow in event.slow]
    starts = [zone.number * event.zone_size + 1 for zone in event.zones]
    require(max([*starts, *ends], default=0) <= size, "measured-beyond-the-drive")
    check = item.verification
    try:
        if check is not None and event.action is Action.READ:
            surface = check.surface.with_more(event.zone_size, event.zones, event.slow)
            return replace(item, verification=replace(check, surface=surface))
        return replace(item, surface=item.surface.with_more(event.zone_size, event.zones, event.slow))
    except ValueError:
        raise DoesNotFollowError("measured-in-other-zones") from None


def on_interruption(item: PassEvidence) -> PassEvidence:
    """Whatever was being done is no longer being done, and the drive may have lost what it had not synced."""
    return replace(item, at_work=False, confirmed=0) if item.at_work or item.confirmed else item


def _running_check(item: PassEvidence) -> Verification:
    check = item.verification
    if check is None or item.stage is not Stage.VERIFYING or not item.at_work:
        raise DoesNotFollowError("verification-event-while-not-verifying")
    return check
