"""What happened in the stages of a firmware erasure. Each event names its stage by `index`, from 0.

A stage begins with `StageStarted` and ends with the event that its kind ends with: `PowerCycleSeen`,
`HiddenAreaRestored`, `CanariesPlanted`, `StageFinished` (waiting, unlocking, erasing), `Reformatted`,
`CanariesChecked`, `CapabilitiesRead`, `StageReadBack`; or with `CommandRefused`. See `bench.events` for what holds of
all events.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, TypeAlias

from bench.canaries import Canary, Place
from bench.capabilities import Capabilities, HiddenKind
from bench.drive import DriveIdentity
from bench.messages import Message
from bench.techniques import ErasureState


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReading:
    """What the drive said of its latest erasure: state, progress (thousandths) and the mark of the command it keeps.

    `raw` is the answer itself in hexadecimal, empty where the technique has none. The mark is NVMe's SCDW10.
    """

    state: ErasureState
    progress: int | None
    mark: int | None
    raw: str


class PowerWitness(StrEnum):
    """What shows that the drive was without power. Nobody's word alone does."""

    COUNTER = "counter"
    """The drive's own count of power cycles rose."""
    VANISHED = "vanished"
    """The drive went and came back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageStarted:
    """A stage starts, or starts again. Committed before its first command; what it changes is changed after this.

    `identity` is the digest of the identity read just before, `before` the drive's status then, `mark` what the drive
    will keep of our command, where it keeps anything.
    """

    TYPE: ClassVar = "stage-started"
    VERSION: ClassVar = 1
    index: int
    identity: str
    before: StatusReading
    mark: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityPasswordChosen:
    """The security password that is about to be set, as typed characters. Committed before SET PASSWORD is sent."""

    TYPE: ClassVar = "security-password-chosen"
    VERSION: ClassVar = 1
    index: int
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandAccepted:
    """The drive took the command without an error. `seconds` is its own estimate, 0 where it gives none."""

    TYPE: ClassVar = "command-accepted"
    VERSION: ClassVar = 1
    index: int
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRefused:
    """The drive did not take the command, or whether it did could not be learnt; the stage ends."""

    TYPE: ClassVar = "command-refused"
    VERSION: ClassVar = 1
    index: int
    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureSeen:
    """The drive's status was read and differs from the last reading."""

    TYPE: ClassVar = "erasure-seen"
    VERSION: ClassVar = 1
    index: int
    reading: StatusReading


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureAdopted:
    """After an interruption the erasure was found as `reading` says, and is watched again without a new command."""

    TYPE: ClassVar = "erasure-adopted"
    VERSION: ClassVar = 1
    index: int
    identity: str
    reading: StatusReading


@dataclass(frozen=True, slots=True, kw_only=True)
class StageFinished:
    """Waiting, unlocking or erasing ended as the drive itself reported it."""

    TYPE: ClassVar = "stage-finished"
    VERSION: ClassVar = 1
    index: int
    reading: StatusReading


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureModeLeft:
    """A failed sanitize kept the medium closed, and was told to open it. Its data may still be there."""

    TYPE: ClassVar = "failure-mode-left"
    VERSION: ClassVar = 1
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CanariesPlanted:
    """Canaries were written, flushed and read back as written; `kept` are of what the drive held (`bench.canaries`)."""

    TYPE: ClassVar = "canaries-planted"
    VERSION: ClassVar = 1
    index: int
    seed: str
    planted: tuple[Canary, ...]
    kept: tuple[Canary, ...]
    direct_io: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CanariesChecked:
    """The canaries' places were read again: `survivors` hold a known block, `unread` could not be read."""

    TYPE: ClassVar = "canaries-checked"
    VERSION: ClassVar = 1
    index: int
    checked: int
    survivors: tuple[Place, ...]
    unread: tuple[Place, ...]
    direct_io: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerCycleAsked:
    """The power is to be cut, for this reason: by the operator's hand, or by a relay."""

    TYPE: ClassVar = "power-cycle-asked"
    VERSION: ClassVar = 1
    index: int
    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerCycleSeen:
    """The drive was without power, as `witness` shows, and is back. Counts are the drive's own, None where unknown."""

    TYPE: ClassVar = "power-cycle-seen"
    VERSION: ClassVar = 1
    index: int
    witness: PowerWitness
    before: int | None
    after: int | None
    identity: DriveIdentity


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenAreaRestored:
    """A hidden area was opened; what the drive then says it is may show only after a power cycle."""

    TYPE: ClassVar = "hidden-area-restored"
    VERSION: ClassVar = 1
    index: int
    kind: HiddenKind
    identity: DriveIdentity


@dataclass(frozen=True, slots=True, kw_only=True)
class Reformatted:
    """The drive formatted itself to sectors of `logical_sector` bytes; `reading` is what it said of that."""

    TYPE: ClassVar = "reformatted"
    VERSION: ClassVar = 1
    index: int
    reading: StatusReading
    identity: DriveIdentity
    logical_sector: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CapabilitiesRead:
    """Identity and capabilities as they are now."""

    TYPE: ClassVar = "capabilities-read"
    VERSION: ClassVar = 1
    index: int
    identity: DriveIdentity
    capabilities: Capabilities


@dataclass(frozen=True, slots=True, kw_only=True)
class StageReadBack:
    """A share of the drive was read at the places that `seed` draws (`bench.sampling`).

    `moved` bytes at `places` were asked for, of which `missed` could not be read. `blank` bytes repeat a few bytes
    only; `survivors` are blocks whose hash is a canary's.
    """

    TYPE: ClassVar = "stage-read-back"
    VERSION: ClassVar = 1
    index: int
    permille: int
    seed: str
    places: int
    moved: int
    missed: int
    blank: int
    survivors: int
    direct_io: bool


StageEvent: TypeAlias = (
    StageStarted
    | SecurityPasswordChosen
    | CommandAccepted
    | CommandRefused
    | ErasureSeen
    | ErasureAdopted
    | StageFinished
    | FailureModeLeft
    | CanariesPlanted
    | CanariesChecked
    | PowerCycleAsked
    | PowerCycleSeen
    | HiddenAreaRestored
    | Reformatted
    | CapabilitiesRead
    | StageReadBack
)
