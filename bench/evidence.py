"""What is proven about a job: a fold over its events, and nothing else.

Events that do not follow from what came before are kept as `anomalies`; evidence with anomalies proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from bench import events as ev
from bench.context import RunContext
from bench.drive import DriveIdentity
from bench.plan import DrivePlan, VerifyKind
from bench.work import Action, Algorithm, FaultKind


class Stage(StrEnum):
    """How far a pass has come."""

    WAITING = "waiting"
    WRITING = "writing"
    WRITTEN = "written"
    VERIFYING = "verifying"
    VERIFIED = "verified"


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRecord:
    """A fault and when it was seen. Offsets and lengths in bytes."""

    at: str
    action: Action
    kind: FaultKind
    offset: int
    length: int
    errno: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The reading back of one pass. Bytes: `compared` is proven, `started_at` is where the latest start began."""

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
    """One pass. Bytes: `synced` is proven to be on the medium, `started_at` is where the latest start began."""

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
    faults: tuple[FaultRecord, ...] = ()
    verification: Verification | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption:
    """A stop and the resume that followed, if any; `stopped` is empty where nobody could write it down."""

    cause: ev.Cause
    stopped: str = ""
    resumed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything proven about one job so far."""

    job: str
    plan: DrivePlan
    contexts: tuple[RunContext, ...]
    consent: str
    planned: str
    last_event: str
    passes: tuple[PassEvidence, ...]
    interruptions: tuple[Interruption, ...] = ()
    final_identity: DriveIdentity | None = None
    identity_changed: bool = False
    stopped: ev.JobStopped | None = None
    concluded: ev.Concluded | None = None
    anomalies: tuple[str, ...] = ()
    events: int = 0

    @property
    def size(self) -> int:
        """The drive's size in bytes, as planned."""
        return self.plan.facts.identity.size

    @property
    def faults(self) -> tuple[FaultRecord, ...]:
        """All faults of all passes, in order."""
        return tuple(fault for item in self.passes for fault in item.faults)

    @property
    def is_open(self) -> bool:
        """Whether the job still has something to do."""
        return self.concluded is None


def fold(logged: Iterable[ev.Logged]) -> Evidence:
    """Evidence of one job from all its events in order. `ValueError` if they do not begin with a plan."""
    evidence: Evidence | None = None
    for item in logged:
        evidence = _begin(item) if evidence is None else apply(evidence, item)
    if evidence is None:
        raise ValueError("a job has at least its plan")
    return evidence


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
        events=1,
    )


def apply(evidence: Evidence, item: ev.Logged) -> Evidence:
    """Evidence after one more event."""
    evidence = replace(evidence, last_event=item.at, events=evidence.events + 1)
    if evidence.concluded is not None:
        return _anomaly(evidence, f"{item.event.TYPE} after the verdict")
    match item.event:
        case ev.PassStarted() | ev.PassCheckpoint() | ev.PassWritten() | ev.WindowChecked():
            return _on_pass(evidence, item.event, item.at)
        case ev.VerifyStarted() | ev.VerifyCheckpoint() | ev.VerifyFinished():
            return _on_verify(evidence, item.event, item.at)
        case ev.FaultSeen() as seen:
            return _on_fault(evidence, seen, item.at)
        case ev.Interrupted(cause=cause):
            gap = Interruption(cause=cause, stopped=item.at)
            return replace(evidence, interruptions=(*evidence.interruptions, gap))
        case ev.Resumed() as resumed:
            return _on_resumed(evidence, resumed, item.at)
        case ev.IdentityRead(identity=identity):
            changed = identity != evidence.plan.facts.identity
            return replace(evidence, final_identity=identity, identity_changed=evidence.identity_changed or changed)
        case ev.JobStopped() as stopped:
            return replace(evidence, stopped=stopped)
        case ev.Concluded() as concluded:
            return replace(evidence, concluded=concluded)
        case ev.JobPlanned():
            return _anomaly(evidence, "planned twice")


def _anomaly(evidence: Evidence, what: str) -> Evidence:
    return replace(evidence, anomalies=(*evidence.anomalies, what))


def _with_pass(evidence: Evidence, item: PassEvidence) -> Evidence:
    passes = list(evidence.passes)
    passes[item.index] = item
    return replace(evidence, passes=tuple(passes))


def _pass_at(evidence: Evidence, index: int) -> PassEvidence | None:
    return evidence.passes[index] if 0 <= index < len(evidence.passes) else None


def _on_pass(
    evidence: Evidence, event: ev.PassStarted | ev.PassCheckpoint | ev.PassWritten | ev.WindowChecked, at: str
) -> Evidence:
    item = _pass_at(evidence, event.index)
    if item is None:
        return _anomaly(evidence, f"{event.TYPE} for a pass that is not in the plan")
    if isinstance(event, ev.PassStarted):
        return _on_pass_started(evidence, item, event, at)
    if item.stage is not Stage.WRITING:
        return _anomaly(evidence, f"{event.TYPE} while pass {event.index} is {item.stage}")
    if isinstance(event, ev.PassCheckpoint):
        if not item.synced <= event.offset <= evidence.size:
            return _anomaly(evidence, f"checkpoint of pass {event.index} out of order")
        return _with_pass(evidence, replace(item, synced=event.offset))
    if isinstance(event, ev.WindowChecked):
        if event.unchanged:
            return evidence
        return _with_pass(evidence, replace(item, synced=0, restarts=item.restarts + 1))
    if item.started_at + event.moved != evidence.size:
        return _anomaly(evidence, f"pass {event.index} ended without reaching the end of the drive")
    done = replace(item, stage=Stage.WRITTEN, synced=evidence.size, ended=at, busy_ms=item.busy_ms + event.busy_ms)
    return _with_pass(evidence, done)


def _on_pass_started(evidence: Evidence, item: PassEvidence, event: ev.PassStarted, at: str) -> Evidence:
    if item.stage not in {Stage.WAITING, Stage.WRITING}:
        return _anomaly(evidence, f"pass {event.index} started again after its end")
    if any(earlier.stage in {Stage.WAITING, Stage.WRITING} for earlier in evidence.passes[: event.index]):
        return _anomaly(evidence, f"pass {event.index} started before the one before it ended")
    if event.offset not in {0, item.synced}:
        return _anomaly(evidence, f"pass {event.index} resumed beyond its checkpoint")
    if item.key and event.key != item.key and event.offset:
        return _anomaly(evidence, f"pass {event.index} resumed with another key")
    if bool(event.algorithm) != evidence.plan.passes[event.index].is_stream:
        return _anomaly(evidence, f"pass {event.index} is not what was planned")
    if event.identity != evidence.plan.facts.identity.digest:
        evidence = replace(evidence, identity_changed=True)
    return _with_pass(
        evidence,
        replace(
            item,
            stage=Stage.WRITING,
            algorithm=event.algorithm,
            key=event.key,
            started=item.started or at,
            synced=event.offset,
            started_at=event.offset,
            starts=item.starts + 1,
            direct_io=item.direct_io and event.direct_io,
        ),
    )


def _on_verify(
    evidence: Evidence, event: ev.VerifyStarted | ev.VerifyCheckpoint | ev.VerifyFinished, at: str
) -> Evidence:
    item = _pass_at(evidence, event.index)
    if item is None:
        return _anomaly(evidence, f"{event.TYPE} for a pass that is not in the plan")
    if isinstance(event, ev.VerifyStarted):
        return _on_verify_started(evidence, item, event, at)
    check = item.verification
    if item.stage is not Stage.VERIFYING or check is None:
        return _anomaly(evidence, f"{event.TYPE} while pass {event.index} is {item.stage}")
    if isinstance(event, ev.VerifyCheckpoint):
        if check.kind is not VerifyKind.FULL or not check.compared <= event.offset <= evidence.size:
            return _anomaly(evidence, f"verification of pass {event.index} out of order")
        return _with_pass(evidence, replace(item, verification=replace(check, compared=event.offset)))
    compared = check.started_at + event.moved
    if check.kind is VerifyKind.FULL and compared != evidence.size:
        return _anomaly(evidence, f"verification of pass {event.index} did not reach the end of the drive")
    done = replace(
        check,
        finished=True,
        compared=compared,
        places=event.places,
        ended=at,
        busy_ms=check.busy_ms + event.busy_ms,
    )
    return _with_pass(evidence, replace(item, stage=Stage.VERIFIED, verification=done))


def _on_verify_started(evidence: Evidence, item: PassEvidence, event: ev.VerifyStarted, at: str) -> Evidence:
    if item.stage not in {Stage.WRITTEN, Stage.VERIFYING}:
        return _anomaly(evidence, f"verification of pass {event.index} before its end")
    if event.index + 1 < len(evidence.passes) and evidence.passes[event.index + 1].stage is not Stage.WAITING:
        return _anomaly(evidence, f"verification of pass {event.index} after the next pass began")
    before = item.verification
    if event.offset not in {0, before.compared if before else 0}:
        return _anomaly(evidence, f"verification of pass {event.index} resumed beyond its checkpoint")
    planned = evidence.plan.verifies(event.index)
    if (event.kind, event.permille) != (planned.kind, planned.permille):
        return _anomaly(evidence, f"verification of pass {event.index} is not what was planned")
    if event.identity != evidence.plan.facts.identity.digest:
        evidence = replace(evidence, identity_changed=True)
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
    return _with_pass(evidence, replace(item, stage=Stage.VERIFYING, verification=check, direct_io=direct))


def _on_fault(evidence: Evidence, seen: ev.FaultSeen, at: str) -> Evidence:
    item = _pass_at(evidence, seen.index)
    if item is None:
        return _anomaly(evidence, "fault in a pass that is not in the plan")
    fault = FaultRecord(
        at=at, action=seen.action, kind=seen.kind, offset=seen.offset, length=seen.length, errno=seen.errno
    )
    return _with_pass(evidence, replace(item, faults=(*item.faults, fault)))


def _on_resumed(evidence: Evidence, resumed: ev.Resumed, at: str) -> Evidence:
    gaps = list(evidence.interruptions)
    if gaps and not gaps[-1].resumed and gaps[-1].cause is resumed.cause:
        gaps[-1] = replace(gaps[-1], resumed=at)
    else:
        gaps.append(Interruption(cause=resumed.cause, resumed=at))
    contexts = evidence.contexts
    if resumed.context != contexts[-1]:
        contexts = (*contexts, resumed.context)
    return replace(evidence, interruptions=tuple(gaps), contexts=contexts)
