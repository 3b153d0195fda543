"""FORMAT UNIT (SBC-4 5.4) as an erasure, or to sectors that the bench can read; its progress comes by REQUEST SENSE."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bench.firmware_work import Accepted, Ended, NotTaken, Seen
from bench.messages import say
from bench.stage_events import StatusReading
from bench.techniques import ErasureState
from drivers.commands import scsi, scsi_replies
from drivers.commands.fields import MalformedError
from drivers.commands.outcome import Done, Outcome, Refused, Why, read
from drivers.commands.transport import Transport
from drivers.erase.follow import PACE, Beginning, Pace, follow
from drivers.erase.scsi_sanitize import first_look, look
from drivers.erase.steps import Clock, Given, Step, not_taken, patience, settled

_LARGE = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """Bytes of a sector, and the type of protection information, 0 for none."""

    block: int
    protection: int


def current(transport: Transport) -> Outcome[Format]:
    """The format in use, by READ CAPACITY(16); by mode data where a broken format leaves no capacity."""
    capacity = read(scsi.ask(transport, scsi.read_capacity_16()), _format)
    if isinstance(capacity, Done):
        return capacity
    return read(scsi.ask(transport, scsi.mode_sense_10()), _described)


def _format(data: bytes) -> Format:
    capacity = scsi_replies.capacity(data)
    if not capacity.block:
        raise MalformedError("READ CAPACITY gives no sectors")
    # P_TYPE in bits 3:1 of byte 12 (SBC-4 table 73): 0 to 2 are types 1 to 3.
    return Format(block=capacity.block, protection=1 + (data[12] >> 1 & 7) if capacity.protection else 0)


def _described(data: bytes) -> Format:
    descriptor = scsi_replies.block_descriptor(data)
    if descriptor is None:
        raise MalformedError("mode data without a block descriptor")
    return Format(block=descriptor.block, protection=0)


def erase(transport: Transport, clock: Clock, pace: Pace = PACE) -> Iterator[Step]:
    """Format the drive as it is formatted now."""
    found = settled(current(transport))
    if not isinstance(found, Done):
        yield not_taken(found)
        return
    yield from _format_to(transport, found.value, clock, pace)


def reformat(transport: Transport, clock: Clock, pace: Pace = PACE) -> Iterator[Step]:
    """Format to sectors of 512 bytes, or of 4096 where they are now larger than that, without protection."""
    found = settled(current(transport))
    if not isinstance(found, Done):
        yield not_taken(found)
        return
    wanted = Format(block=_LARGE if found.value.block >= _LARGE else 512, protection=0)
    select = settled(scsi.ask(transport, scsi.mode_select_blocks(wanted.block)))
    if isinstance(select, Refused) and select.why is Why.INVALID:
        # Drives whose mode page cannot be saved take the same change without.
        select = settled(scsi.ask(transport, scsi.mode_select_blocks(wanted.block, save=False)))
    if not isinstance(select, Done):
        yield not_taken(select)
        return
    for step in _format_to(transport, wanted, clock, pace):
        yield _as_wanted(transport, step, wanted)


def _format_to(transport: Transport, wanted: Format, clock: Clock, pace: Pace) -> Iterator[Step]:
    before = first_look(transport, formats=True)
    if before.state is ErasureState.RUNNING:
        yield NotTaken(reason=say("erase-another-running"))
        return
    yield Given(before=before)
    outcome = settled(scsi.send(transport, scsi.format_unit(timeout=patience(0), protection=wanted.protection)))
    if not isinstance(outcome, Done):
        yield not_taken(outcome)
        return
    yield Accepted(seconds=0)
    yield from follow(lambda: look(transport, formats=True), Beginning(before=before), clock, pace)


def _as_wanted(transport: Transport, step: Step, wanted: Format) -> Step:
    """A format counts as done where the drive then has the sectors that were asked for."""
    if not isinstance(step, Ended) or step.reading.state is not ErasureState.DONE:
        return step
    now = settled(current(transport))
    if isinstance(now, Done) and now.value == wanted:
        return step
    return Ended(reading=replace(step.reading, state=ErasureState.FAILED))


def watch(transport: Transport, before: StatusReading, clock: Clock, pace: Pace = PACE) -> Iterator[Step]:
    """A format that nobody watched: to its end where the drive is at it, else the bench begins it again."""
    now = first_look(transport, formats=True)
    if now.state is ErasureState.RUNNING:
        yield from follow(lambda: look(transport, formats=True), Beginning(before=before, seen=True), clock, pace)
        return
    yield Seen(reading=now)
    yield NotTaken(reason=say("erase-interrupted"))
