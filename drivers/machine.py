"""All drives this machine can reach: its block devices, and virtual drives where their address is given."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bench.drive import DriveFacts, DriveIdentity
from bench.ports import ClaimedDrive
from bench.work import Algorithm
from drivers.block.bays import ClaimedBlockDrive
from drivers.block.opening import Purpose
from drivers.block.survey import BlockSurveyor
from drivers.command_protocol import COMMANDS
from drivers.fork_client import FORK_SERVER
from drivers.host import fastest_stream
from drivers.sim import bays


class MachineDrives:
    """Implements `bench.ports.Drives`. The address alone says whether a drive is simulated; nothing falls back."""

    def __init__(self, state: Path) -> None:
        """`state` is the folder whose disk must never be erased."""
        self._blocks = BlockSurveyor(state=state)
        self._commands = state / COMMANDS

    def discover(self) -> Sequence[str]:
        """See `Drives.discover`. Virtual drives are never discovered, only named."""
        return self._blocks.discover()

    def survey(self, address: str) -> DriveFacts:
        """See `Drives.survey`."""
        return bays.survey(address) if bays.is_simulated(address) else self._blocks.survey(address)

    def claim(self, facts: DriveFacts) -> ClaimedDrive:
        """See `Drives.claim`."""
        FORK_SERVER.prepare()
        if facts.simulated:
            return bays.ClaimedVirtualDrive(facts, self._commands)
        return ClaimedBlockDrive(self._blocks, facts)

    def claim_to_ask(self, facts: DriveFacts) -> ClaimedDrive:
        """See `Drives.claim_to_ask`. A virtual drive has no udev to be told of it."""
        if facts.simulated:
            return bays.ClaimedVirtualDrive(facts, self._commands)
        return ClaimedBlockDrive(self._blocks, facts, Purpose.ASK)

    def find(self, identity: DriveIdentity, hint: str) -> str:
        """See `Drives.find`."""
        return bays.find(identity, hint) if bays.is_simulated(hint) else self._blocks.find(identity, hint)

    def preferred_stream(self) -> Algorithm:
        """See `Drives.preferred_stream`."""
        return fastest_stream()
