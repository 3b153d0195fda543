"""The results for people (a table) and for scripts (a JSON file)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from rich import box
from rich.table import Table

from benchmarks.findings import Findings, Line, as_json

_STYLES = {"reached": "green", "MISSED": "bold red", "disturbed": "yellow", "": ""}


def table(lines: Sequence[Line]) -> Table:
    """One row a comparison."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    made.add_column("what")
    for heading in ("ours", "peer's", "ratio", "target"):
        made.add_column(heading, justify="right", no_wrap=True)
    made.add_column("peer")
    made.add_column("")
    for line in lines:
        made.add_row(
            f"{line.what} ({line.unit})",
            f"{line.ours.value:.3g}",
            f"{line.theirs.value:.3g}",
            f"{line.ratio:.2f}",
            _target(line),
            line.peer,
            _verdict(line),
            style=_STYLES[_verdict(line)],
        )
    return made


def _verdict(line: Line) -> str:
    if line.disturbed:
        return "disturbed"
    return {True: "reached", False: "MISSED", None: ""}[line.reached]


def _target(line: Line) -> str:
    if line.target is None:
        return ""
    unit = f" {line.unit}" if line.target.absolute else ""
    return f"{line.target.relation} {line.target.limit:g}{unit}"


def write(path: Path, lines: Sequence[Line], findings: Findings, machine: Mapping[str, object]) -> None:
    """Write everything that was found, the single samples too."""
    document = {
        "machine": machine,
        "lines": [as_json(line) for line in lines],
        "samples": {name: [asdict(sample) for sample in samples] for name, samples in findings.samples.items()},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
