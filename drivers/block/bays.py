"""Block devices as the bench sees drives: held exclusively, surveyed again, given to a worker."""

from __future__ import annotations

from bench.drive import DriveFacts
from bench.messages import Message
from drivers.block.opening import OpenDrive, open_exclusive
from drivers.block.survey import BlockSurveyor
from drivers.block.write_cache import FlushSetting, have_flushes_sent
from drivers.medium import Kind, MediumSpec
from drivers.worker_client import EraseWorker


class ClaimedBlockDrive:
    """A block device held with `O_EXCL`; implements `bench.ports.ClaimedDrive`."""

    def __init__(self, surveyor: BlockSurveyor, facts: DriveFacts) -> None:
        """Hold the drive, and have flushes sent to it. Raises `DriveGoneError`."""
        self._surveyor = surveyor
        self._drive: OpenDrive | None = open_exclusive(facts.node)
        self._open = self._drive
        device = surveyor.tree.numbered(self._open.number)
        self._flushing = FlushSetting() if device is None else have_flushes_sent(device, self._open.fd)

    @property
    def direct_io(self) -> bool:
        """See `ClaimedDrive.direct_io`."""
        return self._open.direct_io

    @property
    def notes(self) -> tuple[Message, ...]:
        """See `ClaimedDrive.notes`."""
        return self._flushing.notes

    def facts(self) -> DriveFacts:
        """See `ClaimedDrive.facts`."""
        return self._surveyor.resurvey(self._open)

    async def eraser(self) -> EraseWorker:
        """See `ClaimedDrive.eraser`."""
        return await EraseWorker.start(
            MediumSpec(fd=self._open.fd, kind=Kind.DESCRIPTOR, direct_io=self._open.direct_io)
        )

    def release(self) -> None:
        """See `ClaimedDrive.release`. What was changed is set back while nobody else can hold the drive."""
        if self._drive is not None:
            self._flushing.restore()
            self._drive.close()
            self._drive = None
