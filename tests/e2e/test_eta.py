"""The time left as shown at half-time, on virtual drives that slow down inwards; and the surface they leave."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import pytest

from bench.evidence import Evidence
from bench.facade import JobEnded
from bench.local import LocalBench
from bench.plan import EraseRequest, Verify
from bench.progress import JobProgress
from bench.settings import Settings
from bench.surface import Surface
from bench.verdict import Verdict
from drivers.sim import launch
from drivers.sim.faults import BadSectors, Kill, OnWrite, Sickness, Slowness, Target
from drivers.sim.folder import DriveSpec
from support.benches import CONSENT, MIB, addresses, erase, open_local

SETTINGS = Settings(checkpoint=0.3, window=MIB, rewind=2 * MIB, stall=20.0)
DISKS = [(17, 8), (14, 7.5), (15.5, 7)]
"""MiB/s at the start and at the end, of the drives of one run."""


def disk(outer: float, inner: float) -> Slowness:
    return Slowness(bytes_per_second=round(outer * MIB), inner_bytes_per_second=round(inner * MIB))


@contextmanager
def drives(folder: Path, *sick: tuple[Sickness, ...], size: int) -> Iterator[list[Path]]:
    """Running drives without planted data, each with its sicknesses and no cache that takes writes at once."""
    made = [folder / f"d{number}" for number in range(len(sick))]
    for number, (where, one) in enumerate(zip(made, sick, strict=True)):
        spec = DriveSpec(
            size=size,
            model="Disque d’essai",
            serial=f"ESSAI-{number}",
            wwn=f"5000c500a1b2{number:04x}",
            cache_size=0,
            sicknesses=one,
        )
        launch.create(where, spec)
        launch.start(where)
    try:
        yield made
    finally:
        for where in made:
            if launch.is_running(where):
                launch.power_cut(where)


async def followed(bench: LocalBench, which: list[Path], verify: str) -> dict[str, list[tuple[float, float]]]:
    """By job: the times at which a time left was shown, and the time of its end with none left."""
    shown: dict[str, list[tuple[float, float]]] = {}
    stream = bench.updates()
    request = EraseRequest(addresses=addresses(which), method="zero", verify=Verify.parse(verify), operator="OP-1")
    left = set(await bench.start(await bench.plan(request), CONSENT))
    async for update in stream:
        now = time.monotonic()
        if isinstance(update, JobProgress) and update.eta is not None:
            shown.setdefault(update.job, []).append((now, update.eta))
        if isinstance(update, JobEnded):
            shown.setdefault(update.job, []).append((now, 0.0))
            left.discard(update.job)
        if not left:
            return shown
    raise AssertionError("the updates ended before the jobs")


@pytest.mark.parametrize(("verify", "size"), [("none", 48 * MIB), ("full", 24 * MIB)])
async def test_at_half_time_the_time_left_is_about_right(tmp_path: Path, verify: str, size: int) -> None:
    bench = open_local(tmp_path / "state", settings=SETTINGS)
    began = time.monotonic()
    with drives(tmp_path, *((disk(*speeds),) for speeds in DISKS), size=size) as made:
        shown = await followed(bench, made, verify)
    await bench.close()
    errors = []
    for points in shown.values():
        end = points[-1][0]
        now, eta = min(points, key=lambda point: abs(point[0] - (began + end) / 2))
        errors.append(abs(eta - (end - now)) / (end - now))
    assert len(errors) == len(DISKS)
    # The ten percent are held by the simulated clock (test_forecast.py): here other tests slow the drives at will.
    assert median(errors) < 0.6, errors


def surfaces(evidence: Evidence) -> tuple[Surface, Surface]:
    check = evidence.passes[0].verification
    assert check is not None
    return evidence.passes[0].surface, check.surface


async def test_the_surface_is_on_record_of_writing_and_of_reading(tmp_path: Path) -> None:
    size = 16 * MIB
    cured = BadSectors(first=10 * MIB // 512, count=1, on_write=OnWrite.CURE)
    bench = open_local(tmp_path / "state", settings=SETTINGS)
    with drives(tmp_path, (disk(24, 6), cured), (BadSectors(first=10 * MIB // 512, count=2),), size=size) as made:
        slow, sick = await erase(bench, made)
    await bench.close()
    assert not slow.anomalies
    assert not sick.anomalies
    assert slow.concluded is not None
    assert slow.concluded.verdict == Verdict.ERASED
    for surface in surfaces(slow):
        assert [zone.number for zone in surface.zones] == list(range(16))
        assert sum(zone.bytes for zone in surface.zones) == size
        speeds = [zone.bytes_per_second for zone in surface.zones]
        # Four times as fast outside as inside; a busy machine blurs it, and does not turn it round.
        assert 1.3 < median(speeds[:4]) / median(speeds[-4:]) < 10
    for surface in surfaces(sick):
        assert [zone.number for zone in surface.zones if zone.retried] == [10]


async def test_a_worker_that_is_killed_leaves_what_it_measured_up_to_its_last_checkpoint(tmp_path: Path) -> None:
    size = 32 * MIB
    kill = Kill(at=20, target=Target.SENDER, signal=signal.SIGKILL)
    settings = Settings(checkpoint=0.0, window=MIB, rewind=2 * MIB, stall=20.0)
    bench = open_local(tmp_path / "state", settings=settings)
    with drives(tmp_path, (kill,), size=size) as made:
        (found,) = await erase(bench, made)
    await bench.close()
    assert not found.anomalies
    assert len(found.interruptions) == 1
    written = surfaces(found)[0]
    assert [zone.number for zone in written.zones] == list(range(32))
    twice = [zone.number for zone in written.zones if zone.bytes > MIB]
    assert twice, "what was written twice is measured twice"
    assert sum(zone.bytes for zone in written.zones) == size + len(twice) * MIB
