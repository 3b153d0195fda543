"""A drive with something about it that real drives rarely show: all else is the real drive's."""

from __future__ import annotations

from bench.drive import DriveFacts
from bench.messages import Message
from bench.ports import ClaimedDrive, Commander, Eraser, PowerSwitch


class WrappedDrive:
    """A claimed drive that does as the one within, for a test to change a part of."""

    def __init__(self, drive: ClaimedDrive) -> None:
        self._drive = drive

    @property
    def direct_io(self) -> bool:
        """See `ClaimedDrive`."""
        return self._drive.direct_io

    @property
    def notes(self) -> tuple[Message, ...]:
        """See `ClaimedDrive`."""
        return self._drive.notes

    def facts(self) -> DriveFacts:
        """See `ClaimedDrive`."""
        return self._drive.facts()

    async def eraser(self) -> Eraser:
        """See `ClaimedDrive`."""
        return await self._drive.eraser()

    def commander(self) -> Commander:
        """See `ClaimedDrive`."""
        return self._drive.commander()

    def power(self) -> PowerSwitch:
        """See `ClaimedDrive`."""
        return self._drive.power()

    def release(self) -> None:
        """See `ClaimedDrive`."""
        self._drive.release()
