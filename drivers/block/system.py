"""What this machine itself stands on: its system, its swap, the bench's state folder and the program.

A disk beneath any of them is never erased; where the way down cannot be followed, any disk may be beneath.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from drivers.block.mounts import Swap
from drivers.block.topology import Topology, Trace


class Role(StrEnum):
    """What a place is to this machine."""

    SYSTEM = "system"
    SWAP = "swap"
    STATE = "state"
    PROGRAM = "program"


_SYSTEM_FOLDERS = ("/", "/boot", "/boot/efi", "/boot/firmware", "/efi", "/usr", "/var")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A path that this machine needs, and what for."""

    path: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Foundation:
    """A place and everything beneath it."""

    place: Place
    trace: Trace


def needed_places(state: Path) -> tuple[Place, ...]:
    """System folders, the state folder (which may not exist yet), interpreter, libraries and this very package."""
    program = (sys.prefix, sys.base_prefix, sys.executable, str(Path(__file__).resolve().parents[2]))
    return (
        *(Place(path=path, role=Role.SYSTEM) for path in _SYSTEM_FOLDERS),
        Place(path=str(state.absolute()), role=Role.STATE),
        *(Place(path=path, role=Role.PROGRAM) for path in dict.fromkeys(program) if path),
    )


def foundations(topology: Topology, places: Sequence[Place], swaps: Sequence[Swap]) -> tuple[Foundation, ...]:
    """Trace every place that exists, and every active swap area. Raises `OSError` or `RuntimeError`."""
    traced = (
        Foundation(place=place, trace=topology.beneath_path(place.path))
        for place in places
        if place.role is not Role.SYSTEM or topology.tree.exists(place.path)
    )
    swapped = (
        Foundation(place=Place(path=swap.path, role=Role.SWAP), trace=topology.beneath_swap(swap)) for swap in swaps
    )
    return (*traced, *swapped)
