"""Block devices as the bench sees drives: held exclusively, surveyed again, given to a worker."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.drive import DriveFacts, Interface
from bench.kinship import as_planned
from bench.messages import Message, say
from bench.ports import DriveGoneError
from drivers.block.held import BlockPresence, HeldBlockDrive
from drivers.block.opening import OpenDrive, Purpose, open_exclusive, taken_over
from drivers.block.survey import BlockSurveyor
from drivers.block.write_cache import FlushSetting, have_flushes_sent
from drivers.command_protocol import COMMANDS
from drivers.commander import FirmwareCommander
from drivers.commands import own_size
from drivers.commands_at_work import must_not_be_disturbed, worker_of
from drivers.lending import borrow
from drivers.medium import Kind, MediumSpec
from drivers.power_hand import OperatorsHand
from drivers.worker_client import EraseWorker


class ClaimedBlockDrive:
    """A block device held with `O_EXCL`; implements `bench.ports.ClaimedDrive`."""

    def __init__(self, surveyor: BlockSurveyor, facts: DriveFacts, purpose: Purpose = Purpose.ERASE) -> None:
        """Hold the drive, and have flushes sent to it if it is to be written to. Raises `DriveGoneError`."""
        self._surveyor = surveyor
        commands = surveyor.state / COMMANDS
        self._drives = _hold(facts, commands, purpose)
        self._open, *beside = self._drives
        self._facts = facts
        self._commands = commands
        self._held = HeldBlockDrive(surveyor, self._open, facts, _by_unit(facts, beside))
        self._commander = FirmwareCommander(self._held, commands)
        device = surveyor.tree.numbered(self._open.number) if purpose is Purpose.ERASE else None
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
        """See `ClaimedDrive.facts`. A drive that the kernel knows no size of is asked itself, but for NVMe drives.

        It may have sectors that the host cannot read; or the kernel looked while it was erasing itself, and does not
        look again without being told.
        """
        found = as_planned(self._surveyor.resurvey(self._open), self._facts)
        if found.identity.size or found.interface is Interface.NVME:
            return found
        if must_not_be_disturbed(self._commands, found.identity):
            return found
        own = own_size.told(self._held.transport())
        return own_size.completed(found, own, lambda: self._surveyor.look_again(self._open))

    async def eraser(self) -> EraseWorker:
        """See `ClaimedDrive.eraser`."""
        return await EraseWorker.start(
            MediumSpec(fd=self._open.fd, kind=Kind.DESCRIPTOR, direct_io=self._open.direct_io)
        )

    def commander(self) -> FirmwareCommander:
        """See `ClaimedDrive.commander`."""
        return self._commander

    def power(self) -> OperatorsHand:
        """See `ClaimedDrive.power`."""
        return OperatorsHand(BlockPresence(self._surveyor, self._open, self._facts))

    def release(self) -> None:
        """See `ClaimedDrive.release`. What was changed is set back while nobody else can hold the drive."""
        drives, self._drives = self._drives, ()
        if drives:
            self._flushing.restore()
        for drive in drives:
            drive.close()


def _by_unit(facts: DriveFacts, beside: Sequence[OpenDrive]) -> Mapping[int, OpenDrive]:
    return {item.unit: drive for item, drive in zip(facts.together, beside, strict=True)}


def _hold(facts: DriveFacts, commands: Path, purpose: Purpose) -> tuple[OpenDrive, ...]:
    """Hold the drive and then what goes with it, all or nothing. Raises `DriveGoneError`.

    Where a command of ours works on it, by copies of its descriptors.
    """
    worker = worker_of(commands, facts.identity)
    lent = list(() if worker is None else borrow(worker.root))
    borrowed = bool(lent)
    nodes = (facts.node, *(item.node for item in facts.together))
    if borrowed and len(lent) != len(nodes):
        for fd in lent:
            os.close(fd)
        raise DriveGoneError(say("erase-worker-silent", node=facts.node))
    held: list[OpenDrive] = []
    try:
        for node in nodes:
            held.append(taken_over(node, lent.pop(0)) if borrowed else open_exclusive(node, purpose))
    except DriveGoneError as error:
        for drive in held:
            drive.close()
        for fd in lent:
            os.close(fd)
        if worker is None or borrowed:
            raise
        raise DriveGoneError(say("erase-worker-silent", node=facts.node), *error.messages) from error
    return tuple(held)
