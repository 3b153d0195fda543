"""The annex: what a first page has no room for. A part that has nothing to tell is left out."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median_low
from typing import Any

from bench.keys import grouped
from bench.record.base import Absent
from bench.record.drive import Drive
from bench.record.model import Record
from bench.record.process import InterruptionStatement, Tool
from bench.record.surface import SurfaceTable
from ui.paper import faults, passes
from ui.paper.firmware import firmware_rows
from ui.paper.rows import Row, row, short_time, stated, stated_row
from ui.paper.surface_picture import Measured, latency, latency_picture, measured, rates, throughput_picture
from ui.texts import Texts

_MOST_INTERRUPTIONS = 40
_INTERRUPTION_HEADINGS = ("number", "cause", "stopped", "resumed")
_SURFACE_HEADINGS = ("what", "lowest", "mean", "highest", "usual", "worst", "slow", "retried")
_TOOL_HEADINGS = ("program", "revision", "python", "kernel", "station", "clock")
_REVISION = 12


def annex_of(record: Record, texts: Texts) -> dict[str, Any]:
    """The annex's parts, in the order of the page; empty ones are empty lists, or null for the surface."""
    every_pass = record.process.passes
    long = passes.need_annex(every_pass)
    return {
        "title": texts.say("paper-annex"),
        "firmware": {"title": texts.say("paper-firmware-title"), "rows": firmware_rows(record.process, texts)},
        "surface": _surface(record, texts),
        "passes": {
            "title": texts.say("paper-passes"),
            "headings": passes.headings(texts),
            "rows": passes.rows(every_pass, texts) if long else [],
        },
        "ranges": faults.lists(record.result, texts),
        "interruptions": _interruptions(record.process.interruptions, texts),
        "drive": {"title": texts.say("paper-drive-more"), "rows": _drive_rows(record.drive, texts)},
        "notes": [texts.text(item.message()) for item in record.drive.notes],
        "journal": {"title": texts.say("paper-journal"), "rows": _journal_rows(record, texts)},
        "tools": {
            "title": texts.say("paper-tools"),
            "headings": [texts.say(f"paper-tool-{name}") for name in _TOOL_HEADINGS],
            "rows": [_tool(tool, texts) for tool in record.process.tools],
        },
    }


def _surface(record: Record, texts: Texts) -> dict[str, Any] | None:
    found = measured(record)
    if found is None:
        return None
    rows = [
        _surface_row(texts.say(name, **{"pass": found.number}), table, texts)
        for name, table in (("paper-surface-written", found.written), ("paper-surface-read", found.read))
        if table
    ]
    return {
        "title": texts.say("paper-surface"),
        "throughput": {"svg": throughput_picture(found, record, texts), "alt": _alt("throughput", found, texts)},
        "latency": {"svg": latency_picture(found, texts), "alt": _alt("latency", found, texts)},
        "headings": [texts.say(f"paper-surface-{name}") for name in _SURFACE_HEADINGS],
        "rows": rows,
        "meaning": texts.say("paper-surface-meaning"),
    }


def _alt(picture: str, found: Measured, texts: Texts) -> str:
    """What a picture shows, for who does not see it; the numbers stand in the table beneath."""
    tables = (*found.earlier, *found.tables)
    slow = sum(sum(table.slow) for table in tables)
    retried = sum(sum(table.retried) for table in tables)
    zones = max(len(table.moved_bytes) for table in found.tables)
    return texts.say(
        f"paper-surface-alt-{picture}",
        zones=zones,
        size=found.size,
        slow=slow,
        retried=retried,
        **{"pass": found.number},
    )


def _surface_row(name: str, table: SurfaceTable, texts: Texts) -> list[str]:
    known = [rate for rate in rates(table) if rate is not None]
    none = texts.say("paper-none")

    def rate(value: int) -> str:
        return texts.say("paper-rate", rate=value) if known else none

    busy = sum(table.busy_us)
    usual = [value for value, moved in zip(table.median_us, table.moved_bytes, strict=True) if moved]
    return [
        name,
        rate(min(known, default=0)),
        rate(sum(table.moved_bytes) * 1_000_000 // busy if busy else 0),
        rate(max(known, default=0)),
        latency(median_low(usual), texts) if usual else none,
        latency(max(table.worst_us), texts),
        texts.say("paper-count", count=sum(table.slow)),
        texts.say("paper-count", count=sum(table.retried)),
    ]


def _interruptions(gaps: Sequence[InterruptionStatement], texts: Texts) -> dict[str, Any]:
    shown = gaps[:_MOST_INTERRUPTIONS]
    left = len(gaps) - len(shown)
    return {
        "title": texts.say("paper-interruptions-title"),
        "headings": [texts.say(f"paper-interruption-{name}") for name in _INTERRUPTION_HEADINGS],
        "rows": [
            [
                str(number),
                texts.say("paper-interruption", cause=gap.cause.value),
                short_time(gap.stopped, texts),
                short_time(gap.resumed, texts),
            ]
            for number, gap in enumerate(shown, start=1)
        ],
        "more": texts.say("paper-more", count=left) if left else "",
    }


def _drive_rows(drive: Drive, texts: Texts) -> list[Row]:
    sizes = ", ".join(
        texts.say("paper-size-reading", source=item.source, size=item.size_bytes) for item in drive.size_readings
    )
    physical = drive.physical_sector_bytes
    return [
        row(texts.say("paper-identity-source"), drive.identity.source),
        row(texts.say("paper-identity-digest"), grouped(drive.identity.digest), mono=True),
        row(texts.say("paper-size-readings"), sizes),
        stated_row(
            texts.say("paper-physical-sector"),
            physical if isinstance(physical, Absent) else texts.say("paper-bytes", size=physical),
            texts,
        ),
    ]


def _journal_rows(record: Record, texts: Texts) -> list[Row]:
    evidence = record.evidence
    return [
        row(texts.say("paper-job"), evidence.job),
        row(texts.say("paper-journal-events"), texts.say("paper-count", count=evidence.events)),
        row(texts.say("paper-journal-digest"), grouped(evidence.sha256), mono=True),
    ]


def _tool(tool: Tool, texts: Texts) -> list[str]:
    kernel = texts.say(
        "paper-tool-kernel-value", kernel=stated(tool.kernel, texts), architecture=stated(tool.architecture, texts)
    )
    return [
        f"{tool.program} {tool.version}",
        tool.commit[:_REVISION] if isinstance(tool.commit, str) else stated(tool.commit, texts),
        stated(tool.python, texts),
        kernel,
        tool.station,
        texts.say("paper-tool-clock-value", clock=tool.clock.value, source=stated(tool.clock_source, texts)),
    ]
