"""What happened to a job, as versioned values appended to the event log and never changed.

Progress that no one needs tomorrow is not an event. A field is never renamed or given another meaning: a changed
event gets the next version and an upgrade in `bench.event_codec`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, TypeAlias

from bench.context import RunContext
from bench.drive import DriveIdentity
from bench.messages import Message
from bench.parties import Handover
from bench.plan import DrivePlan, VerifyKind
from bench.stage_events import StageEvent
from bench.surface import SlowRange, Zone
from bench.work import Action, Algorithm, FaultKind, Outcome


class Cause(StrEnum):
    """Why work on a drive was interrupted."""

    OPERATOR = "operator"
    """Stopped cleanly at a checkpoint by the operator."""
    OPERATOR_AT_ONCE = "operator-at-once"
    """Stopped by the operator without waiting for a checkpoint."""
    PAUSED = "paused"
    """Paused by the operator, the program still running."""
    WORKER_LOST = "worker-lost"
    """The worker process ended without a report."""
    PROGRAM_ENDED = "program-ended"
    """The program or the machine stopped without recording why: killed, crashed or without power."""
    DRIVE_GONE = "drive-gone"
    """The drive no longer answered: unplugged, without power, or another one was in its place."""
    POWER_AWAITED = "power-awaited"
    """The drive's power was to be cut, and nothing showed in time that it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobPlanned:
    """The plan was armed: from here on the drive may be written to. `consent` says how it was confirmed."""

    TYPE: ClassVar = "job-planned"
    VERSION: ClassVar = 2
    plan: DrivePlan
    context: RunContext
    consent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DriveNoted:
    """The drive is held, at first or again; what was found then and changed meanwhile, if that was not known yet."""

    TYPE: ClassVar = "drive-noted"
    VERSION: ClassVar = 1
    notes: tuple[Message, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PassStarted:
    """A pass starts, or starts again, at `offset`. Committed before its first byte is written.

    `identity` is the digest of the identity read just before; `direct_io` whether the page cache is bypassed.
    """

    TYPE: ClassVar = "pass-started"
    VERSION: ClassVar = 1
    index: int
    offset: int
    algorithm: Algorithm | None
    key: str
    identity: str
    direct_io: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PassCheckpoint:
    """The pass is on the medium up to `offset`: the drive has synced."""

    TYPE: ClassVar = "pass-checkpoint"
    VERSION: ClassVar = 1
    index: int
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PassWritten:
    """The pass reached the end of the drive and the drive has synced.

    Since its last start `moved` bytes were written and `missed` bytes could not be; each of these is in a fault.
    `faults` is the digest over all faults of this pass told until here, see `bench.faults.chained`.
    """

    TYPE: ClassVar = "pass-written"
    VERSION: ClassVar = 1
    index: int
    moved: int
    missed: int
    faults: str
    busy_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowChecked:
    """Before resuming: the bytes from `start` to `end`, up to the checkpoint, were read back.

    `unchanged` false means that the drive lost what it had synced; the pass starts again.
    """

    TYPE: ClassVar = "window-checked"
    VERSION: ClassVar = 1
    index: int
    start: int
    end: int
    unchanged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyStarted:
    """Reading back pass `index` starts at `offset`. `seed` (hex) places the samples; drawn after the writing."""

    TYPE: ClassVar = "verify-started"
    VERSION: ClassVar = 1
    index: int
    kind: VerifyKind
    permille: int
    offset: int
    seed: str
    identity: str
    direct_io: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyCheckpoint:
    """Everything before `offset` has been compared."""

    TYPE: ClassVar = "verify-checkpoint"
    VERSION: ClassVar = 1
    index: int
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyFinished:
    """Reading back reached its end: since its last start `moved` bytes were compared, in `places` samples if any.

    `missed` bytes could not be read; each is in a fault. `faults` is as for `PassWritten`.
    """

    TYPE: ClassVar = "verify-finished"
    VERSION: ClassVar = 1
    index: int
    moved: int
    missed: int
    faults: str
    busy_ms: int
    places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultSeen:
    """Something went wrong at a place on the drive during pass `index`; see `bench.work.Fault`."""

    TYPE: ClassVar = "fault-seen"
    VERSION: ClassVar = 1
    index: int
    action: Action
    kind: FaultKind
    offset: int
    length: int
    errno: int
    tries: int
    outcome: Outcome
    holds: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SurfaceMeasured:
    """More of the surface was measured while pass `index` was written or read back (`action`).

    Zones of `zone_size` bytes that an earlier one of these events has too add to it; see `bench.surface`.
    """

    TYPE: ClassVar = "surface-measured"
    VERSION: ClassVar = 1
    index: int
    action: Action
    zone_size: int
    zones: tuple[Zone, ...]
    slow: tuple[SlowRange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenUp:
    """The drive is not worth more time; the reason says by which measure. Work on it has ended."""

    TYPE: ClassVar = "given-up"
    VERSION: ClassVar = 1
    index: int
    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Interrupted:
    """Work stopped and can be resumed."""

    TYPE: ClassVar = "interrupted"
    VERSION: ClassVar = 1
    cause: Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed:
    """Work goes on after an interruption; `cause` is why it had stopped. `context` is what resumes it."""

    TYPE: ClassVar = "resumed"
    VERSION: ClassVar = 1
    cause: Cause
    context: RunContext


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityRead:
    """The drive's identity and size as read after the last step, or where they differed from the plan."""

    TYPE: ClassVar = "identity-read"
    VERSION: ClassVar = 1
    identity: DriveIdentity


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStopped:
    """The job will not go on: cancelled, the drive gone, or another reason that is not a fault at a place."""

    TYPE: ClassVar = "job-stopped"
    VERSION: ClassVar = 1
    cancelled: bool
    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Concluded:
    """The verdict. Committed in one transaction with the record in the ledger; only corrections follow it."""

    TYPE: ClassVar = "concluded"
    VERSION: ClassVar = 1
    verdict: str
    reasons: tuple[Message, ...]
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """Record `number` takes the place of record `supersedes`, for this `reason`. Committed in one transaction with it.

    `version` counts the job's records from 1. `operator` and `handover` are what the new record says instead of the
    plan, whole; nothing of the evidence or the verdict can be corrected. `corrector` is the code of who did it.
    """

    TYPE: ClassVar = "corrected"
    VERSION: ClassVar = 1
    number: str
    supersedes: str
    version: int
    reason: str
    operator: str
    handover: Handover
    corrector: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DriveProtected:
    """A drive was put on the never-erase list, by its serial or WWN. Belongs to the station, not to a job."""

    TYPE: ClassVar = "drive-protected"
    VERSION: ClassVar = 1
    name: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionLifted:
    """A drive was taken off the never-erase list. Belongs to the station, not to a job."""

    TYPE: ClassVar = "protection-lifted"
    VERSION: ClassVar = 1
    name: str


Event: TypeAlias = (
    JobPlanned
    | DriveNoted
    | PassStarted
    | PassCheckpoint
    | PassWritten
    | WindowChecked
    | VerifyStarted
    | VerifyCheckpoint
    | VerifyFinished
    | FaultSeen
    | SurfaceMeasured
    | GivenUp
    | Interrupted
    | Resumed
    | IdentityRead
    | JobStopped
    | Concluded
    | Corrected
    | DriveProtected
    | ProtectionLifted
    | StageEvent
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """An event with its place in the log (`id`, the row number), its job and its time (RFC 3339 with offset)."""

    id: int
    job: str
    at: str
    event: Event
