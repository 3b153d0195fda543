"""QEMU's own devices: what they are is told alike by the kernel, by udev and by us; and what they do badly."""

from __future__ import annotations

import errno
import json
import mmap
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.drive import DriveFacts, Interface
from drivers.machine import MachineDrives
from rig.devices import BAD_SECTORS, NVME_MODEL, THROTTLED_BPS
from rig.guest.bays import Bay
from rig.layout import DRIVE_SIZE, HUGE_SIZE

GetBay = Callable[[str], Bay]
SECTOR = 512


def survey(node: Path, state: Path) -> DriveFacts:
    return MachineDrives(state).survey(str(node))


def lsblk(node: Path) -> dict[str, str]:
    columns = "NAME,TRAN,SIZE,MODEL,SERIAL"
    command = ["lsblk", "--json", "--bytes", "--nodeps", "--output", columns, str(node)]
    shown = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    (row,) = shown["blockdevices"]
    return {name: str(value).strip() for name, value in row.items()}


def transfer(node: Path, sector: int, data: bytes | None = None) -> int:
    """One sector past the page cache: read, or written. The number of bytes moved."""
    descriptor = os.open(node, (os.O_RDONLY if data is None else os.O_WRONLY) | os.O_DIRECT)
    try:
        with mmap.mmap(-1, SECTOR) as buffer:
            if data is None:
                return os.preadv(descriptor, [buffer], sector * SECTOR)
            buffer[:] = data
            return os.pwritev(descriptor, [buffer], sector * SECTOR)
    finally:
        os.close(descriptor)


@pytest.mark.parametrize(
    ("name", "model", "serial", "size", "interface"),
    [
        ("ahci-1", "RIG-AHCI HDD", "RIG-AHCI-0001", DRIVE_SIZE, Interface.SATA),
        ("slow-1", "RIG-SLOW HDD", "RIG-SLOW-0001", DRIVE_SIZE, Interface.SATA),
        ("huge-1", "RIG-HUGE HDD", "RIG-HUGE-0001", HUGE_SIZE, Interface.SATA),
        ("pcie-1", NVME_MODEL, "RIG-PCIE-0001", DRIVE_SIZE, Interface.NVME),
    ],
)
def test_identity_is_told_alike(
    bay: GetBay, tmp_path: Path, name: str, model: str, serial: str, size: int, interface: Interface
) -> None:
    node = bay(name).node()

    facts, shown = survey(node, tmp_path), lsblk(node)

    told = (facts.identity.model, facts.identity.serial, facts.identity.size, facts.interface)
    assert told == (model, serial, size, interface)
    assert (facts.obstacles, facts.undetermined) == ((), ())
    seen = (shown["model"], shown["serial"], int(shown["size"]), shown["tran"])
    assert seen == (model, serial, size, interface.value)


def test_bad_sectors_fail_alone(bay: GetBay) -> None:
    node = bay("ahci-1").node()

    for sector in BAD_SECTORS:
        for data in (None, bytes(SECTOR)):
            with pytest.raises(OSError, match="Input/output error") as raised:
                transfer(node, sector, data)
            assert raised.value.errno == errno.EIO
    for sector in (BAD_SECTORS[0] - 1, BAD_SECTORS[-1] + 1):
        assert transfer(node, sector) == transfer(node, sector, bytes(SECTOR)) == SECTOR


def test_the_slow_one_keeps_its_pace(bay: GetBay) -> None:
    node = bay("slow-1").node()
    size = 4 * THROTTLED_BPS

    begun = time.monotonic()
    command = ["dd", f"if={node}", "of=/dev/null", f"bs={THROTTLED_BPS}", "count=4", "iflag=direct"]
    subprocess.run(command, check=True, capture_output=True)
    pace = size / (time.monotonic() - begun)

    assert pace < 2 * THROTTLED_BPS


def test_the_huge_one_has_an_end(bay: GetBay) -> None:
    node = bay("huge-1").node()

    assert transfer(node, HUGE_SIZE // SECTOR - 1) == SECTOR
    assert transfer(node, HUGE_SIZE // SECTOR) == 0


def test_pcie_drive_goes_and_comes(bay: GetBay, tmp_path: Path) -> None:
    drive = bay("pcie-1")
    before = drive.node()
    identity = survey(before, tmp_path).identity

    drive.unplug()
    gone = survey(before, tmp_path)
    drive.plug()

    assert not gone.identity.serial
    assert gone.undetermined or gone.obstacles
    assert survey(drive.node(), tmp_path).identity == identity
