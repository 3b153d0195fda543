"""The composition root: the one place where the bench meets its drivers."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from bench import keys
from bench.catalogue import catalogue
from bench.local import LocalBench, Parts
from bench.onlooker import Onlooker
from bench.settings import Settings
from bench.state import StateFolder
from drivers.host import SystemClock, run_context
from drivers.machine import MachineDrives
from drivers.sim import launch, rack
from drivers.sim.folder import is_running
from drivers.sim.rack import RackDrive
from ui.paper.publisher import DocumentPublisher

__all__ = ["RackDrive", "demo_power", "demo_rack", "demo_stop_leftovers", "onlooker", "open_bench"]


async def open_bench(state: Path, *, settings: Settings, site_methods: Path | None = None) -> LocalBench:
    """The bench of this machine over a state folder, recovered from however it ended last.

    `BenchError` if the folder cannot be used or another process holds it.
    """
    folder = _folder(state)
    folder.create()
    station = folder.station_name(platform.node() or "station")
    bench = LocalBench(
        Parts(
            folder=folder,
            key=keys.load_or_create(folder.key),
            drives=MachineDrives(folder.root),
            publisher=DocumentPublisher(),
            methods=catalogue(site_methods),
            clock=SystemClock(),
            context=run_context(station),
            settings=settings,
        )
    )
    await bench.recover()
    return bench


def _folder(state: Path) -> StateFolder:
    return StateFolder(state.absolute())


def onlooker(state: Path) -> Onlooker:
    """The drives of this machine and a state folder, to look at only; nothing is created or held."""
    folder = _folder(state)
    return Onlooker(folder, MachineDrives(folder.root))


def demo_rack(folder: Path, size: int) -> tuple[RackDrive, ...]:
    """Eight virtual drives of `size` bytes with data planted on them, switched off."""
    return rack.fill(folder, size)


def demo_power(drives: Sequence[RackDrive]) -> AbstractContextManager[None]:
    """The rack switched on while a `with` lasts."""
    return rack.powered(drives)


def demo_stop_leftovers(folder: Path) -> None:
    """Switch off what an earlier demonstration, killed before its end, left running in its folder."""
    for drive in folder.glob("drive-*"):
        if is_running(drive):
            launch.stop(drive)
