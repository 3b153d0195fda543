"""What is proven about a job: a fold over its events, and nothing else.

Events that do not follow from what came before are kept as `anomalies`; evidence with anomalies proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

from bench import events as ev
from bench import pass_evidence as on
from bench.context import RunContext
from bench.drive import DriveIdentity
from bench.faults import DoesNotFollowError, FaultRecord
from bench.messages import Message
from bench.pass_evidence import PassEvidence, Stage, Verification
from bench.plan import DrivePlan
from bench.stage_events import StageEvent
from bench.stage_evidence import StageEvidence
from bench.stage_fold import Stages, apply_stage, identity_read
from bench.work import Outcome

__all__ = [
    "Evidence",
    "FaultRecord",
    "Interruption",
    "PassEvidence",
    "Stage",
    "StageEvidence",
    "Verification",
    "apply",
    "fold",
]

_Start: TypeAlias = ev.PassStarted | ev.VerifyStarted
_Step: TypeAlias = (
    ev.PassCheckpoint | ev.PassWritten | ev.WindowChecked | ev.VerifyCheckpoint | ev.VerifyFinished | ev.SurfaceMeasured
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption:
    """A stop and the resume that followed, if any; `stopped` is empty where nobody could write it down."""

    cause: ev.Cause
    stopped: str = ""
    resumed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything proven about one job so far.

    `final_identity` is the drive as read after the last step, `notes` what was found when taking hold of it. An
    anomaly is a code: `pass-2-checkpoint-out-of-order`.
    """

    job: str
    plan: DrivePlan
    contexts: tuple[RunContext, ...]
    consent: str
    planned: str
    last_event: str
    passes: tuple[PassEvidence, ...]
    stages: Stages
    interruptions: tuple[Interruption, ...] = ()
    final_identity: DriveIdentity | None = None
    identity_changed: bool = False
    stopped: ev.JobStopped | None = None
    given_up: ev.GivenUp | None = None
    concluded: ev.Concluded | None = None
    corrections: tuple[ev.Corrected, ...] = ()
    notes: tuple[Message, ...] = ()
    anomalies: tuple[str, ...] = ()
    events: int = 0

    @property
    def size(self) -> int:
        """The drive's size in bytes, as planned or as a stage made it."""
        return self.stages.identity.size

    @property
    def sector(self) -> int:
        """The drive's logical sector in bytes, as planned or as a stage made it."""
        return self.stages.sector

    @property
    def faults(self) -> tuple[FaultRecord, ...]:
        """All faults of all passes, in order."""
        return tuple(fault for item in self.passes for fault in item.faults)

    @property
    def is_open(self) -> bool:
        """Whether the job still has something to do."""
        return self.concluded is None

    @property
    def is_halted(self) -> bool:
        """Whether the last interruption has no resume yet."""
        return bool(self.interruptions) and not self.interruptions[-1].resumed


def fold(logged: Iterable[ev.Logged]) -> Evidence:
    """Evidence of one job from all its events in order. `ValueError` if they do not begin with a plan."""
    evidence: Evidence | None = None
    for item in logged:
        evidence = _begin(item) if evidence is None else apply(evidence, item)
    if evidence is None:
        raise ValueError("a job has at least its plan")
    return evidence


def apply(evidence: Evidence, item: ev.Logged) -> Evidence:
    """Evidence after one more event. Never raises: what does not follow becomes an anomaly."""
    evidence = replace(evidence, last_event=item.at, events=evidence.events + 1)
    try:
        return _after(evidence, item)
    except DoesNotFollowError as anomaly:
        return replace(evidence, anomalies=(*evidence.anomalies, anomaly.code))


def _begin(item: ev.Logged) -> Evidence:
    if not isinstance(item.event, ev.JobPlanned):
        raise ValueError(f"job {item.job} begins with {item.event.TYPE}, not with its plan")  # noqa: TRY004
    plan = item.event.plan
    return Evidence(
        job=item.job,
        plan=plan,
        contexts=(item.event.context,),
        consent=item.event.consent,
        planned=item.at,
        last_event=item.at,
        passes=tuple(PassEvidence(index=i) for i in range(len(plan.passes))),
        stages=Stages.of(plan.stages, plan.facts),
        events=1,
    )


def _after(evidence: Evidence, item: ev.Logged) -> Evidence:
    if item.job != evidence.job:
        raise DoesNotFollowError("event-of-another-job")
    if isinstance(item.event, ev.Corrected):
        return _on_corrected(evidence, item.event)
    if evidence.concluded is not None:
        raise DoesNotFollowError(f"{item.event.TYPE}-after-the-verdict")
    if isinstance(item.event, StageEvent):
        return _on_stage(evidence, item.event, item.at)
    match item.event:
        case ev.PassStarted() | ev.VerifyStarted() as start:
            return _on_start(evidence, start, item.at)
        case (
            ev.PassCheckpoint()
            | ev.PassWritten()
            | ev.WindowChecked()
            | ev.VerifyCheckpoint()
            | ev.VerifyFinished()
            | ev.SurfaceMeasured() as step
        ):
            return _on_step(evidence, step, item.at)
        case ev.FaultSeen() as seen:
            return _on_fault(evidence, seen, item.at)
        case ev.Interrupted(cause=cause):
            gap = Interruption(cause=cause, stopped=item.at)
            return _idle(replace(evidence, interruptions=(*evidence.interruptions, gap)))
        case ev.Resumed() as resumed:
            return _on_resumed(evidence, resumed, item.at)
        case _:
            return _on_outcome(evidence, item.event)


def _on_fault(evidence: Evidence, seen: ev.FaultSeen, at: str) -> Evidence:
    """A fault counts whenever it is told; one that stayed and that no work had met makes the log contradict itself."""
    item = _pass_of(evidence, seen.index)
    try:
        told = _with_pass(evidence, on.on_fault_seen(item, seen, at, evidence.size))
    except DoesNotFollowError as anomaly:
        raise _of_pass(seen.index, anomaly.code) from None
    if seen.outcome is Outcome.LASTING and not item.may_meet(seen.action):
        strange = _of_pass(seen.index, f"{seen.action.value}-fault-while-not-at-it")
        return replace(told, anomalies=(*told.anomalies, strange.code))
    return told


def _on_outcome(evidence: Evidence, event: ev.Event) -> Evidence:
    """What is found or decided when no more work goes on."""
    match event:
        case ev.IdentityRead(identity=identity):
            changed = identity != evidence.stages.identity
            changed = evidence.identity_changed or changed
            stages = identity_read(evidence.stages, identity)
            return replace(evidence, final_identity=identity, identity_changed=changed, stages=stages)
        case ev.DriveNoted(notes=notes):
            return replace(evidence, notes=(*evidence.notes, *notes))
        case ev.GivenUp(index=index) if evidence.given_up is None:
            _pass_of(evidence, index)
            return _idle(replace(evidence, given_up=event))
        case ev.JobStopped() if evidence.stopped is None:
            return replace(evidence, stopped=event)
        case ev.Concluded():
            return replace(evidence, concluded=event)
        case _:
            # A second plan, a second end, or an event that belongs to no job.
            raise DoesNotFollowError(f"{event.TYPE}-out-of-place")


def _on_stage(evidence: Evidence, event: StageEvent, at: str) -> Evidence:
    """A stage goes on: never beside a pass, nor after one began."""
    if _is_stopped(evidence):
        raise DoesNotFollowError(f"stage-{event.index + 1}-{event.TYPE}-while-stopped")
    if any(item.stage is not Stage.WAITING for item in evidence.passes):
        raise DoesNotFollowError(f"stage-{event.index + 1}-{event.TYPE}-after-a-pass-began")
    stages = apply_stage(evidence.stages, event, at)
    changed = evidence.identity_changed or stages.strange
    return replace(evidence, stages=stages, identity_changed=changed, final_identity=None)


def _is_stopped(evidence: Evidence) -> bool:
    return evidence.is_halted or evidence.stopped is not None or evidence.given_up is not None


def _on_corrected(evidence: Evidence, event: ev.Corrected) -> Evidence:
    """A correction takes the place of the record before it, that of the verdict or of the last correction."""
    if evidence.concluded is None:
        raise DoesNotFollowError("corrected-before-the-verdict")
    latest = evidence.corrections[-1].number if evidence.corrections else evidence.concluded.number
    if event.supersedes != latest or event.version != len(evidence.corrections) + 2:
        raise DoesNotFollowError("corrected-what-is-not-the-latest")
    return replace(evidence, corrections=(*evidence.corrections, event))


def _on_start(evidence: Evidence, event: _Start, at: str) -> Evidence:
    """Writing or reading back starts: only when nothing else goes on, and in the passes' order."""
    item = _working_pass(evidence, event)
    if not evidence.stages.all_behind:
        raise _of_pass(event.index, "started-before-the-stages-ended")
    if any(other.at_work for other in evidence.passes):
        raise _of_pass(event.index, "started-while-at-work")
    if not all(earlier.stage.is_written for earlier in evidence.passes[: event.index]):
        raise _of_pass(event.index, "started-before-the-one-before-ended")
    if any(later.stage is not Stage.WAITING for later in evidence.passes[event.index + 1 :]):
        raise _of_pass(event.index, "started-after-the-next-one")
    try:
        if isinstance(event, ev.PassStarted):
            item = on.on_pass_started(item, event, at, evidence.plan.passes[event.index])
        else:
            item = on.on_verify_started(item, event, at, evidence.plan.verifies(event.index))
    except DoesNotFollowError as anomaly:
        raise _of_pass(event.index, anomaly.code) from None
    if event.identity != evidence.stages.identity.digest:
        evidence = replace(evidence, identity_changed=True)
    return _with_pass(replace(evidence, final_identity=None), item)


def _on_step(evidence: Evidence, event: _Step, at: str) -> Evidence:
    item, size = _working_pass(evidence, event), evidence.size
    try:
        match event:
            case ev.PassCheckpoint():
                item = on.on_pass_checkpoint(item, event, size)
            case ev.PassWritten():
                item = on.on_pass_written(item, event, at, size)
            case ev.WindowChecked():
                item = on.on_window_checked(item, event)
            case ev.VerifyCheckpoint():
                item = on.on_verify_checkpoint(item, event, size)
            case ev.VerifyFinished():
                item = on.on_verify_finished(item, event, at, size)
            case ev.SurfaceMeasured():
                item = on.on_surface_measured(item, event, size)
    except DoesNotFollowError as anomaly:
        raise _of_pass(event.index, anomaly.code) from None
    return _with_pass(replace(evidence, final_identity=None), item)


def _working_pass(evidence: Evidence, event: _Start | _Step) -> PassEvidence:
    """The pass that a piece of work belongs to: none is done while the job is interrupted or stopped for good."""
    item = _pass_of(evidence, event.index)
    if _is_stopped(evidence):
        raise _of_pass(event.index, f"{event.TYPE}-while-stopped")
    return item


def _pass_of(evidence: Evidence, index: int) -> PassEvidence:
    if not 0 <= index < len(evidence.passes):
        raise DoesNotFollowError("event-of-a-pass-not-in-the-plan")
    return evidence.passes[index]


def _of_pass(index: int, code: str) -> DoesNotFollowError:
    return DoesNotFollowError(f"pass-{index + 1}-{code}")


def _with_pass(evidence: Evidence, item: PassEvidence) -> Evidence:
    passes = list(evidence.passes)
    passes[item.index] = item
    return replace(evidence, passes=tuple(passes))


def _idle(evidence: Evidence) -> Evidence:
    passes = tuple(on.on_interruption(item) for item in evidence.passes)
    return replace(evidence, passes=passes, stages=evidence.stages.idle())


def _on_resumed(evidence: Evidence, resumed: ev.Resumed, at: str) -> Evidence:
    """Work goes on. What stopped without a word (a crash, a power cut) gets its interruption here."""
    gaps = list(evidence.interruptions)
    if evidence.is_halted and gaps[-1].cause is resumed.cause:
        gaps[-1] = replace(gaps[-1], resumed=at)
    else:
        gaps.append(Interruption(cause=resumed.cause, resumed=at))
    contexts = evidence.contexts
    if resumed.context != contexts[-1]:
        contexts = (*contexts, resumed.context)
    return _idle(replace(evidence, interruptions=tuple(gaps), contexts=contexts))
