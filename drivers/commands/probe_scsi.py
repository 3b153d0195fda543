"""What a SCSI or SAS disk can do: VPD pages, REQUEST SENSE, and which commands it says it has."""

from __future__ import annotations

from bench.capabilities import Answer, Capabilities, CommandSet, Opal, OpalKind, Sanitize, SectorFormat, Security
from bench.drive import DriveIdentity
from bench.messages import Message, say
from bench.techniques import ErasureState, Technique
from drivers.commands import opal, scsi, scsi_replies
from drivers.commands.fields import thousandths
from drivers.commands.outcome import Done, Outcome, Refused, Why, read, refused_by_sense
from drivers.commands.probe_notes import other_serial, other_size
from drivers.commands.scsi import SanitizeAction
from drivers.commands.scsi_replies import Capacity, Characteristics, Inquiry, Support
from drivers.commands.sense import Key, Sense
from drivers.commands.transport import ScsiRequest, Transport

_SANITIZES = (
    (SanitizeAction.OVERWRITE, Technique.SCSI_SANITIZE_OVERWRITE),
    (SanitizeAction.BLOCK_ERASE, Technique.SCSI_SANITIZE_BLOCK),
    (SanitizeAction.CRYPTO_ERASE, Technique.SCSI_SANITIZE_CRYPTO),
)
_UNKNOWN_COMMAND = (Why.UNSUPPORTED, Why.INVALID)


def probe(transport: Transport, inquiry: Inquiry, pages: frozenset[int], known: DriveIdentity | None) -> Capabilities:
    """Everything about this disk. `pages` are the VPD pages it lists."""
    state, progress, state_known, state_notes = sanitize_state(
        read(scsi.ask(transport, scsi.request_sense()), scsi_replies.request_sense)
    )
    techniques, asked = _sanitizes(transport)
    formatting = _supported(transport, scsi.report_operation_code(0x04))
    kind = _characteristics(transport, pages)
    locking, locking_notes = _opal(transport)
    formats, format_notes = _formats(transport, pages)
    answered = Answer.YES if asked is Answer.YES and state_known else Answer.INDETERMINATE
    erase = (*techniques, *((Technique.SCSI_FORMAT_UNIT,) if formatting is Answer.YES else ()), *opal.offered(locking))
    return Capabilities(
        command_set=CommandSet.SCSI,
        rotation=kind.rotation,
        hybrid=Answer.NO if kind.rotation == 0 else Answer.INDETERMINATE,
        zoned=Answer.YES if kind.zoned or inquiry.kind == 0x14 else _known(kind),
        depopulated=_depopulated(transport),
        retired_sectors=None
        if kind.rotation == 0 or state is ErasureState.RUNNING or state_notes
        else _retired(transport),
        security=Security(supported=Answer.NO),
        sanitize=Sanitize(techniques=techniques, determined=answered, state=state, progress=progress),
        opal=locking,
        formats=formats,
        format_unit=formatting,
        firmware_erase=erase,
        notes=(*_serial(transport, pages, known), *state_notes, *format_notes, *locking_notes),
    )


def sanitize_state(outcome: Outcome[Sense]) -> tuple[ErasureState, int | None, bool, tuple[Message, ...]]:
    """What REQUEST SENSE says of sanitizing: state, progress in thousandths, whether it answered at all, remarks.

    A disk that is idle does not say whether it was ever sanitized (SBC-4 4.11.3): that is no state.
    """
    if not isinstance(outcome, Done):
        return ErasureState.UNKNOWN, None, False, (outcome.message,)
    sense = outcome.value
    if sense.key in {Key.NO_SENSE, Key.UNIT_ATTENTION, Key.RECOVERED}:
        return ErasureState.UNKNOWN, None, True, ()
    refusal = refused_by_sense(sense)
    if refusal.why is Why.SANITIZE_RUNNING:
        progress = None if sense.progress is None else thousandths(sense.progress)
        return ErasureState.RUNNING, progress, True, ()
    if refusal.why is Why.SANITIZE_FAILED:
        return ErasureState.FAILED, None, True, ()
    return ErasureState.UNKNOWN, None, True, (refusal.message,)


def _supported(transport: Transport, request: ScsiRequest) -> Answer:
    found = read(scsi.ask(transport, request), scsi_replies.operation_support)
    if not isinstance(found, Done) or found.value is Support.UNAVAILABLE:
        return Answer.INDETERMINATE
    return Answer.of(holds=found.value is Support.STANDARD)


def _sanitizes(transport: Transport) -> tuple[tuple[Technique, ...], Answer]:
    """The kinds of SANITIZE there are; YES where all three were answered."""
    answers = [
        (technique, _supported(transport, scsi.report_operation_code(0x48, action))) for action, technique in _SANITIZES
    ]
    complete = all(answer is not Answer.INDETERMINATE for _, answer in answers)
    found = tuple(technique for technique, answer in answers if answer is Answer.YES)
    return found, Answer.YES if complete else Answer.INDETERMINATE


def _characteristics(transport: Transport, pages: frozenset[int]) -> Characteristics:
    unknown = Characteristics(rotation=None, zoned=None)
    if 0xB1 not in pages:
        return unknown
    found = read(scsi.ask(transport, scsi.vpd(0xB1)), scsi_replies.characteristics)
    return found.value if isinstance(found, Done) else unknown


def _known(kind: Characteristics) -> Answer:
    return Answer.INDETERMINATE if kind.rotation is None else Answer.NO


def _depopulated(transport: Transport) -> Answer:
    """GET PHYSICAL ELEMENT STATUS; a disk without that command has no elements that could be missing."""
    health = read(scsi.ask(transport, scsi.element_status()), lambda data: scsi_replies.elements(data, "big"))
    if isinstance(health, Done):
        return Answer.of(holds=scsi_replies.depopulated(health.value))
    refused = isinstance(health, Refused) and health.why in _UNKNOWN_COMMAND
    return Answer.NO if refused else Answer.INDETERMINATE


def _retired(transport: Transport) -> int | None:
    """How many sectors are in the list of defects that grew since the disk was made."""
    found = read(
        scsi.ask(transport, scsi.read_defects_12()), lambda data: scsi_replies.grown_defects(data, twelve=True)
    )
    if isinstance(found, Refused) and found.why in _UNKNOWN_COMMAND:
        found = read(
            scsi.ask(transport, scsi.read_defects_10()), lambda data: scsi_replies.grown_defects(data, twelve=False)
        )
    return found.value if isinstance(found, Done) else None


def _opal(transport: Transport) -> tuple[Opal, tuple[Message, ...]]:
    request = scsi.security_protocol_in(opal.PROTOCOL, opal.COMID, opal.LENGTH)
    found = read(scsi.ask(transport, request), opal.level_0)
    if isinstance(found, Done):
        return found.value, ()
    if isinstance(found, Refused) and found.why in _UNKNOWN_COMMAND:
        return opal.NOTHING, ()
    return Opal(kind=OpalKind.INDETERMINATE), (found.message,)


def _formats(transport: Transport, pages: frozenset[int]) -> tuple[tuple[SectorFormat, ...], tuple[Message, ...]]:
    """The sector in use first, by READ CAPACITY and, where that is refused, by mode data; then what page B4h adds."""
    notes: list[Message] = []
    found: list[SectorFormat] = []
    capacity = read(scsi.ask(transport, scsi.read_capacity_16()), scsi_replies.capacity)
    mode = read(scsi.ask(transport, scsi.mode_sense_10()), scsi_replies.block_descriptor)
    descriptor = mode.value if isinstance(mode, Done) else None
    if isinstance(capacity, Done) and capacity.value.block:
        found.append(in_use(capacity.value))
        if descriptor and descriptor.blocks:
            notes += other_size(capacity.value.size, descriptor.blocks * descriptor.block)
    elif descriptor:
        found.append(SectorFormat(block=descriptor.block))
    if isinstance(capacity, Refused) and capacity.why is not Why.SANITIZE_RUNNING:
        notes.append(capacity.message)
    if 0xB4 in pages:
        lengths = read(scsi.ask(transport, scsi.vpd(0xB4)), scsi_replies.block_lengths)
        if isinstance(lengths, Done):
            found += [SectorFormat(block=block, protection=protection) for block, protection in lengths.value]
    if not found:
        notes.append(say("command-sector-unknown"))
    distinct: dict[tuple[int, bool], SectorFormat] = {}
    for item in found:
        distinct.setdefault((item.block, item.protection), item)
    return tuple(distinct.values()), tuple(notes)


def in_use(capacity: Capacity) -> SectorFormat:
    """The sectors that READ CAPACITY(16) names, and the size they come to."""
    return SectorFormat(block=capacity.block, protection=capacity.protection, size=capacity.size)


def _serial(transport: Transport, pages: frozenset[int], known: DriveIdentity | None) -> tuple[Message, ...]:
    if known is None or 0x80 not in pages:
        return ()
    serial = read(scsi.ask(transport, scsi.vpd(0x80)), scsi_replies.unit_serial)
    return other_serial(known, serial.value) if isinstance(serial, Done) else ()
