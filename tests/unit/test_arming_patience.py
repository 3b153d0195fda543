"""A drive that does not answer while it is looked at, held or found again holds up nobody, and is not kept."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from bench import arming
from bench.drive import DriveFacts, DriveIdentity
from bench.ports import ClaimedDrive, DriveGoneError
from bench.work import Algorithm
from drivers.machine import MachineDrives
from support.virtual_drives import virtual_drive

LIMIT = 0.3


class SlowDrives:
    """The machine's drives; whoever asks the one at `slow` waits until `wake` is set, as in the kernel."""

    def __init__(self, state: Path, slow: str) -> None:
        self._drives = MachineDrives(state)
        self._slow = slow
        self.wake = threading.Event()

    def discover(self) -> Sequence[str]:
        return self._drives.discover()

    def survey(self, address: str) -> DriveFacts:
        self._wait(address)
        return self._drives.survey(address)

    def claim(self, facts: DriveFacts) -> ClaimedDrive:
        self._wait(facts.address)
        return self._drives.claim(facts)

    def claim_to_ask(self, facts: DriveFacts) -> ClaimedDrive:
        self._wait(facts.address)
        return self._drives.claim_to_ask(facts)

    def find(self, identity: DriveIdentity, hint: str) -> str:
        self._wait(hint)
        return self._drives.find(identity, hint)

    def preferred_stream(self) -> Algorithm:
        return self._drives.preferred_stream()

    def _wait(self, address: str) -> None:
        if address == self._slow:
            self.wake.wait()


async def test_a_silent_drive_is_undetermined_and_the_others_are_surveyed(tmp_path: Path) -> None:
    with virtual_drive(tmp_path / "a", serial="A"), virtual_drive(tmp_path / "b", serial="B"):
        addresses = [f"sim:{tmp_path / name}" for name in "ab"]
        drives = SlowDrives(tmp_path / "state", addresses[0])
        silent, healthy = await arming.survey(drives, addresses, LIMIT)
        drives.wake.set()
    assert [reason.id for reason in silent.undetermined] == ["guard-silent"]
    assert silent.simulated
    assert healthy.identity.serial == "B"
    assert healthy.undetermined == ()


async def test_a_drive_that_is_held_too_late_is_let_go(tmp_path: Path) -> None:
    with virtual_drive(tmp_path / "a") as where:
        address = f"sim:{where}"
        drives = SlowDrives(tmp_path / "state", address)
        facts = MachineDrives(tmp_path / "state").survey(address)
        with pytest.raises(DriveGoneError) as caught:
            await arming.hold(drives, facts, LIMIT)
        assert [reason.id for reason in caught.value.messages] == ["guard-silent"]
        drives.wake.set()
        assert _can_be_held(tmp_path / "state", facts)


def _can_be_held(state: Path, facts: DriveFacts) -> bool:
    """Whether the drive is free, or becomes so: the late claim is let go by the thread that made it."""
    give_up = time.monotonic() + 5
    while time.monotonic() < give_up:
        try:
            MachineDrives(state).claim(facts).release()
        except DriveGoneError:
            time.sleep(0.02)
        else:
            return True
    return False
