"""A held virtual drive as its commander needs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.canaries import Place
from bench.drive import DriveIdentity, Interface
from bench.messages import say
from bench.ports import DriveGoneError
from drivers.command_protocol import Reach, Target
from drivers.commands.bridges import UsbId
from drivers.sim.client import SimConnection
from drivers.sim.transport import SimTransport


class HeldVirtualDrive:
    """Implements `drivers.commander.Held`: a connection of its own, joined to the claim of `holder`."""

    def __init__(self, folder: Path, identity: DriveIdentity, holder: SimConnection, nsids: Sequence[int]) -> None:
        """`nsids` are the namespaces that are held, the one that the drive's own address means first."""
        self._folder = folder
        self._nsids = tuple(nsids)
        self._identity = identity
        self._holder = holder
        self._connection: SimConnection | None = None

    @property
    def identity(self) -> DriveIdentity:
        """See `Held`."""
        return self._identity

    @property
    def interface(self) -> Interface:
        """See `Held`."""
        return Interface.SIMULATED

    @property
    def usb(self) -> UsbId | None:
        """See `Held`."""
        return None

    def transport(self) -> SimTransport:
        """See `Held`."""
        return SimTransport(self._joined())

    def target(self) -> Target:
        """See `Held`."""
        try:
            token = self._holder.share()
        except OSError as error:
            raise self._gone(error) from error
        return Target(reach=Reach.SIMULATED, where=str(self._folder), token=token)

    def write(self, blocks: Mapping[Place, bytes]) -> None:
        """See `Held`."""
        connection = self._joined()
        for place, data in blocks.items():
            nsid = place.nsid or self._nsids[0]
            if nsid not in self._nsids:
                raise DriveGoneError(say("erase-namespace-out-of-reach", nsid=nsid))
            try:
                taken = connection.write(place.offset, memoryview(data), nsid)
            except OSError as error:
                raise DriveGoneError(say("erase-plant-failed", offset=place.offset, why=str(error))) from error
            if taken != len(data):
                raise DriveGoneError(say("erase-plant-failed", offset=place.offset, why=f"{taken} / {len(data)}"))
        try:
            connection.flush()
        except OSError as error:
            raise self._gone(error) from error

    def read(self, where: Place) -> bytes | None:
        """See `Held`."""
        connection, nsid = self._joined(), where.nsid or self._nsids[0]
        if nsid not in self._nsids:
            return None
        buffer = bytearray(where.length)
        try:
            got = connection.read_into(where.offset, memoryview(buffer), nsid)
        except OSError:
            return None  # the drive does not give it: that is an answer here
        return bytes(buffer) if got == where.length else None

    def close(self) -> None:
        """End this share in the claim. Idempotent."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _joined(self) -> SimConnection:
        if self._connection is None or self._connection.fileno() < 0:
            try:
                connection = SimConnection.connect(self._folder)
                connection.join(self._holder.share())
            except OSError as error:
                raise self._gone(error) from error
            self._connection = connection
        return self._connection

    def _gone(self, error: OSError) -> DriveGoneError:
        return DriveGoneError(say("erase-drive-lost", serial=self._identity.serial, detail=str(error)))
