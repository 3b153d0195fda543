"""Which state machine does what an order asks for; and what a drive says of an erasure, by technique."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bench.capabilities import CommandSet, HiddenKind
from bench.firmware_work import NotTaken
from bench.messages import say
from bench.stage_events import StatusReading
from bench.stages import StageKind
from bench.techniques import Technique
from drivers.commands.nvme import NvmeAnswer
from drivers.commands.outcome import Done, Outcome, Refused, Unclear, Why
from drivers.commands.sat import AtaReply
from drivers.commands.transport import Transport
from drivers.erase import (
    ata_sanitize,
    ata_security,
    hidden_areas,
    nvme_format,
    nvme_sanitize,
    opal_revert,
    scsi_format,
    scsi_sanitize,
)
from drivers.erase.follow import PACE, Beginning, Look, Looking, Pace, follow
from drivers.erase.link import Link, identified
from drivers.erase.steps import Clock, LostError, Step, settled, unknown

T = Technique
_SECURITY = (T.ATA_SECURE_ERASE, T.ATA_SECURE_ERASE_ENHANCED)
_FORMATS = (T.NVME_FORMAT_USER_DATA, T.NVME_FORMAT_CRYPTO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What is to be done to a drive, without the reasons: see `bench.firmware_work.Order`."""

    kind: StageKind
    technique: Technique | None
    hidden: HiddenKind | None
    secret: str
    mark: int | None


def give(link: Link, deed: Deed, clock: Clock, pace: Pace = PACE) -> Iterator[Step]:
    """Do it, step by step. Raises `LostError`; `ValueError` for what is no order."""
    match deed:
        case Deed(kind=StageKind.UNLOCK, technique=None):
            return ata_security.unlock(link.transport, deed.secret)
        case Deed(kind=StageKind.UNLOCK, technique=T.OPAL_PSID_REVERT):
            return opal_revert.give(link.reverter, deed.secret)
        case Deed(kind=StageKind.RESTORE, hidden=HiddenKind() as hidden):
            return hidden_areas.restore(link.transport, hidden)
        case Deed(kind=StageKind.REFORMAT):
            return scsi_format.reformat(link.transport, clock, pace)
        case Deed(kind=StageKind.ERASE, technique=Technique() as technique):
            return _erase(link, deed, technique, clock, pace)
        case _:
            raise ValueError(f"a stage {deed.kind.value!r} is no order to a drive")


def _erase(link: Link, deed: Deed, technique: Technique, clock: Clock, pace: Pace) -> Iterator[Step]:
    transport = link.transport
    match _family(technique):
        case "ata-sanitize":
            return ata_sanitize.give(transport, technique, clock, pace)
        case "scsi-sanitize":
            return scsi_sanitize.give(transport, technique, clock, pace)
        case "nvme-sanitize":
            return nvme_sanitize.give(transport, technique, deed.mark, clock, pace)
    if technique in _SECURITY:
        return ata_security.give(transport, technique, deed.secret)
    if technique in _FORMATS:
        return nvme_format.give(transport, technique)
    if technique is T.SCSI_FORMAT_UNIT:
        return scsi_format.erase(transport, clock, pace)
    if technique is T.OPAL_PSID_REVERT:
        return opal_revert.give(link.reverter, deed.secret)
    raise ValueError(f"{technique.value} is not done by the drive")


def watch(link: Link, deed: Deed, start: Beginning, clock: Clock, pace: Pace = PACE) -> Iterator[Step]:
    """Watch what was given before and whose watcher is gone; gives no command. Raises `LostError`."""
    if deed.technique is not None and deed.technique.is_sanitize:
        return follow(_looking(link.transport, deed.technique), start, clock, pace)
    if deed.technique is T.SCSI_FORMAT_UNIT or deed.kind is StageKind.REFORMAT:
        return scsi_format.watch(link.transport, start.before, clock, pace)
    if deed.technique in _SECURITY:
        return ata_security.interrupted(link.transport)
    return iter((NotTaken(reason=say("erase-interrupted")),))


def status(transport: Transport, technique: Technique | None, commands: CommandSet) -> StatusReading:
    """What the drive says of its latest erasure of this kind; None: of its latest sanitize. Raises `LostError`."""
    if technique in _SECURITY:
        found = settled(identified(transport))
        return ata_security.reading(found.value.disk) if isinstance(found, Done) else unknown()
    if technique is T.SCSI_FORMAT_UNIT:
        return scsi_sanitize.first_look(transport, formats=True)
    if technique is not None and not technique.is_sanitize:
        return unknown()
    wanted = technique or _SANITIZE_OF.get(commands)
    if wanted is None:
        return unknown()
    found_look = _looking(transport, wanted)()
    if isinstance(found_look, Unclear):
        raise LostError(found_look.detail, found_look.errno)
    return found_look.reading


_SANITIZE_OF = {
    CommandSet.ATA: T.ATA_SANITIZE_BLOCK,
    CommandSet.SCSI: T.SCSI_SANITIZE_BLOCK,
    CommandSet.NVME: T.NVME_SANITIZE_BLOCK,
}
"""Any technique of the family: the status is one for all."""


def _family(technique: Technique) -> str:
    return "-".join(technique.value.split("-")[:2])


def _looking(transport: Transport, technique: Technique) -> Looking:
    def ask() -> Look | Unclear:
        match _family(technique):
            case "ata-sanitize":
                return ata_sanitize.look(transport)
            case "scsi-sanitize":
                return scsi_sanitize.look(transport)
            case _:
                return nvme_sanitize.look(transport)

    return ask


def leave_failure(transport: Transport, commands: CommandSet) -> Refused | Unclear | None:
    """Have a failed sanitize open the medium; None where the drive did, else why it did not."""
    match commands:
        case CommandSet.ATA:
            return _failed(ata_sanitize.leave_failure(transport))
        case CommandSet.SCSI:
            return _failed(scsi_sanitize.leave_failure(transport))
        case CommandSet.NVME:
            return _failed(nvme_sanitize.leave_failure(transport))
        case CommandSet.NONE:
            return Refused(why=Why.UNSUPPORTED, code="-")


def _failed(outcome: Outcome[AtaReply] | Outcome[bytes] | Outcome[NvmeAnswer]) -> Refused | Unclear | None:
    return None if isinstance(outcome, Done) else outcome


def mark(technique: Technique) -> int | None:
    """What the drive will keep of the command; None where it keeps nothing."""
    return nvme_sanitize.mark(technique) if _family(technique) == "nvme-sanitize" else None
