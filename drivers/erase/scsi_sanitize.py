"""SANITIZE of SCSI drives (SBC-4 5.36), IMMED 1 and AUSE 0: given once, then followed by REQUEST SENSE."""

from __future__ import annotations

from collections.abc import Iterator

from bench.firmware_work import Accepted, NotTaken
from bench.messages import say
from bench.stage_events import StatusReading
from bench.techniques import ErasureState, Technique
from drivers.commands import scsi, scsi_replies
from drivers.commands.fields import thousandths
from drivers.commands.outcome import Done, Doubt, Outcome, Unclear, Why, read, refused_by_sense
from drivers.commands.scsi import SanitizeAction
from drivers.commands.sense import Key, Sense
from drivers.commands.transport import ScsiRequest, Transport
from drivers.erase.follow import PACE, Beginning, Look, Pace, follow
from drivers.erase.steps import Clock, Given, LostError, Step, not_taken, settled, unknown

_STATES = {
    Why.SANITIZE_RUNNING: ErasureState.RUNNING,
    Why.SANITIZE_FAILED: ErasureState.FAILED,
    Why.FORMAT_RUNNING: ErasureState.RUNNING,
    Why.FORMAT_CORRUPT: ErasureState.FAILED,
}
_OF_SANITIZE = (Why.SANITIZE_RUNNING, Why.SANITIZE_FAILED)
_OF_FORMAT = (Why.FORMAT_RUNNING, Why.FORMAT_CORRUPT)


def command(technique: Technique) -> ScsiRequest:
    """The command, overwriting with zeros in one pass."""
    match technique:
        case Technique.SCSI_SANITIZE_CRYPTO:
            return scsi.sanitize(SanitizeAction.CRYPTO_ERASE)
        case Technique.SCSI_SANITIZE_BLOCK:
            return scsi.sanitize(SanitizeAction.BLOCK_ERASE)
        case Technique.SCSI_SANITIZE_OVERWRITE:
            return scsi.sanitize_overwrite(bytes(4), passes=1)
        case _:
            raise ValueError(f"{technique.value} is no SCSI sanitize")


def look(transport: Transport, *, formats: bool = False) -> Look | Unclear:
    """REQUEST SENSE, read for a sanitize or for a format. A drive that is idle says nothing of either."""
    outcome = scsi.ask(transport, scsi.request_sense())
    if isinstance(outcome, Unclear) and outcome.doubt is Doubt.LOST:
        return outcome
    found = read(outcome, scsi_replies.request_sense)
    if not isinstance(found, Done) or not isinstance(outcome, Done):
        return Look(reading=unknown())
    return _looked(found.value, outcome.value.hex(), _OF_FORMAT if formats else _OF_SANITIZE)


def _looked(sense: Sense, raw: str, matters: tuple[Why, Why]) -> Look:
    if sense.key in {Key.NO_SENSE, Key.RECOVERED}:
        return Look(reading=unknown(raw), idle=True)
    if sense.key == Key.UNIT_ATTENTION:
        return Look(reading=unknown(raw))
    why = refused_by_sense(sense).why
    if why not in matters:
        return Look(reading=unknown(raw))
    state = _STATES[why]
    told = state is ErasureState.RUNNING and sense.progress is not None
    progress = thousandths(sense.progress or 0) if told else None
    return Look(reading=StatusReading(state=state, progress=progress, mark=None, raw=raw))


def first_look(transport: Transport, *, formats: bool = False) -> StatusReading:
    """The status before a command. Raises `LostError` where no answer came."""
    found = look(transport, formats=formats)
    if isinstance(found, Unclear):
        raise LostError(found.detail, found.errno)
    return found.reading


def give(transport: Transport, technique: Technique, clock: Clock, pace: Pace = PACE) -> Iterator[Step]:
    """Give the command and watch it. One that somebody else began is left alone."""
    before = first_look(transport)
    if before.state is ErasureState.RUNNING:
        yield NotTaken(reason=say("erase-another-running"))
        return
    yield Given(before=before)
    outcome = settled(scsi.send(transport, command(technique)))
    if not isinstance(outcome, Done):
        yield not_taken(outcome)
        return
    yield Accepted(seconds=0)
    yield from follow(lambda: look(transport), Beginning(before=before), clock, pace)


def leave_failure(transport: Transport) -> Outcome[bytes]:
    """SANITIZE, EXIT FAILURE MODE."""
    return scsi.send(transport, scsi.sanitize(SanitizeAction.EXIT_FAILURE_MODE, immediate=False))
