"""Create, start and stop virtual drives: `python -m drivers.sim.launch create|start|stop|cut|cycle FOLDER`."""

from __future__ import annotations

import argparse
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

from bench.drive import Medium
from drivers.sim import folder
from drivers.sim.commands.spec import CommandSpec
from drivers.sim.documents import read
from drivers.sim.faults import FakeCapacity, parse_all
from drivers.sim.folder import MIB, DriveSpec, Power, is_running
from drivers.sim.protocol import decode

__all__ = [
    "DriveError",
    "DriveSpec",
    "create",
    "is_running",
    "main",
    "power_cut",
    "power_cycle",
    "power_on",
    "start",
    "stop",
]

_START_WITHIN_S = 30
_STOP_WITHIN_S = 60


class DriveError(Exception):
    """A virtual drive could not be started or stopped; the text says which and why."""


def create(where: Path, spec: DriveSpec) -> None:
    """Make a new drive, blank and switched off. Raises `FileExistsError` where there is one already."""
    where.mkdir(parents=True, exist_ok=True)
    fake = [item.real_size for item in spec.sicknesses if isinstance(item, FakeCapacity)]
    with (where / folder.MEDIUM).open("xb") as medium:
        medium.truncate(min([spec.medium_size, *fake]))
    folder.save_spec(where, spec)


def start(where: Path) -> int:
    """Switch a drive on; its pid, once it answers. It outlives this process. Raises `DriveError`."""
    command = [sys.executable, "-I", "-m", "drivers.sim.drive", "--detach", str(where)]
    launched = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_START_WITHIN_S, check=False
    )
    if launched.returncode != 0:
        raise DriveError(launched.stderr.strip() or f"virtual drive {where}: exit status {launched.returncode}")
    return int((where / folder.PID).read_text("ascii"))


def power_on(where: Path) -> int:
    """Restore the power after a cut: the same as `start`."""
    return start(where)


def stop(where: Path) -> None:
    """Switch a drive off in good order, its cache flushed; it is off on return. Raises `DriveError`."""
    _signal_and_wait(where, signal.SIGTERM)


def power_cut(where: Path) -> None:
    """Cut a drive's power; it is off on return. Raises `DriveError`."""
    _signal_and_wait(where, signal.SIGUSR1)


def power_cycle(where: Path) -> int:
    """Switch a drive off in good order, and on again; its new pid. Its count of power cycles grows by one.

    Connections and claims end with the power. Raises `DriveError`.
    """
    stop(where)
    return start(where)


def _signal_and_wait(where: Path, number: int) -> None:
    not_running = f"virtual drive {where}: is not running"
    try:
        descriptor = os.pidfd_open(int((where / folder.PID).read_text("ascii")))
    except (FileNotFoundError, ProcessLookupError, ValueError):
        raise DriveError(not_running) from None
    try:
        # The lock, held now, proves that the pid is the drive's and was not taken by another process.
        if not is_running(where):
            raise DriveError(not_running)
        signal.pidfd_send_signal(descriptor, number)
        ended = select.poll()
        ended.register(descriptor, select.POLLIN)
        if not ended.poll(_STOP_WITHIN_S * 1000):
            raise DriveError(f"virtual drive {where}: still runs {_STOP_WITHIN_S} s after signal {number}")
    finally:
        os.close(descriptor)


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    options = _parser().parse_args(arguments)
    where: Path = options.folder
    try:
        match options.command:
            case "create":
                create(where, _spec(options))
            case "start":
                sys.stdout.write(f"{start(where)}\n")
            case "stop":
                stop(where)
            case "cut":
                power_cut(where)
            case "cycle":
                sys.stdout.write(f"{power_cycle(where)}\n")
    except (DriveError, OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _spec(options: argparse.Namespace) -> DriveSpec:
    return DriveSpec(
        size=options.size,
        model=options.model,
        serial=options.serial,
        wwn=options.wwn,
        firmware=options.firmware,
        vendor=options.vendor,
        logical_sector=options.logical_sector,
        physical_sector=options.physical_sector,
        medium=Medium(options.medium),
        cache_size=options.cache_size,
        seed=options.seed,
        power=Power(options.power),
        sicknesses=parse_all(decode(options.sicknesses.encode()), "--sicknesses"),
        commands=read(CommandSpec, decode(options.commands.encode()), "--commands"),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="drivers.sim.launch", description="Virtual drives, addressed sim:FOLDER.")
    commands = parser.add_subparsers(dest="command", required=True)
    make = commands.add_parser("create", help="make a new drive, blank and switched off")
    for name, purpose in (
        ("start", "switch a drive on and print its pid"),
        ("stop", "switch it off in good order"),
        ("cut", "cut its power: what is in its write cache is lost"),
        ("cycle", "switch it off in good order and on again, and print its pid"),
    ):
        commands.add_parser(name, help=purpose).add_argument("folder", type=Path)
    make.add_argument("folder", type=Path)
    make.add_argument("--size", type=_size, required=True, help="bytes, or with a suffix: 64M, 2G, 1T (powers of 1024)")
    make.add_argument("--model", required=True)
    make.add_argument("--serial", required=True)
    make.add_argument("--wwn", default="")
    make.add_argument("--firmware", default="1.0")
    make.add_argument("--vendor", default="TableRase")
    make.add_argument("--logical-sector", type=int, choices=(512, 4096), default=512)
    make.add_argument("--physical-sector", type=int, choices=(512, 4096), default=4096)
    make.add_argument("--medium", choices=(Medium.ROTATING.value, Medium.FLASH.value), default=Medium.ROTATING.value)
    make.add_argument("--cache-size", type=_size, default=16 * MIB, help="bytes of volatile write cache; 0: none")
    make.add_argument("--seed", type=int, default=1, help="places what is random: order of writing, torn writes")
    make.add_argument(
        "--power", choices=[*Power], default=Power.SWITCHED.value, help="who cuts it where a plan wants that"
    )
    make.add_argument("--sicknesses", default="[]", help="JSON list; the kinds are described in drivers/sim/faults.py")
    make.add_argument("--commands", default="{}", help="JSON object; its fields are in drivers/sim/commands/spec.py")
    return parser


def _size(text: str) -> int:
    """Bytes from `64M` and the like."""
    suffixes = {"K": 10, "M": 20, "G": 30, "T": 40}
    number, shift = (text[:-1], suffixes[text[-1]]) if text[-1:] in suffixes else (text, 0)
    return int(number) << shift


if __name__ == "__main__":
    sys.exit(main())
