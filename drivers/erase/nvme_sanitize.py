"""NVMe Sanitize (Base 2.0 5.24), AUSE 0: given once, then followed in log page 81h, which keeps the command itself."""

from __future__ import annotations

from collections.abc import Iterator

from bench.firmware_work import Accepted, NotTaken
from bench.messages import say
from bench.stage_events import StatusReading
from bench.techniques import ErasureState, Technique
from drivers.commands import nvme, nvme_replies
from drivers.commands.fields import MalformedError, little
from drivers.commands.nvme import NvmeAnswer, SanitizeAction
from drivers.commands.outcome import Done, Doubt, Outcome, Unclear
from drivers.commands.transport import Transport
from drivers.erase.follow import PACE, Beginning, Look, Pace, follow
from drivers.erase.steps import Clock, Given, LostError, Step, not_taken, settled, unknown

_ACTIONS = {
    Technique.NVME_SANITIZE_CRYPTO: SanitizeAction.CRYPTO_ERASE,
    Technique.NVME_SANITIZE_BLOCK: SanitizeAction.BLOCK_ERASE,
    Technique.NVME_SANITIZE_OVERWRITE: SanitizeAction.OVERWRITE,
}
_ESTIMATES = {
    SanitizeAction.OVERWRITE: 8,
    SanitizeAction.BLOCK_ERASE: 12,
    SanitizeAction.CRYPTO_ERASE: 16,
}
"""Where log page 81h has the seconds that each takes (figure 265); all ones are no estimate."""
_NO_ESTIMATE = 0xFFFFFFFF
_KEPT = 32
"""Bytes of the log that say anything."""


def mark(technique: Technique) -> int:
    """Command dword 10, which the drive keeps. One pass: 0 would mean sixteen. `ValueError` for anything else."""
    if technique not in _ACTIONS:
        raise ValueError(f"{technique.value} is no NVMe sanitize")
    return nvme.sanitize_dword(_ACTIONS[technique], passes=1)


def reading(outcome: Outcome[NvmeAnswer]) -> StatusReading:
    """Log page 81h; one that is not what the standard says tells nothing."""
    if not isinstance(outcome, Done):
        return unknown()
    try:
        log = nvme_replies.sanitize_log(outcome.value.data)
    except MalformedError:
        return unknown(outcome.value.data[:_KEPT].hex())
    return StatusReading(state=log.state, progress=log.progress, mark=log.mark, raw=outcome.value.data[:_KEPT].hex())


def look(transport: Transport) -> Look | Unclear:
    """Ask for the log."""
    outcome = nvme.send(transport, nvme.sanitize_log())
    if isinstance(outcome, Unclear) and outcome.doubt is Doubt.LOST:
        return outcome
    return Look(reading=reading(outcome))


def first_look(transport: Transport) -> StatusReading:
    """The status before a command. Raises `LostError` where no answer came."""
    found = look(transport)
    if isinstance(found, Unclear):
        raise LostError(found.detail, found.errno)
    return found.reading


def give(
    transport: Transport, technique: Technique, expected: int | None, clock: Clock, pace: Pace = PACE
) -> Iterator[Step]:
    """Give the command and watch it. `expected` is the mark in the bench's log, which must be this command's.

    One that somebody else began is left alone. Raises `ValueError` where the marks differ.
    """
    word = mark(technique)
    if expected != word:
        raise ValueError(f"the log says {expected}, the command is {word}")
    before = first_look(transport)
    if before.state is ErasureState.RUNNING:
        yield NotTaken(reason=say("erase-another-running"))
        return
    yield Given(before=before)
    outcome = settled(nvme.send(transport, nvme.sanitize(word)))
    if not isinstance(outcome, Done):
        yield not_taken(outcome)
        return
    yield Accepted(seconds=_estimate(before, _ACTIONS[technique]))
    yield from follow(lambda: look(transport), Beginning(before=before), clock, pace)


def _estimate(before: StatusReading, action: SanitizeAction) -> int:
    """The drive's own, in seconds, 0 where it gives none."""
    log = bytes.fromhex(before.raw)
    seconds = little(log, _ESTIMATES[action], 4) if len(log) >= _KEPT else _NO_ESTIMATE
    return 0 if seconds == _NO_ESTIMATE else seconds


def leave_failure(transport: Transport) -> Outcome[NvmeAnswer]:
    """Sanitize with Exit Failure Mode."""
    return nvme.send(transport, nvme.sanitize(int(SanitizeAction.EXIT_FAILURE_MODE)))
