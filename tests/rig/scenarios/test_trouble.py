"""Drives that are pulled out in the middle of what is done to them, and come back: in their bay, or in another one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

import pytest

from bench.evidence import Evidence
from bench.techniques import Technique
from drivers.sim.command_faults import ErasePowerCut
from drivers.sim.folder import MIB
from rig.guest import kernel_drive, mishaps, station
from rig.guest.bays import Bay
from rig.guest.mishaps import Mishap, Order, carried_out, changes, interrupted, resumed, slowed
from support.firmware import reasons, verdict

pytestmark = pytest.mark.boot("mishaps")
Plug = Callable[[str], Bay]
T = Technique
PULLED = ("erased-with-remarks", ["remark-interrupted-drive-gone"])


def found(evidence: Evidence) -> tuple[str, list[str]]:
    return verdict(evidence), reasons(evidence)


def cut(bay: Bay) -> None:
    """Pulled out of a bay that gives it its power, too."""
    bay.sim.cut()
    bay.unplug()


def pulled_and_put_back(bay: Bay) -> None:
    bay.unplug()
    bay.plug()


def back_with_power(bay: Bay) -> None:
    bay.unplug()
    bay.sim.start()
    bay.plug()


def test_pulled_out_while_overwritten_and_while_read_back(bay: Plug) -> None:
    """The five come back as the last goes first, under other names; one of them in another dock, where it was cut."""
    bays = [bay(name) for name in ("ata-1", "ata-2", "sas-1", "nvme-1", "usb-1")]
    disk, powerless, at_once, nvme, moved = bays
    other = bay("usb-2")
    mishaps.plant([*bays, other])
    before = {one.name: one.node() for one in bays}

    async def night() -> dict[str, Evidence]:
        async with station.station() as bench:
            away = await carried_out(
                bench,
                [Order(request=station.overwriting([one.node() for one in bays]), bays=bays)],
                {
                    "ata-1": Mishap(when=mishaps.written(4 * MIB), do=disk.unplug),
                    "ata-2": Mishap(when=mishaps.read_back(2 * MIB), do=lambda: cut(powerless)),
                    "sas-1": Mishap(when=mishaps.written(6 * MIB), do=lambda: pulled_and_put_back(at_once)),
                    "nvme-1": Mishap(when=mishaps.read_back(4 * MIB), do=nvme.unplug),
                    "usb-1": Mishap(when=mishaps.written(4 * MIB), do=moved.unplug),
                },
            )
            assert {name: interrupted(item) for name, item in away.items()} == dict.fromkeys(away, True)
            powerless.sim.start()
            other.unplug()
            moved.sim.swap("usb-2")
            for one in (other, moved, nvme, powerless, disk):
                await asyncio.to_thread(one.plug)
            moved.sim.control("record")
            return await resumed(bench, {away[one.name].job: one for one in bays})

    with mishaps.replaced(*bays, other):
        with slowed(*bays):
            back = asyncio.run(night())
        assert {name: found(item) for name, item in back.items()} == dict.fromkeys(back, PULLED)
        assert any(one.node() != before[one.name] for one in bays), "at least one has another name now"
        assert [one.sim.traces() for one in (disk, powerless, at_once, nvme, other)] == [0] * len(bays)
        assert moved.sim.traces(), "the drive that lies in the first dock now is not ours to erase"
        assert changes(moved) == []


def test_pulled_out_while_they_erase_themselves(bay: Plug) -> None:
    """A sanitize goes on when there is power, and is watched again; all else is left half done, and is begun again."""
    alone = [bay(name) for name in ("ata-1", "ata-4", "sas-2", "nvme-2")]
    formatted = [bay(name) for name in ("sas-1", "nvme-1")]
    erasing, block, scsi, nvme = alone
    dying = [erasing, *formatted]
    mishaps.plant([*alone, *formatted])
    for one in dying:
        one.sim.arm(ErasePowerCut(progress=500))

    async def night() -> dict[str, Evidence]:
        async with station.station() as bench:
            sanitizes = (T.ATA_SANITIZE_BLOCK, T.ATA_SECURE_ERASE, T.SCSI_SANITIZE_CRYPTO, T.NVME_SANITIZE_BLOCK)
            formats = (T.SCSI_FORMAT_UNIT, T.NVME_FORMAT_USER_DATA)
            away = await carried_out(
                bench,
                [
                    Order(request=station.asking([one.node() for one in alone], *sanitizes), bays=alone),
                    Order(request=station.asking([one.node() for one in formatted], *formats), bays=formatted),
                ],
                {
                    "ata-4": Mishap(when=mishaps.at_work, do=lambda: cut(block)),
                    "sas-2": Mishap(when=mishaps.at_work, do=scsi.unplug),
                    "nvme-2": Mishap(when=mishaps.at_work, do=nvme.unplug),
                },
            )
            assert {name: interrupted(item) for name, item in away.items()} == dict.fromkeys(away, True)
            for one in (*dying, block):
                await asyncio.to_thread(back_with_power, one)
            for one in (scsi, nvme):
                await asyncio.to_thread(one.plug)
            over = {
                one.name: Mishap(when=mishaps.adopted, do=partial(one.sim.skip, 700)) for one in (block, scsi, nvme)
            }
            return await resumed(bench, {away[one.name].job: one for one in (*alone, *formatted)}, over)

    with mishaps.replaced(*alone, *formatted):
        back = asyncio.run(night())
        told = {name: found(item) for name, item in back.items()}
        proven = {one.name: told.pop(one.name) for one in (block, scsi, nvme, formatted[0])}
        assert {verdict for verdict, _ in proven.values()} == {"erased-with-remarks"}, proven
        assert all("remark-interrupted-drive-gone" in reasons for _, reasons in proven.values())
        # These show nothing while they work, and the canaries may have been lost to the first attempt.
        given_twice = ("unproven", ["reason-stage-given-twice"])
        assert told == {"ata-1": given_twice, "nvme-1": given_twice}
        assert {one.name: one.sim.traces() for one in (*alone, *formatted)} == dict.fromkeys(back, 0)
        assert "not\tenabled" in kernel_drive.output("hdparm", "-I", f"{erasing.node()}")
