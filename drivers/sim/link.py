"""The way to a virtual drive for whoever gives it commands."""

from __future__ import annotations

from pathlib import Path

from drivers.commands.outcome import Outcome, lost
from drivers.commands.transport import TransportError
from drivers.erase.link import Link
from drivers.erase.opal_revert import by_status
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


def connect(where: Path, token: str) -> Link:
    """The way to the drive that lives in a folder, for whom holds it by this token. Raises `LostError`."""
    try:
        transport = SimTransport.connect(where, token)
    except TransportError as error:
        raise LostError(str(error)) from error
    return Link(transport=transport, reverter=SimReverter(transport))
