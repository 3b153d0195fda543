"""A folder for one run, and what becomes of it: gone after a success, kept after a failure.

A killed run may leave virtual drives behind, as they outlive who started them; the next run ends those.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from drivers.sim import launch
from drivers.sim.folder import PID, is_running
from rig.places import BUILD

_RUNS = BUILD / "runs"
_LOCK = "lock"
_SWEEPING = "runs.lock"
_KEPT = 3


@dataclass(slots=True)
class Run:
    """A run's folder, and whether it is to stay."""

    folder: Path
    failed: bool = False


@contextmanager
def beginning(name: str) -> Iterator[Run]:
    """A new folder, locked while it is used. It stays if the run `failed`, or raises what it raises."""
    _RUNS.mkdir(parents=True, exist_ok=True)
    _sweep()
    where = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=_RUNS))
    descriptor = os.open(where / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        run = Run(folder=where)
        yield run
        if not run.failed:
            shutil.rmtree(where)
    finally:
        os.close(descriptor)


def _sweep() -> None:
    """End the drives of runs that nobody holds any more, and forget all but the latest few of these."""
    with (_RUNS.parent / _SWEEPING).open("w") as lock:
        # Another course may begin at the same time, in a thread of this process or elsewhere.
        fcntl.flock(lock, fcntl.LOCK_EX)
        _sweep_alone()


def _sweep_alone() -> None:
    ended = sorted((run for run in _RUNS.iterdir() if not _is_held(run)), key=lambda run: run.stat().st_mtime)
    for run in ended:
        for pid in run.glob(f"*/*/{PID}"):
            if is_running(pid.parent):
                launch.power_cut(pid.parent)
    for run in ended[:-_KEPT]:
        shutil.rmtree(run)


def _is_held(run: Path) -> bool:
    try:
        descriptor = os.open(run / _LOCK, os.O_RDWR)
    except FileNotFoundError:
        return True  # it is being made
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
