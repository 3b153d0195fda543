"""Drives behind USB bridges: asked themselves where the kernel did not, and left alone while a command is at work."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bench.drive import Interface
from bench.stages import StageKind
from bench.techniques import Technique
from drivers.block import bridged, identity
from drivers.block.sysfs import Device
from drivers.command_protocol import Reach, Target, folder_of
from drivers.commands.identify import AtaIdentity
from drivers.commands_at_work import node_must_not_be_disturbed
from drivers.erase.table import Deed
from drivers.sim.client import SimConnection
from drivers.sim.command_faults import MadeUpSerial
from drivers.sim.commands.spec import Bridge, CommandSpec, Personality
from drivers.sim.transport import SimTransport
from support.fakekernel import FakeKernel
from support.virtual_drives import virtual_drive

USB = "pci0/usb2/2-1/2-1:1.0/host6/target6:0:0/6:0:0:0"


def asked(where: Path, bridge: Bridge) -> AtaIdentity | None:
    commands = CommandSpec(personality=Personality.ATA_DISK, bridge=bridge)
    with (
        virtual_drive(where, MadeUpSerial(serial="DB9876543211160"), commands=commands) as drive,
        SimConnection.connect(drive) as connection,
    ):
        return bridged.ask(SimTransport(connection))


@pytest.mark.parametrize("bridge", [Bridge.DESCRIPTOR, Bridge.FIXED])
def test_the_drive_says_its_own_serial_through_the_bridge(tmp_path: Path, bridge: Bridge) -> None:
    found = asked(tmp_path / "d", bridge)
    assert found is not None
    assert found.serial == "SIM-0001"


def test_a_deaf_bridge_leaves_nothing(tmp_path: Path) -> None:
    assert asked(tmp_path / "d", Bridge.DEAF) is None


def usb(tmp_path: Path, removable: str, page: bytes = b"") -> Device:
    kernel = FakeKernel(tmp_path)
    folder = kernel.disk("sda", (8, 0), bus=USB)
    kernel.write(folder, {"removable": removable, "device/vendor": "USB-SATA", "device/model": "Bridge"})
    if page:
        kernel.write(folder, {"device/vpd_pg89": page})
    device = kernel.tree.device("sda")
    assert device is not None
    return device


def test_who_is_asked(tmp_path: Path) -> None:
    assert bridged.hides(usb(tmp_path / "disk", "0"))
    assert not bridged.hides(usb(tmp_path / "stick", "1"))
    assert not bridged.hides(usb(tmp_path / "known", "0", b"\0\x89"))


def test_what_it_said_is_its_identity(tmp_path: Path) -> None:
    said = asked(tmp_path / "d", Bridge.DESCRIPTOR)
    device = usb(tmp_path / "kernel", "0")
    assert [message.id for message in identity.read(device).undetermined] == ["guard-behind-bridge"]
    reading = identity.read(device, None, said)
    assert (reading.interface, reading.serial, reading.source) == (Interface.USB, "SIM-0001", "ATA IDENTIFY")
    assert reading.undetermined == ()


def test_a_node_is_left_alone_while_a_delicate_command_works_on_it(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "ab" * 12, "JOB-1-1")
    deed = Deed(kind=StageKind.ERASE, technique=Technique.ATA_SECURE_ERASE, hidden=None, secret="s", mark=None)  # noqa: S106 - of no drive
    target = Target(reach=Reach.SCSI, where="/dev/sda", fd=3)
    folder.write_order(deed, target)
    assert not node_must_not_be_disturbed(tmp_path, "/dev/sda")  # nobody works on it
    lock = folder.take_lock()
    assert lock is not None
    assert node_must_not_be_disturbed(tmp_path, "/dev/sda")
    assert not node_must_not_be_disturbed(tmp_path, "/dev/sdb")
    folder.retarget(replace(deed, technique=Technique.ATA_SANITIZE_BLOCK), target)
    assert not node_must_not_be_disturbed(tmp_path, "/dev/sda")
