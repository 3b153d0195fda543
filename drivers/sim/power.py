"""A virtual drive's power: cut by the bench itself or, where the drive says so, by the operator's hand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bench.drive import SIM_PREFIX, DriveFacts, DriveIdentity
from bench.firmware_work import PowerSeen
from bench.messages import Message, say
from bench.ports import DriveGoneError
from bench.stage_events import PowerWitness
from drivers.sim import launch
from drivers.sim.client import SimConnection


class SimPowerSwitch:
    """Implements `bench.ports.PowerSwitch`: switches the virtual drive off, and on again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def cycle(
        self,
        drive: DriveIdentity,
        reason: Message,  # noqa: ARG002 - nobody is asked here
        tell: Callable[[Message], None],  # noqa: ARG002
    ) -> PowerSeen:
        """See `PowerSwitch`. A drive that is off already is switched on."""
        return await asyncio.to_thread(self._cycle, drive)

    def _cycle(self, drive: DriveIdentity) -> PowerSeen:
        try:
            before = None
            if launch.is_running(self._folder):
                before = _count(self._folder)
                launch.stop(self._folder)
            launch.start(self._folder)
            after = _count(self._folder)
        except (launch.DriveError, OSError) as error:
            raise DriveGoneError(say("erase-power-failed", serial=drive.serial, why=str(error))) from error
        witness = PowerWitness.VANISHED if before is None else PowerWitness.COUNTER
        return PowerSeen(witness=witness, before=before, after=after)


class SimPresence:
    """Implements `drivers.power_hand.Presence` for a virtual drive that somebody switches off and on by hand.

    `look` surveys an address, `find` looks for the drive, as the bench itself does.
    """

    def __init__(
        self, facts: DriveFacts, look: Callable[[str], DriveFacts], find: Callable[[DriveIdentity, str], str]
    ) -> None:
        self._facts = facts
        self._look = look
        self._find = find
        self._cycles = self._count_at(facts.node)

    def is_here(self) -> bool:
        """See `Presence`."""
        return self._count_at(self._facts.node) == self._cycles and not self.stranger()

    def is_back(self) -> bool:
        """See `Presence`."""
        return self._node() is not None

    def stranger(self) -> str:
        """See `Presence`."""
        found = self._look(self._facts.node).identity
        same = replace(found, size=self._facts.identity.size) == self._facts.identity
        return "" if same or not found.source else found.serial

    def count(self) -> int | None:
        """See `Presence`."""
        node = self._node()
        return None if node is None else self._count_at(node)

    def _node(self) -> str | None:
        try:
            return self._find(self._facts.identity, self._facts.node)
        except DriveGoneError:
            return None

    @staticmethod
    def _count_at(node: str) -> int | None:
        try:
            return _count(Path(node.removeprefix(SIM_PREFIX).partition("#")[0]))
        except OSError:
            return None


def _count(folder: Path) -> int:
    with SimConnection.connect(folder) as connection:
        return connection.info().power_cycles
