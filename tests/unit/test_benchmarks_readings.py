"""What the benchmarks read from the kernel and from the programs they compare with."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_mock import MockerFixture

from benchmarks import machine, peers
from benchmarks.loops import LoopDrive, parse_written
from benchmarks.machine import (
    Cost,
    CpuTimes,
    Meter,
    TooBusyError,
    parse_available_memory,
    parse_process_stat,
    parse_stat,
)
from benchmarks.workers import UnexpectedError, parse_pss, proportional_set_size

STAT = "cpu  100 20 300 4000 50 6 7 8 9 10\ncpu0 1 1 1 1 1 1 1 1 1 1\nintr 5\n"
OLD_NWIPE = "  -p, --prng=METHOD       PRNG option (mersenne|twister|isaac|isaac64)\n\n  -q, --quiet\n"
NEW_NWIPE = """  -p, --prng=METHOD       PRNG option (mersenne|twister|isaac|
                          isaac64|add_lagg_fibonacci_prng|
                          xoroshiro256_prng)
"""


def test_busy_time_is_neither_idle_nor_waiting_nor_counted_twice() -> None:
    assert parse_stat(STAT, 100) == CpuTimes(busy=(100 + 20 + 300 + 6 + 7) / 100, stolen=0.08)


@pytest.mark.parametrize("text", ["", "cpu0 1 2 3 4 5 6 7 8\n", "cpu  1 2 3\n"])
def test_what_is_not_the_sum_of_processors_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not /proc/stat"):
        parse_stat(text, 100)


def test_a_process_with_a_difficult_name_is_read() -> None:
    assert parse_process_stat("12 (a) (b) S 1 2 3 4 5 6 7 8 9 10 250 150 99 99", 100) == 4.0


def test_this_machine_can_be_read() -> None:
    first = machine.cpu_times()
    assert first.busy > 0
    assert machine.cpu_times().busy >= first.busy
    assert machine.process_cpu(os.getpid()) > 0
    assert proportional_set_size(os.getpid()) > 1 << 20
    assert machine.available_memory() > 1 << 20


def test_memory_is_in_bytes() -> None:
    assert parse_available_memory("MemTotal: 9 kB\nMemAvailable:   3 kB\n") == 3072
    assert parse_pss("00400000-7ffd rollup\nRss: 9 kB\nPss:    5 kB\nPss_Anon: 1 kB\n") == 5120
    with pytest.raises(ValueError, match="no MemAvailable"):
        parse_available_memory("MemTotal: 9 kB\n")
    with pytest.raises(ValueError, match="no Pss"):
        parse_pss("Rss: 9 kB\n")


def test_sectors_written_become_bytes() -> None:
    assert parse_written("   1   2   3   4   5   6   70   8   9  10  11\n") == 70 * 512


def test_every_generator_of_nwipe_is_found_once() -> None:
    assert peers.parse_generators(OLD_NWIPE) == ("twister", "isaac", "isaac64")
    new = ("twister", "isaac", "isaac64", "add_lagg_fibonacci_prng", "xoroshiro256_prng")
    assert peers.parse_generators(NEW_NWIPE) == new
    with pytest.raises(UnexpectedError, match="no generators"):
        peers.parse_generators("Usage: nwipe")


def test_nwipe_is_never_started_without_naming_a_drive() -> None:
    with pytest.raises(ValueError, match="all there are"):
        peers.nwipe_line((), "isaac", Path("log"))
    line = peers.nwipe_line((LoopDrive(node="/dev/loop7", size=1),), "isaac", Path("log"))
    assert line[-1] == "/dev/loop7"


def test_bandwidth_is_read_from_fio() -> None:
    assert peers.parse_fio('{"jobs": [{"write": {"bw_bytes": 12}}]}') == 12.0
    with pytest.raises(UnexpectedError, match="no write bandwidth"):
        peers.parse_fio('{"jobs": []}')


def test_a_peer_that_fails_is_not_measured() -> None:
    with pytest.raises(UnexpectedError, match="status 3: why"):
        peers.run(["sh", "-c", "echo why >&2; exit 3"])


def test_a_peer_that_does_not_end_is_ended(mocker: MockerFixture) -> None:
    mocker.patch.object(peers, "LIMIT_SECONDS", 0.05)
    with pytest.raises(UnexpectedError, match="took longer"):
        peers.run(["sleep", "30"])


@pytest.fixture
def others(mocker: MockerFixture) -> list[float]:
    """Processors that others use, one reading after the other; the machine does a second of work at each look."""
    readings: list[float] = []
    work = iter(range(1000))
    mocker.patch.object(machine, "cpu_times", side_effect=lambda: CpuTimes(busy=next(work), stolen=0.0))
    mocker.patch.object(machine, "_busy_processors", side_effect=lambda: readings.pop(0))
    mocker.patch("benchmarks.machine.time.sleep")
    return readings


@pytest.fixture
def two_seconds(mocker: MockerFixture, others: list[float]) -> list[float]:
    """Two seconds pass on the clock and three on the processors while work is done, beside what others use."""
    mocker.patch("benchmarks.machine.time.monotonic", side_effect=[0.0, 0.0, 2.0])
    readings = [CpuTimes(busy=10.0, stolen=0.0), CpuTimes(busy=13.0, stolen=0.05)]
    mocker.patch.object(machine, "cpu_times", side_effect=readings)
    return others


def measured(meter: Meter) -> tuple[Cost, int]:
    done: list[None] = []

    def work() -> int:
        done.append(None)
        return len(done)

    cost, _ = meter.measure(work)
    return cost, len(done)


def test_a_quiet_machine_is_measured_once(others: list[float]) -> None:
    others += [0.02, 0.04]
    cost, times = measured(Meter(60))
    assert times == 1
    assert cost.others == pytest.approx(0.03)


def test_a_busy_machine_is_waited_for(others: list[float]) -> None:
    others += [1.0, 0.9, 0.0, 0.0]
    cost, times = measured(Meter(60))
    assert (times, cost.others) == (1, 0.0)


def test_the_least_disturbed_attempt_counts(others: list[float]) -> None:
    others += [0.0, 1.0, 0.0, 0.4, 0.0, 0.8]
    cost, times = measured(Meter(60))
    assert times == 3
    assert cost.others == pytest.approx(0.2)


def test_the_result_is_that_of_the_attempt_that_counts(others: list[float]) -> None:
    others += [0.0, 1.0, 0.0, 0.4, 0.0, 0.8]
    results = iter("abc")
    assert Meter(60).measure(lambda: next(results))[1] == "b"


def test_a_machine_whose_processors_are_taken_away_is_disturbed() -> None:
    quiet = Cost(wall=2.0, cpu=1.0, own=1.0, stolen=0.1, others=0.0)
    assert not quiet.disturbed
    assert replace(quiet, stolen=0.11).disturbed
    assert replace(quiet, others=0.1).disturbed


def test_without_patience_a_busy_machine_is_measured_as_it_is(others: list[float]) -> None:
    others += [1.0, 1.0]
    cost, times = measured(Meter(0))
    assert (times, cost.others) == (1, 1.0)


def test_what_others_use_is_not_charged_to_us(two_seconds: list[float]) -> None:
    two_seconds += [0.05, 0.05]
    cost, _ = measured(Meter(60))
    assert (cost.wall, cost.stolen) == (2.0, 0.05)
    assert cost.cpu == pytest.approx(2.9)


def test_what_cannot_be_told_from_the_use_of_others_is_no_number(two_seconds: list[float]) -> None:
    two_seconds += [1.5, 1.5]
    with pytest.raises(TooBusyError, match=r"1\.5 processors"):
        measured(Meter(0))
