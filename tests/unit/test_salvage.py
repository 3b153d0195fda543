"""Halving finds exactly what is bad, whatever the pattern, within a bound on requests."""

from __future__ import annotations

import errno
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.work import Action, Fault, FaultKind, Outcome, Patience, StopCause
from drivers.salvage import GaveUpError, Refused, Salvager, attempt

SECTOR = 512
PATIENCE = Patience(sector=SECTOR, tries=3)


class Surface:
    """A medium whose `bad` sectors raise EIO. A transfer of bad and good sectors fails whole, as drives do."""

    def __init__(self, bad: set[int], *, heals_after: int = 0, number: int = errno.EIO) -> None:
        self.bad = bad
        self.requests = 0
        self.moved: set[int] = set()
        self._heals_after = heals_after
        self._number = number

    def transfer(self, offset: int, data: memoryview) -> int:
        self.requests += 1
        sectors = range(offset // SECTOR, (offset + len(data)) // SECTOR)
        if self._heals_after and self.requests > self._heals_after:
            self.bad = set()
        if self.bad.intersection(sectors):
            raise OSError(self._number, os.strerror(self._number))
        self.moved.update(sectors)
        return len(data)


def settle(surface: Surface, first: int, count: int, patience: Patience = PATIENCE) -> list[Fault]:
    data = memoryview(bytearray(count * SECTOR))
    refused = attempt(surface.transfer, first * SECTOR, data)
    assert refused is not None
    salvager = Salvager(Action.READ, patience, clock=lambda: 0.0)
    return salvager.settle(surface.transfer, first * SECTOR, data, refused)


def lasting(faults: list[Fault]) -> set[int]:
    return {
        sector
        for fault in faults
        if fault.outcome is Outcome.LASTING
        for sector in range(fault.offset // SECTOR, (fault.offset + fault.length) // SECTOR)
    }


@given(data=st.data(), first=st.integers(0, 5000), count=st.integers(1, 2048))
def test_any_pattern_is_found_exactly_and_cheaply(data: st.DataObject, first: int, count: int) -> None:
    sectors = st.integers(first, first + count - 1)
    bad = data.draw(st.sets(sectors, min_size=1, max_size=40))
    surface = Surface(set(bad))
    faults = settle(surface, first, count)
    assert lasting(faults) == bad
    assert surface.moved == set(range(first, first + count)) - bad, "everything else was transferred"
    levels = count.bit_length() + 1
    assert surface.requests <= 2 + len(bad) * (2 * levels + PATIENCE.tries)


@given(runs=st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)), min_size=1, max_size=8))
def test_neighbours_are_one_range(runs: list[tuple[int, int]]) -> None:
    bad: set[int] = set()
    at = 0
    for gap, length in runs:
        bad.update(range(at + gap, at + gap + length))
        at += gap + length
    faults = settle(Surface(bad), 0, at + 1)
    assert len(faults) == len(runs)
    assert [fault.offset for fault in faults] == sorted(fault.offset for fault in faults)


def test_a_whole_bad_piece_is_one_range() -> None:
    (fault,) = settle(Surface(set(range(2048))), 0, 2048)
    assert (fault.offset, fault.length, fault.tries) == (0, 2048 * SECTOR, 3)


@pytest.mark.parametrize("number", [errno.EIO, errno.ENODATA, errno.EREMOTEIO, errno.ETIMEDOUT])
def test_the_drive_s_errno_is_kept(number: int) -> None:
    (fault,) = settle(Surface({7}, number=number), 0, 64)
    assert (fault.kind, fault.errno) == (FaultKind.IO_ERROR, number)


def test_what_passes_by_itself_is_a_retry() -> None:
    (fault,) = settle(Surface({7}, heals_after=1), 0, 64)
    assert (fault.outcome, fault.offset, fault.length, fault.tries) == (Outcome.RETRIED, 0, 64 * SECTOR, 2)


def test_a_physical_sector_is_tried_whole_before_it_is_split() -> None:
    """A drive with 4096-byte sectors mends a bad one only when all of it is written."""
    asked: list[tuple[int, int]] = []

    def transfer(offset: int, data: memoryview) -> int:
        asked.append((offset // SECTOR, len(data) // SECTOR))
        if offset <= 3 * 4096 < offset + len(data) and len(data) != 4096:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return len(data)

    data = memoryview(bytearray(100 * SECTOR))
    refused = attempt(transfer, 0, data)
    assert refused is not None
    (fault,) = Salvager(Action.WRITE, PATIENCE, clock=lambda: 0.0).settle(transfer, 0, data, refused)
    assert fault.outcome is Outcome.RETRIED
    assert (24, 8) in asked


def test_nothing_transferred_without_an_error_is_a_short_fault() -> None:
    refused = Refused(done=0, errno=0)
    data = memoryview(bytearray(SECTOR))
    (fault,) = Salvager(Action.WRITE, PATIENCE, lambda: 0.0).settle(lambda _, __: 0, 0, data, refused)
    assert (fault.kind, fault.outcome) == (FaultKind.SHORT, Outcome.LASTING)


@pytest.mark.parametrize(
    ("patience", "cause"),
    [
        (Patience(sector=SECTOR, ranges=3), StopCause.TOO_MANY_RANGES),
        (Patience(sector=SECTOR, sectors=3), StopCause.TOO_MANY_SECTORS),
    ],
)
def test_patience_ends(patience: Patience, cause: StopCause) -> None:
    with pytest.raises(GaveUpError) as gave_up:
        settle(Surface({1, 5, 9, 13}), 0, 64, patience)
    assert gave_up.value.cause is cause


def test_patience_with_time_ends_and_is_shared_by_all_pieces() -> None:
    now = iter(range(1000))
    salvager = Salvager(Action.READ, Patience(sector=SECTOR, seconds=30), clock=lambda: float(next(now)))
    surface = Surface({3})
    data = memoryview(bytearray(64 * SECTOR))

    def go_on_for_ever() -> None:
        while True:
            refused = attempt(surface.transfer, 0, data)
            assert refused is not None
            salvager.settle(surface.transfer, 0, data, refused)

    with pytest.raises(GaveUpError) as gave_up:
        go_on_for_ever()
    assert gave_up.value.cause is StopCause.TOO_LONG
