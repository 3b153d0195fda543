"""Whether a second thread would help: it does where a processor is free for it, and where there is something to share.

Generating and comparing are work that never waits: where it takes longer than the processor time it needs, others have
the processors. A second thread then wins no time, and what one of the two has made is out of the processor's cache
before it is the other one's turn (docs/performance.md).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

WINDOW_SECONDS = 0.05
"""How long it is watched before something is concluded: some turns of the kernel's scheduler."""
CROWDED = 1.5
"""Time by processor time from which on processors count as taken by others…"""
ROOMY = 1.2
"""… and below which they count as free again."""
WORTH_SHARING = 0.01
"""The part of a thread's time below which the work is too little to be shared."""

Clock: TypeAlias = Callable[[], float]


class Overlap:
    """Watches the work that could be done beside the transfers. Starts with the guess that sharing helps.

    `clock` gives seconds, `cpu` the seconds of processor time of the thread that asks.
    """

    def __init__(self, clock: Clock, cpu: Clock) -> None:
        self._clock = clock
        self._cpu = cpu
        self._began = clock()
        self._took = 0.0
        self._needed = 0.0
        self.helps = True

    def watch(self, work: Callable[[], memoryview]) -> memoryview:
        """Do some work, and count it. From one thread at a time."""
        began, had = self._clock(), self._cpu()
        try:
            return work()
        finally:
            self._needed += self._cpu() - had
            now = self._clock()
            self._took += now - began
            if now - self._began >= WINDOW_SECONDS:
                self._conclude(now)

    def _conclude(self, now: float) -> None:
        worth = self._needed >= WORTH_SHARING * (now - self._began)
        limit = CROWDED if self.helps else ROOMY
        self.helps = worth and self._took < limit * self._needed
        self._began = now
        self._took = self._needed = 0.0
