"""Addresses that are parts of one drive: which of them go together, and whether they are still the same. Pure.

The namespaces of an NVMe subsystem are erased by one command. So those that were named in one order are one drive with
one job: the address named first stands for it, and the others go with it. What was not named is never touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bench.drive import DriveFacts, DriveIdentity, Interface, Kin, Sibling
from bench.messages import Message, say


def together(facts: Sequence[DriveFacts]) -> tuple[DriveFacts, ...]:
    """The drives of an order, each once: with the namespaces that were named beside it, and what speaks against these.

    A namespace that goes with another is no drive of its own any more. One that was named twice is left where it
    stands, for the guard to refuse.
    """
    drives: list[DriveFacts] = []
    for one in facts:
        place = next((index for index, lead in enumerate(drives) if _goes_with(one, lead)), None)
        if place is None:
            drives.append(one)
        else:
            drives[place] = _with(drives[place], one)
    return tuple(drives)


def as_planned(facts: DriveFacts, planned: DriveFacts) -> DriveFacts:
    """The facts with the siblings that went with the drive when it was planned for, wherever their nodes are now."""
    wanted = {_name(item) for item in planned.together}
    return replace(facts, siblings=tuple(replace(item, named=_name(item) in wanted) for item in facts.siblings))


def shares(one: DriveFacts, other: DriveFacts) -> bool:
    """Whether two drives, as they were ordered, have an address in common, whatever its size is now."""
    first, second = ({replace(found, size=0) for found in _identities(facts)} for facts in (one, other))
    return bool(first & second)


def changes(planned: DriveFacts, now: DriveFacts) -> tuple[Message, ...]:
    """What became of the siblings since: one more or one less; of those that go with it, another size.

    The other bays of a USB dock are units of one target, and drives of their own: they come and go, and so may this
    one. Elsewhere a unit that has appeared might share the medium, and a sanitize would reach it.
    """
    docked = now.interface is Interface.USB
    was, is_now = ({_name(item) for item in found.siblings} for found in (planned, now))
    if not docked and (was != is_now or planned.unit != now.unit):
        return (say("guard-changed-siblings", node=now.node, was=len(was) + 1, now=len(is_now) + 1),)
    sizes = {_name(item): item for item in now.siblings}
    found: list[Message] = []
    for item in planned.together:
        other = sizes[_name(item)]
        pairs = {
            "guard-changed-size": (item.identity.size, other.identity.size),
            "guard-changed-sector": (item.sector, other.sector),
        }
        found += [say(key, node=other.node, was=old, now=new) for key, (old, new) in pairs.items() if old != new]
    return tuple(found)


def _identities(facts: DriveFacts) -> tuple[DriveIdentity, ...]:
    return facts.identity, *(item.identity for item in facts.together)


def _goes_with(one: DriveFacts, lead: DriveFacts) -> bool:
    # The same namespace by two ways is one namespace: it is left for the guard, which says that it is there twice.
    taken = {lead.unit, *(item.unit for item in lead.together)}
    return any(
        item.kin is Kin.NAMESPACE and item.node == one.node and item.unit not in taken and bool(one.identity.source)
        for item in lead.siblings
    )


def _with(lead: DriveFacts, one: DriveFacts) -> DriveFacts:
    siblings = tuple(replace(item, named=item.named or item.node == one.node) for item in lead.siblings)
    return replace(
        lead,
        siblings=siblings,
        obstacles=(*lead.obstacles, *(item for item in one.obstacles if item not in lead.obstacles)),
        undetermined=(*lead.undetermined, *(item for item in one.undetermined if item not in lead.undetermined)),
        notes=tuple(dict.fromkeys((*lead.notes, *one.notes))),
    )


def _name(item: Sibling) -> tuple[Kin, int, str, str, str]:
    return item.kin, item.unit, item.identity.model, item.identity.serial, item.identity.wwn
