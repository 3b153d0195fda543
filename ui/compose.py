"""The composition root: the one place where the bench meets its drivers."""

from __future__ import annotations

import platform
from pathlib import Path

from bench import keys
from bench.catalogue import catalogue
from bench.local import LocalBench, Parts
from bench.onlooker import Onlooker
from bench.settings import Settings
from bench.state import StateFolder
from drivers.host import SystemClock, run_context
from drivers.machine import MachineDrives
from ui.paper.publisher import DocumentPublisher


async def open_bench(state: Path, *, settings: Settings, site_methods: Path | None = None) -> LocalBench:
    """The bench of this machine over a state folder, recovered from however it ended last.

    `BenchError` if the folder cannot be used or another process holds it.
    """
    folder = StateFolder(state.absolute())
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


def onlooker(state: Path) -> Onlooker:
    """The drives of this machine and a state folder, to look at only; nothing is created or held."""
    folder = StateFolder(state.absolute())
    return Onlooker(folder, MachineDrives(folder.root))
