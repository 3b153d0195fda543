"""When a drive is not worth more time: too slow by its own latency, failing ever more often, or never done.

Pure but for what it is told: the worker's reports and the time. All limits are about one drive; how many drives share
the bus only makes them wider, since a drive that waits for the others' transfers is not slow itself.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from statistics import median

from bench.messages import Message, say
from bench.work import Fault, Progress

_MIB = 1 << 20
_GIB = 1 << 30
_LOOKS = 60
"""Into how many parts a period is divided: a judgement rests on the median of these."""
_FEWEST_LOOKS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is too much. Seconds, bytes and bytes/s.

    A drive is too slow when, over a whole `period`, its median transfer is slower than `slowest` and than its share of
    the bus divided by `share_factor`. Its errors grow too fast with more than `faults` of them in one period, or
    with more than one per `bytes_per_fault` over at least `faulty_bytes`. It would take too long when over a whole
    period its remaining time is above `remaining`, or above what the whole plan takes at `worthwhile` where that is
    more: a large plan takes long on a good drive too.
    """

    period: float = 600.0
    slowest: int = 1_000_000
    share_factor: int = 8
    faults: int = 2000
    bytes_per_fault: int = _MIB
    faulty_bytes: int = _GIB
    remaining: float = 7 * 86_400.0
    worthwhile: int = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """The bus as it is now: what it can move in all in bytes/s (0: not known), and how many drives are at work."""

    bandwidth: int
    drives: int

    @property
    def share(self) -> float:
        """This drive's fair part in bytes/s, 0 if not known."""
        return self.bandwidth / max(1, self.drives)


@dataclass(frozen=True, slots=True)
class _Look:
    """What happened between two looks: seconds of the clock, bytes moved, microseconds spent in transfers, faults."""

    until: float
    moved: int
    busy_us: int
    faults: int


class HopelessError(Exception):
    """The drive is not worth more time; `reason` says by which measure."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason.id)
        self.reason = reason


class Watch:
    """Watches one drive over all tasks of its job. Times are monotonic seconds."""

    def __init__(self, limits: Limits, bytes_to_move: int) -> None:
        self._limits = limits
        self._bytes_to_move = bytes_to_move
        self._looks: deque[_Look] = deque()
        self._since: float | None = None
        self._late_since: float | None = None
        self._pass_number = 1
        self._last_moved = self._last_busy = 0
        self._moved = self._busy = self._faults = 0

    def begin(self, pass_number: int) -> None:
        """A task of this pass (from 1) begins: its reports count from zero."""
        self._pass_number = pass_number
        self._last_moved = self._last_busy = 0

    def fault(self, _: Fault) -> None:
        """A fault was met, whatever became of it. Raises `HopelessError`."""
        self._faults += 1
        reason = self._too_many_faults()
        if reason is not None:
            raise HopelessError(reason)

    def progress(self, now: float, report: Progress, eta: float | None, sharing: Sharing) -> None:
        """The drive has come so far, with `eta` seconds left (None: nobody can tell). Raises `HopelessError`."""
        self._take(now, report)
        reason = self._too_slow(now, sharing) or self._too_long(now, eta, sharing)
        if reason is not None:
            raise HopelessError(reason)

    def _take(self, now: float, report: Progress) -> None:
        self._since = now if self._since is None else self._since
        self._moved += report.moved - self._last_moved
        self._busy += report.busy_us - self._last_busy
        self._last_moved, self._last_busy = report.moved, report.busy_us
        began = self._looks[-1].until if self._looks else self._since
        if now - began >= self._limits.period / _LOOKS:
            self._looks.append(_Look(until=now, moved=self._moved, busy_us=self._busy, faults=self._faults))
            self._moved = self._busy = self._faults = 0
        while self._looks and self._looks[0].until < now - self._limits.period:
            self._looks.popleft()

    def _too_many_faults(self) -> Message | None:
        limits = self._limits
        faults = self._faults + sum(look.faults for look in self._looks)
        moved = self._moved + sum(look.moved for look in self._looks)
        dense = moved >= limits.faulty_bytes and faults > moved // limits.bytes_per_fault
        if faults <= limits.faults and not dense:
            return None
        every = limits.bytes_per_fault
        return self._say("reason-errors-growing", count=faults, moved=moved, limit=limits.faults, every=every)

    def _too_slow(self, now: float, sharing: Sharing) -> Message | None:
        limits = self._limits
        if self._since is None or now - self._since < limits.period:
            return None
        times = [look.busy_us / look.moved for look in self._looks if look.moved > 0 and look.busy_us > 0]
        if len(times) < _FEWEST_LOOKS:
            return None
        speed = 1_000_000 / median(times)
        slowest = limits.slowest
        if sharing.share:
            slowest = min(slowest, round(sharing.share / limits.share_factor))
        if speed >= slowest:
            return None
        return self._say("reason-too-slow", speed=round(speed), limit=slowest)

    def _too_long(self, now: float, eta: float | None, sharing: Sharing) -> Message | None:
        limits = self._limits
        worthwhile = min(limits.worthwhile, sharing.share or limits.worthwhile)
        longest = max(limits.remaining, self._bytes_to_move / worthwhile)
        if eta is None or eta <= longest:
            self._late_since = None
            return None
        self._late_since = now if self._late_since is None else self._late_since
        if now - self._late_since < limits.period:
            return None
        return self._say("reason-eta-too-long", left=_ms(eta), limit=_ms(longest))

    def _say(self, message_id: str, **measured: int) -> Message:
        return say(message_id, period=_ms(self._limits.period), **{"pass": self._pass_number}, **measured)


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
