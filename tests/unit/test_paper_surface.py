"""The pictures of the surface: what is drawn is what was measured, where it was measured."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.certificate import Certificate
from bench.plan import Verify, VerifyKind
from bench.record.base import Absent
from bench.record.model import Record
from bench.record.surface import SurfaceTable
from bench.work import Action
from support import evidence_samples as sample
from support import paper_samples as samples
from ui.formats import Language
from ui.paper import surface_picture as picture
from ui.paper.chart import Drawing, Panel, decades, round_steps, unit_of
from ui.texts import texts

FR, EN = texts(Language.FR), texts(Language.EN)
PANEL = Panel(left=10, top=20, width=100, height=50, share=0.25, low=0, high=200)
SVG = "{http://www.w3.org/2000/svg}"


def record_of(name: str) -> Record:
    return Certificate.model_validate_json(samples.file_of(name)).record


def measured(name: str) -> picture.Measured:
    found = picture.measured(record_of(name))
    assert found is not None
    return found


def test_steps_are_level_over_each_zone_and_leave_gaps() -> None:
    assert PANEL.steps([100, 200, None, 0]) == "M10 45H35V20H60M85 70H110"
    assert PANEL.steps([]) == ""
    assert PANEL.steps([None]) == ""


def test_the_last_zone_ends_with_the_drive() -> None:
    assert replace(PANEL, share=0.3).steps([0, 0, 0, 0]).endswith("H110")


def test_bands_lie_between_their_edges() -> None:
    assert PANEL.band([100, None], [200, 200]) == "M10 45H35V20H10Z"


def test_a_logarithmic_scale_gives_each_decade_the_same_room() -> None:
    log = replace(PANEL, low=10, high=1000, logarithmic=True)
    assert [log.y(value) for value in (10, 100, 1000)] == [70, 45, 20]
    assert (log.y(0), log.y(10**9)) == (70, 20)


@pytest.mark.parametrize(
    ("most", "about", "steps"),
    [
        (200, 4, [0, 50, 100, 150, 200]),
        (189.6, 4, [0, 50, 100, 150, 200]),
        (18, 9, [0, 2, 4, 6, 8, 10, 12, 14, 16, 18]),
        (0.4, 4, [0, 1]),
        (1001, 2, [0, 1000, 2000]),
    ],
)
def test_axes_have_round_numbers(most: float, about: int, steps: list[int]) -> None:
    assert round_steps(most, about) == steps


@given(st.floats(min_value=0.001, max_value=1e15), st.integers(1, 10))
def test_the_axis_reaches_beyond_the_largest_value(most: float, about: int) -> None:
    steps = round_steps(most, about)
    assert steps[-1] >= most
    assert 2 <= len(steps) <= about + 2


@pytest.mark.parametrize(
    ("low", "high", "powers"), [(340, 1_040_000, [100, 1000, 10_000, 100_000, 1_000_000, 10_000_000]), (5, 5, [1, 10])]
)
def test_decades_hold_all_values(low: int, high: int, powers: list[int]) -> None:
    assert decades(low, high) == powers


def test_units_suit_the_largest_value() -> None:
    assert unit_of(67_108_864) == (1_000_000, "M")
    assert unit_of(500_107_862_016) == (1_000_000_000, "G")
    assert unit_of(9) == (1, "")
    assert unit_of(10**19) == (10**15, "P")


@pytest.mark.parametrize(
    ("microseconds", "shown"),
    [(0, "0 µs"), (340, "340 µs"), (1000, "1 ms"), (9_999, "9 999 µs"), (10_400, "10 ms"), (10_000_000, "10 s")],
)
def test_latencies_are_whole_numbers_of_their_unit(microseconds: int, shown: str) -> None:
    assert picture.latency(microseconds, EN).replace("\N{NARROW NO-BREAK SPACE}", " ") == shown


def drawn(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own drawing


def paths(svg: str, ink: str, width: str) -> list[str]:
    found = drawn(svg).iter(f"{SVG}path")
    return [path.get("d", "") for path in found if (path.get("stroke"), path.get("stroke-width")) == (ink, width)]


def test_every_zone_is_in_the_line() -> None:
    found = measured("ordinary")
    svg = picture.throughput_picture(found, record_of("ordinary"), FR)
    lines = [line for line in paths(svg, "#000000", "0.8") if "H" in line]
    assert [line.count("H") for line in lines] == [len(found.tables[0].moved_bytes)]
    assert len([line for line in paths(svg, "#9a9a9a", "2.4") if "H" in line]) == 1


def test_a_pass_that_stopped_ends_where_it_stopped() -> None:
    svg = picture.throughput_picture(measured("aborted"), record_of("aborted"), FR)
    (line,) = [line for line in paths(svg, "#000000", "0.8") if "H" in line]
    ends = [float(x) for x in re.findall(r"H([\d.]+)", line)]
    assert 46 + 450 * 0.19 < max(ends) < 46 + 450 * 0.21


def marks(svg: str) -> list[tuple[float, float]]:
    """Left and right ends of the marks under the chart, as shares of the drive."""
    found = drawn(svg).iter(f"{SVG}rect")
    ends = [(float(mark.get("x", "")), float(mark.get("width", ""))) for mark in found]
    return [((x - 46) / 450, (x + width - 46) / 450) for x, width in ends]


def test_slow_and_retried_places_are_marked_where_they_are() -> None:
    found = measured("seven-passes")
    zones = len(found.tables[0].moved_bytes)
    svg = picture.throughput_picture(found, record_of("seven-passes"), FR)
    shown = marks(svg)
    expected = [(at / zones, (at + 1) / zones) for at in (20, 61, 61)]  # zone 20 is slow, zone 61 retried as well
    assert len(shown) == len(expected)
    for (start, end), (left, right) in zip(shown, expected, strict=True):
        assert start == pytest.approx(left, abs=0.001)
        assert end == pytest.approx(right, abs=0.001)
    assert FR.say("paper-strip-slow") in svg
    assert FR.say("paper-strip-retried") in svg
    assert FR.say("paper-strip-bad") not in svg


def test_hundreds_of_bad_ranges_make_few_marks() -> None:
    record = record_of("hopeless")
    svg = picture.throughput_picture(measured("hopeless"), record, FR)
    assert len(record.result.unwritten) == 400
    assert 1 <= len(marks(svg)) < 300
    assert all(0 <= start < end <= 1 + 2 / 450 for start, end in marks(svg))


def test_without_measurements_there_is_no_picture() -> None:
    assert picture.measured(sample.record(sample.erased())) is None


def test_one_measurement_has_one_panel() -> None:
    log = samples.job(verify=Verify(kind=VerifyKind.NONE, permille=0))
    record = sample.record(samples.measured_passes(log).evidence)
    found = picture.measured(record)
    assert found is not None
    svg = picture.latency_picture(found, EN)
    assert "writing, pass 1" in svg
    assert "reading back" not in svg


def test_the_last_pass_that_was_measured_is_drawn() -> None:
    log = samples.job(passes=[sample.ZEROS, sample.STREAM]).start(0)
    samples.measure(log, 0, Action.WRITE, tables=4)
    found = picture.measured(sample.record(log.written(0).start(1).evidence))
    assert found is not None
    assert found.number == 1
    assert found.read is None


counts = st.integers(min_value=0, max_value=2**45)


@st.composite
def tables(draw: st.DrawFn) -> tuple[int, SurfaceTable]:
    size = draw(st.integers(min_value=1 << 20, max_value=1 << 50))
    zones = draw(st.integers(min_value=1, max_value=40))
    column = st.lists(counts, min_size=zones, max_size=zones).map(tuple)
    sorted_times = st.lists(st.tuples(counts, counts, counts).map(sorted), min_size=zones, max_size=zones)
    median, p99, worst = zip(*draw(sorted_times), strict=True)
    table = SurfaceTable(
        zone_bytes=-(-size // zones),
        moved_bytes=draw(column),
        busy_us=draw(column),
        median_us=median,
        p99_us=p99,
        worst_us=worst,
        retried=draw(column),
        slow=draw(column),
        slowest=(),
    )
    return size, table


@given(tables(), st.booleans())
def test_nothing_is_drawn_outside_the_picture(measurement: tuple[int, SurfaceTable], both: bool) -> None:
    size, table = measurement
    found = picture.Measured(size=size, number=1, written=table, read=table if both else None, earlier=(table,))
    record = record_of("ordinary")
    for svg in (picture.throughput_picture(found, record, EN), picture.latency_picture(found, EN)):
        tree = drawn(svg)
        width, height = float(tree.get("width", "")), float(tree.get("height", ""))
        for path in tree.iter(f"{SVG}path"):
            commands = path.get("d", "")
            across = [float(x) for x in re.findall(r"[MHL]([-\d.]+)", commands)]
            down = [float(y) for y in re.findall(r"(?:[ML][-\d.]+ |V)([-\d.]+)", commands)]
            assert all(0 <= x <= width for x in across)
            assert all(0 <= y <= height for y in down)


def test_text_is_escaped() -> None:
    drawing = Drawing(10, 10)
    drawing.text(1, 1, "<&>")
    assert "&lt;&amp;&gt;" in drawing.finished()


def test_pages_without_measurements_have_no_empty_tables() -> None:
    record = record_of("fake")
    assert all(isinstance(item.surface, Absent) for item in record.process.passes)
