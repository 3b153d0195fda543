"""The surface as pictures: throughput and latency from the drive's start to its end, and where it was slow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bench.record.base import Absent
from bench.record.model import Record
from bench.record.surface import SurfaceTable
from ui.formats import number
from ui.paper.chart import (
    GREY,
    INK,
    PALE,
    SMALL,
    Drawing,
    Panel,
    Values,
    decades,
    horizontal_grid,
    position_axis,
    round_steps,
    unit_of,
)
from ui.texts import Texts

WIDTH = 504.0
_LEFT, _RIGHT = 46.0, 8.0
_LEGEND = 16.0
_RATE_HEIGHT, _LATENCY_HEIGHT = 112.0, 84.0
_STRIP, _STRIP_GAP = 9.0, 6.0
_AXIS = 24.0
_LEAST_MARK = 1.4
_COARSE_UNITS = ((1_000_000, "s"), (1_000, "ms"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The surface tables of a job: of the last pass that has any, and those of the passes before."""

    size: int
    number: int
    """Of that pass, from 1."""
    written: SurfaceTable | None
    read: SurfaceTable | None
    earlier: tuple[SurfaceTable, ...]

    @property
    def tables(self) -> tuple[SurfaceTable, ...]:
        """Those of the last pass."""
        return tuple(table for table in (self.written, self.read) if table is not None)


def measured(record: Record) -> Measured | None:
    """What was measured in a job; None if nothing was."""
    found = [
        (item.number, _table(item.surface), None if isinstance(item.verification, Absent) else item.verification)
        for item in record.process.passes
    ]
    pairs = [(at, written, _table(check.surface) if check else None) for at, written, check in found]
    pairs = [pair for pair in pairs if pair[1] or pair[2]]
    if not pairs:
        return None
    last, written, read = pairs[-1]
    earlier = tuple(table for pair in pairs[:-1] for table in pair[1:] if table)
    size = record.drive.identity.size_bytes
    return Measured(size=size, number=last, written=written, read=read, earlier=earlier)


def rates(table: SurfaceTable) -> list[int | None]:
    """Bytes per second of each zone; None where it was not measured."""
    pairs = zip(table.moved_bytes, table.busy_us, strict=True)
    return [moved * 1_000_000 // busy if moved and busy else None for moved, busy in pairs]


def throughput_picture(found: Measured, record: Record, texts: Texts) -> str:
    """SVG: throughput of writing and reading back by position; beneath, places that were slow, retried or failed."""
    known = [rate for table in (*found.earlier, *found.tables) for rate in rates(table) if rate is not None]
    unit, prefix = unit_of(max(known, default=1))
    marks = [(step * unit, number(step)) for step in round_steps(max(known, default=1) / unit, 4)]
    strips = _strips(found, record, texts)
    strips_top = _LEGEND + _RATE_HEIGHT + (_STRIP_GAP if strips else 0)
    bottom = strips_top + _STRIP * len(strips)
    drawing = Drawing(WIDTH, bottom + _AXIS)
    width, high = WIDTH - _LEFT - _RIGHT, marks[-1][0]
    panel = Panel(left=_LEFT, top=_LEGEND, width=width, height=_RATE_HEIGHT, share=1, low=0, high=high)
    horizontal_grid(drawing, panel, marks)
    for table in found.earlier:
        drawing.path(_zoned(panel, table, found.size).steps(rates(table)), ink=PALE, width=0.6)
    _draw_rates(drawing, panel, found)
    drawing.text(0, SMALL, texts.say("paper-axis-rate", prefix=prefix), weight="bold")
    _rate_legend(drawing, found, texts)
    for row, (name, spans) in enumerate(strips):
        y = strips_top + _STRIP * row
        drawing.text(_LEFT - 4, y + SMALL - 2, name, anchor="end")
        for start, end in _merged(spans, _LEAST_MARK / panel.width):
            drawing.rectangle(panel.left + panel.width * start, y, panel.width * (end - start), _STRIP - 3, ink=INK)
    drawing.line((panel.left, bottom), (panel.left + panel.width, bottom))
    _positions(drawing, panel, bottom, found.size, texts)
    return drawing.finished()


def latency_picture(found: Measured, texts: Texts) -> str:
    """SVG: median, 99th percentile and worst latency by position, beside each other for writing and reading back."""
    named = [("paper-surface-written", found.written), ("paper-surface-read", found.read)]
    shown = [(texts.say(name, **{"pass": found.number}), table) for name, table in named if table]
    low = min((value for _, table in shown for value in _measured_only(table, table.median_us) if value), default=1)
    high = max(max(table.worst_us) for _, table in shown)
    scale = decades(low, high)
    top, gap = _LEGEND + 12, 14
    width = (WIDTH - _LEFT - _RIGHT - gap * (len(shown) - 1)) / len(shown)
    drawing = Drawing(WIDTH, top + _LATENCY_HEIGHT + _AXIS)
    drawing.text(0, SMALL, texts.say("paper-axis-latency"), weight="bold")
    _latency_legend(drawing, texts)
    for place, (name, table) in enumerate(shown):
        left = _LEFT + place * (width + gap)
        panel = Panel(
            left=left, top=top, width=width, height=_LATENCY_HEIGHT, share=table.zone_bytes / found.size,
            low=scale[0], high=scale[-1], logarithmic=True,
        )  # fmt: skip
        marks = [(float(value), latency(value, texts)) for value in scale]
        horizontal_grid(drawing, panel, marks, labelled=place == 0)
        drawing.text(left + width, top - 4, name, anchor="end", weight="bold")
        median, high_share, worst = (
            _measured_only(table, column) for column in (table.median_us, table.p99_us, table.worst_us)
        )
        drawing.area(panel.band(median, high_share), ink=PALE)
        drawing.path(panel.steps(worst), ink=GREY, width=0.5)
        drawing.path(panel.steps(median), ink=INK, width=1.3)
        bottom = top + _LATENCY_HEIGHT
        drawing.line((left, bottom), (left + width, bottom))
        _positions(drawing, panel, bottom, found.size, texts)
    return drawing.finished()


def latency(microseconds: int, texts: Texts) -> str:
    """A latency in whole seconds or milliseconds where it has ten of them, or just one; else in microseconds."""
    for unit, name in _COARSE_UNITS:
        if microseconds >= 10 * unit or microseconds == unit:
            return texts.say(f"paper-latency-{name}", count=microseconds // unit)
    return texts.say("paper-latency-us", count=microseconds)


def _table(surface: SurfaceTable | Absent) -> SurfaceTable | None:
    return None if isinstance(surface, Absent) else surface


def _measured_only(table: SurfaceTable, column: Sequence[int]) -> Values:
    """A column without the zeros that stand for zones that were not measured."""
    return [value if moved else None for value, moved in zip(column, table.moved_bytes, strict=True)]


def _zoned(panel: Panel, table: SurfaceTable, size: int) -> Panel:
    """The panel with the zones of this table."""
    return replace(panel, share=table.zone_bytes / size)


def _draw_rates(drawing: Drawing, panel: Panel, found: Measured) -> None:
    """Reading back as a broad grey line, and writing as a thin black one over it: where they meet, both are seen."""
    for table, ink, width in ((found.read, "#9a9a9a", 2.4), (found.written, INK, 0.8)):
        if table:
            drawing.path(_zoned(panel, table, found.size).steps(rates(table)), ink=ink, width=width)


def _rate_legend(drawing: Drawing, found: Measured, texts: Texts) -> None:
    x = 92.0
    entries = (
        (found.written, "paper-surface-written", INK, 0.8),
        (found.read, "paper-surface-read", "#9a9a9a", 2.4),
        (found.earlier, "paper-surface-earlier", PALE, 0.6),
    )
    for present, name, ink, width in entries:
        if present:
            x = _key(drawing, x, texts.say(name, **{"pass": found.number}), ink=ink, width=width)


def _latency_legend(drawing: Drawing, texts: Texts) -> None:
    x = _key(drawing, 92.0, texts.say("paper-latency-median"), ink=INK, width=1.3)
    x = _key(drawing, x, texts.say("paper-latency-band"), ink=PALE, width=6)
    _key(drawing, x, texts.say("paper-latency-worst"), ink=GREY, width=0.5)


def _key(drawing: Drawing, x: float, name: str, *, ink: str, width: float) -> float:
    """One entry of a legend; gives where the next one may begin."""
    drawing.line((x, SMALL - 2.4), (x + 18, SMALL - 2.4), ink=ink, width=width)
    drawing.text(x + 22, SMALL, name)
    return x + 22 + len(name) * SMALL * 0.5 + 14


def _strips(found: Measured, record: Record, texts: Texts) -> list[tuple[str, list[tuple[float, float]]]]:
    """Rows of marks under the chart: their name and from where to where, as shares of the drive. None without marks."""
    tables = (*found.earlier, *found.tables)
    sector = record.drive.logical_sector_bytes
    result = record.result
    bad = [
        (item.first * sector / found.size, (item.last + 1) * sector / found.size)
        for ranges in (result.unwritten, result.unreadable, result.mismatching)
        for item in ranges
    ]
    rows = [
        ("paper-strip-slow", [span for table in tables for span in _marked(table, table.slow, found.size)]),
        ("paper-strip-retried", [span for table in tables for span in _marked(table, table.retried, found.size)]),
        ("paper-strip-bad", bad),
    ]
    return [(texts.say(name), spans) for name, spans in rows if spans]


def _marked(table: SurfaceTable, counts: Sequence[int], size: int) -> list[tuple[float, float]]:
    share = table.zone_bytes / size
    return [(at * share, min(1.0, (at + 1) * share)) for at, count in enumerate(counts) if count]


def _merged(spans: Sequence[tuple[float, float]], least: float) -> list[tuple[float, float]]:
    """Spans of at least `least` each, those that touch joined: no more marks than can be told apart."""
    merged: list[tuple[float, float]] = []
    for start, end in sorted((start, max(end, start + least)) for start, end in spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _positions(drawing: Drawing, panel: Panel, y: float, size: int, texts: Texts) -> None:
    _, prefix = unit_of(size)
    position_axis(drawing, panel, y, size=size, name=number)
    drawing.text(panel.left + panel.width, y + _AXIS - 2, texts.say("paper-axis-position", prefix=prefix), anchor="end")
