"""What an NVMe drive can do: its controller, all its namespaces, the state of its sanitize, its locks."""

from __future__ import annotations

from bench.capabilities import (
    Answer,
    Capabilities,
    CommandSet,
    Namespace,
    NvmeCapabilities,
    Opal,
    OpalKind,
    Sanitize,
    SectorFormat,
    Security,
)
from bench.drive import DriveIdentity
from bench.messages import Message, say
from bench.techniques import ErasureState, Technique
from drivers.commands import nvme, nvme_replies, opal
from drivers.commands.nvme import Structure
from drivers.commands.nvme_replies import Controller
from drivers.commands.outcome import Done, Outcome, read
from drivers.commands.probe_notes import other_serial
from drivers.commands.transport import Transport

_MOST_NAMESPACES = 8
"""Namespaces that are read one by one; each costs up to two of the commands that a probe may send."""
_SEVERAL = 2
_DESCRIPTORS_SINCE = 0x010300
"""NVMe 1.3."""


def probe(transport: Transport, known: DriveIdentity | None) -> Capabilities:
    """Everything about this drive."""
    identified = read(
        nvme.send(transport, nvme.identify(Structure.CONTROLLER)), lambda answer: nvme_replies.controller(answer.data)
    )
    if not isinstance(identified, Done):
        return Capabilities(command_set=CommandSet.NONE, notes=(say("command-identify-failed"), identified.message))
    controller = identified.value
    namespaces, notes = _namespaces(transport, controller)
    controllers, controller_notes = _controllers(transport, controller)
    locking, locking_notes = _opal(transport, controller)
    sanitize, sanitize_notes = _sanitize(transport, controller)
    zoned = _zoned(transport, controller, namespaces)
    used = dict.fromkeys(
        SectorFormat(block=item.block, protection=_protects(item)) for item in namespaces if item.block
    )
    return Capabilities(
        command_set=CommandSet.NVME,
        rotation=0,
        hybrid=Answer.NO,
        zoned=zoned,
        depopulated=Answer.NO,  # NVMe has no such command; what is missing would be unallocated
        security=Security(supported=Answer.NO),
        sanitize=sanitize,
        opal=locking,
        nvme=NvmeCapabilities(
            namespaces=namespaces,
            controllers=controllers,
            formats=Answer.of(holds=controller.formats),
            format_crypto=Answer.of(holds=controller.formats and controller.erases_keys),
            format_hits_all=Answer.of(holds=controller.format_hits_all or controller.erase_hits_all),
            unallocated=controller.unallocated if controller.manages_namespaces else 0,
        ),
        formats=tuple(used),
        firmware_erase=(*sanitize.techniques, *_formats(controller), *opal.offered(locking)),
        notes=(
            *other_serial(known, controller.serial),
            *notes,
            *controller_notes,
            *sanitize_notes,
            *locking_notes,
        ),
    )


def _protects(namespace: Namespace) -> bool:
    return bool(namespace.metadata_settings >> 1 & 7)


def _formats(controller: Controller) -> tuple[Technique, ...]:
    if not controller.formats:
        return ()
    crypto = (Technique.NVME_FORMAT_CRYPTO,) if controller.erases_keys else ()
    return (Technique.NVME_FORMAT_USER_DATA, *crypto)


def _listed(transport: Transport, structure: Structure) -> Outcome[tuple[int, ...]]:
    return read(nvme.send(transport, nvme.identify(structure)), lambda answer: nvme_replies.namespace_list(answer.data))


def _namespaces(transport: Transport, controller: Controller) -> tuple[tuple[Namespace, ...], tuple[Message, ...]]:
    """All of them, attached to this controller or not. One that could not be read is there too, without its size."""
    active = _listed(transport, Structure.ACTIVE_NAMESPACES)
    notes: list[Message] = [] if isinstance(active, Done) else [active.message]
    attached = active.value if isinstance(active, Done) else tuple(range(1, min(controller.namespaces, 1) + 1))
    everything = attached
    if controller.manages_namespaces:
        allocated = _listed(transport, Structure.ALLOCATED_NAMESPACES)
        if isinstance(allocated, Done):
            everything = tuple(sorted({*attached, *allocated.value}))
        else:
            notes += [say("command-namespaces-unlisted"), allocated.message]
    found: list[Namespace] = []
    for place, nsid in enumerate(everything):
        known = _namespace(transport, nsid, active=nsid in attached) if place < _MOST_NAMESPACES else None
        found.append(known or _unread(nsid, active=nsid in attached))
    unread = sum(not item.block for item in found)
    if unread:
        notes.append(say("command-namespaces-unread", count=unread))
    return tuple(found), tuple(notes)


def _unread(nsid: int, *, active: bool) -> Namespace:
    return Namespace(nsid=nsid, size=0, block=0, format_index=0, metadata_settings=0, active=active)


def _namespace(transport: Transport, nsid: int, *, active: bool) -> Namespace | None:
    structure = Structure.NAMESPACE if active else Structure.ALLOCATED_NAMESPACE
    found = read(
        nvme.send(transport, nvme.identify(structure, nsid)),
        lambda answer: nvme_replies.namespace(answer.data, nsid, active=active),
    )
    return found.value if isinstance(found, Done) else None


def _controllers(transport: Transport, controller: Controller) -> tuple[int, tuple[Message, ...]]:
    """How many controllers reach the same data; two where there may be several and they could not be counted."""
    if not controller.several_controllers:
        return 1, ()
    listed = read(
        nvme.send(transport, nvme.identify(Structure.CONTROLLERS)),
        lambda answer: nvme_replies.controller_list(answer.data),
    )
    if isinstance(listed, Done) and listed.value:
        return len(listed.value), ()
    return _SEVERAL, (say("command-controllers-unknown"),)


def _sanitize(transport: Transport, controller: Controller) -> tuple[Sanitize, tuple[Message, ...]]:
    if not controller.sanitizes:
        return Sanitize(determined=Answer.YES, state=ErasureState.NEVER, frozen=Answer.NO), ()
    log = read(nvme.send(transport, nvme.sanitize_log()), lambda answer: nvme_replies.sanitize_log(answer.data))
    if not isinstance(log, Done):
        return Sanitize(techniques=controller.sanitizes), (log.message,)
    return (
        Sanitize(
            techniques=controller.sanitizes,
            determined=Answer.YES,
            state=log.value.state,
            progress=log.value.progress,
            mark=log.value.mark,
            frozen=Answer.NO,  # NVMe knows no freezing of sanitize
        ),
        (),
    )


def _opal(transport: Transport, controller: Controller) -> tuple[Opal, tuple[Message, ...]]:
    if not controller.security:
        return opal.NOTHING, ()
    request = nvme.security_receive(opal.PROTOCOL, opal.COMID, opal.LENGTH)
    found = read(nvme.send(transport, request), lambda answer: opal.level_0(answer.data))
    return (found.value, ()) if isinstance(found, Done) else (Opal(kind=OpalKind.INDETERMINATE), (found.message,))


def _zoned(transport: Transport, controller: Controller, namespaces: tuple[Namespace, ...]) -> Answer:
    """Whether any namespace has zones: its descriptors name the command set. Older drives have none to name."""
    if controller.version and controller.version < _DESCRIPTORS_SINCE:
        return Answer.NO
    answers = [_zones_of(transport, item.nsid) for item in namespaces[:_MOST_NAMESPACES] if item.active]
    if Answer.YES in answers:
        return Answer.YES
    whole = answers and len(namespaces) <= _MOST_NAMESPACES and all(answer is Answer.NO for answer in answers)
    return Answer.NO if whole else Answer.INDETERMINATE


def _zones_of(transport: Transport, nsid: int) -> Answer:
    found = read(
        nvme.send(transport, nvme.identify(Structure.NAMESPACE_DESCRIPTORS, nsid)),
        lambda answer: nvme_replies.command_set(answer.data),
    )
    if not isinstance(found, Done):
        return Answer.INDETERMINATE
    return Answer.of(holds=found.value == nvme_replies.ZONED_COMMANDS)
