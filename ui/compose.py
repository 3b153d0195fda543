"""The composition root: the one place where the bench meets its drivers."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from bench import key_ring
from bench.authorities import load_authorities
from bench.bus_speed import SpeedReader
from bench.catalogue import catalogue
from bench.context import Clock
from bench.drive import DriveFacts
from bench.key_ring import KeyRing
from bench.local import LocalBench, Parts
from bench.onlooker import Onlooker
from bench.ports import TimeAuthority
from bench.settings import Settings
from bench.stamping import StampSettings
from bench.state import StateFolder, StateLock
from drivers import read_speed
from drivers.host import SystemClock, run_context
from drivers.machine import MachineDrives
from drivers.sim import launch, rack
from drivers.sim.folder import is_running
from drivers.sim.rack import RackDrive
from ui.paper.late import LatePublisher

__all__ = ["RackDrive", "demo_power", "demo_rack", "demo_stop_leftovers", "onlooker", "open_bench", "speed_reading"]


async def open_bench(state: Path, *, settings: Settings, site_methods: Path | None = None) -> LocalBench:
    """The bench of this machine over a state folder, recovered from however it ended last.

    `BenchError` if the folder cannot be used or another process holds it.
    """
    folder = _folder(state)
    folder.create()
    # Held before the keys are read: they may not be changed between that and the first signature.
    lock = StateLock(folder)
    try:
        station = folder.station_name(host_name())
        ring = station_keys(folder, settings)
        parts = Parts(
            folder=folder,
            lock=lock,
            key=ring.station,
            drives=MachineDrives(folder.root),
            publisher=LatePublisher(seal=ring.seal),
            methods=catalogue(site_methods),
            clock=clock(),
            context=run_context(station),
            settings=settings,
            earlier_keys=tuple(ring.listed.publics().values())[-2::-1],
            seal=ring.seal.digest,
            authority=_time_authority(settings.paper),
        )
    except BaseException:
        lock.close()
        raise
    bench = LocalBench(parts)
    await bench.recover()
    return bench


def host_name() -> str:
    """What a station is called unless told otherwise."""
    return platform.node() or "station"


def station_keys(folder: StateFolder, settings: Settings) -> KeyRing:
    """The keys of a state folder, made if there are none yet; see `key_ring.load_or_create`."""
    return key_ring.load_or_create(
        folder.key.parent,
        station=folder.station_name(host_name()),
        organisation=settings.workshop.name,
        at=clock().now(),
    )


def clock() -> Clock:
    """The machine's own time."""
    return SystemClock()


def _time_authority(settings: StampSettings) -> TimeAuthority | None:
    if not settings.tsa:
        return None
    # Only where a workshop has one: an HTTP client takes as long to load as everything else together.
    from drivers.time_authority import HttpTimeAuthority  # noqa: PLC0415

    authorities = load_authorities(Path(settings.tsa_ca)) if settings.tsa_ca else ()
    return HttpTimeAuthority(url=settings.tsa, timeout=settings.tsa_timeout, authorities=authorities)


def _folder(state: Path) -> StateFolder:
    return StateFolder(state.absolute())


def onlooker(state: Path) -> Onlooker:
    """The drives of this machine and a state folder, to look at only; nothing is created or held."""
    folder = _folder(state)
    return Onlooker(folder, MachineDrives(folder.root))


def speed_reading(drives: Sequence[DriveFacts]) -> AbstractContextManager[SpeedReader]:
    """Drives opened to see how fast they can be read; see `bench.bus_speed.Reading`."""
    return read_speed.opened(drives)


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
