"""`python -m benchmarks`, as root: measure, print the table, write build/benchmarks/DATE.json."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console

from benchmarks import comparisons, peers, report
from benchmarks.loops import MIB
from benchmarks.machine import Meter, TooBusyError, available_memory, processor
from benchmarks.suite import Settings, Suite
from benchmarks.workers import UnexpectedError
from drivers.host import run_context

FOLDER = Path(__file__).resolve().parent.parent / "build" / "benchmarks"
PATIENCE_SECONDS = 90.0
TABLE_WIDTH = 140
"""Characters, where no terminal says how many it has."""


@click.command()
@click.option("--size", "mib", type=click.IntRange(min=256), default=1024, show_default=True, help="MiB per drive.")
@click.option("--rounds", type=click.IntRange(min=1), default=5, show_default=True, help="Times each is measured.")
@click.option("--pages", type=click.Choice(["huge", "small"]), default="huge", show_default=True, help="Of the drives.")
def main(mib: int, rounds: int, pages: str) -> None:
    """Compare Table Rase with nwipe, shred, dd and fio on loop devices in memory, and with the floor beneath all."""
    if os.geteuid() != 0:
        raise click.ClickException("loop devices need root: sudo make bench")
    # Ended from outside, it still detaches its drives and gives their memory back.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    err = Console(stderr=True, highlight=False, markup=False)
    FOLDER.mkdir(parents=True, exist_ok=True)
    began = datetime.now(UTC)
    # On a disk, not in memory: what a station syncs takes its time.
    with tempfile.TemporaryDirectory(prefix="state-", dir=FOLDER) as state, err.status("") as status:
        settings = Settings(size=mib * MIB, rounds=rounds, huge=pages == "huge", state=Path(state))
        _check_memory(settings.memory)
        suite = Suite(settings, Meter(PATIENCE_SECONDS), status.update)
        try:
            suite.run()
        except (UnexpectedError, TooBusyError) as error:
            raise click.ClickException(str(error)) from error
    lines = comparisons.lines(suite.findings)
    path = FOLDER / f"{began:%Y-%m-%dT%H%M%SZ}.json"
    report.write(path, lines, suite.findings, _machine(began, settings))
    Console(highlight=False, width=None if sys.stdout.isatty() else TABLE_WIDTH).print(report.table(lines))
    if any(line.disturbed for line in lines):
        err.print("Others used this machine whenever what is marked disturbed was measured: try again when it is idle.")
    err.print(f"Everything, sample by sample: {path}")


def _check_memory(needed: int) -> None:
    available = available_memory()
    if available < needed:
        found = f"the drives take {needed // MIB} MiB of memory, and {available // MIB} MiB are available"
        raise click.ClickException(f"{found}: choose a smaller --size")


def _machine(began: datetime, settings: Settings) -> dict[str, object]:
    return {
        "began": began.isoformat(timespec="seconds"),
        "processor": processor(),
        "processors": os.cpu_count(),
        "size": settings.size,
        "rounds": settings.rounds,
        "huge_pages": settings.huge,
        "load": os.getloadavg()[0],
        "peers": peers.versions(),
        **asdict(run_context("bench")),
    }


if __name__ == "__main__":
    sys.exit(main())
