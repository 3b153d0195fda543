"""Whole erasures in the guest: overwriting every kind of drive, and each thing that drives can do themselves.

The bench's verdict is one witness; the medium, searched from outside, is the other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bench.evidence import Evidence
from bench.plan import EraseRequest
from bench.techniques import Technique
from rig.guest import station
from rig.guest.bays import Bay
from support.firmware import reasons, verdict

Plug = Callable[[str], Bay]
T = Technique


def carried_out(order: EraseRequest, *bays: Bay) -> tuple[Evidence, ...]:
    async def night() -> tuple[Evidence, ...]:
        async with station.station() as bench:
            return await station.erased(bench, order, bays)

    return asyncio.run(night())


def test_every_kind_of_drive_is_overwritten_at_once(bay: Plug) -> None:
    bays = [bay(name) for name in ("ata-1", "ata-3", "sas-1", "usb-1", "nvme-1")]
    for one in bays:
        station.plant(one)
    found = carried_out(station.overwriting([one.node() for one in bays]), *bays)
    assert [(verdict(evidence), reasons(evidence)) for evidence in found] == [("erased", [])] * len(bays)
    assert [station.traces(one) for one in bays] == [0] * len(bays)


def erase_themselves(bay: Plug, chosen: dict[str, Technique]) -> None:
    """One order for all these bays; each drive can do only one of the techniques, or prefers it."""
    bays = [bay(name) for name in chosen]
    for one in bays:
        station.plant(one)
    found = carried_out(station.asking([one.node() for one in bays], *dict.fromkeys(chosen.values())), *bays)
    done = {one.name: (verdict(item), reasons(item), techniques(item)) for one, item in zip(bays, found, strict=True)}
    assert done == {name: (*ended(technique), [technique]) for name, technique in chosen.items()}
    assert {one.name: station.traces(one) for one in bays} == dict.fromkeys(chosen, 0)


def ended(technique: Technique) -> tuple[str, list[str]]:
    """The verdict, and what it says besides: what only a key's loss protects is credited with less."""
    if technique.value.endswith("-crypto"):
        return "erased-with-remarks", ["level-limit-crypto-alone"]
    return "erased", []


def techniques(evidence: Evidence) -> list[Technique]:
    """What was done, in order."""
    assert evidence.plan.stage_plan is not None
    return [stage.technique for stage in evidence.plan.stage_plan.stages if stage.technique is not None]


def test_drives_sanitize_themselves(bay: Plug) -> None:
    erase_themselves(
        bay,
        {
            "ata-1": T.ATA_SANITIZE_OVERWRITE,
            "ata-3": T.ATA_SANITIZE_BLOCK,
            "sas-1": T.SCSI_SANITIZE_OVERWRITE,
            "sas-3": T.SCSI_SANITIZE_BLOCK,
            "nvme-1": T.NVME_SANITIZE_BLOCK,
        },
    )


def test_drives_destroy_their_keys_and_one_overwrites_itself(bay: Plug) -> None:
    erase_themselves(
        bay,
        {
            "ata-3": T.ATA_SANITIZE_CRYPTO,
            "sas-3": T.SCSI_SANITIZE_CRYPTO,
            "nvme-1": T.NVME_SANITIZE_OVERWRITE,
            "nvme-2": T.NVME_SANITIZE_CRYPTO,
        },
    )


def test_drives_are_erased_and_formatted_by_older_commands(bay: Plug) -> None:
    erase_themselves(
        bay,
        {"ata-1": T.ATA_SECURE_ERASE_ENHANCED, "sas-1": T.SCSI_FORMAT_UNIT, "nvme-1": T.NVME_FORMAT_USER_DATA},
    )
    erase_themselves(bay, {"ata-2": T.ATA_SECURE_ERASE, "nvme-1": T.NVME_FORMAT_CRYPTO})
