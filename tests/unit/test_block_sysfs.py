"""sysfs while a drive is being pulled out: its links vanish between a look at them and the next."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from support.fakekernel import FakeKernel


def test_a_drive_that_goes_while_all_are_listed_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = FakeKernel(tmp_path)
    kernel.disk("sda", (8, 0), bus="pci0/ata1/host0/0:0:0:0")
    kernel.disk("sdb", (8, 16), bus="pci0/ata2/host1/1:0:0:0")
    readlink = os.readlink

    def gone(path: str) -> str:
        if "sdb" in path:
            raise FileNotFoundError(path)
        return readlink(path)

    assert [device.name for device in kernel.tree.whole_disks()] == ["sda", "sdb"]
    monkeypatch.setattr(os, "readlink", gone)
    assert [device.name for device in kernel.tree.whole_disks()] == ["sda"]
    assert kernel.tree.numbered((8, 0)) is not None
    assert kernel.tree.device("sdb") is None
