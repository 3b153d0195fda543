"""What is proven about one pass, and how each event of it changes that.

Every function here takes what was proven and one event, and gives what is proven after it, or raises
`DoesNotFollowError` where the event cannot have come next.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from bench import events as ev
from bench.methods import Pass
from bench.plan import Verify, VerifyKind
from bench.work import Action, Algorithm, FaultKind, Outcome


class DoesNotFollowError(Exception):
    """An event contradicts what came before it; `code` (kebab-case) says how."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


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
class FaultRecord:
    """A fault and when it was seen; see `bench.work.Fault`. Bytes."""

    at: str
    action: Action
    kind: FaultKind
    offset: int
    length: int
    errno: int
    tries: int = 1
    outcome: Outcome = Outcome.LASTING
    holds: int | None = None

    @property
    def end(self) -> int:
        """The offset behind it."""
        return self.offset + self.length


Span: TypeAlias = tuple[int, int]
"""A stretch of a drive: first byte and the byte behind the last."""


def spans_of(faults: Iterable[FaultRecord]) -> tuple[Span, ...]:
    """The stretches that faults cover, in order, with no overlap; what touches is one."""
    merged: list[Span] = []
    for start, end in sorted((fault.offset, fault.end) for fault in faults):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def length_of(spans: Iterable[Span]) -> int:
    """Bytes in all."""
    return sum(end - start for start, end in spans)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PassEvidence:
    """One pass. Bytes: `synced` is proven to be on the medium, `started_at` is where the latest start began.

    `at_work` says that writing or reading back was started and neither ended nor interrupted since; `confirmed` is
    the checkpoint up to which the drive was found to have kept its data, after the latest interruption.
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
    verification: Verification | None = None

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


def on_pass_started(item: PassEvidence, event: ev.PassStarted, at: str, planned: Pass) -> PassEvidence:
    """Writing begins, or goes on from a checkpoint that the drive was found to have kept."""
    _require(not item.stage.is_written, "started-after-its-end")
    _require((event.algorithm is not None) == planned.is_stream, "not-as-planned")
    _require(bool(event.key) == planned.is_stream, "key-not-as-planned")
    _require(event.offset <= item.synced, "resumed-beyond-checkpoint")
    if event.offset:
        _require((event.algorithm, event.key) == (item.algorithm, item.key), "resumed-with-another-key")
        _require(event.offset == item.confirmed, "resumed-without-checking")
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
        faults=tuple(_rewritten(fault, event.offset) for fault in item.faults),
    )


def _rewritten(fault: FaultRecord, start: int) -> FaultRecord:
    """A fault of writing as it stands once the pass is written again from `start` on."""
    if fault.outcome is Outcome.LASTING and fault.action is not Action.READ and fault.end > start:
        return replace(fault, outcome=Outcome.REWRITTEN)
    return fault


def on_pass_checkpoint(item: PassEvidence, event: ev.PassCheckpoint, size: int) -> PassEvidence:
    """More of the pass is on the medium."""
    _require(item.at_work and item.stage is Stage.WRITING, "checkpoint-while-not-writing")
    _require(item.synced <= event.offset <= size, "checkpoint-out-of-order")
    return replace(item, synced=event.offset)


def on_pass_written(item: PassEvidence, event: ev.PassWritten, at: str, size: int) -> PassEvidence:
    """The pass ended where the drive does."""
    _require(item.at_work and item.stage is Stage.WRITING, "ended-while-not-writing")
    _require(item.started_at + event.moved + event.missed == size, "ended-before-the-end-of-the-drive")
    since = spans_of(fault for fault in item.lasting(Action.WRITE) if fault.offset >= item.started_at)
    _require(length_of(since) == event.missed, "missed-more-or-less-than-its-faults")
    busy = item.busy_ms + event.busy_ms
    return replace(item, stage=Stage.WRITTEN, synced=size, ended=at, busy_ms=busy, at_work=False)


def on_window_checked(item: PassEvidence, event: ev.WindowChecked) -> PassEvidence:
    """The drive kept what it had synced, or it did not and the pass begins again."""
    _require(item.stage is Stage.WRITING and not item.at_work, "window-checked-while-not-resuming")
    _require(0 <= event.start < event.end <= item.synced, "another-window-checked")
    if event.unchanged:
        return replace(item, confirmed=event.end)
    return replace(item, synced=0, restarts=item.restarts + 1)


def on_verify_started(item: PassEvidence, event: ev.VerifyStarted, at: str, planned: Verify) -> PassEvidence:
    """Reading back begins, or goes on from what was compared."""
    _require(item.stage in {Stage.WRITTEN, Stage.VERIFYING}, "verification-out-of-turn")
    _require(planned.kind is not VerifyKind.NONE, "verification-not-planned")
    _require((event.kind, event.permille) == (planned.kind, planned.permille), "verification-not-as-planned")
    _require(bool(event.seed) or event.kind is not VerifyKind.SAMPLE, "sample-without-seed")
    before = item.verification
    _require(event.offset in {0, before.compared if before else 0}, "verification-resumed-beyond-checkpoint")
    check = Verification(
        kind=event.kind,
        permille=event.permille,
        seed=event.seed,
        started=before.started if before else at,
        compared=event.offset,
        started_at=event.offset,
        busy_ms=before.busy_ms if before else 0,
    )
    direct = item.direct_io and event.direct_io
    return replace(item, stage=Stage.VERIFYING, verification=check, direct_io=direct, at_work=True)


def on_verify_checkpoint(item: PassEvidence, event: ev.VerifyCheckpoint, size: int) -> PassEvidence:
    """More of the pass has been compared. A sample has no checkpoints: it starts again."""
    check = _running_check(item)
    _require(check.kind is VerifyKind.FULL, "checkpoint-of-a-sample")
    _require(check.compared <= event.offset <= size, "verification-checkpoint-out-of-order")
    return replace(item, verification=replace(check, compared=event.offset))


def on_verify_finished(item: PassEvidence, event: ev.VerifyFinished, at: str, size: int) -> PassEvidence:
    """Reading back ended: at the end of the drive, if all of it was to be read."""
    check = _running_check(item)
    compared = check.started_at + event.moved + event.missed
    within = compared == size if check.kind is VerifyKind.FULL else 0 <= compared <= size
    _require(within, "verification-ended-at-another-place")
    since = spans_of(fault for fault in item.lasting(Action.READ) if fault.offset >= check.started_at)
    _require(length_of(since) == event.missed, "missed-more-or-less-than-its-faults")
    busy = check.busy_ms + event.busy_ms
    done = replace(check, finished=True, compared=compared, places=event.places, ended=at, busy_ms=busy)
    return replace(item, stage=Stage.VERIFIED, verification=done, at_work=False)


def on_fault_seen(item: PassEvidence, event: ev.FaultSeen, at: str) -> PassEvidence:
    """A fault counts whenever it is told: no order of events makes it unseen."""
    fault = FaultRecord(
        at=at,
        action=event.action,
        kind=event.kind,
        offset=event.offset,
        length=event.length,
        errno=event.errno,
        tries=event.tries,
        outcome=event.outcome,
        holds=event.holds,
    )
    return replace(item, faults=(*item.faults, fault))


def on_interruption(item: PassEvidence) -> PassEvidence:
    """Whatever was being done is no longer being done, and the drive may have lost what it had not synced."""
    return replace(item, at_work=False, confirmed=0)


def _running_check(item: PassEvidence) -> Verification:
    check = item.verification
    if check is None or item.stage is not Stage.VERIFYING or not item.at_work:
        raise DoesNotFollowError("verification-event-while-not-verifying")
    return check


def _require(follows: bool, code: str) -> None:  # noqa: FBT001  (an assertion: its condition is its subject)
    if not follows:
        raise DoesNotFollowError(code)
