"""The way to a drive as a command worker's order names it: a virtual drive's socket, or an inherited descriptor."""

from __future__ import annotations

from pathlib import Path

from drivers.command_protocol import Reach, Target
from drivers.commands.nvme_ioctl import NvmeTransport
from drivers.commands.outcome import Outcome, lost
from drivers.commands.sgio import SgTransport
from drivers.commands.transport import TransportError
from drivers.erase.link import Link
from drivers.erase.opal_revert import KernelReverter, by_status
from drivers.erase.steps import LostError
from drivers.sim.transport import SimTransport


class SimReverter:
    """Implements `Reverter` for a virtual drive."""

    def __init__(self, transport: SimTransport) -> None:
        self._transport = transport

    def revert(self, psid: str) -> Outcome[None]:
        """See `Reverter`."""
        try:
            return by_status(self._transport.opal_psid_revert(psid.encode()))
        except TransportError as error:
            return lost(error)


def open_link(target: Target) -> Link:
    """The way to the drive. Raises `LostError`."""
    match target.reach:
        case Reach.SIMULATED:
            try:
                transport = SimTransport.connect(Path(target.where), target.token)
            except TransportError as error:
                raise LostError(str(error)) from error
            return Link(transport=transport, reverter=SimReverter(transport))
        case Reach.SCSI:
            return Link(transport=SgTransport(target.fd), reverter=KernelReverter(target.fd, target.where))
        case Reach.NVME:
            return Link(transport=NvmeTransport(target.fd), reverter=KernelReverter(target.fd, target.where))
