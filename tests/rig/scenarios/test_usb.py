"""USB docks: what a bridge shows and hides, two bays with one serial, cables pulled in the middle."""

from __future__ import annotations

import errno
import json
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.capabilities import Answer, CommandSet
from bench.drive import Interface
from bench.ports import DriveGoneError
from drivers.commands.bridges import UsbId
from drivers.machine import MachineDrives
from drivers.sim.faults import BadSectors, Hang
from rig.guest import kernel_drive
from rig.guest.bays import Bay
from rig.layout import Layout

Plug = Callable[[str], Bay]
SINGLE, DUAL = UsbId(vendor=0x174C, product=0x55AA), UsbId(vendor=0x152D, product=0x1561)
MIB = 1 << 20


def identity(node: Path) -> tuple[str, str, str, int]:
    found = kernel_drive.survey(node).identity
    return found.model, found.serial, found.wwn, found.size


def told(layout: Layout, name: str) -> tuple[str, str, str, int]:
    drive = layout.bay(name).drive
    return drive.model, drive.serial, f"naa.{drive.wwn}", drive.size


def test_a_drive_in_a_dock_is_surveyed_as_itself(bay: Plug, layout: Layout) -> None:
    node = bay("usb-1").node()
    row = kernel_drive.listed(node, "TRAN", "SIZE", "SERIAL", "LOG-SEC")
    assert (row["tran"], row["size"], row["log-sec"]) == ("usb", 16 * MIB, 512)
    assert "-usb-0:" in kernel_drive.by_path(node)
    facts = kernel_drive.survey(node)
    assert (facts.interface, facts.identity.source) == (Interface.USB, "ATA IDENTIFY")
    assert identity(node)[1] == told(layout, "usb-1")[1]
    assert identity(node)[0] == told(layout, "usb-1")[0]
    assert facts.identity.size == 16 * MIB
    assert not facts.undetermined
    assert not facts.obstacles
    assert [note.id for note in facts.notes] == ["guard-note-enclosure"]


def test_witnesses_see_the_same_drive_through_the_bridge(bay: Plug, layout: Layout) -> None:
    node, drive = bay("usb-1").node(), layout.bay("usb-1").drive
    smart = json.loads(kernel_drive.output("smartctl", "-i", "-j", f"{node}"))
    assert (smart["serial_number"], smart["model_name"]) == (drive.serial, drive.model)
    assert smart["user_capacity"]["bytes"] == drive.size
    hdparm = kernel_drive.output("hdparm", "-I", f"{node}")
    assert f"Serial Number:      {drive.serial}" in hdparm
    assert "not\tfrozen" in hdparm


@pytest.mark.parametrize(("name", "usb"), [("usb-1", SINGLE), ("usb-2", DUAL), ("usb-4", SINGLE)])
def test_commands_pass_as_on_the_drives_own_socket(bay: Plug, layout: Layout, name: str, usb: UsbId) -> None:
    through = kernel_drive.capabilities(bay(name).node(), Interface.USB, usb)
    direct = kernel_drive.twin_capabilities(layout.bay(name).drive, Interface.USB, usb)
    assert kernel_drive.plain(through) == kernel_drive.plain(direct)
    assert through.command_set is (CommandSet.NONE if name == "usb-4" else CommandSet.ATA)
    if name != "usb-4":
        assert through.security.supported is Answer.YES


def test_a_bridge_that_passes_nothing_leaves_its_drive_unknown(bay: Plug) -> None:
    facts = kernel_drive.survey(bay("usb-4").node())
    assert [message.id for message in facts.undetermined] == ["guard-behind-bridge"]
    assert facts.identity.serial == ""


def test_two_bays_with_one_serial_are_two_drives(bay: Plug, layout: Layout) -> None:
    first, second = bay("usb-2").node(), bay("usb-3").node()
    pages = [kernel_drive.output("sg_vpd", "--page=sn", "--quiet", f"{node}") for node in (first, second)]
    assert pages[0] == pages[1]  # the bridge's word; the kernel itself asks no USB drive for its pages
    assert "DB9876543211160" in pages[0]
    assert kernel_drive.by_path(first).endswith("0:0:0:0")
    assert kernel_drive.by_path(second).endswith("0:0:0:1")
    assert [identity(node)[1] for node in (first, second)] == [told(layout, name)[1] for name in ("usb-2", "usb-3")]
    drives = MachineDrives(Path("/run/tmp/state"))
    wanted = kernel_drive.survey(second).identity
    assert drives.find(wanted, f"{first}") == f"{second}"
    claimed = drives.claim(kernel_drive.survey(second))
    try:
        assert claimed.facts().identity == wanted
    finally:
        claimed.release()
    kernel_drive.write(first, 0, b"1" * 4096)
    kernel_drive.write(second, 0, b"2" * 4096)
    assert kernel_drive.read(first, 0, 4096) == b"1" * 4096


def test_the_guard_refuses_the_other_bays_drive(bay: Plug) -> None:
    first, second = bay("usb-2"), bay("usb-3")
    drives = MachineDrives(Path("/run/tmp/state"))
    wanted = kernel_drive.survey(second.node()).identity
    second.sim.stop()
    try:
        first.unplug()  # one cable for both
        first.plug()
        assert kernel_drive.survey(first.node()).identity != wanted
        with pytest.raises(DriveGoneError) as gone:
            drives.find(wanted, f"{first.node()}")
        assert gone.value.messages[0].id == "guard-not-found"
    finally:
        second.sim.start()
        first.unplug()
        second.plug()
    assert kernel_drive.survey(second.node()).identity == wanted


def test_bytes_go_through_and_stay(bay: Plug) -> None:
    dock = bay("usb-1")
    data = bytes(range(256)) * 4096
    kernel_drive.write(dock.node(), 3 * MIB, data)
    assert kernel_drive.read(dock.node(), 3 * MIB, len(data)) == data
    dock.power_cycle()
    assert kernel_drive.read(dock.node(), 3 * MIB, len(data)) == data


def test_a_bad_sector_through_a_bridge(bay: Plug) -> None:
    dock = bay("usb-1")
    dock.sim.arm(BadSectors(first=2048, count=1))
    try:
        with pytest.raises(OSError, match=r".") as failed:
            kernel_drive.read(dock.node(), MIB, 4096)
        assert failed.value.errno == errno.ENODATA
        with pytest.raises(OSError, match=r".") as failed:
            kernel_drive.write(dock.node(), MIB, bytes(4096))
        assert failed.value.errno == errno.EIO  # only what cannot be read is a medium error to the kernel
        assert len(kernel_drive.read(dock.node(), MIB + 512, 3584)) == 3584
    finally:
        dock.sim.disarm("bad-sectors")
    assert len(kernel_drive.read(dock.node(), MIB, 4096)) == 4096


def test_a_cable_pulled_in_the_middle_of_reading_and_put_back(bay: Plug) -> None:
    dock = bay("usb-1")
    before, node = identity(dock.node()), dock.node()
    failed = threading.Event()
    errors: list[int] = []

    def go_on_reading() -> None:
        try:
            while True:
                for place in range(0, 16 * MIB, MIB):
                    kernel_drive.read(node, place, MIB)
        except OSError as error:
            errors.append(error.errno or 0)
            failed.set()

    reader = threading.Thread(target=go_on_reading, daemon=True)
    reader.start()
    dock.unplug()
    assert failed.wait(20)
    assert errors[0] in {errno.EIO, errno.ENODEV, errno.ENXIO, errno.ENOENT, errno.ENOMEDIUM}
    assert not node.exists()
    dock.plug()
    assert identity(dock.node()) == before
    assert len(kernel_drive.read(dock.node(), 0, MIB)) == MIB


def test_a_dock_whose_drive_loses_its_power_falls_off_the_bus(bay: Plug) -> None:
    dock = bay("usb-1")
    before = identity(dock.node())
    node = dock.node()
    dock.sim.cut()
    give_up = time.monotonic() + 30
    while node.exists():
        assert time.monotonic() < give_up, "still there"
        time.sleep(0.05)
    dock.unplug()  # and what is left of it
    dock.sim.start()
    dock.plug()
    assert identity(dock.node()) == before


def test_a_drive_that_hangs_is_reset_by_the_kernel_and_comes_back(bay: Plug) -> None:
    dock = bay("usb-1")
    Path("/sys/block", dock.node().name, "device/timeout").write_text("2")
    dock.sim.arm(Hang(at=1))
    assert len(kernel_drive.read(dock.node(), 5 * MIB, 4096)) == 4096
    assert re.search(r"usb \d+-\d+: reset high-speed USB device", kernel_drive.output("dmesg"))
