"""What was measured, and what it comes to: each line a ratio to a named peer, beside the target it had to reach."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
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
class Line:
    """One comparison: our value and the peer's, both in `unit`."""

    what: str
    unit: str
    ours: float
    peer: str
    theirs: float
    target: Target | None = None

    @property
    def ratio(self) -> float:
        """Our value as a multiple of the peer's."""
        return self.ours / self.theirs

    @property
    def reached(self) -> bool | None:
        """Whether the target was reached; None where there is none."""
        if self.target is None:
            return None
        return self.target.reached(self.ours if self.target.absolute else self.ratio)


@dataclass(frozen=True, slots=True)
class Findings:
    """Samples by name, in the order in which they were taken."""

    samples: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str, value: float) -> None:
        """Note one sample."""
        self.samples.setdefault(name, []).append(value)

    def median(self, name: str) -> float:
        """The middle one of a name's samples; `KeyError` if it was never measured."""
        return statistics.median(self.samples[name])

    def least(self, prefix: str) -> tuple[str, float]:
        """Among all names that begin so, the one with the smallest median: its rest, and that median."""
        medians = {name.removeprefix(prefix): self.median(name) for name in self.samples if name.startswith(prefix)}
        return min(medians.items(), key=lambda item: item[1])


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
        "ours": line.ours,
        "peer": line.peer,
        "theirs": line.theirs,
        "ratio": line.ratio,
        "target": target,
        "reached": line.reached,
    }
