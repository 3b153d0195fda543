"""Measuring in the worker: the engine over a medium whose every request takes a chosen time."""

from __future__ import annotations

import errno
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.surface import SlowRange, Zone
from bench.work import Checkpointed, Content, Finished, Measured, Patience, Report, SampleTask, VerifyTask, WriteTask
from drivers import engine
from drivers.meter import Hooks
from drivers.timed import TimedMedium
from drivers.worker_protocol import decode, encode
from drivers.zones import SAMPLES, SLOW_US, SLOWEST, Zones

MIB = 1 << 20
ZERO = Content(pattern="00")
PATIENCE = Patience(sector=512)


class Paced:
    """A medium of zeros whose clock goes on by `latency` (microseconds, by offset) with each request."""

    def __init__(self, latency: dict[int, int] | None = None, *, bad: int = -1) -> None:
        self.now = 0.0
        self._latency = latency or {}
        self._bad = bad

    def clock(self) -> float:
        return self.now

    def _take(self, offset: int, length: int) -> int:
        self.now += self._latency.get(offset, 1000) / 1_000_000
        if offset <= self._bad < offset + length:
            raise OSError(errno.EIO, "bad")
        return length

    def read_into(self, offset: int, buffer: memoryview) -> int:
        return self._take(offset, len(buffer))

    def write(self, offset: int, data: memoryview) -> int:
        return self._take(offset, len(data))

    def flush(self) -> None:
        self.now += 5.0

    def forget(self) -> None:
        pass


def run(task: WriteTask | VerifyTask | SampleTask, medium: Paced, stop_after: int = 10**9) -> list[Report]:
    reports: list[Report] = []
    asked = [0]

    def stop() -> bool:
        asked[0] += 1
        return asked[0] > stop_after

    hooks = Hooks(report=reports.append, stop=stop, clock=medium.clock)
    {WriteTask: engine.write, VerifyTask: engine.verify, SampleTask: engine.sample}[type(task)](task, medium, hooks)  # type: ignore[operator]
    return reports


def measured(reports: list[Report]) -> list[Measured]:
    return [report for report in reports if isinstance(report, Measured)]


def write_task(size: int, zone_size: int, checkpoint_ms: int = 10**9, start: int = 0) -> WriteTask:
    return WriteTask(
        content=ZERO, start=start, end=size, checkpoint_ms=checkpoint_ms, patience=PATIENCE, zone_size=zone_size
    )


def test_a_pass_is_measured_zone_by_zone() -> None:
    latency = {0: 2000, MIB: 8000, 2 * MIB: 4000, 3 * MIB: 1000, 4 * MIB: 1000, 5 * MIB: 1000}
    reports = run(write_task(5 * MIB + 512, 3 * MIB), Paced(latency))
    first, rest = measured(reports)
    assert first.zone_size == 3 * MIB
    assert (*first.zones, *rest.zones) == (
        Zone(number=0, bytes=3 * MIB, busy_us=14_000, retried=0, slow=0, median_us=4000, p99_us=8000, worst_us=8000),
        Zone(
            number=1, bytes=2 * MIB + 512, busy_us=3000, retried=0, slow=0, median_us=1000, p99_us=1000, worst_us=1000
        ),
    )
    assert isinstance(reports[-1], Finished)
    assert decode(encode(first)) == first


def test_time_to_sync_is_no_latency_of_the_surface() -> None:
    (found,) = measured(run(write_task(2 * MIB, 2 * MIB), Paced()))
    assert found.zones[0].busy_us == 2000


def test_what_is_behind_is_reported_with_each_checkpoint_and_only_once() -> None:
    reports = run(write_task(8 * MIB, 2 * MIB, checkpoint_ms=0), Paced())
    kinds = [(type(report), getattr(report, "offset", None)) for report in reports if not hasattr(report, "busy_us")]
    assert kinds[1:3] == [(Checkpointed, 2 * MIB), (Measured, None)]
    assert [zone.number for found in measured(reports) for zone in found.zones] == [0, 1, 2, 3]


def test_a_stop_reports_what_was_measured_of_the_last_zone() -> None:
    reports = run(write_task(8 * MIB, 4 * MIB), Paced(), stop_after=6)
    assert [(zone.number, zone.bytes) for zone in measured(reports)[-1].zones][-1] == (1, 2 * MIB)


@pytest.mark.parametrize("slow_us", [SLOW_US, SLOW_US + 1, 3_000_000])
def test_a_slow_request_is_named_with_its_place(slow_us: int) -> None:
    (found,) = measured(run(write_task(8 * MIB, 8 * MIB), Paced({5 * MIB: slow_us})))
    expected = (SlowRange(offset=5 * MIB, length=MIB, took_us=slow_us),) if slow_us > SLOW_US else ()
    assert found.slow == expected
    assert found.zones[0].slow == len(expected)


def test_on_a_slow_drive_only_what_is_slower_still_is_slow() -> None:
    latency = {n * MIB: 600_000 for n in range(8)}
    (found,) = measured(run(write_task(8 * MIB, 8 * MIB), Paced(latency)))
    assert found.slow == ()


def test_of_many_slow_requests_the_slowest_are_named_and_all_are_counted() -> None:
    zones = Zones(1000 * MIB)
    for number in range(1000):
        zones.took(number * MIB, MIB, MIB, SLOW_US + 1 + number if number % 20 == 0 else 100)
    found = zones.measured()
    assert found is not None
    assert found.zones[0].slow == 50
    assert [item.offset // MIB for item in found.slow] == list(range(680, 1000, 20))
    assert len(found.slow) == SLOWEST


def test_refused_requests_are_counted_where_they_were() -> None:
    medium = Paced(bad=MIB + 512)
    (found,) = measured(run(write_task(3 * MIB, MIB), medium))
    assert [zone.retried > 0 for zone in found.zones] == [False, True, False]
    assert found.zones[1].bytes == MIB - 512


def test_reading_and_sampling_are_measured_too() -> None:
    task = VerifyTask(content=ZERO, start=0, end=4 * MIB, checkpoint_ms=10**9, patience=PATIENCE, zone_size=2 * MIB)
    (read,) = measured(run(task, Paced()))
    assert [(zone.number, zone.bytes) for zone in read.zones] == [(0, 2 * MIB), (1, 2 * MIB)]
    sample = SampleTask(
        content=ZERO, size=64 * MIB, permille=100, seed="5e" * 32, patience=PATIENCE, zone_size=16 * MIB
    )
    (some,) = measured(run(sample, Paced()))
    assert [zone.number for zone in some.zones] == [0, 1, 2, 3]
    assert 64 * MIB // 10 <= sum(zone.bytes for zone in some.zones) < 64 * MIB


def test_without_a_zone_size_nothing_is_measured() -> None:
    assert not measured(run(write_task(2 * MIB, 0), Paced()))


@given(st.integers(1, 5 * SAMPLES), st.randoms(use_true_random=False))
def test_a_large_zone_is_sampled_evenly(count: int, random: object) -> None:
    latencies = [1000 + n * 1000 // count for n in range(count)]
    random.shuffle(latencies)  # type: ignore[attr-defined]
    zones = Zones(1 << 40)
    for number, latency in enumerate(latencies):
        zones.took(number, 1, 1, latency)
    found = zones.measured()
    assert found is not None
    (zone,) = found.zones
    assert (zone.bytes, zone.busy_us, zone.worst_us) == (count, sum(latencies), max(latencies))
    assert zone.median_us == pytest.approx(sorted(latencies)[(count - 1) // 2], abs=0 if count <= 2 * SAMPLES else 40)
    assert zone.p99_us == pytest.approx(
        sorted(latencies)[-(-count * 99 // 100) - 1], abs=0 if count <= 2 * SAMPLES else 8
    )


def test_measuring_costs_next_to_nothing() -> None:
    class Instant(Paced):
        def _take(self, offset: int, length: int) -> int:
            return length + 0 * offset

    def seconds(medium: Paced | TimedMedium) -> float:
        data = memoryview(bytearray(512))
        began = time.process_time()
        for number in range(20_000):
            medium.write(number * 512, data)
        return time.process_time() - began

    plain = seconds(Instant())
    timed = seconds(TimedMedium(Instant(), time.monotonic, Zones(MIB)))
    assert (timed - plain) / 20_000 < 20e-6, "per request of 1 MiB, which takes some 500 µs of processor"
