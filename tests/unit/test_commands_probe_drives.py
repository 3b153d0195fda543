"""Probing virtual drives: two implementations of the standards, written apart, must agree."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.capabilities import Answer, Capabilities, CommandSet, HiddenKind, OpalKind
from bench.drive import Interface
from bench.techniques import ErasureState, Technique
from drivers.commands.probe import MOST_COMMANDS, probe
from drivers.sim.commands.spec import Bridge, CommandSpec, Hiding, Personality, Tcg
from drivers.sim.transport import SimTransport
from support.virtual_drives import MIB, virtual_drive

YES, NO, OPEN = Answer.YES, Answer.NO, Answer.INDETERMINATE


@contextmanager
def transport(where: Path, spec: CommandSpec) -> Iterator[SimTransport]:
    with virtual_drive(where / "drive", commands=spec) as drive:
        opened = SimTransport.connect(drive)
        try:
            yield opened
        finally:
            opened.close()


def probed(where: Path, spec: CommandSpec, hint: Interface = Interface.SIMULATED) -> Capabilities:
    with transport(where, spec) as opened:
        found = probe(opened, hint)
    assert 0 < found.commands <= MOST_COMMANDS
    return found


def in_use(found: Capabilities) -> dict[HiddenKind, Answer]:
    return {area.kind: area.in_use for area in found.hidden}


def test_a_disk(tmp_path: Path) -> None:
    found = probed(tmp_path, CommandSpec(personality=Personality.ATA_DISK))
    assert (found.command_set, found.bridge, found.notes) == (CommandSet.ATA, "", ())
    assert found.rotation
    assert in_use(found) == {HiddenKind.HPA: NO, HiddenKind.DCO: NO, HiddenKind.AMA: NO}
    assert (found.security.supported, found.security.enabled, found.security.frozen) == (YES, NO, NO)
    assert (found.security.erase_minutes, found.security.enhanced_minutes) == (2, 2)
    assert found.sanitize.techniques == (Technique.ATA_SANITIZE_OVERWRITE,)
    assert (found.sanitize.determined, found.sanitize.state) == (YES, ErasureState.NEVER)
    assert (found.opal.kind, found.zoned, found.hybrid, found.depopulated) == (OpalKind.NONE, NO, NO, NO)


def test_a_solid_state_drive(tmp_path: Path) -> None:
    found = probed(tmp_path, CommandSpec(personality=Personality.ATA_SSD), Interface.SATA)
    assert found.rotation == 0
    assert found.sanitize.techniques == (Technique.ATA_SANITIZE_CRYPTO, Technique.ATA_SANITIZE_BLOCK)


@pytest.mark.parametrize(
    ("spec", "kind"),
    [
        (CommandSpec(personality=Personality.ATA_DISK, hpa_size=MIB // 2), HiddenKind.HPA),
        (CommandSpec(personality=Personality.ATA_DISK, dco_size=MIB // 2), HiddenKind.DCO),
        (CommandSpec(personality=Personality.ATA_DISK, hiding=Hiding.AMA, hpa_size=MIB // 2), HiddenKind.AMA),
    ],
    ids=["hpa", "dco", "ama"],
)
def test_hidden_capacity(tmp_path: Path, spec: CommandSpec, kind: HiddenKind) -> None:
    found = probed(tmp_path, spec)
    assert in_use(found)[kind] is YES
    assert [area.size for area in found.hidden if area.kind is kind] == [MIB]
    assert YES not in {answer for other, answer in in_use(found).items() if other is not kind}


def test_a_disk_that_cannot_hide_anything_proves_it(tmp_path: Path) -> None:
    found = probed(tmp_path, CommandSpec(personality=Personality.ATA_DISK, hiding=Hiding.NONE))
    assert set(in_use(found).values()) == {NO}


def test_frozen_at_power_on(tmp_path: Path) -> None:
    found = probed(tmp_path, CommandSpec(personality=Personality.ATA_DISK, frozen_at_power_on=True))
    assert (found.security.frozen, found.security.locked) == (YES, NO)


@pytest.mark.parametrize(("minutes", "told"), [(0, None), (2, 2), (508, 508), (1000, 1000)])
def test_erase_times(tmp_path: Path, minutes: int, told: int | None) -> None:
    spec = CommandSpec(personality=Personality.ATA_DISK, erase_minutes=minutes)
    assert probed(tmp_path, spec).security.erase_minutes == told


def test_without_security(tmp_path: Path) -> None:
    found = probed(tmp_path, CommandSpec(personality=Personality.ATA_DISK, security=False, sanitize="none"))
    assert (found.security.supported, found.firmware_erase) == (NO, ())
    assert (found.sanitize.determined, found.sanitize.techniques) == (YES, ())


@pytest.mark.parametrize(
    ("spec", "opal"),
    [
        (CommandSpec(personality=Personality.ATA_SSD, tcg=Tcg.OPAL), (OpalKind.OPAL, YES, NO, NO)),
        (
            CommandSpec(personality=Personality.ATA_SSD, tcg=Tcg.OPAL, tcg_locked=True, tcg_shadow=True),
            (OpalKind.OPAL, YES, YES, YES),
        ),
        (CommandSpec(personality=Personality.NVME, tcg=Tcg.PYRITE), (OpalKind.PYRITE, NO, NO, NO)),
        (CommandSpec(personality=Personality.SAS_DISK, tcg=Tcg.ENTERPRISE), (OpalKind.ENTERPRISE, YES, NO, NO)),
    ],
    ids=["opal", "locked", "pyrite", "enterprise"],
)
def test_opal(tmp_path: Path, spec: CommandSpec, opal: tuple[OpalKind, Answer, Answer, Answer]) -> None:
    found = probed(tmp_path, spec).opal
    assert (found.kind, found.encrypts, found.locked, found.shadowed) == opal


def test_kinds_of_medium(tmp_path: Path) -> None:
    found = probed(tmp_path, CommandSpec(personality=Personality.ATA_DISK, hybrid=True, zoned=True))
    assert (found.hybrid, found.zoned) == (YES, YES)


def test_depopulated_elements(tmp_path: Path) -> None:
    found = probed(tmp_path, CommandSpec(personality=Personality.SAS_DISK, depopulated=True))
    assert (found.command_set, found.depopulated) == (CommandSet.SCSI, YES)


def test_a_bridge_that_answers_in_full(tmp_path: Path) -> None:
    found = probed(tmp_path, CommandSpec(personality=Personality.ATA_DISK, bridge=Bridge.DESCRIPTOR), Interface.USB)
    assert (found.command_set, bool(found.bridge), found.sanitize.determined) == (CommandSet.ATA, True, YES)


def test_a_bridge_without_room_for_the_upper_half(tmp_path: Path) -> None:
    found = probed(tmp_path, CommandSpec(personality=Personality.ATA_DISK, bridge=Bridge.FIXED), Interface.USB)
    assert found.command_set is CommandSet.ATA
    assert (found.sanitize.state, found.sanitize.determined) == (ErasureState.UNKNOWN, OPEN)
    assert in_use(found)[HiddenKind.HPA] is OPEN
    assert "command-sanitize-half" in {note.id for note in found.notes}


def test_a_deaf_bridge(tmp_path: Path) -> None:
    found = probed(tmp_path, CommandSpec(personality=Personality.ATA_DISK, bridge=Bridge.DEAF), Interface.USB)
    assert (found.command_set, found.firmware_erase) == (CommandSet.NONE, ())


@pytest.mark.parametrize("block", [512, 520, 4096])
def test_a_sas_disk(tmp_path: Path, block: int) -> None:
    found = probed(tmp_path, CommandSpec(personality=Personality.SAS_DISK, block=block), Interface.SAS)
    assert (found.command_set, found.formats[0].block) == (CommandSet.SCSI, block)
    assert found.sanitize.techniques == (Technique.SCSI_SANITIZE_OVERWRITE, Technique.SCSI_SANITIZE_CRYPTO)
    assert (found.sanitize.determined, found.format_unit) == (YES, YES)


def test_an_nvme_drive(tmp_path: Path) -> None:
    spec = CommandSpec(personality=Personality.NVME, siblings=2, sibling_size=MIB, unallocated=3 * MIB)
    found = probed(tmp_path, spec)
    assert (found.command_set, found.notes, found.zoned) == (CommandSet.NVME, (), NO)
    assert found.nvme is not None
    assert [item.size for item in found.nvme.namespaces] == [MIB] * 3
    assert (found.nvme.unallocated, found.nvme.controllers) == (3 * MIB, 1)
    assert found.sanitize.techniques == (Technique.NVME_SANITIZE_CRYPTO, Technique.NVME_SANITIZE_BLOCK)
    assert found.nvme.format_hits_all is NO


def test_a_drive_without_commands(tmp_path: Path) -> None:
    found = probed(tmp_path, CommandSpec())
    assert (found.command_set, found.commands) == (CommandSet.NONE, 2)
