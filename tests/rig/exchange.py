"""Drives that are taken out of their bays: two change places, or a new one takes an old one's.

They are off meanwhile, and the guest has pulled them out before: a front end opens what lies in the bay's folder then.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from drivers.sim import controls, faults, launch
from drivers.sim.client import SimConnection
from drivers.sim.command_faults import MadeUpSerial
from drivers.sim.folder import DriveSpec, load_spec, parse_spec, save_spec, spec_document
from rig.layout import BaySpec

_MADE_UP = "made-up-serial"


def swap(first: BaySpec, other: BaySpec, folder: Callable[[BaySpec], Path]) -> None:
    """Put each one's drive into the other's bay, and switch both on. What a dock adds to its drive stays behind."""
    here, there = folder(first), folder(other)
    for where in (here, there):
        launch.stop(where)
    between = here.with_name(f"{here.name}.moving")
    here.rename(between)
    there.rename(here)
    between.rename(there)
    for bay in (first, other):
        _fit(folder(bay), bay)


def renew(bay: BaySpec, where: Path, changes: Mapping[str, Any]) -> None:
    """Put a new drive into the bay, blank and switched on: the layout's, with these fields of its document changed."""
    if launch.is_running(where):
        launch.power_cut(where)
    shutil.rmtree(where)
    document = spec_document(bay.drive)
    commands = {**document["commands"], **changes.get("commands", {})}
    spec = parse_spec({**document, **changes, "commands": commands}, f"a new drive for {bay.name}")
    launch.create(where, spec)
    launch.start(where)


def _fit(where: Path, bay: BaySpec) -> None:
    """The bay's bridge is the drive's from now on, with the serial that it makes up."""
    drive: DriveSpec = load_spec(where)
    save_spec(where, replace(drive, commands=replace(drive.commands, bridge=bay.drive.commands.bridge)))
    launch.start(where)
    with SimConnection.connect(where) as connection:
        told: tuple[faults.Sickness, ...] = tuple(x for x in bay.drive.sicknesses if isinstance(x, MadeUpSerial))
        controls.disarm(connection, _MADE_UP)
        if told:
            controls.arm(connection, *told)
