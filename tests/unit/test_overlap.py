"""When a second thread helps, and the same chunks in the same order whoever prepares them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from itertools import chain, repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.ahead import Ahead
from drivers.overlap import CROWDED, ROOMY, WINDOW_SECONDS, WORTH_SHARING, Overlap

NOTHING = memoryview(b"")
UNIT = WINDOW_SECONDS / 10


class Clocks:
    """Two clocks that move as told."""

    def __init__(self) -> None:
        self.time = 0.0
        self.cpu = 0.0

    def spend(self, cpu: float, waiting: float = 0.0) -> memoryview:
        self.cpu += cpu
        self.time += cpu + waiting
        return NOTHING


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def overlap(clocks: Clocks) -> Overlap:
    return Overlap(lambda: clocks.time, lambda: clocks.cpu)


def works(overlap: Overlap, clocks: Clocks, *, crowding: float = 1.0, transfer: float = 0.0) -> bool:
    """Whether sharing helps after two windows of such work, with so much time for transfers beside each unit of it."""
    for _ in range(20):
        overlap.watch(lambda: clocks.spend(UNIT, UNIT * (crowding - 1)))
        clocks.time += transfer * UNIT
    return overlap.helps


def test_sharing_helps_where_processors_are_free(overlap: Overlap, clocks: Clocks) -> None:
    assert overlap.helps, "until something is known"
    assert works(overlap, clocks)
    assert works(overlap, clocks, transfer=5)


def test_sharing_does_not_help_where_others_have_the_processors(overlap: Overlap, clocks: Clocks) -> None:
    assert not works(overlap, clocks, crowding=8)
    assert works(overlap, clocks), "it is seen when they are free again"


def test_between_the_two_limits_it_stays_as_it_is(overlap: Overlap, clocks: Clocks) -> None:
    between = (CROWDED + ROOMY) / 2
    assert works(overlap, clocks, crowding=between)
    assert not works(overlap, clocks, crowding=CROWDED * 1.1)
    assert not works(overlap, clocks, crowding=between)


def test_hardly_any_work_is_not_shared(overlap: Overlap, clocks: Clocks) -> None:
    assert works(overlap, clocks, transfer=0.5 / WORTH_SHARING)
    assert not works(overlap, clocks, transfer=2 / WORTH_SHARING)


def test_nothing_is_concluded_within_a_window(overlap: Overlap, clocks: Clocks) -> None:
    overlap.watch(lambda: clocks.spend(UNIT, 5 * UNIT))
    assert overlap.helps


def test_work_that_fails_is_counted_and_its_error_passed_on(overlap: Overlap, clocks: Clocks) -> None:
    def fails() -> memoryview:
        clocks.spend(UNIT, 20 * UNIT)
        raise OSError("no")

    with pytest.raises(OSError, match="no"):
        overlap.watch(fails)
    assert not overlap.helps


SPANS = st.integers(0, 12).map(lambda count: [(number * 512, 512) for number in range(count)])
CHOICES = st.lists(st.booleans(), max_size=30)


def helping(choices: list[bool]) -> Callable[[], bool]:
    answers: Iterator[bool] = chain(choices, repeat(choices[-1] if choices else True))
    return answers.__next__


@given(spans=SPANS, choices=CHOICES)
def test_each_chunk_comes_once_and_in_order_whoever_prepares_it(
    spans: list[tuple[int, int]], choices: list[bool]
) -> None:
    def prepare(offset: int, buffer: memoryview) -> tuple[memoryview, None]:
        buffer[0] = offset // 512
        return buffer, None

    with Ahead(spans, prepare, helping(choices)) as chunks:
        told = [(chunk.offset, chunk.data[0], len(chunk.data)) for chunk in chunks]
    assert told == [(offset, offset // 512, length) for offset, length in spans]


@given(spans=SPANS, choices=CHOICES, at=st.integers(0, 12))
def test_an_error_is_raised_behind_what_was_prepared_before_it(
    spans: list[tuple[int, int]], choices: list[bool], at: int
) -> None:
    def prepare(offset: int, buffer: memoryview) -> tuple[memoryview, None]:
        if offset == at * 512:
            raise ValueError("prepared badly")
        return buffer, None

    told = []
    raised = ""
    with Ahead(spans, prepare, helping(choices)) as chunks:
        try:
            for chunk in chunks:
                told.append(chunk.offset)
        except ValueError as error:
            raised = str(error)
    assert told == [offset for offset, _ in spans[:at]]
    assert bool(raised) == (at < len(spans))


@given(choices=CHOICES, taken=st.integers(0, 8))
def test_whoever_stops_in_the_middle_leaves_no_thread_behind(choices: list[bool], taken: int) -> None:
    with Ahead([(n * 512, 512) for n in range(8)], lambda _, buffer: (buffer, None), helping(choices)) as chunks:
        for _, _ in zip(range(taken), chunks, strict=False):
            pass
    assert "prepare" not in {thread.name for thread in threading.enumerate()}


def test_in_turns_the_caller_prepares_itself() -> None:
    threads = []

    def prepare(_: int, buffer: memoryview) -> tuple[memoryview, None]:
        threads.append(threading.current_thread().name)
        return buffer, None

    answers = chain([True, True], repeat(False))
    with Ahead([(n * 512, 512) for n in range(10)], prepare, answers.__next__) as chunks:
        assert len(list(chunks)) == 10
    assert threads[0] == "prepare"
    assert set(threads[4:]) == {"MainThread"}
