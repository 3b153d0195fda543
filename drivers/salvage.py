"""Getting everything out of a transfer that failed, down to the exact bad sectors, within bounds.

The whole piece is tried once more, since a bus reset or a spin-up passes. If that fails too it is halved, and halves
that fail are halved again, on boundaries that are multiples of their size: a physical sector is never split
before it was tried whole, because a drive cures it only then. A single sector is tried a few times. For b bad sectors
among n this takes at most 2 b log2(n) requests beside those tries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from bench.work import Action, Fault, FaultKind, Outcome, Patience, StopCause

Transfer = Callable[[int, memoryview], int]


class GaveUpError(Exception):
    """The drive's faults are beyond what is worth the time; `cause` says which bound was met."""

    def __init__(self, cause: StopCause) -> None:
        super().__init__(cause.value)
        self.cause = cause


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Why a transfer did not go through: an errno, or 0 where nothing was transferred without an error."""

    done: int
    errno: int


def attempt(transfer: Transfer, offset: int, data: memoryview) -> Refused | None:
    """Transfer all of `data`, continuing short transfers; None if it went through, else where and why it did not."""
    done = 0
    while done < len(data):
        try:
            count = transfer(offset + done, data[done:])
        except OSError as error:
            return Refused(done=done, errno=error.errno or 0)
        if count <= 0:
            return Refused(done=done, errno=0)
        done += count
    return None


class Salvager:
    """Settles failed transfers of one task, and keeps account of what is bad against the task's patience."""

    def __init__(self, action: Action, patience: Patience, clock: Callable[[], float]) -> None:
        self._action = action
        self._patience = patience
        self._clock = clock
        self._deadline_left = float(patience.seconds)
        self._ranges = 0
        self._sectors = 0
        self._end_of_last = -1

    def settle(self, transfer: Transfer, offset: int, data: memoryview, refused: Refused) -> list[Fault]:
        """Transfer what can be of `data`, whose first attempt was `refused`; the faults met, in order.

        Lasting faults name exactly what is bad, neighbouring sectors joined. Raises `GaveUpError` beyond the
        patience; what was found until then is counted in no report.
        """
        began = self._clock()
        found: list[Fault] = []
        try:
            again = attempt(transfer, offset, data)
            if again is None:
                found.append(self._fault(offset, len(data), refused, tries=2, outcome=Outcome.RETRIED))
            else:
                for fault in self._halve(transfer, offset, data, again):
                    self._count(fault)
                    _join(found, fault)
                    if self._clock() - began > self._deadline_left:
                        raise GaveUpError(StopCause.TOO_LONG)
        finally:
            self._deadline_left -= self._clock() - began
        return found

    def _halve(self, transfer: Transfer, offset: int, data: memoryview, refused: Refused) -> Iterator[Fault]:
        """The faults of a piece that was refused: of its halves, or of its one sector."""
        sector = self._patience.sector
        if len(data) <= sector:
            yield self._one_sector(transfer, offset, data, refused)
            return
        middle = _middle(offset, len(data), sector)
        passed = True
        for start, piece in ((offset, data[:middle]), (offset + middle, data[middle:])):
            problem = attempt(transfer, start, piece)
            if problem is not None:
                passed = False
                yield from self._halve(transfer, start, piece, problem)
        if passed:
            yield self._fault(offset, len(data), refused, tries=2, outcome=Outcome.RETRIED)

    def _one_sector(self, transfer: Transfer, offset: int, data: memoryview, refused: Refused) -> Fault:
        last = refused
        for number in range(2, self._patience.tries + 1):
            again = attempt(transfer, offset, data)
            if again is None:
                return self._fault(offset, len(data), last, tries=number, outcome=Outcome.RETRIED)
            last = again
        return self._fault(offset, len(data), last, tries=self._patience.tries, outcome=Outcome.LASTING)

    def _fault(self, offset: int, length: int, refused: Refused, *, tries: int, outcome: Outcome) -> Fault:
        kind = FaultKind.IO_ERROR if refused.errno else FaultKind.SHORT
        return Fault(
            action=self._action,
            kind=kind,
            offset=offset,
            length=length,
            errno=refused.errno,
            tries=tries,
            outcome=outcome,
        )

    def _count(self, fault: Fault) -> None:
        if fault.outcome is not Outcome.LASTING:
            return
        self._sectors += fault.length // self._patience.sector
        self._ranges += fault.offset != self._end_of_last
        self._end_of_last = fault.offset + fault.length
        if self._sectors > self._patience.sectors:
            raise GaveUpError(StopCause.TOO_MANY_SECTORS)
        if self._ranges > self._patience.ranges:
            raise GaveUpError(StopCause.TOO_MANY_RANGES)


def _middle(offset: int, length: int, sector: int) -> int:
    """Where to halve a piece: at the multiple of the highest power of two that lies within it.

    So every piece but the outermost is an aligned power of two, and physical sectors are tried whole.
    """
    step = 1 << ((length - 1).bit_length() - 1)
    while step > sector:
        boundary = -(-(offset + 1) // step) * step
        if boundary < offset + length:
            return boundary - offset
        step >>= 1
    return -(-(length // sector) // 2) * sector


def _join(found: list[Fault], fault: Fault) -> None:
    """Append a fault, or lengthen the last one where the two are alike and touch."""
    if found:
        last = found[-1]
        alike = replace(last, offset=fault.offset, length=fault.length) == fault
        if alike and last.offset + last.length == fault.offset:
            found[-1] = replace(last, length=last.length + fault.length)
            return
    found.append(fault)
