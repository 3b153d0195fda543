"""udev's name for a drive, beside the drive's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from drivers.block import udev
from drivers.block.sysfs import Device, KernelTree
from support.fakekernel import FakeKernel


def disk(root: Path, *lines: str) -> tuple[KernelTree, Device]:
    kernel = FakeKernel(root)
    kernel.disk("sda", (8, 16))
    if lines:
        database = root / "run/udev/data"
        database.mkdir(parents=True)
        (database / "b8:16").write_text("".join(f"{line}\n" for line in lines))
    device = kernel.tree.device("sda")
    assert device is not None
    return kernel.tree, device


def test_another_serial_is_noted(tmp_path: Path) -> None:
    tree, device = disk(tmp_path, "S:disk/by-id/x", "E:ID_SERIAL=Bridge_DB98765432", "E:ID_SERIAL_SHORT=DB98765432")
    (note,) = udev.difference(tree, device, "WD-WCC4N0000001")
    assert (note.id, note.params) == ("guard-note-udev-serial", {"node": "/dev/sda", "serial": "DB98765432"})


@pytest.mark.parametrize("own", ["WD-1 A", "WD-1_A", "wd-1a", ""])
def test_the_same_serial_in_udevs_spelling_or_no_own_one_is_not(tmp_path: Path, own: str) -> None:
    tree, device = disk(tmp_path, "E:ID_SERIAL_SHORT=WD-1_A")
    assert udev.difference(tree, device, own) == ()


@pytest.mark.parametrize("lines", [(), ("E:ID_SERIAL=X",), ("",)])
def test_without_udevs_word_nothing_is_said(tmp_path: Path, lines: tuple[str, ...]) -> None:
    tree, device = disk(tmp_path, *lines)
    assert udev.difference(tree, device, "WD-1") == ()
