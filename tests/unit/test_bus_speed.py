"""What the docks move together, and what is concluded from it."""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_mock import MockerFixture

from bench.bus_speed import BusSpeed, measure
from drivers import read_speed
from drivers.sim import controls
from drivers.sim.bays import survey
from drivers.sim.client import SimConnection
from drivers.sim.faults import BadSectors, Death
from support.virtual_drives import MIB, virtual_drive

MB = 1_000_000


class SharedBus:
    """Drives with speeds of their own, on a bus that moves so much in all."""

    def __init__(self, speeds: Mapping[str, float], bandwidth: float) -> None:
        self._speeds = speeds
        self._bandwidth = bandwidth
        self.asked: list[tuple[tuple[str, ...], float]] = []

    def read(self, addresses: Sequence[str], seconds: float) -> Mapping[str, float]:
        self.asked.append((tuple(addresses), seconds))
        wanted = sum(self._speeds[address] for address in addresses)
        share = min(1.0, self._bandwidth / wanted) if wanted else 0.0
        return {address: self._speeds[address] * share for address in addresses}


def measured(speeds: Sequence[float], bandwidth: float) -> BusSpeed:
    drives = {f"/dev/sd{chr(97 + number)}": speed for number, speed in enumerate(speeds)}
    return measure(SharedBus(drives, bandwidth), list(drives), 1, lambda *_: None)


def test_a_full_bus_is_the_limit() -> None:
    speed = measured([200 * MB] * 4, 383.4 * MB)
    assert speed.wanted == 800 * MB
    assert round(speed.reached) == round(383.4 * MB)
    assert speed.bandwidth == 380 * MB


@pytest.mark.parametrize(("bandwidth", "expected"), [(719, 720), (721, 0), (10_000, 0)])
def test_drives_that_hardly_hold_each_other_up_say_nothing_about_the_bus(bandwidth: int, expected: int) -> None:
    assert measured([200 * MB] * 4, bandwidth * MB).bandwidth == expected * MB


@given(st.lists(st.floats(1, 1e10), min_size=1, max_size=16), st.floats(1, 1e11))
def test_the_setting_is_what_was_reached_to_two_digits(speeds: list[float], bandwidth: float) -> None:
    speed = measured(speeds, bandwidth)
    assert speed.bandwidth >= 0
    if speed.bandwidth:
        assert abs(speed.bandwidth - speed.reached) <= max(1, 0.051 * speed.reached)
        assert len(f"{speed.bandwidth}".rstrip("0")) <= 2


def test_each_is_read_alone_and_then_all_that_answer() -> None:
    steps: list[tuple[int, str]] = []
    bus = SharedBus({"a": 100, "dead": 0, "b": 50}, 1000)
    speed = measure(bus, ["a", "dead", "b"], 7, lambda step, address: steps.append((step, address)))
    assert bus.asked == [(("a",), 7), (("dead",), 7), (("b",), 7), (("a", "b"), 7)]
    assert steps == [(1, "a"), (2, "dead"), (3, "b"), (4, "")]
    assert speed.together == {"a": 100, "dead": 0, "b": 50}


def test_where_none_answers_there_is_no_bandwidth() -> None:
    assert measured([0, 0], 1000).bandwidth == 0


def test_a_drive_is_read_to_its_end_and_again_whoever_holds_it(tmp_path: Path) -> None:
    with virtual_drive(tmp_path / "d", size=5 * MIB + 512):
        facts = survey(f"sim:{tmp_path}/d")
        with read_speed.opened([facts]) as reader, SimConnection.connect(tmp_path / "d") as holder:
            holder.claim()
            speed = reader.read([facts.address], 0.5)[facts.address]
            assert controls.counters(holder).writes == 0
    assert speed > 5 * MIB / 0.5, "it was read more than once"


def test_bad_sectors_do_not_end_it_and_a_dead_drive_reads_as_nothing(tmp_path: Path) -> None:
    size = 4 * MIB
    with virtual_drive(tmp_path / "bad", size=size), virtual_drive(tmp_path / "dead", size=size, serial="SIM-0002"):
        drives = [survey(f"sim:{tmp_path}/{name}") for name in ("bad", "dead")]
        for where, sickness in ((tmp_path / "bad", BadSectors(first=0, count=8)), (tmp_path / "dead", Death(at=1))):
            with SimConnection.connect(where) as connection:
                controls.arm(connection, sickness)
        with read_speed.opened(drives) as reader:
            bad, dead = reader.read([facts.address for facts in drives], 0.05).values()
    assert bad > 0
    assert dead == 0


def test_a_drive_that_hangs_is_left_behind_and_not_asked_again(mocker: MockerFixture) -> None:
    mocker.patch("drivers.read_speed.PATIENCE_SECONDS", 0.1)
    end = threading.Event()
    asked: list[str] = []

    def hang(_: int, buffer: memoryview) -> int:
        asked.append("hung")
        end.wait()
        return len(buffer)

    def work(_: int, buffer: memoryview) -> int:
        return len(buffer)

    def refuse(code: int, *_: object) -> int:
        asked.append("refused")
        raise OSError(code, "no")

    ways: dict[str, Callable[[int, memoryview], int]] = {"hung": hang, "well": work, "sick": partial(refuse, errno.EIO)}
    reader = read_speed.DriveReader({name: read_speed.Reading(into=way, size=4 * MIB) for name, way in ways.items()})
    try:
        first, second = reader.read(list(ways), 0.05), reader.read(list(ways), 0.05)
    finally:
        end.set()
    for speeds in (first, second):
        assert speeds["well"] > 0
        assert speeds["hung"] == speeds["sick"] == 0
    assert asked.count("hung") == 1
