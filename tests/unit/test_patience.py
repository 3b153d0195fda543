"""When a drive is given up, reckoned over hours that pass in no time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.messages import Message
from bench.patience import HopelessError, Limits, Sharing, Watch
from bench.work import Action, Fault, FaultKind, Outcome, Progress

MIB = 1 << 20
GIB = 1 << 30
MB = 1_000_000
ALONE = Sharing(bandwidth=0, drives=1)
LIMITS = Limits()
FAULT = Fault(action=Action.READ, kind=FaultKind.IO_ERROR, offset=0, length=512, errno=5, outcome=Outcome.RETRIED)


class Evening:
    """A drive under watch: moves data, makes faults, lets time pass."""

    def __init__(self, limits: Limits = LIMITS, *, plan: int = 2 * 500 * GIB) -> None:
        self.watch = Watch(limits, plan)
        self.now = 1000.0
        self.moved = self.busy_us = 0
        self.begin()

    def begin(self) -> None:
        self.watch.begin(1)
        self.moved = self.busy_us = 0

    def chunk(self, seconds: float, *, wait: float = 0.0, eta: float | None = None, sharing: Sharing = ALONE) -> None:
        """One MiB, of which the drive takes `seconds` and others `wait`."""
        self.now += seconds + wait
        self.moved += MIB
        self.busy_us += round(seconds * 1_000_000)
        self.tell(eta, sharing)

    def tell(self, eta: float | None = None, sharing: Sharing = ALONE) -> None:
        report = Progress(offset=self.moved, moved=self.moved, busy_us=self.busy_us)
        self.watch.progress(self.now, report, eta, sharing)

    def until_given_up(
        self,
        chunks: Iterable[float],
        *,
        wait: float = 0.0,
        eta: float | None = None,
        sharing: Sharing = ALONE,
        faults: int = 0,
    ) -> Message | None:
        """The reason, if these chunks with so many faults each bring one about."""
        try:
            for seconds in chunks:
                self.chunk(seconds, wait=wait, eta=eta, sharing=sharing)
                for _ in range(faults):
                    self.watch.fault(FAULT)
        except HopelessError as hopeless:
            return hopeless.reason
        return None


def chunks(seconds: float, each: float) -> Iterator[float]:
    """As many chunks as fit into the time."""
    return iter([each] * round(seconds / each))


def test_a_slow_drive_is_given_up_after_a_whole_period_and_told_what_was_measured() -> None:
    evening = Evening()
    reason = evening.until_given_up(chunks(3600, each=2.0))
    assert reason is not None
    assert reason.id == "reason-too-slow"
    assert reason.params == {"pass": 1, "period": 600_000, "speed": MIB // 2, "limit": LIMITS.slowest}
    assert 600 <= evening.now - 1000 <= 620


def test_an_hour_just_above_the_limit_is_borne() -> None:
    assert Evening().until_given_up(chunks(3600, each=MIB / (1.05 * MB))) is None


def test_a_slow_stretch_within_a_good_drive_is_borne() -> None:
    evening = Evening()
    for _ in range(5):
        assert evening.until_given_up(chunks(280, each=4.0)) is None
        assert evening.until_given_up(chunks(340, each=0.02)) is None


def test_time_that_the_drive_itself_does_not_take_is_not_held_against_it() -> None:
    assert Evening().until_given_up(chunks(720, each=0.01), wait=3.0) is None


def test_a_full_bus_makes_every_drive_slow_and_none_hopeless() -> None:
    crowd = Sharing(bandwidth=40 * MB, drives=16)  # 2.5 MB/s each: an eighth of that is 0.3 MB/s
    half_a_megabyte = MIB / (0.5 * MB)
    assert Evening().until_given_up(chunks(3600, each=half_a_megabyte), sharing=crowd) is None
    reason = Evening().until_given_up(chunks(3600, each=2 * half_a_megabyte), sharing=crowd)
    assert reason is not None
    assert reason.params["limit"] == 312_500
    few = Sharing(bandwidth=40 * MB, drives=2)
    assert Evening().until_given_up(chunks(3600, each=half_a_megabyte), sharing=few) is not None


def test_a_new_task_counts_from_zero_and_forgets_nothing() -> None:
    evening = Evening()
    assert evening.until_given_up(chunks(500, each=2.0)) is None
    evening.begin()
    assert evening.until_given_up(chunks(200, each=2.0)) is not None
    assert evening.now - 1000 < 620


@given(st.lists(st.floats(0.001, 0.9), min_size=50, max_size=300), st.floats(0, 60), st.integers(1, 60))
def test_no_drive_above_a_megabyte_a_second_is_ever_too_slow(times: list[float], wait: float, drives: int) -> None:
    evening = Evening(Limits(period=20.0))
    assert evening.until_given_up(times, wait=wait, sharing=Sharing(bandwidth=400 * MB, drives=drives)) is None


@given(st.lists(st.floats(1.2, 100.0), min_size=300, max_size=300))
def test_every_drive_that_is_always_below_is_given_up(times: list[float]) -> None:
    assert Evening(Limits(period=60.0)).until_given_up(times) is not None


def test_errors_that_come_too_often_end_it() -> None:
    evening = Evening()
    for _ in range(LIMITS.faults):
        evening.watch.fault(FAULT)
    evening.chunk(0.01)
    with pytest.raises(HopelessError) as hopeless:
        evening.watch.fault(FAULT)
    assert hopeless.value.reason.id == "reason-errors-growing"
    assert hopeless.value.reason.params["count"] == LIMITS.faults + 1


def test_as_many_errors_over_hours_are_borne() -> None:
    evening = Evening()
    for _ in range(10):
        for _ in range(LIMITS.faults // 2):
            evening.watch.fault(FAULT)
        evening.now += 400
        for _ in range(40):
            evening.chunk(10.0, eta=None, sharing=Sharing(bandwidth=1, drives=1))


def test_an_error_a_megabyte_ends_it_once_there_is_enough_to_judge_by() -> None:
    evening = Evening(Limits(period=6000.0))
    reason = evening.until_given_up(chunks(600, each=0.5), faults=1)
    assert reason is None, "one a MiB is the limit"
    reason = evening.until_given_up([0.5], faults=2)
    assert reason is not None
    assert reason.params["count"] == 1202
    assert reason.params["moved"] == 1201 * MIB
    early = Evening(Limits(period=6000.0))
    early.watch.fault(FAULT)
    assert early.until_given_up(chunks(500, each=0.5), faults=1) is None, "1000 MiB are not enough yet"


def test_a_scratch_at_the_start_is_no_sign_of_a_dying_drive() -> None:
    evening = Evening()
    for _ in range(1000):
        evening.watch.fault(FAULT)
    assert evening.until_given_up(chunks(60, each=0.01)) is None


@pytest.mark.parametrize(("days", "plan", "given_up"), [(6.5, GIB, False), (8, GIB, True), (8, 10_000 * GIB, False)])
def test_the_time_left_is_judged_by_what_the_plan_is_worth(days: float, plan: int, given_up: bool) -> None:
    reason = Evening(plan=plan).until_given_up(chunks(700, each=0.1), eta=days * 86_400)
    assert (reason is not None and reason.id == "reason-eta-too-long") is given_up


def test_a_forecast_that_is_too_long_for_a_moment_only_is_borne() -> None:
    evening = Evening(plan=GIB)
    for _ in range(5):
        assert evening.until_given_up(chunks(500, each=0.1), eta=100 * 86_400.0) is None
        evening.chunk(0.1, eta=3600.0)
