"""Drives that share a bus: equal parts, and what is left when one is done."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.bus import Bus, Demand, finishing_time, shares
from support.simulated_disks import GB

MB = 10**6
names = st.text("abcdefgh", min_size=1, max_size=2)


@given(st.dictionaries(names, st.floats(1e3, 1e9), min_size=1), st.floats(1e5, 1e10))
def test_a_bus_is_used_up_in_equal_parts(wanted: dict[str, float], bandwidth: float) -> None:
    rates = shares(wanted, bandwidth)
    assert sum(rates.values()) == pytest.approx(min(bandwidth, sum(wanted.values())))
    most = max(rates.values())
    for name, rate in rates.items():
        assert 0 < rate <= wanted[name]
        assert rate == pytest.approx(most) or rate == wanted[name]


@given(
    st.dictionaries(names, st.tuples(st.integers(0, 10**13), st.floats(1e5, 1e9)), min_size=1, max_size=16),
    st.floats(1e7, 1e10),
)
def test_each_drive_ends_no_sooner_than_alone_and_no_later_than_all_together(
    drives: dict[str, tuple[int, float]], bandwidth: float
) -> None:
    left = {name: count for name, (count, _) in drives.items()}
    wanted = {name: speed for name, (_, speed) in drives.items()}
    ends = {name: finishing_time(name, left, wanted, bandwidth) for name in drives}
    for name, end in ends.items():
        assert end >= left[name] / min(wanted[name], bandwidth) * (1 - 1e-9)
    slowest = max(left[name] / wanted[name] for name in drives)
    assert max(ends.values()) <= (sum(left.values()) / bandwidth + slowest) * (1 + 1e-9)


def demand(size: int, rate: float) -> Demand:
    return Demand(seconds=size / rate, bytes=size, rate=rate)


def test_on_a_bus_with_room_or_of_unknown_size_each_drive_has_its_own_forecast() -> None:
    for bus in (Bus(0), Bus(400 * MB)):
        assert bus.tell("a", demand(100 * GB, 150 * MB)) == pytest.approx(100 * GB / (150 * MB))
        assert bus.tell("b", demand(500 * GB, 150 * MB)) == pytest.approx(500 * GB / (150 * MB))


def test_on_a_full_bus_the_last_drive_gets_faster_as_others_finish() -> None:
    bus = Bus(400 * MB)
    for number in range(7):
        bus.tell(f"small {number}", demand(100 * GB, 50 * MB))
    seconds = bus.tell("large", demand(1000 * GB, 50 * MB))
    alone = (1000 * GB - 100 * GB) / (150 * MB)
    assert seconds == pytest.approx(100 * GB / (50 * MB) + alone)
    assert bus.tell("small 0", demand(100 * GB, 50 * MB)) == pytest.approx(2000)


def test_a_drive_that_was_seen_alone_is_known_by_that() -> None:
    bus = Bus(400 * MB)
    bus.tell("large", demand(1000 * GB, 210 * MB))
    for number in range(7):
        bus.tell(f"small {number}", demand(100 * GB, 50 * MB))
    assert bus.tell("large", demand(1000 * GB, 50 * MB)) == pytest.approx(2000 + 900 * GB / (210 * MB))


def test_a_slow_drive_is_not_held_up_by_a_full_bus() -> None:
    bus = Bus(400 * MB)
    for number in range(3):
        bus.tell(f"fast {number}", demand(100 * GB, 130 * MB))
    assert bus.tell("slow", demand(100 * GB, 5 * MB)) == pytest.approx(100 * GB / (5 * MB))


def test_a_drive_that_left_takes_no_share() -> None:
    bus = Bus(400 * MB)
    seconds = [bus.tell(name, demand(1000 * GB, 200 * MB)) for name in "abc"]
    assert seconds[-1] == pytest.approx(3000 * GB / (400 * MB))
    bus.leave("a")
    bus.leave("a")
    assert bus.tell("c", demand(1000 * GB, 200 * MB)) == pytest.approx(2000 * GB / (400 * MB))
