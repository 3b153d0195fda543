"""What watching sanitizes costs: `python -m benchmarks.polling`. Prints the share of a core that it takes, by time.

Virtual drives sanitize themselves, watched by the public command and its command workers as real drives are. Counted is
the processor time of all these processes, not that of the virtual drives: a real drive has a processor of its own.
Starting sixteen workers is no polling: each count begins when the last drive has told its worker that it is at work.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

from benchmarks.starts import COMMAND, started
from benchmarks.virtual import SIZE, virtual_drives
from benchmarks.workers import UnexpectedError
from drivers.command_protocol import COMMANDS
from drivers.sim.commands.spec import CommandSpec, Personality
from drivers.sim.folder import DriveSpec

SECONDS = 45
"""Until when it is counted; a drive takes longer over its sanitize."""
WINDOW = 5.0
_PATIENCE_SECONDS = 120.0
_TICKS = os.sysconf("SC_CLK_TCK")


@click.command()
@click.option("--drives", "count", type=click.IntRange(min=1), default=16, show_default=True, help="How many.")
def main(count: int) -> None:
    """Print how much of a core polling takes, of the bench and of its workers, in windows of five seconds."""
    with tempfile.TemporaryDirectory(prefix="polling-") as folder:
        state = Path(folder) / "state"
        with virtual_drives(Path(folder), [_spec(number) for number in range(count)]) as drives:
            addresses = [f"sim:{where}" for where in drives]
            line = [str(COMMAND), "--state", str(state), "erase", *addresses, "--level", "purge"]
            with started([*line, "--operator", "BENCH", "--yes", "--json"]) as process:
                try:
                    _until_all_at_work(process, state / COMMANDS, count)
                    _count(process, count)
                except UnexpectedError as error:
                    raise click.ClickException(str(error)) from error


def _spec(number: int) -> DriveSpec:
    firmware = CommandSpec(personality=Personality.ATA_DISK, erase_ms=3_600_000)
    return DriveSpec(size=SIZE, model="Virtual HDD", serial=f"POLL-{number:04}", commands=firmware)


def _until_all_at_work(process: subprocess.Popen[bytes], commands: Path, count: int) -> None:
    """Wait until every drive's log tells that it was seen. `UnexpectedError` where that does not come."""
    give_up = time.monotonic() + _PATIENCE_SECONDS
    while sum(b'"Seen"' in log.read_bytes() for log in commands.glob("*/log.jsonl")) < count:
        if process.poll() is not None or time.monotonic() > give_up:
            raise UnexpectedError(f"not all of {count} drives came to sanitize themselves")
        time.sleep(0.02)


def _count(process: subprocess.Popen[bytes], count: int) -> None:
    click.echo(f"polling {count} sanitizes, percent of one core:   bench   workers   together")
    workers = _children(process.pid)
    began = time.monotonic()
    before = _spent(process.pid), sum(map(_spent, workers))
    first = before
    for end in range(round(WINDOW), SECONDS + 1, round(WINDOW)):
        time.sleep(max(0.0, began + end - time.monotonic()))
        now = _spent(process.pid), sum(map(_spent, workers))
        _print(f"{end - WINDOW:3.0f} to {end:3} s", (now[0] - before[0], now[1] - before[1]), WINDOW)
        before = now
    _print(f"all {SECONDS} s", (before[0] - first[0], before[1] - first[1]), SECONDS)


def _print(what: str, spent: tuple[float, float], seconds: float) -> None:
    shares = [100 * part / seconds for part in (*spent, sum(spent))]
    click.echo(f"{what:>46}:" + "".join(f"{share:9.2f}" for share in shares))


def _children(parent: int) -> list[int]:
    found: list[int] = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _fields(int(entry.name))) and int(fields[1]) == parent:
            found.append(int(entry.name))
    return found


def _spent(pid: int) -> float:
    """Processor time of a process so far, in seconds; 0 of one that is gone."""
    fields = _fields(pid)
    return (int(fields[11]) + int(fields[12])) / _TICKS if fields else 0.0


def _fields(pid: int) -> list[str]:
    """/proc/PID/stat from the state on (proc_pid_stat(5)): what follows the name, which may hold anything."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


if __name__ == "__main__":
    sys.exit(main())
