"""The station's own disk: a file system on a drive outside, whose write cache is lost with the bench's power.

That is harder than killing QEMU alone: what the kernel sent without a flush is gone too, but for what happens to reach
the medium, as with a Pi's card or a USB SSD when the plug is pulled.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rig.guest.bays import Bay

_PLACE = Path("/run/card")


def make(bay: Bay) -> None:
    """Make an empty file system, once in a course."""
    subprocess.run(["mkfs.ext4", "-q", "-F", f"{bay.node()}"], check=True, timeout=60)


@contextmanager
def mounted(bay: Bay) -> Iterator[Path]:
    """The place of the file system inside the `with`. After a power cut, mounting replays its journal."""
    _PLACE.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "ext4", f"{bay.node()}", f"{_PLACE}"], check=True, timeout=60)
    try:
        yield _PLACE
    finally:
        # Commands' processes outlive the bench, and hold their logs open.
        subprocess.run(["umount", "--lazy", f"{_PLACE}"], check=True, timeout=60)
