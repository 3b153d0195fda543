"""What an ATA disk can do: its IDENTIFY data, then whatever they do not tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bench.capabilities import (
    Answer,
    Capabilities,
    CommandSet,
    HiddenArea,
    HiddenKind,
    Opal,
    OpalKind,
    Sanitize,
    SectorFormat,
)
from bench.drive import DriveIdentity
from bench.messages import Message, say
from bench.techniques import ErasureState
from drivers.commands import ata, ata_replies, ata_sanitize, identify_features, opal, sat, scsi, scsi_replies
from drivers.commands.identify import AtaIdentity
from drivers.commands.outcome import Done, Outcome, Refused, Why, read
from drivers.commands.probe_notes import other_serial, other_size
from drivers.commands.sat import AtaCommand, AtaReply, Through
from drivers.commands.transport import Transport


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How commands reach the disk: inside which SCSI command, through which bridge, with which VPD `pages`."""

    transport: Transport
    through: Through
    bridge: str
    pages: frozenset[int]
    known: DriveIdentity | None

    @property
    def extended(self) -> bool:
        """Whether 48-bit commands pass."""
        return self.through is Through.SIXTEEN

    def ask(self, command: AtaCommand) -> Outcome[AtaReply]:
        """Send a command that changes nothing."""
        return sat.ask(self.transport, command, self.through)


def probe(way: Way, disk: AtaIdentity) -> Capabilities:
    """Everything about this disk."""
    security = identify_features.security(disk)
    sanitize, sanitize_notes = _sanitize(way, disk)
    hidden, hidden_notes = _hidden(way, disk)
    locking, locking_notes = _opal(way, disk)
    protected, way_notes = _compare(way, disk)
    short = () if way.extended else (say("command-twelve-only", bridge=way.bridge),)
    return Capabilities(
        command_set=CommandSet.ATA,
        bridge=way.bridge,
        rotation={0: None, 1: 0}.get(disk.rotation, disk.rotation),
        hybrid=identify_features.hybrid(disk),
        zoned=identify_features.zoned(disk),
        depopulated=_depopulated(way, disk),
        retired_sectors=_retired(way, disk, sanitize),
        security=security,
        sanitize=sanitize,
        hidden=hidden,
        opal=locking,
        formats=(SectorFormat(block=disk.sector, protection=protected),),
        firmware_erase=(*identify_features.offered(security, sanitize.techniques), *opal.offered(locking)),
        notes=(*short, *way_notes, *sanitize_notes, *hidden_notes, *locking_notes),
    )


def _sanitize(way: Way, disk: AtaIdentity) -> tuple[Sanitize, tuple[Message, ...]]:
    """Word 59 and SANITIZE STATUS EXT. Where its status cannot be read whole, sanitizing could never be proven."""
    supported, techniques = identify_features.sanitize(disk)
    if supported is Answer.NO:
        return Sanitize(determined=Answer.YES, state=ErasureState.NEVER, frozen=Answer.NO), ()
    if supported is not Answer.YES or not way.extended:
        return Sanitize(), ()
    outcome = way.ask(ata_sanitize.status())
    status = ata_sanitize.read_status(outcome)
    known = status.state is not ErasureState.UNKNOWN
    notes: tuple[Message, ...] = ()
    if not known:
        notes = (say("command-sanitize-half"),) if isinstance(outcome, Done) else (outcome.message,)
    found = Sanitize(
        techniques=techniques,
        determined=Answer.YES if known else Answer.INDETERMINATE,
        state=status.state,
        progress=status.progress,
        frozen=status.frozen,
    )
    return found, notes


def _hidden(way: Way, disk: AtaIdentity) -> tuple[tuple[HiddenArea, ...], tuple[Message, ...]]:
    """All three ways of hiding capacity. Each is asked for, even where the disk does not claim it: overlays hide it."""
    areas: list[HiddenArea] = []
    notes: list[Message] = []
    overlay = read(way.ask(ata.dco_identify()), lambda reply: ata_replies.overlay(reply).last)
    native, native_notes = _native(way, disk)
    claims_ama = identify_features.hides(disk, HiddenKind.AMA)
    accessible: Outcome[int] | None = None
    if claims_ama is not Answer.NO and way.extended:
        accessible = read(way.ask(ata.native_max_address()), ata_replies.native_address_48)
    ceiling = native.value if isinstance(native, Done) else disk.sectors - 1
    areas.append(_area(HiddenKind.HPA, disk, native, disk.sectors - 1))
    areas.append(_area(HiddenKind.DCO, disk, overlay, ceiling))
    if accessible is None and claims_ama is Answer.NO:
        areas.append(HiddenArea(kind=HiddenKind.AMA, in_use=Answer.NO, frozen=Answer.NO))
    else:
        areas.append(_area(HiddenKind.AMA, disk, accessible, disk.sectors - 1))
    if areas[1].in_use is not Answer.NO and isinstance(native, Refused):
        # An overlay may switch the whole feature off: then a refusal of READ NATIVE MAX proves nothing.
        areas[0] = HiddenArea(kind=HiddenKind.HPA, in_use=Answer.INDETERMINATE)
    notes += native_notes
    notes += [
        say("command-hidden-unknown", kind=area.kind.value) for area in areas if area.in_use is Answer.INDETERMINATE
    ]
    return tuple(areas), tuple(notes)


def _native(way: Way, disk: AtaIdentity) -> tuple[Outcome[int], tuple[Message, ...]]:
    """READ NATIVE MAX ADDRESS, in the width of the disk's addresses."""
    extended = disk.long_addresses and way.extended
    parse: Callable[[AtaReply], int] = ata_replies.native_address_48 if extended else ata_replies.native_address_28
    outcome = read(way.ask(ata.read_native_max(extended=extended)), parse)
    if disk.long_addresses and not extended and isinstance(outcome, Done) and disk.sectors >> 28:
        return Refused(why=Why.OUT_OF_RANGE, code="28-bit READ NATIVE MAX ADDRESS"), ()
    return outcome, ()


def _area(kind: HiddenKind, disk: AtaIdentity, native: Outcome[int] | None, last: int) -> HiddenArea:
    """Compare the last address without this way of hiding, and with it. A smaller one would be nonsense."""
    if isinstance(native, Done):
        if native.value < last or not disk.sectors:
            return HiddenArea(kind=kind, in_use=Answer.INDETERMINATE)
        return HiddenArea(kind=kind, in_use=Answer.of(holds=native.value > last), size=(native.value + 1) * disk.sector)
    claimed = identify_features.hides(disk, kind)
    # Refused, and never claimed: two words of the disk that agree. Everything else stays open.
    if isinstance(native, Refused) and claimed is Answer.NO:
        return HiddenArea(kind=kind, in_use=Answer.NO, frozen=Answer.NO)
    return HiddenArea(kind=kind, in_use=Answer.INDETERMINATE)


def _depopulated(way: Way, disk: AtaIdentity) -> Answer:
    """Whether elements (a head, a die) were taken out of use. It is declared in a log page, or not there at all."""
    logs = identify_features.has_logs(disk)
    if logs is Answer.NO:
        return Answer.NO
    if logs is not Answer.YES or not way.extended:
        return Answer.INDETERMINATE
    log = way.ask(ata.read_log(ata_replies.IDENTIFY_LOG, ata_replies.CAPABILITIES_PAGE))
    if isinstance(log, Refused):
        return Answer.NO
    declared = read(log, ata_replies.depopulates)
    if not isinstance(declared, Done):
        return Answer.INDETERMINATE
    if not declared.value:
        return Answer.NO
    health = read(way.ask(ata.element_status()), lambda reply: scsi_replies.elements(reply.data, "little"))
    return Answer.of(holds=scsi_replies.depopulated(health.value)) if isinstance(health, Done) else Answer.INDETERMINATE


def _retired(way: Way, disk: AtaIdentity, sanitize: Sanitize) -> int | None:
    """Reallocated sectors by SMART, where a disk counts them and is surely not sanitizing. Flash has spare blocks."""
    idle = sanitize.determined is Answer.YES and sanitize.state is not ErasureState.RUNNING
    if disk.rotation == 1 or not idle or identify_features.smart(disk) is not Answer.YES:
        return None
    found = read(way.ask(ata.smart_read_data()), ata_replies.reallocated)
    return found.value if isinstance(found, Done) else None


def _opal(way: Way, disk: AtaIdentity) -> tuple[Opal, tuple[Message, ...]]:
    """Word 48, then Level 0 discovery by TRUSTED RECEIVE, which Linux lets through only if told to."""
    trusted = identify_features.trusted(disk)
    if trusted is Answer.NO:
        return opal.NOTHING, ()
    if trusted is not Answer.YES:
        return Opal(kind=OpalKind.INDETERMINATE), ()
    command = ata.trusted_receive(opal.PROTOCOL, opal.COMID, blocks=opal.LENGTH // sat.BLOCK)
    found = read(way.ask(command), lambda reply: opal.level_0(reply.data))
    if isinstance(found, Done):
        return found.value, ()
    return Opal(kind=OpalKind.INDETERMINATE), (say("command-opal-closed"), found.message)


def _compare(way: Way, disk: AtaIdentity) -> tuple[bool, tuple[Message, ...]]:
    """Whether what stands between says the same as the disk; and whether it adds protection information."""
    notes = [*other_serial(way.known, disk.serial)]
    if way.bridge and 0x80 in way.pages:
        said = read(scsi.ask(way.transport, scsi.vpd(0x80)), scsi_replies.unit_serial)
        if isinstance(said, Done) and said.value != disk.serial:
            notes.append(say("command-bridge-serial", drive=disk.serial, bridge=said.value))
    capacity = read(scsi.ask(way.transport, scsi.read_capacity_16()), scsi_replies.capacity)
    if not isinstance(capacity, Done):
        return False, tuple(notes)
    notes += other_size(disk.size, capacity.value.size)
    return capacity.value.protection, tuple(notes)
