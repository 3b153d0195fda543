"""ATA and SAS bays: the kernel, the witnesses and the product read the same drive; power, plugs, errors."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bench.capabilities import Answer, Capabilities
from bench.drive import Interface
from bench.techniques import ErasureState
from drivers.commands import ata, ata_replies, ata_sanitize, sat, scsi
from drivers.commands.outcome import Done, read
from drivers.commands.probe import probe
from drivers.commands.sat import AtaCommand, AtaReply
from drivers.commands.scsi import SanitizeAction
from drivers.commands.sgio import SgTransport
from drivers.commands.transport import ScsiReply, ScsiRequest
from drivers.sim.client import Relayed, SimConnection
from drivers.sim.faults import BadSectors, Hang
from drivers.sim.transport import SimTransport
from rig.guest import kernel_drive
from rig.guest.bays import Bay
from rig.layout import HOST, Layout

Plug = Callable[[str], Bay]
MIB = 1 << 20
SECTORS = 16 * MIB // 512
ATA = ("ata-1", "ata-3")
SAS = ("sas-1", "sas-3")
HINTS = {"ata": Interface.SATA, "sas": Interface.SCSI}
"""A SAS disk shows no expander or phy here, so the survey cannot call it more than SCSI."""


def hint(name: str) -> Interface:
    return HINTS[name[:3]]


def capabilities(bay: Bay) -> Capabilities:
    return kernel_drive.capabilities(bay.node(), hint(bay.name))


def send_ata(node: Path, command: AtaCommand) -> AtaReply:
    with kernel_drive.opened(node, os.O_RDWR | os.O_NONBLOCK) as fd:
        outcome = sat.send(SgTransport(fd), command)
    assert isinstance(outcome, Done), outcome
    return outcome.value


def send_scsi(node: Path, request: ScsiRequest) -> ScsiReply:
    with kernel_drive.opened(node, os.O_RDWR | os.O_NONBLOCK) as fd:
        return SgTransport(fd).scsi(request)


def sectors(node: Path) -> int:
    return int(Path("/sys/class/block", node.name, "size").read_text())


def look_again(node: Path) -> None:
    Path("/sys/class/block", node.name, "device", "rescan").write_text("1")


@pytest.mark.parametrize("name", [*ATA, *SAS])
def test_the_product_surveys_the_drive_as_what_it_is(bay: Plug, layout: Layout, name: str) -> None:
    node, drive = bay(name).node(), layout.bay(name).drive
    facts = kernel_drive.survey(node)
    found = facts.identity
    assert (found.model, found.serial, found.wwn) == (drive.model, drive.serial, f"naa.{drive.wwn}")
    assert (found.size, facts.logical_sector, facts.physical_sector) == (16 * MIB, 512, 512)
    assert (facts.interface, facts.medium, facts.firmware) == (hint(name), drive.medium, drive.firmware)
    assert not facts.obstacles
    assert not facts.undetermined


@pytest.mark.parametrize("name", [*ATA, *SAS])
def test_lsblk_and_smartctl_read_the_same(bay: Plug, layout: Layout, name: str) -> None:
    node, drive = bay(name).node(), layout.bay(name).drive
    row = kernel_drive.listed(node, "SIZE", "SERIAL", "WWN", "ROTA", "LOG-SEC")
    assert (row["size"], row["serial"], row["wwn"]) == (drive.size, drive.serial, f"0x{drive.wwn}")
    assert (row["rota"], row["log-sec"]) == (not drive.commands.personality.is_flash, 512)
    smart = json.loads(kernel_drive.output("smartctl", "-i", "-H", "-j", f"{node}"))
    assert smart["serial_number"] == drive.serial
    assert smart["user_capacity"] == {"blocks": SECTORS, "bytes": drive.size}
    assert smart["rotation_rate"] == (0 if drive.commands.personality.is_flash else 7200)
    assert smart["smart_status"]["passed"]


@pytest.mark.parametrize("name", ATA)
def test_hdparm_reads_the_same_ata_drive(bay: Plug, layout: Layout, name: str) -> None:
    node, drive = bay(name).node(), layout.bay(name).drive
    text = " ".join(kernel_drive.output("hdparm", "-I", f"{node}").split())
    for part in (
        f"Model Number: {drive.model}",
        f"Serial Number: {drive.serial}",
        f"LBA48 user addressable sectors: {SECTORS}",
        f"Logical Unit WWN Device Identifier: {drive.wwn}",
        "Checksum: correct",
        "not enabled not locked not frozen not expired",
    ):
        assert part in text
    assert "Real max sectors: 32768" in kernel_drive.output("hdparm", "--dco-identify", f"{node}")
    assert "32768/32768, HPA is disabled" in kernel_drive.output("hdparm", "-N", f"{node}")
    assert "SD0 Sanitize Idle" in kernel_drive.output("hdparm", "--sanitize-status", f"{node}")


@pytest.mark.parametrize("name", SAS)
def test_sg3_utils_read_the_same_sas_drive(bay: Plug, layout: Layout, name: str) -> None:
    node, drive = bay(name).node(), layout.bay(name).drive
    inquiry = kernel_drive.output("sg_inq", f"{node}")
    assert f"Product identification: {drive.model}" in inquiry
    assert drive.serial in inquiry
    assert f"0x{drive.wwn}" in kernel_drive.output("sg_vpd", "-p", "di", f"{node}")
    assert f"Device size: {drive.size} bytes" in kernel_drive.output("sg_readcap", "--long", f"{node}")
    for kind, action in (("overwrite", 1), ("block", 2), ("crypto", 3), ("exit", 0x1F)):
        told = kernel_drive.output("sg_opcodes", f"--opcode=0x48,{action:#x}", f"{node}")
        supported = kind == "exit" or kind in drive.commands.sanitizes
        assert ("NOT supported" not in told) is supported


@pytest.mark.parametrize("name", [*ATA, "ata-5", *SAS])
def test_commands_pass_as_on_the_drives_own_socket(bay: Plug, layout: Layout, name: str) -> None:
    through = capabilities(bay(name))
    with SimConnection.connect_to(Relayed(host=HOST, port=layout.bay(name).port)) as connection:
        direct = probe(SimTransport(connection), hint(name))
    assert kernel_drive.plain(through) == kernel_drive.plain(direct)
    assert through.firmware_erase


@pytest.mark.parametrize("name", ["ata-1", "sas-1"])
def test_bytes_go_through_and_outlive_the_power(bay: Plug, name: str) -> None:
    here, data = bay(name), os.urandom(3 * MIB)
    kernel_drive.write(here.node(), 5 * MIB, data)
    assert kernel_drive.read(here.node(), 5 * MIB, len(data)) == data
    here.power_cycle()
    assert kernel_drive.read(here.node(), 5 * MIB, len(data)) == data


def test_a_password_is_seen_by_hdparm_and_locks_after_a_power_cycle(bay: Plug) -> None:
    here = bay("ata-2")
    send_ata(here.node(), ata.set_password(b"rig"))
    assert "\tenabled" in kernel_drive.output("hdparm", "-I", f"{here.node()}")
    assert capabilities(here).security.enabled is Answer.YES
    here.power_cycle()
    text = " ".join(kernel_drive.output("hdparm", "-I", f"{here.node()}").split())
    assert "enabled locked not frozen" in text
    assert capabilities(here).security.locked is Answer.YES
    with pytest.raises(OSError, match=r".") as failed:
        kernel_drive.read(here.node(), 0, 4096)
    assert failed.value.errno == errno.EIO  # an ATA abort, tried five times
    send_ata(here.node(), ata.unlock(b"rig"))
    send_ata(here.node(), ata.disable_password(b"rig"))
    assert len(kernel_drive.read(here.node(), 0, 4096)) == 4096


def test_a_frozen_drive_thaws_with_none_but_its_own_kind(bay: Plug) -> None:
    here = bay("ata-5")  # its firmware freezes at every power-on, as some boxes' BIOS does
    assert "\tfrozen" in kernel_drive.output("hdparm", "-I", f"{here.node()}").replace("not\tfrozen", "")
    assert capabilities(here).security.frozen is Answer.YES
    other = bay("ata-1")
    send_ata(other.node(), ata.security_freeze())
    assert capabilities(other).security.frozen is Answer.YES
    other.power_cycle()
    assert capabilities(other).security.frozen is Answer.NO
    assert "not\tfrozen" in kernel_drive.output("hdparm", "-I", f"{other.node()}")


def test_a_hidden_area_is_seen_by_hdparm_and_by_the_kernel_once_it_looks(bay: Plug) -> None:
    here = bay("ata-1")
    assert read_native(here.node()) == SECTORS - 1
    try:
        # Held, as the bench does: otherwise udev has the kernel look as soon as whoever wrote has closed.
        with kernel_drive.opened(here.node(), os.O_RDWR | os.O_EXCL) as fd:
            show(fd, SECTORS // 2)
            assert sectors(here.node()) == SECTORS
            look_again(here.node())
            assert sectors(here.node()) == SECTORS // 2
        assert "16384/32768, HPA is enabled" in kernel_drive.output("hdparm", "-N", f"{here.node()}")
        assert any(area.in_use is Answer.YES for area in capabilities(here).hidden)
    finally:
        here.power_cycle()  # one lasting SET MAX a power-on
        assert sectors(here.node()) == SECTORS // 2
        with kernel_drive.opened(here.node(), os.O_RDWR | os.O_EXCL) as fd:
            show(fd, SECTORS)
        look_again(here.node())
    assert sectors(here.node()) == SECTORS
    assert len(kernel_drive.read(here.node(), 12 * MIB, 4096)) == 4096


def show(fd: int, count: int) -> None:
    transport = SgTransport(fd)
    assert isinstance(sat.send(transport, ata.read_native_max(extended=True)), Done)
    assert isinstance(sat.send(transport, ata.set_max(count - 1, extended=True, keep=True)), Done)


def read_native(node: Path) -> int:
    with kernel_drive.opened(node, os.O_RDWR) as fd:
        outcome = read(sat.send(SgTransport(fd), ata.read_native_max(extended=True)), ata_replies.native_address_48)
    assert isinstance(outcome, Done)
    return outcome.value


def test_hdparm_follows_an_ata_sanitize(bay: Plug) -> None:
    here = bay("ata-4")
    kernel_drive.write(here.node(), 0, b"secret!!" * 512)
    send_ata(here.node(), ata_sanitize.block())
    assert "SD2 Sanitize operation In Process" in kernel_drive.output("hdparm", "--sanitize-status", f"{here.node()}")
    assert capabilities(here).sanitize.state is ErasureState.RUNNING
    with pytest.raises(OSError, match=r".") as failed:
        kernel_drive.read(here.node(), 0, 4096)
    assert failed.value.errno == errno.EIO
    here.sim.skip(700)
    told = kernel_drive.output("hdparm", "--sanitize-status", f"{here.node()}")
    assert "SD0 Sanitize Idle" in told
    assert "Last Sanitize Operation Completed Without Error" in told
    assert capabilities(here).sanitize.state is ErasureState.DONE
    assert kernel_drive.read(here.node(), 0, 4096) == bytes(4096)


def test_a_sas_drive_in_sanitize_has_no_capacity_for_the_kernel(bay: Plug) -> None:
    here = bay("sas-2")
    assert send_scsi(here.node(), scsi.sanitize(SanitizeAction.CRYPTO_ERASE)).status == 0
    asked = kernel_drive.output("sg_requests", "--progress", f"{here.node()}")
    assert "rogress" in asked
    assert capabilities(here).sanitize.state is ErasureState.RUNNING
    look_again(here.node())
    assert sectors(here.node()) == 0
    assert kernel_drive.read(here.node(), 0, 4096) == b""
    here.sim.skip(700)
    assert capabilities(here).sanitize.state is not ErasureState.RUNNING
    look_again(here.node())
    assert sectors(here.node()) == SECTORS
    assert len(kernel_drive.read(here.node(), 0, 4096)) == 4096


@pytest.mark.parametrize("name", ["ata-1", "sas-1"])
def test_a_bad_sector_is_told_as_the_kernel_tells_it(bay: Plug, name: str) -> None:
    here = bay(name)
    here.sim.arm(BadSectors(first=4096, count=1))
    try:
        with pytest.raises(OSError, match=r".") as failed:
            kernel_drive.read(here.node(), 2 * MIB, 4096)
        assert failed.value.errno == errno.ENODATA
        with pytest.raises(OSError, match=r".") as failed:
            kernel_drive.write(here.node(), 2 * MIB, bytes(4096))
        assert failed.value.errno == errno.EIO
        assert len(kernel_drive.read(here.node(), 2 * MIB + 512, 3584)) == 3584
    finally:
        here.sim.disarm("bad-sectors")


def test_eight_bays_are_plugged_in_at_once(bay: Plug, layout: Layout) -> None:
    names = [*(f"ata-{n}" for n in range(1, 6)), *(f"sas-{n}" for n in range(1, 4))]
    bays = [bay(name) for name in names]
    for one in bays:
        one.unplug()
    with ThreadPoolExecutor(max_workers=len(bays)) as pool:
        list(pool.map(lambda one: one.plug(), bays))
    serials = {kernel_drive.survey(one.node()).identity.serial for one in bays}
    assert serials == {layout.bay(name).drive.serial for name in names}


def test_udev_hears_of_a_plug_pulled_and_put_back(bay: Plug) -> None:
    here = bay("sas-3")
    node = here.node()
    monitor = subprocess.Popen(
        ["udevadm", "monitor", "--udev", "--subsystem-match=block"], stdout=subprocess.PIPE, text=True
    )
    # What is not heard by then never comes, and reading ends with the monitor.
    give_up = threading.Timer(60, monitor.terminate)
    give_up.start()
    try:
        assert monitor.stdout is not None
        assert any("UDEV - the event" in line for line in monitor.stdout)
        time.sleep(0.5)
        here.unplug()
        assert not node.exists()
        here.plug()
        assert here.node().exists()
        heard: list[str] = []
        for line in monitor.stdout:
            if line.startswith("UDEV") and "/block/sd" in line:
                heard.append(line.split()[2])
            if heard[-1:] == ["add"]:
                break
    finally:
        give_up.cancel()
        monitor.terminate()
        monitor.communicate(timeout=10)
    assert heard.index("remove") < heard.index("add")


def test_a_drive_without_power_leaves_by_itself(bay: Plug) -> None:
    here = bay("ata-1")
    before, node = kernel_drive.survey(here.node()).identity, here.node()
    here.sim.cut()
    deadline = time.monotonic() + 20
    while node.exists():
        assert time.monotonic() < deadline
        time.sleep(0.1)
    here.sim.start()
    here.plug()
    assert kernel_drive.survey(here.node()).identity == before


def test_pulled_out_in_the_middle_of_reading(bay: Plug) -> None:
    here = bay("ata-1")
    node, errors = here.node(), list[int]()

    def go_on_reading() -> None:
        try:
            while True:
                kernel_drive.read(node, 0, MIB)
        except OSError as error:
            errors.append(error.errno or 0)

    reader = threading.Thread(target=go_on_reading, daemon=True)
    reader.start()
    here.unplug()
    reader.join(20)
    assert errors
    assert errors[0] in {errno.EIO, errno.ENODEV, errno.ENXIO, errno.ENOENT}
    here.plug()
    assert len(kernel_drive.read(here.node(), 0, MIB)) == MIB


def test_a_hung_drive_holds_up_nobody_else_until_the_kernel_resets_it(bay: Plug) -> None:
    here, other = bay("ata-1"), bay("sas-1")
    Path("/sys/block", here.node().name, "device/timeout").write_text("4")
    here.sim.arm(Hang(at=1))
    node, answers = here.node(), list[int]()
    reader = threading.Thread(target=lambda: answers.append(len(kernel_drive.read(node, 8 * MIB, 4096))), daemon=True)
    reader.start()
    begun = time.monotonic()
    assert len(kernel_drive.read(other.node(), 0, MIB)) == MIB
    assert time.monotonic() - begun < 3
    assert not answers
    reader.join(30)
    assert answers == [4096]


def test_a_hung_drive_can_be_pulled_out(bay: Plug) -> None:
    here = bay("sas-1")
    here.sim.arm(Hang(at=1))
    node, errors = here.node(), list[int]()

    def read_once() -> None:
        try:
            kernel_drive.read(node, 8 * MIB, 4096)
        except OSError as error:
            errors.append(error.errno or 0)

    reader = threading.Thread(target=read_once, daemon=True)
    reader.start()
    reader.join(1)
    assert not errors
    here.unplug()
    reader.join(20)
    assert errors
    here.plug()
    assert len(kernel_drive.read(here.node(), 8 * MIB, 4096)) == 4096
