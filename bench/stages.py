"""The stages of a firmware erasure, as planned: what is done to one drive, in which order, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from bench.capabilities import Capabilities, HiddenKind
from bench.levels import Level
from bench.messages import Message
from bench.techniques import Technique


class StageKind(StrEnum):
    """What a stage does."""

    WAIT = "wait"
    """A sanitize that somebody else began is waited out: it cannot be stopped, and proves nothing."""
    POWER_CYCLE = "power-cycle"
    UNLOCK = "unlock"
    """Opal locking is reverted by PSID, or our own security password taken off. Credited with nothing."""
    RESTORE = "restore"
    """A hidden area is opened."""
    PLANT = "plant"
    """Canaries are written, flushed and read back."""
    ERASE = "erase"
    """The drive erases itself."""
    REFORMAT = "reformat"
    """FORMAT UNIT to sectors that the bench can read. Credited with nothing."""
    CHECK = "check"
    """The canaries' places are read again."""
    COMPARE = "compare"
    """Identity and capabilities are read again: capacity, locks and hidden areas must be as before, or better."""
    READ_BACK = "read-back"
    """A share of the drive is read."""

    @property
    def commands_the_drive(self) -> bool:
        """Whether the drive's firmware is told to change something."""
        return self in {StageKind.UNLOCK, StageKind.RESTORE, StageKind.ERASE, StageKind.REFORMAT}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStage:
    """One stage and its reason.

    `technique` belongs to ERASE (and to UNLOCK: the PSID revert, None for our own password); `hidden` and `size` (bytes
    the drive should have then, 0 where it does not say) to RESTORE; `count` to PLANT; `permille` to READ_BACK.
    """

    kind: StageKind
    reason: Message
    technique: Technique | None = None
    hidden: HiddenKind | None = None
    size: int = 0
    count: int = 0
    permille: int = 0

    def __post_init__(self) -> None:
        named = {
            StageKind.ERASE: self.technique is not None and self.technique.is_firmware,
            StageKind.RESTORE: self.hidden is not None,
            StageKind.PLANT: self.count > 0,
            StageKind.READ_BACK: 0 < self.permille <= 1000,
        }
        if not named.get(self.kind, True):
            raise ValueError(f"a stage {self.kind.value!r} does not say with what")


class Choice(StrEnum):
    """What became of a technique that was considered."""

    CHOSEN = "chosen"
    PASSED_OVER = "passed-over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A technique that was considered, what became of it, and why."""

    technique: Technique
    choice: Choice
    reason: Message


class Overwriting(StrEnum):
    """Whether the host overwrites too."""

    NONE = "none"
    ALONE = "alone"
    """The passes are the erasure."""
    ON_TOP = "on-top"
    """The passes follow an erasure by the drive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StagePlan:
    """What is done to one drive besides the host's passes, which come last.

    `level` is what must be reached for the job to be proven; where it is less than `level_asked`, `consent` says who
    agreed. `capabilities` are those the plan was made from. `basis` is the policy's statement on crypto erase for
    this model. `remarks` must be known and do not keep the drive from being erased.
    """

    policy: str
    level_asked: Level
    level: Level
    capabilities: Capabilities
    stages: tuple[PlannedStage, ...]
    decisions: tuple[Decision, ...]
    overwriting: Overwriting
    basis: str = ""
    remarks: tuple[Message, ...] = ()
    consent: tuple[Message, ...] = ()

    def __post_init__(self) -> None:
        if not self.erasures and self.overwriting is not Overwriting.ALONE:
            raise ValueError("a plan erases by the drive, or by the host alone")
        if not self.level.reaches(self.level_asked) and not self.consent:
            raise ValueError("less than asked is planned, and nobody consented")

    @property
    def erasures(self) -> tuple[Technique, ...]:
        """The techniques by which the drive erases itself, in order."""
        return tuple(
            stage.technique for stage in self.stages if stage.kind is StageKind.ERASE and stage.technique is not None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsConsent:
    """Only less than asked can be reached, and the policy has the operator decide. `question` is recorded as it stands.

    `lesser` is the plan as it were had only its own level been asked; it stands for the true one from `given` on.
    """

    level_asked: Level
    lesser: StagePlan
    question: Message

    def given(self, statement: Message) -> StagePlan:
        """The plan, once the operator agreed; `statement` says who and when, and is recorded behind the question."""
        return replace(self.lesser, level_asked=self.level_asked, consent=(self.question, statement))
