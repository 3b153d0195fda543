"""Zones of a surface: how measurements of one add up, how many there are, and what is stored."""

from __future__ import annotations

import json
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import event_codec as codec
from bench import events as ev
from bench.evidence import fold
from bench.record.base import AbsenceReason, Absent
from bench.record.process import Verification
from bench.record.schema import canonical
from bench.record.surface import SurfaceTable
from bench.surface import MAX_SLOW, MAX_ZONES, MAX_ZONES_OF_A_JOB, NO_SURFACE, SlowRange, Surface, Zone, zone_size
from bench.work import Action
from support.event_strategies import zones
from support.evidence_samples import JobLog, facts, plan, record

MIB = 1 << 20
TB = 10**12


def zone(number: int, worst: int = 9000, **amounts: int) -> Zone:
    known = {"bytes": 64 * MIB, "busy_us": 600_000, "retried": 0, "slow": 0, "median_us": 7000, "p99_us": 8000}
    return Zone(number=number, worst_us=worst, **{**known, **amounts})


def same_zone(*found: Zone) -> list[Zone]:
    return [Zone.of_row((0, *item.row[1:])) for item in found]


@given(zones(), zones(), zones())
def test_measurements_of_a_zone_add_up_in_any_order(first: Zone, second: Zone, third: Zone) -> None:
    a, b, c = same_zone(first, second, third)
    assert a.merged(b) == b.merged(a)
    assert a.merged(b).merged(c) == a.merged(b.merged(c))
    both = a.merged(b)
    for name in ("bytes", "busy_us", "retried", "slow"):
        assert getattr(both, name) == getattr(a, name) + getattr(b, name)
    for name in ("median_us", "p99_us", "worst_us"):
        assert getattr(both, name) == max(getattr(a, name), getattr(b, name))


@given(st.lists(st.integers(1, 10**6), min_size=1), st.lists(st.integers(1, 10**6), min_size=1))
def test_merged_latencies_are_never_better_than_those_of_all_requests(first: list[int], second: list[int]) -> None:
    def measured(latencies: list[int]) -> Zone:
        ordered = sorted(latencies)
        middle, high = ordered[(len(ordered) - 1) // 2], ordered[-(-len(ordered) * 99 // 100) - 1]
        return zone(3, ordered[-1], busy_us=sum(ordered), median_us=middle, p99_us=high)

    merged, true = measured(first).merged(measured(second)), measured(first + second)
    assert merged.busy_us == true.busy_us
    assert merged.worst_us == true.worst_us
    assert merged.median_us >= true.median_us
    assert merged.p99_us >= true.p99_us


def test_zones_of_different_places_or_sizes_are_not_merged() -> None:
    with pytest.raises(ValueError, match="zone 1 is not zone 2"):
        zone(1).merged(zone(2))
    with pytest.raises(ValueError, match="cannot be merged"):
        NO_SURFACE.with_more(MIB, [zone(0)], []).with_more(2 * MIB, [zone(0)], [])
    with pytest.raises(ValueError, match="zones of 0 bytes"):
        NO_SURFACE.with_more(0, [zone(0)], [])


@pytest.mark.parametrize(
    "numbers", [{"bytes": -1}, {"p99_us": 1}, {"median_us": 8001}, {"worst": 600_001}, {"busy_us": 8999}]
)
def test_numbers_that_no_measurement_gives_are_refused(numbers: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"no number|no order"):
        zone(1, **numbers)


@given(st.lists(st.lists(zones(), max_size=4), max_size=4), st.randoms(use_true_random=False))
def test_a_surface_is_the_same_however_its_parts_arrive(batches: list[list[Zone]], random: Random) -> None:
    def gathered() -> Surface:
        surface = NO_SURFACE
        for batch in batches:
            surface = surface.with_more(MIB, batch, [])
        return surface

    before = gathered()
    assert [item.number for item in before.zones] == sorted({item.number for batch in batches for item in batch})
    random.shuffle(batches)
    assert gathered() == before


def test_the_slowest_requests_are_kept_in_their_place() -> None:
    slow = [SlowRange(offset=n * MIB, length=MIB, took_us=10**6 + n) for n in range(3 * MAX_SLOW)]
    surface = NO_SURFACE.with_more(MIB, [zone(0)], slow[::2]).with_more(MIB, [], slow[1::2])
    assert list(surface.slow) == slow[-MAX_SLOW:]


@given(st.integers(1, 40 * TB), st.integers(1, 110))
def test_zones_are_whole_mebibytes_and_not_too_many(size: int, tables: int) -> None:
    step = zone_size(size, tables)
    count = -(-size // step)
    assert step % MIB == 0
    assert count <= MAX_ZONES
    assert count * tables <= max(MAX_ZONES_OF_A_JOB, tables)


def test_an_ordinary_drive_has_hundreds_of_zones() -> None:
    assert -(-500 * 10**9 // zone_size(500 * 10**9, 2)) == MAX_ZONES


def test_speed_is_that_of_the_time_spent_waiting() -> None:
    assert zone(0, bytes=300, busy_us=2_000_000).bytes_per_second == 150
    assert Zone.of_row([0] * 8).bytes_per_second == 0


@given(zones())
def test_rows_are_read_back(item: Zone) -> None:
    assert Zone.of_row(item.row) == item
    with pytest.raises(ValueError, match="zip"):
        Zone.of_row(item.row[:-1])


def test_events_hold_rows_and_a_worst_case_job_some_tens_of_kilobytes() -> None:
    tables, size = 36, 4 * TB
    step = zone_size(size, tables)
    found = [zone(n, 1_234_567, bytes=step, busy_us=step // 150, slow=12) for n in range(-(-size // step))]
    slow = [SlowRange(offset=n * step, length=MIB, took_us=1_234_567) for n in range(MAX_SLOW // 8)]
    event = ev.SurfaceMeasured(index=0, action=Action.READ, zone_size=step, zones=tuple(found), slow=tuple(slow))
    fields = codec.to_fields(event)
    assert fields["zones"][0] == list(found[0].row)
    assert codec.from_fields(event.TYPE, event.VERSION, json.loads(json.dumps(fields))) == event
    assert len(json.dumps(fields, separators=(",", ":"))) * tables < 100_000


@pytest.mark.parametrize("row", [[0] * 7, [0.0] * 8, [True] * 8, ["0"] * 8, 0, [-1] * 8])
def test_an_event_whose_zones_are_no_rows_of_integers_is_refused(row: object) -> None:
    fields = {"index": 0, "action": "write", "zone_size": MIB, "zones": [row], "slow": []}
    with pytest.raises(codec.MalformedEventError):
        codec.from_fields("surface-measured", 1, fields)


def measured(index: int, action: Action, *found: Zone, step: int = MIB) -> ev.SurfaceMeasured:
    return ev.SurfaceMeasured(index=index, action=action, zone_size=step, zones=found, slow=())


def test_evidence_keeps_the_surface_of_writing_and_reading_over_interruptions() -> None:
    log = JobLog(plan()).start(0).add(measured(0, Action.WRITE, zone(0), zone(1)))
    log.checkpoint(0, 2 * MIB).add(ev.Interrupted(cause=ev.Cause.OPERATOR))
    log.add(ev.Resumed(cause=ev.Cause.OPERATOR, context=log.context)).window(0, MIB).start(0, MIB)
    log.add(measured(0, Action.WRITE, zone(1), zone(2))).written(0, MIB).verify_start(0)
    log.add(measured(0, Action.READ, zone(5)))
    log.add(ev.Interrupted(cause=ev.Cause.OPERATOR)).add(ev.Resumed(cause=ev.Cause.OPERATOR, context=log.context))
    evidence = log.verify(0).confirm().evidence
    assert evidence.anomalies == ()
    item = evidence.passes[0]
    assert item.surface.zones == (zone(0), zone(1).merged(zone(1)), zone(2))
    assert item.verification is not None
    assert item.verification.surface.zones == (zone(5),)


@pytest.mark.parametrize(
    "event",
    [
        measured(0, Action.READ, zone(0)),
        measured(0, Action.WRITE, zone(64)),
        measured(0, Action.WRITE, zone(0), step=0),
        measured(1, Action.WRITE, zone(0)),
        ev.SurfaceMeasured(
            index=0,
            action=Action.WRITE,
            zone_size=MIB,
            zones=(),
            slow=(SlowRange(offset=64 * MIB, length=512, took_us=1),),
        ),
    ],
)
def test_what_cannot_have_been_measured_proves_the_log_wrong(event: ev.SurfaceMeasured) -> None:
    log = JobLog(plan()).start(0)
    assert not fold(log.logged).anomalies
    assert log.add(event).evidence.anomalies


def test_nothing_is_measured_between_tasks() -> None:
    log = JobLog(plan()).write(0).add(measured(0, Action.WRITE, zone(0)))
    assert log.evidence.anomalies == ("pass-1-measured-while-not-at-work",)


def test_the_record_has_the_surface_as_columns_ready_to_draw() -> None:
    slow = SlowRange(offset=3 * MIB, length=MIB, took_us=700_000)
    log = JobLog(plan()).start(0).add(measured(0, Action.WRITE, zone(1), zone(3, worst=8500, retried=2)))
    log.add(ev.SurfaceMeasured(index=0, action=Action.WRITE, zone_size=MIB, zones=(), slow=(slow,)))
    done = record(log.written(0).verify(0).confirm().evidence).process.passes[0]
    table = done.surface
    assert isinstance(table, SurfaceTable)
    assert table.zone_bytes == MIB
    assert table.worst_us == (0, 9000, 0, 8500, *[0] * 60)
    assert table.retried[:5] == (0, 0, 0, 2, 0)
    assert {
        len(column) for column in (table.moved_bytes, table.busy_us, table.median_us, table.p99_us, table.slow)
    } == {64}
    assert [(item.range.first, item.range.last, item.took_us) for item in table.slowest] == [(6144, 8191, 700_000)]
    assert isinstance(done.verification, Verification)
    assert done.verification.surface == Absent(absent=AbsenceReason.NOT_RECORDED)


def test_in_a_record_the_surface_of_a_large_drive_takes_some_tens_of_kilobytes() -> None:
    size = 20 * TB // 4096 * 4096
    log = JobLog(plan(facts(size=size)))
    step = zone_size(size, 2)
    zones_ = [zone(n, 1_234_567, bytes=step, busy_us=step // 150) for n in range(-(-size // step))]
    bare = len(canonical(record(log.all_passes().evidence)))
    log = JobLog(plan(facts(size=size))).start(0).add(measured(0, Action.WRITE, *zones_, step=step)).written(0)
    log.verify_start(0).add(measured(0, Action.READ, *zones_, step=step))
    assert len(canonical(record(log.verify(0).confirm().evidence))) - bare < 40_000
