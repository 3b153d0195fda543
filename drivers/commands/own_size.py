"""The size of a drive whose sectors the host cannot read: asked of the drive itself, by READ CAPACITY(16)."""

from __future__ import annotations

from collections.abc import Callable

from bench.capabilities import SectorFormat
from bench.drive import DriveFacts
from bench.guard import READABLE_SECTORS, with_own_size
from drivers.commands import scsi, scsi_replies
from drivers.commands.outcome import Done, read
from drivers.commands.probe_scsi import in_use
from drivers.commands.transport import Transport


def told(transport: Transport) -> SectorFormat | None:
    """The sectors in use and the capacity in bytes; None where the drive gives none now (erasing, format broken)."""
    capacity = read(scsi.ask(transport, scsi.read_capacity_16()), scsi_replies.capacity)
    if not isinstance(capacity, Done) or not capacity.value.size:
        return None
    return in_use(capacity.value)


def completed(facts: DriveFacts, own: SectorFormat | None, look_again: Callable[[], DriveFacts]) -> DriveFacts:
    """Facts of a drive that the host knows no size of, with what the drive itself gave.

    A drive that was formatted to sectors of another size meanwhile is looked at again: the host has not noticed.
    """
    if own is None:
        return facts
    return look_again() if own.block in READABLE_SECTORS else with_own_size(facts, own)
