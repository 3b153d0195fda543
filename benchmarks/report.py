"""The results for people (a table) and for scripts (a JSON file)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich import box
from rich.table import Table

from benchmarks.findings import Findings, Line, as_json

_REACHED = {True: "reached", False: "MISSED", None: ""}
_STYLES = {True: "green", False: "bold red", None: ""}


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
            f"{line.ours:.3g}",
            f"{line.theirs:.3g}",
            f"{line.ratio:.2f}",
            _target(line),
            line.peer,
            _REACHED[line.reached],
            style=_STYLES[line.reached],
        )
    return made


def _target(line: Line) -> str:
    if line.target is None:
        return ""
    unit = f" {line.unit}" if line.target.absolute else ""
    return f"{line.target.relation} {line.target.limit:g}{unit}"


def write(
    path: Path, lines: Sequence[Line], findings: Findings, disturbed: Sequence[str], machine: Mapping[str, object]
) -> None:
    """Write everything that was found, the single samples too."""
    document = {
        "machine": machine,
        "lines": [as_json(line) for line in lines],
        "disturbed": list(disturbed),
        "samples": findings.samples,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
