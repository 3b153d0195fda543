"""ATA security (ACS-4 4.18): SECURITY ERASE UNIT, and taking our own password off.

The order is what matters: the password is in the bench's log before it is set; ERASE PREPARE is immediately followed
by ERASE UNIT; nothing else is sent to the drive until that has ended, which may take a day. A wrong password is tried
once and never again, as attempts are limited until the next power cycle.
"""

from __future__ import annotations

from collections.abc import Iterator

from bench.capabilities import Answer, Security
from bench.firmware_work import Accepted, Ended, NotTaken, Seen
from bench.messages import say
from bench.stage_events import StatusReading
from bench.techniques import Technique
from drivers.commands import ata, identify_features
from drivers.commands.ata import disable_password, erase_prepare, erase_unit, set_password
from drivers.commands.identify import AtaIdentity
from drivers.commands.outcome import Done, Refused
from drivers.commands.transport import Transport
from drivers.erase.link import AtaLink, identified
from drivers.erase.steps import (
    DAY,
    Blocking,
    Given,
    LostError,
    Step,
    ended_badly,
    ended_well,
    not_taken,
    patience,
    settled,
    unknown,
)

_SECURITY_WORD = 128
_MINUTE = 60
_SLOWEST = 30_000_000
"""Bytes a second of a disk that gives no estimate."""


def reading(disk: AtaIdentity) -> StatusReading:
    """The drive says nothing of an erasure, only whether a password is set: `raw` is IDENTIFY word 128."""
    return unknown(f"{disk.words[_SECURITY_WORD]:04x}")


def estimate(disk: AtaIdentity, *, enhanced: bool) -> int:
    """The drive's own estimate in seconds, 0 where it gives none."""
    security = identify_features.security(disk)
    minutes = security.enhanced_minutes if enhanced else security.erase_minutes
    return (minutes or 0) * _MINUTE


def give(transport: Transport, technique: Technique, password: str) -> Iterator[Step]:
    """Set the password unless the drive has it already, prepare, erase, and see that no password is left."""
    enhanced = technique is Technique.ATA_SECURE_ERASE_ENHANCED
    found = settled(identified(transport))
    if not isinstance(found, Done):
        yield not_taken(found)
        return
    link, secret = found.value, password.encode()
    security = identify_features.security(link.disk)
    if obstacle := _obstacle(security, enhanced=enhanced):
        yield obstacle
        return
    yield Given(before=reading(link.disk))
    ours = security.enabled is not Answer.YES
    if ours:
        set_ = settled(link.send(set_password(secret)))
        if not isinstance(set_, Done):
            yield not_taken(set_)
            return
    yield from _erase(link, secret, enhanced=enhanced, ours=ours)


def _obstacle(security: Security, *, enhanced: bool) -> NotTaken | None:
    if security.supported is not Answer.YES:
        return NotTaken(reason=say("erase-security-unsupported"))
    if enhanced and security.enhanced is not Answer.YES:
        return NotTaken(reason=say("erase-enhanced-unsupported"))
    if security.frozen is not Answer.NO:
        return NotTaken(reason=say("erase-security-frozen"))
    if security.expired is not Answer.NO:
        return NotTaken(reason=say("erase-security-tries-spent"))
    return None


def _erase(link: AtaLink, secret: bytes, *, enhanced: bool, ours: bool) -> Iterator[Step]:
    """From ERASE PREPARE to the end. `ours`: the password was set just now, and goes again if nothing comes of it."""
    own = estimate(link.disk, enhanced=enhanced)
    timeout = patience(own or link.disk.size / _SLOWEST + 30 * _MINUTE)
    prepared = settled(link.send(erase_prepare()))
    if not isinstance(prepared, Done):
        yield _withdrawn(link, secret, not_taken(prepared), ours=ours)
        return
    unit = Blocking(lambda: link.send(erase_unit(secret, enhanced=enhanced, timeout=timeout)))
    taken = unit.at_work()
    if taken:
        yield Accepted(seconds=own)
    outcome = unit.outcome()
    if not isinstance(outcome, Done):
        if isinstance(outcome, Refused) and outcome.registers is None:
            _require_presence(link, outcome)
        if taken and isinstance(outcome, Refused):
            yield Ended(reading=ended_badly(outcome))
        else:
            yield _withdrawn(link, secret, not_taken(outcome), ours=ours)
        return
    if not taken:
        yield Accepted(seconds=own)
    yield Ended(reading=_after(link, secret))


def _require_presence(link: AtaLink, outcome: Refused) -> None:
    """Raise `LostError` unless the drive is there, whose command ended with an error that has none of its registers.

    One that is pulled out ends so too, before the kernel lets go of it.
    """
    if not isinstance(settled(identified(link.transport)), Done):
        raise LostError(outcome.code)


def _withdrawn(link: AtaLink, secret: bytes, why: NotTaken, *, ours: bool) -> NotTaken:
    """Take off the password that was just set; where that fails the drive stays protected, which must be said."""
    if not ours or isinstance(settled(link.send(disable_password(secret))), Done):
        return why
    return NotTaken(reason=say("erase-password-left", why=why.reason.id))


def _after(link: AtaLink, secret: bytes) -> StatusReading:
    """The drive ended it without an error; the standard has it take the password off, which is looked at."""
    again = settled(identified(link.transport))
    if not isinstance(again, Done):
        return unknown()
    security = identify_features.security(again.value.disk)
    if security.enabled is Answer.YES and security.locked is Answer.NO:
        settled(link.send(disable_password(secret)))
        last = settled(identified(link.transport))
        again = last if isinstance(last, Done) else again
        security = identify_features.security(again.value.disk)
    raw = reading(again.value.disk).raw
    return ended_well(raw) if security.enabled is Answer.NO else unknown(raw)


def unlock(transport: Transport, password: str) -> Iterator[Step]:
    """Take our own password off: unlock where locked, disable, and see that it is gone. Each is tried once."""
    found = settled(identified(transport))
    if not isinstance(found, Done):
        yield not_taken(found)
        return
    link, secret = found.value, password.encode()
    security = identify_features.security(link.disk)
    if security.enabled is Answer.YES and (obstacle := _obstacle(security, enhanced=False)):
        yield obstacle
        return
    yield Given(before=reading(link.disk))
    commands = [ata.unlock(secret)] if security.locked is Answer.YES else []
    commands += [disable_password(secret)] if security.enabled is Answer.YES else []
    for command in commands:
        outcome = settled(link.send(command))
        if not isinstance(outcome, Done):
            yield NotTaken(reason=say("erase-password-refused"))
            return
    yield Accepted(seconds=0)
    yield Ended(reading=_after(link, secret))


def interrupted(transport: Transport) -> Iterator[Step]:
    """What the drive shows after nobody watched. Whatever is still at work in it is waited for, not reset."""
    found = settled(identified(transport, timeout=DAY))
    if isinstance(found, Done):
        yield Seen(reading=reading(found.value.disk))
    yield NotTaken(reason=say("erase-interrupted"))
