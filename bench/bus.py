"""Drives that share a bus: how long one still takes depends on when the others are done.

A simple model. The bus moves so many bytes per second in all; drives that want more than there is get equal parts, and
one that wants less leaves the rest to the others. While the drives together stay below nine tenths of the bus, none
holds up another, and each takes as long as its own forecast says. Otherwise the evening is played through: whenever
a drive is done, the others share what it leaves, each up to what it can do alone. That is the fastest it was seen on
a bus with room, or `ALONE` if it never was; a drive that does not even use four fifths of its equal part is not
held up by the bus, and goes on as it does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ALONE = 150_000_000
"""Bytes/s that a drive is taken to reach alone if it was only ever seen on a full bus."""
FULL = 0.9
"""Share of the bus from which on it counts as full."""
UNUSED = 0.8
"""A drive below this share of its equal part of a full bus is held up by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What a drive still has to do, `bytes` in all and `seconds` at its present pace; its present `rate` in bytes/s."""

    seconds: float
    bytes: int
    rate: float


class Bus:
    """A bus of `bandwidth` bytes/s (0: unknown, drives do not hold each other up) and the drives at work on it."""

    def __init__(self, bandwidth: int) -> None:
        self._bandwidth = bandwidth
        self._demands: dict[str, Demand] = {}
        self._alone: dict[str, float] = {}

    def tell(self, job: str, demand: Demand) -> float:
        """Say what this job's drive has still to do; the seconds until it is done."""
        self._demands[job] = demand
        if not self._bandwidth:
            return demand.seconds
        if sum(item.rate for item in self._demands.values()) < FULL * self._bandwidth:
            self._alone[job] = max(self._alone.get(job, 0.0), demand.rate)
            return demand.seconds
        wanted = {name: self._wanted(name, item) for name, item in self._demands.items()}
        return finishing_time(job, {name: item.bytes for name, item in self._demands.items()}, wanted, self._bandwidth)

    def leave(self, job: str) -> None:
        """This job's drive is no longer at work."""
        self._demands.pop(job, None)
        self._alone.pop(job, None)

    def _wanted(self, job: str, demand: Demand) -> float:
        """Bytes/s that the drive would move if the bus were its own, on average over what is left."""
        if demand.rate < UNUSED * self._bandwidth / len(self._demands):
            return demand.bytes / demand.seconds if demand.seconds > 0 else ALONE
        return max(self._alone.get(job, ALONE), demand.rate)


def finishing_time(job: str, left: Mapping[str, int], wanted: Mapping[str, float], bandwidth: float) -> float:
    """Seconds until `job` is done: bytes `left` and bytes/s `wanted` by job, all sharing the bus from now on."""
    rest: dict[str, float] = dict(left)
    now = 0.0
    while rest[job] > 0:
        rates = shares({name: wanted[name] for name, count in rest.items() if count > 0}, bandwidth)
        step = min(rest[name] / rate for name, rate in rates.items())
        now += step
        for name, rate in rates.items():
            # The one whose end was awaited is done, whatever rounding says.
            rest[name] = 0.0 if rest[name] / rate <= step else rest[name] - rate * step
    return now


def shares(wanted: Mapping[str, float], bandwidth: float) -> dict[str, float]:
    """Bytes/s that each gets: equal parts of the bus, but to none more than it wants."""
    rates: dict[str, float] = {}
    for number, name in enumerate(sorted(wanted, key=lambda one: wanted[one])):
        rates[name] = min(wanted[name], (bandwidth - sum(rates.values())) / (len(wanted) - number))
    return rates
