"""The way to one drive as the techniques use it: its transport, and for ATA the width of the pass-through."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from drivers.commands import ata, identify, sat
from drivers.commands.identify import AtaIdentity
from drivers.commands.outcome import Done, Outcome, read
from drivers.commands.sat import AtaCommand, AtaReply, Through
from drivers.commands.transport import Transport


class Reverter(Protocol):
    """A way to Opal's PSID revert, which is no command of a transport but a conversation that others hold for us."""

    def revert(self, psid: str) -> Outcome[None]:
        """Revert the drive to its factory state; `Refused` says why it did not."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A drive's transport, and its way of being reverted."""

    transport: Transport
    reverter: Reverter


@dataclass(frozen=True, slots=True, kw_only=True)
class AtaLink:
    """An ATA disk that was just identified, and inside which SCSI command its own commands travel."""

    transport: Transport
    through: Through
    disk: AtaIdentity

    @property
    def long(self) -> bool:
        """Whether 48-bit commands pass and the disk has them."""
        return self.through is Through.SIXTEEN and self.disk.long_addresses

    def ask(self, command: AtaCommand) -> Outcome[AtaReply]:
        """Send what changes nothing."""
        return sat.ask(self.transport, command, self.through)

    def send(self, command: AtaCommand) -> Outcome[AtaReply]:
        """Send once."""
        return sat.send(self.transport, command, self.through)


def identified(transport: Transport, timeout: float = 15.0) -> Outcome[AtaLink]:
    """Identify the disk, by the long pass-through command or, where a bridge knows only that, by the short one."""
    long = _identified(transport, Through.SIXTEEN, timeout)
    if isinstance(long, Done):
        return long
    short = _identified(transport, Through.TWELVE, timeout)
    return short if isinstance(short, Done) else long


def _identified(transport: Transport, through: Through, timeout: float) -> Outcome[AtaLink]:
    command = replace(ata.identify_device(), timeout=timeout)
    disk = read(sat.ask(transport, command, through), lambda reply: identify.parse(reply.data))
    if not isinstance(disk, Done):
        return disk
    return Done(value=AtaLink(transport=transport, through=through, disk=disk.value))
