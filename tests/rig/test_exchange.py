"""Drives that change places on the bench, and new ones in old ones' bays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.sim import controls, launch
from drivers.sim.client import SimConnection
from drivers.sim.faults import BadSectors, Sickness
from drivers.sim.folder import MEDIUM, load_spec
from rig import exchange, layout
from rig.layout import BaySpec

BENCH = layout.standard()
SINGLE, DUAL = BENCH.bay("usb-1"), BENCH.bay("usb-2")


@pytest.fixture
def folders(tmp_path: Path) -> Iterator[dict[str, Path]]:
    """Two bays with their drives, both on."""
    found = {bay.name: tmp_path / bay.name for bay in (SINGLE, DUAL)}
    for bay in (SINGLE, DUAL):
        launch.create(found[bay.name], bay.drive)
        launch.start(found[bay.name])
    yield found
    for where in found.values():
        if launch.is_running(where):
            launch.power_cut(where)


def sicknesses(where: Path) -> tuple[Sickness, ...]:
    with SimConnection.connect(where) as connection:
        return controls.sicknesses(connection)


def test_drives_move_with_what_is_theirs_and_docks_keep_what_is_not(folders: dict[str, Path]) -> None:
    bad = BadSectors(first=7, count=1)
    with SimConnection.connect(folders["usb-1"]) as connection:
        controls.arm(connection, bad)
    clash = DUAL.drive.sicknesses

    def folder(bay: BaySpec) -> Path:
        return folders[bay.name]

    exchange.swap(SINGLE, DUAL, folder)

    for here, before in ((SINGLE, DUAL), (DUAL, SINGLE)):
        spec = load_spec(folder(here))
        assert spec.serial == before.drive.serial
        assert spec.commands.bridge is here.drive.commands.bridge
    assert sicknesses(folders["usb-1"]) == ()
    assert set(sicknesses(folders["usb-2"])) == {bad, *clash}


def test_a_new_drive_is_blank_and_healthy_and_what_it_is_told_to_be(folders: dict[str, Path]) -> None:
    where = folders["usb-1"]
    with SimConnection.connect(where) as connection:
        controls.arm(connection, BadSectors(first=7, count=1))
    launch.power_cut(where)
    (where / MEDIUM).write_bytes(b"old".ljust(SINGLE.drive.size))

    exchange.renew(SINGLE, where, {"serial": "NEW", "commands": {"erase_ms": 7}})

    spec = load_spec(where)
    assert (spec.serial, spec.model, spec.commands.erase_ms) == ("NEW", SINGLE.drive.model, 7)
    assert spec.commands.bridge is SINGLE.drive.commands.bridge
    assert sicknesses(where) == ()
    assert (where / MEDIUM).read_bytes() == bytes(SINGLE.drive.size)
