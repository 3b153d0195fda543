"""The never-erase list: a fold over the events that changed it."""

from __future__ import annotations

from collections.abc import Iterable

from bench import events as ev
from bench.guard import Protected, normalised

STATION_STREAM = "station"
"""The event stream of what concerns no single job."""


def protected_drives(logged: Iterable[ev.Logged]) -> tuple[Protected, ...]:
    """The list after these events, in the order of entry. A name is one entry, however it is written."""
    listed: dict[str, Protected] = {}
    for item in logged:
        match item.event:
            case ev.DriveProtected(name=name, why=why):
                listed[normalised(name)] = Protected(name=name, why=why, since=item.at)
            case ev.ProtectionLifted(name=name):
                listed.pop(normalised(name), None)
            case _:
                pass
    return tuple(listed.values())
