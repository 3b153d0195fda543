"""What a command worker is told to do with a drive's firmware, and what it reports of that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from bench.messages import Message
from bench.stage_events import PowerWitness, StatusReading
from bench.stages import PlannedStage


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One planned stage (UNLOCK, RESTORE, ERASE or REFORMAT) to be done now.

    `secret` is the security password or the PSID where the stage needs one, else empty; it is in the log, or on the
    drive's label, before the drive gets it. `mark` is as in `StageStarted`. `key` names this order and no other, ever
    (job, stage and how often it was started, of letters, digits and hyphens): by it a command that was given is found
    again, and an older one is never taken for it.
    """

    stage: PlannedStage
    key: str
    secret: str = ""
    mark: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The drive took the command. `seconds` is its own estimate, 0 where it gives none."""

    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The drive's status, reported at each reading; only changes are stored."""

    reading: StatusReading


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The command is over, as the drive itself reports it: not necessarily a success."""

    reading: StatusReading


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTaken:
    """The drive refused the command, or whether it took it could not be learnt."""

    reason: Message


CommandReport: TypeAlias = Accepted | Seen | Ended | NotTaken


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerSeen:
    """The drive was without power; counts are its own power cycles, None where it does not count."""

    witness: PowerWitness
    before: int | None
    after: int | None
