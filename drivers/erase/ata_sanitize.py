"""SANITIZE DEVICE (ACS-4 7.36): given once, then polled.

FAILURE MODE is left 0: a failed sanitize keeps the medium closed.
"""

from __future__ import annotations

from collections.abc import Iterator

from bench.firmware_work import Accepted, NotTaken, Seen
from bench.messages import say
from bench.stage_events import StatusReading
from bench.techniques import ErasureState, Technique
from drivers.commands import ata_sanitize, sat
from drivers.commands.outcome import Done, Doubt, Outcome, Refused, Unclear
from drivers.commands.sat import AtaCommand, AtaReply
from drivers.commands.transport import Transport
from drivers.erase.follow import PACE, Beginning, Look, Pace, follow
from drivers.erase.steps import Clock, Given, Step, not_taken, settled


def command(technique: Technique) -> AtaCommand:
    """The command, with zeros to overwrite in one pass: a count of 0 would mean sixteen."""
    match technique:
        case Technique.ATA_SANITIZE_CRYPTO:
            return ata_sanitize.crypto()
        case Technique.ATA_SANITIZE_BLOCK:
            return ata_sanitize.block()
        case Technique.ATA_SANITIZE_OVERWRITE:
            return ata_sanitize.overwrite(0, passes=1)
        case _:
            raise ValueError(f"{technique.value} is no ATA sanitize")


def reading(outcome: Outcome[AtaReply]) -> StatusReading:
    """The registers of any SANITIZE command; `raw` is COUNT and LBA where they came whole, else the drive's words."""
    status = ata_sanitize.read_status(outcome)
    raw = ""
    if isinstance(outcome, Done) and outcome.value.registers is not None:
        registers = outcome.value.registers
        high = "--" if registers.count_high is None else f"{registers.count_high:02x}"
        raw = f"{high}{registers.count:02x}{registers.lba:06x}" if high != "--" else ""
    elif isinstance(outcome, Refused):
        raw = outcome.code.encode().hex()
    return StatusReading(state=status.state, progress=status.progress, mark=None, raw=raw)


def look(transport: Transport) -> Look | Unclear:
    """SANITIZE STATUS EXT; half an answer is one that tells nothing."""
    outcome = sat.ask(transport, ata_sanitize.status())
    if isinstance(outcome, Unclear) and outcome.doubt is Doubt.LOST:
        return outcome
    return Look(reading=reading(outcome))


def give(transport: Transport, technique: Technique, clock: Clock, pace: Pace = PACE) -> Iterator[Step]:
    """Give the command and watch it. One that somebody else began is left alone."""
    first = settled(sat.ask(transport, ata_sanitize.status()))
    before = reading(first)
    if before.state is ErasureState.RUNNING:
        yield NotTaken(reason=say("erase-another-running"))
        return
    wanted = command(technique)
    yield Given(before=before)
    outcome = settled(sat.send(transport, wanted))
    told = reading(outcome)
    if isinstance(outcome, Unclear):
        # Whether it was taken did not come back; a drive that is now at work, and was not before, tells it.
        told = reading(settled(sat.ask(transport, ata_sanitize.status())))
    if not isinstance(outcome, Done) and told.state is not ErasureState.RUNNING:
        yield not_taken(outcome)
        return
    yield Accepted(seconds=0)
    yield Seen(reading=told)
    start = Beginning(before=before, seen=told.state is ErasureState.RUNNING)
    yield from follow(lambda: look(transport), start, clock, pace)


def leave_failure(transport: Transport) -> Outcome[AtaReply]:
    """SANITIZE STATUS EXT with CLEAR SANITIZE OPERATION FAILED."""
    return sat.ask(transport, ata_sanitize.status(clear_failure=True))
