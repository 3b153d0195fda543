"""Sick drives next to healthy ones in one order, and a kernel that takes a drive's cache for none."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from bench.events import PassWritten
from bench.evidence import Evidence
from bench.settings import Settings
from bench.work import Action
from drivers.sim.command_faults import HiddenCache
from drivers.sim.faults import BadSectors, Death, Hang, Sickness
from drivers.sim.folder import MIB
from rig.devices import BAD_SECTORS
from rig.guest import kernel_drive, mishaps, station
from rig.guest.bays import Bay
from rig.guest.mishaps import Mishap, Order, carried_out, slowed
from support.firmware import reasons, verdict

pytestmark = pytest.mark.boot("mishaps")
Plug = Callable[[str], Bay]
SETTINGS = Settings(checkpoint=0.5, rewind=2 * MIB, window=MIB, stall=45.0, bad_ranges=20, bad_sectors=100)
NEVER = "3600"
"""Seconds until the kernel resets a drive that does not answer."""


def worn(bay: Bay, *sicknesses: Sickness) -> Callable[[], None]:
    return partial(bay.sim.arm, *sicknesses)


def where(evidence: Evidence) -> tuple[object, ...]:
    """The sectors that the first reason of a verdict names: how many, the first, the last."""
    assert evidence.concluded is not None
    told = evidence.concluded.reasons[0].params
    return told["count"], told["first"], told["last"]


def errors(evidence: Evidence, action: Action) -> set[int]:
    """The error numbers of what could not be mended."""
    return {fault.errno for item in evidence.passes for fault in item.lasting(action)}


def test_sick_drives_hold_up_no_healthy_one(bay: Plug) -> None:
    names = ("ata-1", "ata-2", "ata-3", "sas-1", "sas-3", "ahci-1", "usb-1", "nvme-1")
    bays = [bay(name) for name in names]
    unwritable, unreadable, healthy, dying, hanging, qemu, docked, nvme = bays
    Path("/sys/block", hanging.node().name, "device/timeout").write_text(NEVER)
    unwritable.sim.arm(BadSectors(first=4096, count=3))
    mishap = {
        "ata-2": Mishap(when=lambda event: isinstance(event, PassWritten), do=worn(unreadable, BAD)),
        "sas-1": Mishap(when=mishaps.written(6 * MIB), do=worn(dying, Death(at=1))),
        "sas-3": Mishap(when=mishaps.written(4 * MIB), do=worn(hanging, Hang(at=1))),
    }

    async def night() -> dict[str, Evidence]:
        async with station.station(settings=SETTINGS) as bench:
            order = station.overwriting([one.node() for one in bays])
            return await carried_out(bench, [Order(request=order, bays=bays)], mishap)

    with mishaps.replaced(unwritable, unreadable, dying, hanging), slowed(unreadable, dying, hanging):
        found = asyncio.run(night())
    first = {name: (verdict(item), reasons(item)[:1]) for name, item in found.items()}
    assert first == {
        "ata-1": ("failed", ["reason-unwritten"]),
        "ata-2": ("failed", ["reason-unread"]),
        "ata-3": ("erased", []),
        "sas-1": ("failed", ["reason-gave-up-too-many-sectors"]),
        "sas-3": ("failed", ["reason-no-answer"]),
        "ahci-1": ("failed", ["reason-unwritten"]),
        "usb-1": ("erased", []),
        "nvme-1": ("erased", []),
    }
    assert where(found["ata-1"]) == (3, 4096, 4098)
    assert where(found["ata-2"]) == (BAD.count, BAD.first, BAD.first + BAD.count - 1)
    assert where(found["ahci-1"]) == (len(BAD_SECTORS), BAD_SECTORS[0], BAD_SECTORS[-1])
    assert errors(found["ata-2"], Action.READ) == {errno.ENODATA}
    assert errors(found["ata-1"], Action.WRITE) == errors(found["ahci-1"], Action.WRITE) == {errno.EIO}
    numbers = {name: item.concluded.number for name, item in found.items() if item.concluded is not None}
    assert max(numbers[one.name] for one in (healthy, docked, nvme, qemu)) < numbers["sas-3"], "nobody waited for it"


BAD = BadSectors(first=32_000, count=2)
"""They go bad only after they were written."""


def flushes(bay: Bay) -> int:
    """How many commands to flush the drive has had since `record`: its own op, SYNCHRONIZE CACHE, FLUSH CACHE."""
    asked = [op for op, _, _ in bay.sim.control("recorded")]
    return sum(op == "flush" or op.startswith(("scsi 35", "scsi 91")) or op.endswith(("ea00", "e700")) for op in asked)


def cache_type(node: Path) -> Path:
    (found,) = Path("/sys/block", node.name, "device/scsi_disk").glob("*/cache_type")
    return found


def test_flushes_reach_drives_whose_cache_the_kernel_does_not_know(bay: Plug) -> None:
    """One tells nothing of its cache, as many a bridge does; of the other, the kernel is told that it has none."""
    bays = [bay(name) for name in ("usb-1", "ata-3")]
    docked, other = bays
    docked.sim.arm(HiddenCache())
    docked.unplug()
    docked.plug()
    cache_type(other.node()).write_text("temporary write through")
    assert [cache_type(one.node()).read_text() for one in bays] == ["write through\n"] * 2
    for one in bays:
        one.sim.control("record")
        kernel_drive.write(one.node(), 0, bytes(4096))
    assert [flushes(one) for one in bays] == [0, 0], "without our help fsync sends none"

    async def night() -> dict[str, Evidence]:
        async with station.station() as bench:
            order = station.overwriting([one.node() for one in bays], method="zero")
            return await carried_out(bench, [Order(request=order, bays=bays)], {})

    try:
        found = asyncio.run(night())
        assert [verdict(item) for item in found.values()] == ["erased", "erased"]
        assert [[note.id for note in item.notes] for item in found.values()] == [["write-cache-flushed"]] * 2
        assert all(flushes(one) for one in bays)
        assert [cache_type(one.node()).read_text() for one in bays] == ["write through\n"] * 2, "put back"
    finally:
        cache_type(other.node()).write_text("temporary write back")
        docked.sim.disarm("hidden-cache")
        docked.unplug()
        docked.plug()
