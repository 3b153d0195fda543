"""How much all docks together can move: drives are read one by one, then all at once. Nothing is written."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from bench.bus import FULL
from bench.drive import DriveFacts

_DIGITS = 2
"""As many of a measured bandwidth as are worth writing down."""


class SpeedReader(Protocol):
    """Reads drives from their beginning on, each further at every call."""

    def read(self, addresses: Sequence[str], seconds: float) -> Mapping[str, float]:
        """Read these all at once for so many seconds; bytes/s of each, 0 of one that does not answer."""
        ...


Reading: TypeAlias = Callable[[Sequence[DriveFacts]], AbstractContextManager[SpeedReader]]
"""Opens drives to be read while a `with` lasts, holding nobody off. Raises `OSError`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BusSpeed:
    """Bytes/s of each drive by its address, read `alone` and `together` with all others. Neither is empty."""

    alone: Mapping[str, float]
    together: Mapping[str, float]

    @property
    def wanted(self) -> float:
        """Bytes/s of all, if none held up another."""
        return sum(self.alone.values())

    @property
    def reached(self) -> float:
        """Bytes/s of all together."""
        return sum(self.together.values())

    @property
    def bandwidth(self) -> int:
        """The setting `bus_bandwidth` for these docks: bytes/s, or 0 where these drives do not fill the bus."""
        if self.reached <= 0 or self.reached >= FULL * self.wanted:
            return 0
        digits = math.floor(math.log10(self.reached)) + 1
        return int(round(self.reached, min(0, _DIGITS - digits)))


def measure(
    reader: SpeedReader, addresses: Sequence[str], seconds: float, tell: Callable[[int, str], None]
) -> BusSpeed:
    """Read each drive for so many seconds, then all at once. `tell` gets each step's number from 1 and its address.

    The last step, in which all are read, has none.
    """
    alone: dict[str, float] = {}
    for number, address in enumerate(addresses, start=1):
        tell(number, address)
        alone |= reader.read([address], seconds)
    tell(len(addresses) + 1, "")
    # A drive that did not answer alone would only be waited for again.
    answering = [address for address in addresses if alone[address] > 0]
    together = reader.read(answering, seconds) if answering else {}
    return BusSpeed(alone=alone, together={address: together.get(address, 0.0) for address in addresses})
