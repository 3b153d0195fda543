"""Block devices as the bench sees drives: held exclusively, surveyed again, given to a worker."""

from __future__ import annotations

from bench.drive import DriveFacts
from drivers.block.opening import OpenDrive, open_exclusive
from drivers.block.survey import BlockSurveyor
from drivers.medium import Kind, MediumSpec
from drivers.worker_client import EraseWorker


class ClaimedBlockDrive:
    """A block device held with `O_EXCL`; implements `bench.ports.ClaimedDrive`."""

    def __init__(self, surveyor: BlockSurveyor, facts: DriveFacts) -> None:
        """Hold the drive. Raises `DriveGoneError`."""
        self._surveyor = surveyor
        self._drive: OpenDrive | None = open_exclusive(facts.node)
        self._open = self._drive

    @property
    def direct_io(self) -> bool:
        """See `ClaimedDrive.direct_io`."""
        return self._open.direct_io

    def facts(self) -> DriveFacts:
        """See `ClaimedDrive.facts`."""
        return self._surveyor.resurvey(self._open)

    async def eraser(self) -> EraseWorker:
        """See `ClaimedDrive.eraser`."""
        return await EraseWorker.start(
            MediumSpec(fd=self._open.fd, kind=Kind.DESCRIPTOR, direct_io=self._open.direct_io)
        )

    def release(self) -> None:
        """See `ClaimedDrive.release`."""
        if self._drive is not None:
            self._drive.close()
            self._drive = None
