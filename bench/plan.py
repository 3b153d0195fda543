"""What is asked for one drive, and the plan that answers it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bench import sampling
from bench.drive import DriveFacts
from bench.levels import Level
from bench.messages import Message
from bench.methods import Pass
from bench.parties import NOBODY, Handover
from bench.policy import Policy
from bench.stages import NeedsConsent, Overwriting, PlannedStage, StagePlan

__all__ = ["DrivePlan", "EraseRequest", "Level", "PlanSet", "Question", "Refusal", "Verify", "VerifyKind"]


class VerifyKind(StrEnum):
    """How much of the final pass is read back."""

    FULL = "full"
    SAMPLE = "sample"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verify:
    """Verification of the final pass; `permille` is the share of the drive read when sampling (50 = 5 %)."""

    kind: VerifyKind = VerifyKind.FULL
    permille: int = 1000

    def __post_init__(self) -> None:
        shares = {VerifyKind.FULL: range(1000, 1001), VerifyKind.SAMPLE: range(1, 1001), VerifyKind.NONE: range(1)}
        if self.permille not in shares[self.kind]:
            raise ValueError(f"{self.permille} thousandths is no share for verification {self.kind.value!r}")

    @classmethod
    def parse(cls, text: str) -> Verify:
        """Read `full`, `none` or `sample:P%` (P from 0.1 to 100, at most one decimal); `ValueError` otherwise."""
        if text in {VerifyKind.FULL, VerifyKind.NONE}:
            return cls(kind=VerifyKind(text), permille=1000 if text == VerifyKind.FULL else 0)
        name, _, share = text.partition(":")
        if name != VerifyKind.SAMPLE or not share:
            raise ValueError(f"full, none or sample:P%, not {text!r}")
        whole, _, tenths = share.removesuffix("%").replace(",", ".").partition(".")
        if not whole.isascii() or not whole.isdigit() or (tenths and (len(tenths) != 1 or tenths not in "0123456789")):
            raise ValueError(f"a share from 0.1% to 100%, not {share!r}")
        permille = int(whole) * 10 + int(tenths or 0)
        if not 1 <= permille <= 1000:
            raise ValueError(f"a share from 0.1% to 100%, not {share!r}")
        return cls(kind=VerifyKind.SAMPLE, permille=permille)

    def __str__(self) -> str:
        if self.kind is not VerifyKind.SAMPLE:
            return self.kind.value
        whole, tenth = divmod(self.permille, 10)
        return f"sample:{whole}.{tenth}%" if tenth else f"sample:{whole}%"


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseRequest:
    """What an operator asks: these addresses, this method (by key), verified so, this many rounds.

    With a `level` or a `policy` the drives are asked what they can do themselves: the policy's own level counts where
    none is asked for, and the level's shipped policy where none is named. Without both, the host overwrites. `psids`
    are what was scanned from labels, by serial number.
    """

    addresses: tuple[str, ...]
    method: str
    verify: Verify = Verify()
    rounds: int = 1
    blank: bool = False
    operator: str = ""
    level: Level | None = None
    policy: Policy | None = None
    psids: Mapping[str, str] = field(default_factory=dict)
    handover: Handover = NOBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class DrivePlan:
    """What will be done to one drive, resolved to the last pattern.

    Streams have no key yet: it is drawn and journalled when their pass starts. `method_title` is the name that
    the method's source gives it; `handover` tells whose drive it is. `stage_plan` is what the drive does itself, before
    the passes or in their place. `ValueError` for a plan that would erase nothing: nothing could prove it wrong.
    """

    facts: DriveFacts
    method: str
    method_title: str
    method_source: str
    site_method: bool
    passes: tuple[Pass, ...]
    verify: Verify
    rounds: int
    operator: str
    level_asked: Level
    warnings: tuple[Message, ...] = ()
    stage_plan: StagePlan | None = None
    handover: Handover = NOBODY

    def __post_init__(self) -> None:
        if not self.passes and not (self.stage_plan is not None and self.stage_plan.overwriting is Overwriting.NONE):
            raise ValueError("a plan has at least one pass, or an erasure by the drive itself")
        if self.facts.identity.size <= 0:
            raise ValueError("a plan is for at least one byte")

    @property
    def stages(self) -> tuple[PlannedStage, ...]:
        """What is done before the passes."""
        return self.stage_plan.stages if self.stage_plan is not None else ()

    def verifies(self, index: int) -> Verify:
        """How pass `index` is verified: the final one as asked, others in full where the method says so."""
        if index == len(self.passes) - 1:
            return self.verify
        kind = VerifyKind.FULL if self.passes[index].verify else VerifyKind.NONE
        return Verify(kind=kind, permille=1000 if self.passes[index].verify else 0)

    @property
    def bytes_to_move(self) -> int:
        """Bytes written plus bytes read back, over all passes."""
        return sum(self.facts.identity.size + self._bytes_to_read(index) for index in range(len(self.passes)))

    def _bytes_to_read(self, index: int) -> int:
        verify, size = self.verifies(index), self.facts.identity.size
        match verify.kind:
            case VerifyKind.FULL:
                return size
            case VerifyKind.NONE:
                return 0
            case VerifyKind.SAMPLE:
                return sampling.total(size, verify.permille, self.facts.logical_sector)[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why one drive may not be erased: every reason found, not only the first."""

    facts: DriveFacts
    reasons: tuple[Message, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Only less than asked can be reached for the drive at this address: its operator has to agree first."""

    address: str
    needs: NeedsConsent


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSet:
    """The answer for a whole set. A single refusal keeps the whole set from starting, and so does an open question.

    A drive with a question is among the `plans`, as if only the lesser level had been asked.
    """

    plans: tuple[DrivePlan, ...]
    refusals: tuple[Refusal, ...]
    questions: tuple[Question, ...] = ()

    def agreed(self, statement: Message) -> PlanSet:
        """The set once its operator agreed to every question; `statement` says who and when."""
        given = {asked.address: asked.needs.given(statement) for asked in self.questions}
        plans = tuple(
            replace(item, stage_plan=given[item.facts.address], level_asked=given[item.facts.address].level_asked)
            if item.facts.address in given
            else item
            for item in self.plans
        )
        return PlanSet(plans=plans, refusals=self.refusals)
