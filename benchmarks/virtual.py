"""A bench of virtual drives, for what needs no speed of them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from drivers.sim import launch
from drivers.sim.folder import DriveSpec

SIZE = 4 << 20


@contextmanager
def virtual_drives(folder: Path, specs: Sequence[DriveSpec]) -> Iterator[list[Path]]:
    """Drives of these descriptions, each in a folder of its own and switched on while this lasts."""
    drives = [folder / f"drive-{number}" for number in range(len(specs))]
    for where, spec in zip(drives, specs, strict=True):
        launch.create(where, spec)
    try:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(launch.start, drives))
        yield drives
    finally:
        for where in filter(launch.is_running, drives):
            launch.power_cut(where)
