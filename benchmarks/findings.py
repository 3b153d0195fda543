"""What was measured, and what it comes to: each line a ratio to a named peer, beside the target it had to reach."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

GIB = 1 << 30


class Relation(StrEnum):
    """Which side of its limit a number must be on."""

    AT_MOST = "≤"
    AT_LEAST = "≥"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A limit for the ratio, or for our own value where `absolute`."""

    relation: Relation
    limit: float
    absolute: bool = False

    def reached(self, number: float) -> bool:
        """Whether a number keeps the limit."""
        return number <= self.limit if self.relation is Relation.AT_MOST else number >= self.limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One measurement; `disturbed` if others used the machine meanwhile."""

    value: float
    disturbed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One comparison: our value and the peer's, both in `unit`. `disturbed` samples reach no target and miss none."""

    what: str
    unit: str
    ours: Sample
    peer: str
    theirs: Sample
    target: Target | None = None

    @property
    def ratio(self) -> float:
        """Our value as a multiple of the peer's."""
        return self.ours.value / self.theirs.value

    @property
    def disturbed(self) -> bool:
        """Whether what the target is about was measured on a machine that others used."""
        only_ours = self.target is not None and self.target.absolute
        return self.ours.disturbed or (self.theirs.disturbed and not only_ours)

    @property
    def reached(self) -> bool | None:
        """Whether the target was reached; None where there is none, or nothing that could be held against it."""
        if self.target is None or self.disturbed:
            return None
        return self.target.reached(self.ours.value if self.target.absolute else self.ratio)


@dataclass(frozen=True, slots=True)
class Findings:
    """Samples by name, in the order in which they were taken."""

    samples: dict[str, list[Sample]] = field(default_factory=dict)

    def add(self, name: str, value: float, *, disturbed: bool) -> None:
        """Note one sample."""
        self.samples.setdefault(name, []).append(Sample(value=value, disturbed=disturbed))

    def least(self, name: str) -> Sample:
        """The smallest of a name's samples, which is the best one of times: whatever disturbs can only add to them.

        Of the undisturbed ones where there are any. `KeyError` if it was never measured.
        """
        return self._chosen(name, min)

    def most(self, name: str) -> Sample:
        """As `least`, the largest: the best one of rates, the worst one of sizes."""
        return self._chosen(name, max)

    def median(self, name: str) -> Sample:
        """As `least`, the middle one: of waiting times, which people meet as they come."""
        return self._chosen(name, statistics.median)

    def cheapest(self, prefix: str) -> tuple[str, Sample]:
        """Among all names that begin so, the one whose least sample is smallest: its rest, and that sample."""
        least = {name.removeprefix(prefix): self.least(name) for name in self.samples if name.startswith(prefix)}
        return min(least.items(), key=lambda item: item[1].value)

    def _chosen(self, name: str, choose: Callable[[list[float]], float]) -> Sample:
        samples = self.samples[name]
        clean = [sample.value for sample in samples if not sample.disturbed]
        return Sample(value=choose(clean or [sample.value for sample in samples]), disturbed=not clean)


def per_gib(seconds: float, size: int) -> float:
    """Seconds for each GiB."""
    return seconds * GIB / size


def as_json(line: Line) -> Mapping[str, object]:
    """A line for scripts."""
    target = None
    if line.target is not None:
        of = "value" if line.target.absolute else "ratio"
        target = {"of": of, "relation": line.target.relation.value, "limit": line.target.limit}
    return {
        "what": line.what,
        "unit": line.unit,
        "ours": line.ours.value,
        "peer": line.peer,
        "theirs": line.theirs.value,
        "ratio": line.ratio,
        "target": target,
        "disturbed": line.disturbed,
        "reached": line.reached,
    }
