"""The guard against what real systems build on drives: each refused with its own reason, and nothing written."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from bench.levels import Level
from bench.messages import BenchError, Message, say
from bench.plan import EraseRequest
from rig.guest import stacks, station
from rig.guest.bays import Bay
from support.benches import CONSENT

Plug = Callable[[str], Bay]
Reasons = dict[str, tuple[Message, ...]]
MOUNTS = Path("/run/tmp/guard")


@contextmanager
def wiped(bays: Sequence[Bay]) -> Iterator[None]:
    """What was built on these drives is gone afterwards."""
    try:
        yield
    finally:
        for one in bays:
            stacks.wipe(one.node())


def mounted(node: Path, where: Path) -> Message:
    return say("guard-mounted", node=f"{node}", where=f"{where}")


def holder(node: Path, holders: str) -> Message:
    return say("guard-holder", node=f"{node}", holders=holders)


@contextmanager
def in_plain_use(node: Mapping[str, Path]) -> Iterator[Reasons]:
    """File systems, swap, and another process; what is to be said of each drive."""
    with ExitStack() as stack:
        stack.enter_context(stacks.mounted(node["ata-1"], MOUNTS / "plain"))
        stack.enter_context(stacks.swap(node["ata-2"]))
        stack.enter_context(stacks.held(node["sas-3"]))
        stack.enter_context(stacks.mounted_elsewhere(node["nvme-1"], MOUNTS / "elsewhere"))
        boot = stack.enter_context(stacks.mounted(node["nvme-2"], Path("/boot")))
        yield {
            "ata-1": (mounted(node["ata-1"], MOUNTS / "plain"),),
            "ata-2": (say("guard-swap", node=f"{node['ata-2']}", where=f"{node['ata-2']}"),),
            "sas-3": (say("guard-held", node=f"{node['sas-3']}"),),
            "nvme-1": (say("guard-held", node=f"{node['nvme-1']}"),),
            "nvme-2": (
                mounted(node["nvme-2"], boot),
                say("guard-system", node=f"{node['nvme-2']}", where=f"{boot}"),
            ),
        }


@contextmanager
def in_volumes(node: Mapping[str, Path]) -> Iterator[Reasons]:
    """A logical volume, an array with a file system, an encrypted and a mounted partition; what is to be said."""
    with ExitStack() as stack:
        volume = stack.enter_context(stacks.logical_volume(node["ata-3"], "rig"))
        mirror = stack.enter_context(stacks.array(node["ata-4"], "rig"))
        stack.enter_context(stacks.mounted(mirror, MOUNTS / "mirror"))
        first = stacks.partition(node["sas-1"])
        secret = stack.enter_context(stacks.encrypted(first, "secret"))
        second = stacks.partition(node["sas-2"])
        stack.enter_context(stacks.mounted(second, MOUNTS / "partition"))
        yield {
            "ata-3": (holder(node["ata-3"], f"{volume.name} (rig-vault)"),),
            "ata-4": (holder(node["ata-4"], mirror.name), mounted(node["ata-4"], MOUNTS / "mirror")),
            "sas-1": (holder(first, f"{secret.name} (secret)"),),
            "sas-2": (mounted(second, MOUNTS / "partition"),),
        }


def refusals(order: EraseRequest, state: Path | None = None) -> Reasons:
    """Why each drive of a set is refused, by its node. The set is not started then, and there is no job."""

    async def planned() -> Reasons:
        async with station.station(state) as bench:
            plans = await bench.plan(order)
            found = {refusal.facts.node: refusal.reasons for refusal in plans.refusals}
            if found:
                with pytest.raises(BenchError) as raised:
                    await bench.start(plans, CONSENT)
                assert {reason for reasons in found.values() for reason in reasons} <= set(raised.value.messages)
                assert await bench.jobs() == ()
            return found

    return asyncio.run(planned())


def by_name(found: Reasons, node: Mapping[str, Path]) -> Reasons:
    names = {f"{path}": name for name, path in node.items()}
    return {names[place]: reasons for place, reasons in found.items()}


def test_drives_in_plain_use_are_told_and_not_touched(bay: Plug) -> None:
    bays = [bay(name) for name in ("ata-1", "ata-2", "sas-3", "nvme-1", "nvme-2", "ata-5")]
    node = {one.name: one.node() for one in bays}
    order = station.overwriting(list(node.values()))
    with wiped(bays[:-1]):
        with in_plain_use(node) as expected:
            stacks.watch(bays)
            assert by_name(refusals(order), node) == expected
            assert stacks.changes(bays) == {}
        stacks.settle()
        assert refusals(order) == {}


def test_drives_in_volumes_are_told_and_not_touched_and_stay_out_of_them(bay: Plug) -> None:
    bays = [bay(name) for name in ("ata-3", "ata-4", "sas-1", "sas-2")]
    node = {one.name: one.node() for one in bays}
    with wiped(bays):
        with in_volumes(node) as expected:
            stacks.watch(bays)
            assert by_name(refusals(station.overwriting(list(node.values()))), node) == expected
            assert stacks.changes(bays) == {}
        stacks.settle()
        order = station.asking(list(node.values()), level=Level.CLEAR)
        # Asking must not give a drive back to what assembles arrays by itself, once udev has done its part.
        for _ in range(2):
            assert refusals(order) == {}
            stacks.settle()
        assert "raid1" not in stacks.run("lsblk", "--noheadings", "--output", "TYPE", *map(str, node.values()))


def test_the_drive_with_the_benchs_own_folder_is_told_to_be_that(bay: Plug) -> None:
    drive = bay("usb-1")
    node = drive.node()
    with wiped([drive]), stacks.mounted(node, MOUNTS / "own") as where:
        found = refusals(station.overwriting([node]), where / "bench")
        assert found == {
            f"{node}": (mounted(node, where), say("guard-state", node=f"{node}", where=f"{where / 'bench'}"))
        }


def test_a_drive_taken_between_plan_and_start_keeps_its_whole_set_from_starting(bay: Plug) -> None:
    bays = [bay("sas-1"), bay("sas-3"), bay("nvme-1")]
    taken = bays[1].node()

    async def late() -> tuple[Message, ...]:
        async with station.station() as bench:
            plans = await bench.plan(station.overwriting([one.node() for one in bays]))
            assert plans.refusals == ()
            with stacks.mounted_elsewhere(taken, MOUNTS / "late"):
                stacks.watch(bays)
                with pytest.raises(BenchError) as raised:
                    await bench.start(plans, CONSENT)
                assert stacks.changes(bays) == {}
            assert await bench.jobs() == ()
        return raised.value.messages

    with wiped(bays[1:2]):
        assert asyncio.run(late()) == (say("guard-held", node=f"{taken}"),)
