"""The guard: which drives may not be erased, and every reason why. Pure; what is known is in the facts.

It judges a whole set before any drive of it is touched, and each drive again right before a destructive step.
What could not be determined counts as unsafe.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bench import kinship
from bench.capabilities import SectorFormat
from bench.drive import OWN_SIZE, DriveFacts, DriveIdentity, SizeReading
from bench.messages import Message, say
from bench.plan import Refusal

HELD = "guard-held"
"""Id of the obstacle "another program holds the drive", which a drive that we hold ourselves also shows."""

READABLE_SECTORS = (512, 4096)
"""Sectors of other sizes cannot be read by the host, nor those that carry protection information."""
NO_SIZE = frozenset({"guard-size-zero", "guard-size-unknown"})
"""Ids of what speaks against a drive of which the host does not know how large it is."""

_WAYS_OF_ASKING = 2
_SEPARATORS = re.compile(r"[\s\-_:]")
_NAME_PREFIX = re.compile(r"^(0x|naa\.|eui\.|uuid\.|cid\.)")
_HIDDEN = "guard-behind-bridge"
_MISSING = {"model": "guard-no-model", "serial": "guard-no-serial"}


def normalised(name: str) -> str:
    """A serial or WWN without case, spaces, dashes, colons and prefix, as people and tools write them differently."""
    return _NAME_PREFIX.sub("", _SEPARATORS.sub("", name).casefold())


@dataclass(frozen=True, slots=True, kw_only=True)
class Protected:
    """An entry of the never-erase list: a serial or WWN, `why`, and `since` when (RFC 3339).

    Raises `ValueError` for a name without any letter or digit.
    """

    name: str
    why: str
    since: str

    def __post_init__(self) -> None:
        if not normalised(self.name):
            raise ValueError(f"a serial number or WWN, not {self.name!r}")

    def covers(self, identity: DriveIdentity) -> bool:
        """Whether this entry names the drive."""
        return normalised(self.name) in {normalised(identity.serial), normalised(identity.wwn)}


def check(facts: Sequence[DriveFacts], protected: Sequence[Protected]) -> tuple[Refusal, ...]:
    """Judge a whole set. A refusal for each drive that may not be erased, in the set's order; none if all may."""
    refusals: list[Refusal] = []
    for index, drive in enumerate(facts):
        others = [other for place, other in enumerate(facts) if place != index]
        reasons = (
            *_known_obstacles(drive),
            *_protection(drive, protected),
            *_companions(drive, others),
        )
        if reasons:
            refusals.append(Refusal(facts=drive, reasons=tuple(dict.fromkeys(reasons))))
    return tuple(refusals)


def unchanged(planned: DriveFacts, now: DriveFacts) -> tuple[Message, ...]:
    """Compare a drive with what was planned for, right before a destructive step. Empty if it may go on.

    The address may be another one. That the drive is held exclusively is no reason here: we hold it.
    """
    was, is_now = planned.identity, now.identity
    pairs: dict[str, tuple[str | int, str | int]] = {
        "guard-changed-source": (was.source, is_now.source),
        "guard-changed-model": (was.model, is_now.model),
        "guard-changed-serial": (was.serial, is_now.serial),
        "guard-changed-wwn": (was.wwn, is_now.wwn),
        "guard-changed-size": (was.size, is_now.size),
        "guard-changed-sector": (planned.logical_sector, now.logical_sector),
        "guard-changed-attachment": (planned.interface.value, now.interface.value),
    }
    changes = [say(key, node=now.node, was=old, now=new) for key, (old, new) in pairs.items() if old != new]
    if planned.simulated is not now.simulated:
        changes.append(say("guard-mixed", node=now.node))
    changes += kinship.changes(planned, now)
    reasons = (*changes, *(reason for reason in _known_obstacles(now) if reason.id != HELD))
    return tuple(dict.fromkeys(reasons))


def size_objections(node: str, sizes: Sequence[SizeReading]) -> tuple[Message, ...]:
    """What speaks against these answers: too few, answers that differ, or zero."""
    if len(sizes) < _WAYS_OF_ASKING:
        return (say("guard-size-unknown", node=node),)
    own = [reading.size for reading in sizes if reading.source == OWN_SIZE]
    if len(own) == 1 and own[0] > 0 and sum(reading.size for reading in sizes) == own[0]:
        return ()  # the host says zero of sectors that it cannot read; see `with_own_size`
    if len({reading.size for reading in sizes}) > 1:
        answers = ", ".join(f"{reading.source} {reading.size}" for reading in sizes)
        return (say("guard-size-differs", node=node, answers=answers),)
    return () if sizes[0].size > 0 else (say("guard-size-zero", node=node),)


def lacks_only_a_size(refusal: Refusal) -> bool:
    """Whether nothing speaks against a drive but that the host does not know how large it is."""
    return {reason.id for reason in refusal.reasons} <= NO_SIZE and bool(refusal.facts.identity.source)


def with_own_size(facts: DriveFacts, found: SectorFormat) -> DriveFacts:
    """The facts with the size that the drive itself gives, where the host says zero because of its sectors.

    They come back as they are where the host gives any size, could not ask, or could read such sectors: a drive of
    size zero is then broken, busy or empty.
    """
    foreign = found.block not in READABLE_SECTORS and found.size > 0 and found.size % found.block == 0
    if not foreign or not facts.sizes or any(reading.size for reading in facts.sizes):
        return facts
    note = say("guard-note-own-size", node=facts.node, source=OWN_SIZE, size=found.size, sector=found.block)
    return replace(
        facts,
        identity=replace(facts.identity, size=found.size),
        sizes=(SizeReading(source=OWN_SIZE, size=found.size), *facts.sizes),
        logical_sector=found.block,
        obstacles=tuple(item for item in facts.obstacles if item.id not in NO_SIZE),
        notes=(*facts.notes, note),
    )


def _known_obstacles(drive: DriveFacts) -> tuple[Message, ...]:
    """Everything that forbids erasing this drive, whatever else is in the set."""
    reasons = (*drive.obstacles, *drive.undetermined)
    if not drive.identity.source:
        # Nothing could be read: the reason for that says more than a list of all that is missing.
        return reasons or (say("guard-identity-unread", node=drive.node),)
    # A missing size comes with the objections to the sizes, which say more about it. What a bridge hides is not
    # missing in the drive: another dock shows it, and nothing is to be destroyed for that.
    told = {"size", *(("model", "serial") if any(reason.id == _HIDDEN for reason in reasons) else ())}
    missing = tuple(say(_MISSING[name], node=drive.node) for name in drive.identity.missing() if name not in told)
    objections = size_objections(drive.node, drive.sizes)
    if not objections and drive.sizes[0].size != drive.identity.size:
        answers = f"identity {drive.identity.size}, {drive.sizes[0].source} {drive.sizes[0].size}"
        objections = (say("guard-size-differs", node=drive.node, answers=answers),)
    return (*reasons, *missing, *objections)


def _protection(drive: DriveFacts, protected: Sequence[Protected]) -> tuple[Message, ...]:
    return tuple(
        say("guard-protected", node=drive.node, name=entry.name, why=entry.why, since=entry.since)
        for entry in protected
        if any(entry.covers(identity) for identity in (drive.identity, *(item.identity for item in drive.together)))
    )


def _companions(drive: DriveFacts, others: Sequence[DriveFacts]) -> tuple[Message, ...]:
    """What the rest of the set has against this drive."""
    reasons: list[Message] = []
    for other in others:
        if other.node == drive.node:
            reasons.append(say("guard-same-node", address=drive.address, other=other.address, node=drive.node))
        elif any(item.node == other.node and item.unit != drive.unit for item in drive.siblings):
            reasons += _apart(drive, other)
        elif _may_be_same(drive.identity, other.identity):
            reasons.append(say("guard-may-be-same", node=drive.node, other=other.node, serial=drive.identity.serial))
    if any(other.simulated is not drive.simulated for other in others):
        reasons.append(say("guard-mixed", node=drive.node))
    return tuple(reasons)


def _apart(drive: DriveFacts, other: DriveFacts) -> tuple[Message, ...]:
    """Two addresses of one drive, each for itself: units with a serial number of their own are drives of their own."""
    if not _may_be_same(drive.identity, other.identity):
        return ()
    return (say("guard-siblings-apart", node=drive.node, other=other.node),)


def _may_be_same(one: DriveIdentity, other: DriveIdentity) -> bool:
    """As the identities say; a name read in two ways may also differ in writing only."""
    same_wwn = bool(one.wwn) and normalised(one.wwn) == normalised(other.wwn)
    return same_wwn or one.may_be_same_drive(other)
