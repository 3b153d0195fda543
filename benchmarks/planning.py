"""How long a whole bench of drives takes to be identified and planned for: `python -m benchmarks.planning`.

Virtual drives of every kind are asked what they can do and planned for by the public command, from its start to its
end, beside the same command over a single drive.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

import click

from benchmarks import peers
from benchmarks.starts import COMMAND
from benchmarks.virtual import SIZE, virtual_drives
from drivers.sim.commands.spec import CommandSpec, Personality
from drivers.sim.folder import DriveSpec

_KINDS = (Personality.ATA_DISK, Personality.ATA_SSD, Personality.SAS_DISK, Personality.NVME)


@click.command()
@click.option("--drives", "count", type=click.IntRange(min=1), default=16, show_default=True, help="How many.")
@click.option("--rounds", type=click.IntRange(min=1), default=5, show_default=True, help="Times each is measured.")
def main(count: int, rounds: int) -> None:
    """Print how long planning for many drives and for one takes, and the ratio."""
    with tempfile.TemporaryDirectory(prefix="planning-") as folder:
        state = Path(folder) / "state"
        with virtual_drives(Path(folder), [_spec(number) for number in range(count)]) as drives:
            many = statistics.median(_seconds(state, drives) for _ in range(rounds))
            one = statistics.median(_seconds(state, drives[:1]) for _ in range(rounds))
    click.echo(f"{count} drives identified and planned for: {many:.2f} s; one: {one:.2f} s; ratio {many / one:.2f}")


def _spec(number: int) -> DriveSpec:
    firmware = CommandSpec(personality=_KINDS[number % len(_KINDS)])
    return DriveSpec(size=SIZE, model="Virtual drive", serial=f"PLAN-{number:04}", commands=firmware)


def _seconds(state: Path, drives: list[Path]) -> float:
    addresses = [f"sim:{where}" for where in drives]
    began = time.monotonic()
    peers.run([str(COMMAND), "--state", str(state), "plan", *addresses, "--level", "purge", "--json"])
    return time.monotonic() - began


if __name__ == "__main__":
    sys.exit(main())
