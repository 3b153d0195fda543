"""What the state machines of all techniques share: their steps, their clock, and how replies of drives become readings.

A technique is a generator of steps. Whoever runs it keeps each step durably before asking for the next one: `Given`
comes right before the command that begins an erasure, so a log without it shows that none was given.
"""

from __future__ import annotations

import errno
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Generic, Protocol, TypeAlias, TypeVar

from bench.firmware_work import CommandReport, NotTaken
from bench.stage_events import StatusReading
from bench.techniques import ErasureState
from drivers.commands.outcome import Done, Doubt, Outcome, Refused, Unclear

T = TypeVar("T")

HOUR = 3600.0
DAY = 24 * HOUR
GONE = frozenset({errno.ENODEV, errno.ENXIO, errno.ECONNREFUSED, errno.ECONNRESET, errno.EPIPE, errno.EBADF})
"""What the kernel, or a virtual drive's socket, says of a drive that is not there any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The command is sent right after this; `before` is what the drive said just before."""

    before: StatusReading


Step: TypeAlias = Given | CommandReport


class LostError(Exception):
    """The drive went away, or stopped answering: what it did, or does, is not known.

    `errno` is the kernel's, 0 where it gave none; ETIMEDOUT is of a drive that is there and hangs.
    """

    def __init__(self, detail: str, code: int = 0) -> None:
        super().__init__(detail)
        self.errno = code


class Clock(Protocol):
    """Seconds that never go back, and waiting."""

    def now(self) -> float:
        """Now."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class SystemTime:
    """The machine's own clock; it goes on while the machine sleeps."""

    def now(self) -> float:
        """See `Clock`."""
        return time.clock_gettime(time.CLOCK_BOOTTIME)

    def sleep(self, seconds: float) -> None:
        """See `Clock`."""
        time.sleep(seconds)


def patience(estimate: float) -> float:
    """How long a command may block, in seconds: three times its estimate, and a day at least.

    A shorter time-out would have the kernel reset the drive in the middle of its erasure.
    """
    return max(3 * estimate, DAY)


def unknown(raw: str = "") -> StatusReading:
    """A reading that tells nothing of an erasure."""
    return StatusReading(state=ErasureState.UNKNOWN, progress=None, mark=None, raw=raw)


def ended_well(raw: str = "") -> StatusReading:
    """The drive ended the command without an error."""
    return StatusReading(state=ErasureState.DONE, progress=None, mark=None, raw=raw)


def ended_badly(outcome: Refused) -> StatusReading:
    """The drive had the command at work and ended it with an error; `raw` is its own words."""
    return StatusReading(state=ErasureState.FAILED, progress=None, mark=None, raw=outcome.code.encode().hex())


def settled(outcome: Outcome[T]) -> Done[T] | Refused | Unclear:
    """The outcome, where the way to the drive held. Raises `LostError` where it broke."""
    if isinstance(outcome, Unclear) and outcome.doubt is Doubt.LOST:
        raise LostError(outcome.detail, outcome.errno)
    return outcome


def is_gone(outcome: Unclear) -> bool:
    """Whether asking again is of no use."""
    return outcome.doubt is Doubt.LOST and outcome.errno in GONE


def not_taken(outcome: Refused | Unclear) -> NotTaken:
    """The drive's own reason, or why there is none."""
    return NotTaken(reason=outcome.message)


class Blocking(Generic[T]):
    """A command that ends when its erasure does, sent in a thread of its own: what is refused, is refused at once."""

    TAKEN_AFTER = 1.0
    """Seconds after which a command that has not come back is at work."""

    def __init__(self, command: Callable[[], Outcome[T]]) -> None:
        self._pool = ThreadPoolExecutor(1)
        self._future: Future[Outcome[T]] = self._pool.submit(command)

    def at_work(self) -> bool:
        """Whether the drive is still at it after a moment in which it could have refused."""
        return not wait([self._future], timeout=self.TAKEN_AFTER).done

    def outcome(self) -> Done[T] | Refused | Unclear:
        """What became of it, however long that takes. Raises `LostError`."""
        try:
            return settled(self._future.result())
        finally:
            self._pool.shutdown()
