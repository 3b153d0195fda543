"""Forecasts: on disks of many profiles by a simulated clock, after interruptions, and the disk's shape itself."""

from __future__ import annotations

from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import events as ev
from bench.bus import Bus
from bench.drive import Medium
from bench.evidence import fold
from bench.forecast import CELLS, READ, WRITE, Forecast, complete, disk, fitted, legs_of
from bench.progress import Activity, ProgressMeter
from bench.surface import Zone
from bench.work import Action
from support.evidence_samples import JobLog
from support.simulated_disks import GB, SimulatedDisk, error_at_half_time, job, random_disk, run

METHODS = [(1, "none"), (1, "full"), (1, "sample:5%"), (3, "full"), (7, "none")]


@pytest.mark.parametrize(("passes", "verify"), METHODS)
def test_at_half_time_the_time_left_is_right_within_ten_percent(passes: int, verify: str) -> None:
    errors = [error_at_half_time(list(run(random_disk(seed), job(passes, verify)))) for seed in range(15)]
    assert median(errors) < 0.06
    assert max(errors) < 0.2


def test_the_mean_rate_so_far_would_not_do() -> None:
    """What makes the test above able to fail: a disk's second half is slower than its first."""
    shown = list(run(SimulatedDisk(), job(1, "none")))
    end = shown[-1][0]
    now, progress = next(item for item in shown if item[0] >= end / 2)
    by_mean_rate = (progress.total - progress.done) / (progress.done / now)
    assert abs(by_mean_rate - (end - now)) / (end - now) > 0.15
    assert error_at_half_time(shown) < 0.05


def test_early_on_the_first_pass_a_disk_is_expected_to_slow_down() -> None:
    shown = list(run(SimulatedDisk(noise=0.0), job(1, "none")))
    now, progress = shown[len(shown) // 20]
    assert progress.eta == pytest.approx(shown[-1][0] - now, rel=0.05)


def test_flash_is_expected_to_keep_its_pace() -> None:
    evidence = job(1, "full", medium=Medium.FLASH)
    shown = list(run(SimulatedDisk(inner=1.0, noise=0.0), evidence))
    for at in (0.1, 0.5, 0.9):
        now, progress = shown[int(at * len(shown))]
        assert progress.eta == pytest.approx(shown[-1][0] - now, rel=0.01)


def test_nothing_is_told_before_anything_is_known() -> None:
    evidence = job(1, "full")
    meter = ProgressMeter(evidence, Bus(0))
    meter.begin(Activity.WRITING, 0, 0)
    assert meter.at(Activity.WRITING, 0, 0, 0, 1.0).eta is None
    assert meter.at(Activity.WRITING, 0, GB, GB, 11.0).eta is not None


def test_the_time_left_goes_down_to_nothing() -> None:
    shown = list(run(random_disk(4), job(2, "full")))
    assert shown[-1][1].eta == pytest.approx(0, abs=1e-6)


def test_time_in_which_a_drive_stood_still_counts_where_it_stood() -> None:
    evidence = job(1, "none", medium=Medium.FLASH)
    meter = ProgressMeter(evidence, Bus(0))
    meter.begin(Activity.WRITING, 0, 0)
    meter.at(Activity.WRITING, 0, 0, 0, 0.0)
    meter.at(Activity.WRITING, 0, GB, GB, 10.0)
    for second in range(11, 20):
        meter.at(Activity.WRITING, 0, GB, GB, second)
    shown = meter.at(Activity.WRITING, 0, 2 * GB, 2 * GB, 20.0)
    assert shown.eta == pytest.approx((evidence.size - 2 * GB) / GB * 10, rel=0.01)


def interrupted(done: float) -> JobLog:
    """A job of two passes: the first one written, the second up to a part of the drive, both measured by zones."""
    disk_, log = SimulatedDisk(noise=0.0), JobLog(job(2, "none").plan)
    step = log.size // 100 // 4096 * 4096

    def zones(upto: float) -> tuple[Zone, ...]:
        found = []
        for number in range(int(100 * upto)):
            busy = round(step / disk_.speed_at(number / 100) * 1e6)
            found.append(Zone.of_row((number, step, busy, 0, 0, 1, 1, 1)))
        return tuple(found)

    for index, upto in ((0, 1.0), (1, done)):
        log.start(index)
        log.add(ev.SurfaceMeasured(index=index, action=Action.WRITE, zone_size=step, zones=zones(upto), slow=()))
        if upto == 1.0:
            log.written(index)
    log.checkpoint(1, round(done * 100) * step)
    return log.add(ev.Interrupted(cause=ev.Cause.OPERATOR))


@pytest.mark.parametrize("done", [0.3, 0.6])
def test_a_resumed_job_knows_at_once_what_it_measured_before(done: float) -> None:
    log = interrupted(done)
    evidence = fold(log.add(ev.Resumed(cause=ev.Cause.OPERATOR, context=log.context)).logged)
    assert not evidence.anomalies
    place, disk_ = evidence.passes[1].synced, SimulatedDisk(noise=0.0)
    meter = ProgressMeter(evidence, Bus(0))
    meter.begin(Activity.CHECKING, 1, place)
    eta = meter.at(Activity.CHECKING, 1, 0, place - GB, 0.0).eta
    expected = sum(
        evidence.size / 1000 / disk_.speed_at(n / 1000) for n in range(1000) if n / 1000 >= place / evidence.size
    )
    assert eta == pytest.approx(expected, rel=0.03)


def test_a_task_that_is_not_planned_is_refused() -> None:
    with pytest.raises(ValueError, match="pass 1 has no task 'read'"):
        Forecast(job(1, "none").plan).begin(0, READ)


@given(st.floats(0.3, 0.95))
def test_the_shape_of_a_disk_is_found_again(radius: float) -> None:
    shape = disk(radius)
    assert shape[0] < shape[-1]
    assert shape[-1] / shape[0] == pytest.approx(1 / radius, rel=0.1)
    assert abs(fitted([pace * 7e-9 for pace in shape]) - radius) < 0.08
    assert fitted([None] * CELLS) == 0.5


@given(
    st.lists(st.one_of(st.none(), st.floats(1e-10, 1e-6)), min_size=CELLS, max_size=CELLS),
    st.lists(st.floats(0.5, 3), min_size=CELLS, max_size=CELLS),
    st.floats(1e-3, 1e3),
)
def test_what_was_measured_stays_and_guesses_are_scaled(
    known: list[float | None], guess: list[float], scale: float
) -> None:
    whole = complete(known, guess)
    assert all(pace in {None, found} for pace, found in zip(known, whole, strict=True))
    assert all(pace > 0 for pace in whole)
    if any(known):
        rescaled = complete(known, [pace * scale for pace in guess])
        assert rescaled == pytest.approx(whole)


def test_tasks_are_in_the_order_of_the_plan() -> None:
    legs = legs_of(job(2, "sample:5%").plan)
    assert [(leg.index, leg.kind) for leg in legs] == [(0, WRITE), (1, WRITE), (1, "sample")]
    assert legs[2].share == pytest.approx(0.05, rel=0.01)
    assert legs[2].seeks > 1000
