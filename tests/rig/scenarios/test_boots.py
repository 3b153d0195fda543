"""A bench that loses its power: the guest is killed, and another one finds what is outside as it was."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from rig.guest.bays import Bay
from rig.order import Order
from rig.places import GUEST_SHARE

_MARK = b"written before the power went".ljust(4096)
_PLACE = 1 << 20


def test_only_the_share_reaches_the_host() -> None:
    """What the guest writes elsewhere is gone with it: the host's files lie beneath, and cannot be written to."""
    beneath = Path("/.rig-host")

    assert os.statvfs(beneath).f_flag & os.ST_RDONLY
    with pytest.raises(OSError, match="Read-only file system"):
        (beneath / "etc" / "rig").touch()
    Path("/etc/rig").touch()
    assert not (beneath / "etc" / "rig").exists()


@pytest.mark.boot("cut")
def test_power_goes_after_a_write(bay: Callable[[str], Bay]) -> None:
    with bay("ahci-1").node().open("r+b", buffering=0) as disk:
        disk.seek(_PLACE)
        disk.write(_MARK)
        os.fsync(disk)
    assert Order.load(GUEST_SHARE).cut


@pytest.mark.boot("resume")
def test_what_was_written_is_still_there(bay: Callable[[str], Bay]) -> None:
    with bay("ahci-1").node().open("rb", buffering=0) as disk:
        disk.seek(_PLACE)
        assert disk.read(len(_MARK)) == _MARK
