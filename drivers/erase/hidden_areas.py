"""Opening what hides capacity: HPA and DCO (ATA8-ACS), AMA (ACS-4). Before anything is overwritten or erased.

A drive takes one lasting SET MAX per power-on, and READ NATIVE MAX must come right before it. What a restored overlay
brings shows after the next power cycle only: that ending is UNKNOWN, where DONE says that the drive shows it already.
"""

from __future__ import annotations

from collections.abc import Iterator

from bench.capabilities import HiddenKind
from bench.firmware_work import Accepted, Ended, NotTaken
from bench.messages import say
from drivers.commands import ata, ata_replies
from drivers.commands.outcome import Done, Outcome, read
from drivers.commands.transport import Transport
from drivers.erase.link import AtaLink, identified
from drivers.erase.steps import Given, Step, ended_well, not_taken, settled, unknown


def restore(transport: Transport, kind: HiddenKind) -> Iterator[Step]:
    """Open one area. One that hides nothing (any more) is done without a command."""
    found = settled(identified(transport))
    if not isinstance(found, Done):
        yield not_taken(found)
        return
    match kind:
        case HiddenKind.HPA:
            yield from _by_address(found.value, kind)
        case HiddenKind.AMA:
            yield from _by_address(found.value, kind)
        case HiddenKind.DCO:
            yield from _overlay(found.value)


def _native(link: AtaLink, kind: HiddenKind) -> Outcome[int]:
    """The last address there is."""
    if kind is HiddenKind.AMA:
        return read(link.send(ata.native_max_address()), ata_replies.native_address_48)
    parse = ata_replies.native_address_48 if link.long else ata_replies.native_address_28
    return read(link.send(ata.read_native_max(extended=link.long)), parse)


def _by_address(link: AtaLink, kind: HiddenKind) -> Iterator[Step]:
    native = settled(_native(link, kind))
    if not isinstance(native, Done):
        yield not_taken(native)
        return
    last, shown = native.value, link.disk.sectors - 1
    raw = f"{last:012x}"
    if last <= shown:
        yield Accepted(seconds=0)
        yield Ended(reading=ended_well(raw))
        return
    yield Given(before=unknown(f"{shown:012x}"))
    again = settled(_native(link, kind))  # keeping the step above took time: nothing may come between these two
    if again != native:
        yield NotTaken(reason=say("erase-native-differs")) if isinstance(again, Done) else not_taken(again)
        return
    command = (
        ata.set_accessible_max(last) if kind is HiddenKind.AMA else ata.set_max(last, extended=link.long, keep=True)
    )
    outcome = settled(link.send(command))
    if not isinstance(outcome, Done):
        yield NotTaken(reason=say("erase-hidden-refused", kind=kind.value))
        return
    yield Accepted(seconds=0)
    after = settled(identified(link.transport))
    opened = isinstance(after, Done) and after.value.disk.sectors - 1 == last
    yield Ended(reading=ended_well(raw) if opened else unknown(raw))


def _overlay(link: AtaLink) -> Iterator[Step]:
    factory = settled(read(link.ask(ata.dco_identify()), ata_replies.overlay))
    if not isinstance(factory, Done):
        yield not_taken(factory)
        return
    yield Given(before=unknown(f"{link.disk.sectors - 1:012x}"))
    outcome = settled(link.send(ata.dco_restore()))
    if not isinstance(outcome, Done):
        yield NotTaken(reason=say("erase-hidden-refused", kind=HiddenKind.DCO.value))
        return
    yield Accepted(seconds=0)
    yield Ended(reading=unknown(f"{factory.value.last:012x}"))
