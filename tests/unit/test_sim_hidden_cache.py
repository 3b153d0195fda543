"""A virtual drive that keeps from its host that it has a cache."""

from __future__ import annotations

from pathlib import Path

import pytest

from drivers.sim.command_faults import HiddenCache
from drivers.sim.commands.spec import Personality
from support.raw_commands import Drive, commanded

ALL_PAGES = 0x3F
CACHING = bytes([8, 18])


def modes(drive: Drive, page: int) -> bytes:
    """MODE SENSE(6) without block descriptors."""
    return drive.scsi(bytes([0x1A, 8, page, 0, 252, 0])).data


@pytest.mark.parametrize("personality", [Personality.ATA_DISK, Personality.SAS_DISK])
def test_no_caching_page_is_told(tmp_path: Path, personality: Personality) -> None:
    with commanded(tmp_path / "plain", personality) as drive:
        assert CACHING in modes(drive, ALL_PAGES)
    with commanded(tmp_path / "hidden", personality, HiddenCache()) as drive:
        told = modes(drive, ALL_PAGES)
        assert told
        assert CACHING not in told
        assert modes(drive, 8) == b""
