"""Sicknesses of a virtual drive's firmware; see `drivers.sim.faults`, which lists all of them.

They last until disarmed. None touches a drive without a command personality.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

_PROGRESS = 1000


class Says(StrEnum):
    """What a wrong status says of the latest erasure."""

    DONE = "done"
    NEVER = "never"
    FAILED = "failed"
    NONSENSE = "nonsense"
    """Something that no standard defines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LyingErase:
    """Every erasure takes its time and reports success; all data from byte `stays_from` of the medium on stays."""

    stays_from: int = 0

    def __post_init__(self) -> None:
        if self.stays_from < 0:
            raise ValueError(f"stays_from must not be negative, not {self.stays_from}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SwallowedCommand:
    """Commands that start an erasure are answered as accepted, and nothing begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleSuccess:
    """As `SwallowedCommand`, and the status tells of a success from long ago."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongStatus:
    """Asked for a sanitize's status, the drive says this whatever the truth is."""

    says: Says = Says.DONE


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleReads:
    """After an erasure, what was written or read before it is still served from a cache, until the next power-on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityChange:
    """After its next erasures the drive says it holds `size` bytes."""

    size: int

    def __post_init__(self) -> None:
        if self.size < 0:
            raise ValueError(f"size must not be negative, not {self.size}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandHang:
    """A command of this operation code (SCSI's, the ATA command inside, or NVMe's) is never answered."""

    opcode: int

    def __post_init__(self) -> None:
        if not 0 <= self.opcode < 256:
            raise ValueError(f"opcode must be a byte, not {self.opcode}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedCount:
    """A bridge that answers in fixed format and does not even say that COUNT(15:8) was not zero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUpSerial:
    """A bridge that calls the drive so in its own INQUIRY pages; IDENTIFY inside still tells the truth."""

    serial: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SanitizeFailure:
    """Every sanitize fails when it reaches `progress`, in thousandths.

    `opens` is of a drive that leaves its failure mode when told to, though the sanitize did not allow that.
    """

    progress: int
    opens: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.progress <= _PROGRESS:
            raise ValueError(f"progress must be from 0 to {_PROGRESS}, not {self.progress}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenForever:
    """ATA security and sanitize are frozen, at once and after every power-on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedRefusesErase:
    """While TCG locking is locked, formats and sanitizes are refused, as some drives do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasePowerCut:
    """The power fails when an erasure is at `progress`, in thousandths, and somebody asks or waits. Once."""

    progress: int

    def __post_init__(self) -> None:
        if not 0 <= self.progress < _PROGRESS:
            raise ValueError(f"progress must be from 0 to {_PROGRESS - 1}, not {self.progress}")


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenCache:
    """MODE SENSE tells no caching page: a host takes the drive for one that has no write cache, as Linux does."""


CommandSickness: TypeAlias = (
    LyingErase
    | SwallowedCommand
    | StaleSuccess
    | WrongStatus
    | StaleReads
    | CapacityChange
    | CommandHang
    | DroppedCount
    | MadeUpSerial
    | SanitizeFailure
    | FrozenForever
    | LockedRefusesErase
    | ErasePowerCut
    | HiddenCache
)

KINDS: dict[str, type[CommandSickness]] = {
    "lying-erase": LyingErase,
    "swallowed-command": SwallowedCommand,
    "stale-success": StaleSuccess,
    "wrong-status": WrongStatus,
    "stale-reads": StaleReads,
    "capacity-change": CapacityChange,
    "command-hang": CommandHang,
    "dropped-count": DroppedCount,
    "made-up-serial": MadeUpSerial,
    "sanitize-failure": SanitizeFailure,
    "frozen-forever": FrozenForever,
    "locked-refuses-erase": LockedRefusesErase,
    "erase-power-cut": ErasePowerCut,
    "hidden-cache": HiddenCache,
}
