"""Sicknesses and drive documents: strict, and the same after a round trip through JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bench.drive import Medium
from drivers.sim import command_faults, faults, folder
from drivers.sim.documents import DocumentError

EXAMPLES: tuple[faults.Sickness, ...] = (
    faults.BadSectors(first=100, count=8, read_errno=61, on_write=faults.OnWrite.CURE),
    faults.Death(at=10),
    faults.WornOut(written=4096),
    faults.Slowness(ms=2, bytes_per_second=1_000_000),
    faults.Slowness(bytes_per_second=1_000_000, inner_bytes_per_second=500_000),
    faults.Hang(at=3),
    faults.WriteErrors(at=4, errno=121),
    faults.FlushLie(at=2),
    faults.FakeCapacity(real_size=8192),
    faults.ShortTransfer(at=5, transfer=faults.Transfer.WRITE, sectors=1),
    faults.PowerCut(at=6, moment=faults.Moment.AFTER),
    faults.OtherSize(size=1 << 44),
    faults.OtherIdentity(at_info=2, model="M", serial="S", wwn=""),
    faults.Kill(at=7, target=faults.Target.PROCESS, pid=4242, signal=15, moment=faults.Moment.AFTER),
    command_faults.LyingErase(),
    command_faults.SwallowedCommand(),
    command_faults.StaleSuccess(),
    command_faults.WrongStatus(says=command_faults.Says.NONSENSE),
    command_faults.StaleReads(),
    command_faults.CapacityChange(size=4096),
    command_faults.CommandHang(opcode=0xF4),
    command_faults.DroppedCount(),
    command_faults.MadeUpSerial(serial="DEF1"),
    command_faults.SanitizeFailure(progress=500),
    command_faults.FrozenForever(),
    command_faults.LockedRefusesErase(),
    command_faults.ErasePowerCut(progress=250),
    command_faults.HiddenCache(),
)


def test_the_examples_cover_every_kind() -> None:
    assert {type(example) for example in EXAMPLES} == set(faults.KINDS.values())


@pytest.mark.parametrize("sickness", EXAMPLES, ids=lambda item: type(item).__name__)
def test_round_trip(sickness: faults.Sickness) -> None:
    assert faults.parse(json.loads(json.dumps(faults.to_json(sickness)))) == sickness


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ("hang", "an object is expected"),
        ({}, "kind None is unknown"),
        ({"kind": "flu"}, "kind 'flu' is unknown"),
        ({"kind": "hang"}, "field 'at' is missing"),
        ({"kind": "hang", "at": 1, "twice": 2}, "unknown field 'twice'"),
        ({"kind": "hang", "at": "1"}, "an integer is expected"),
        ({"kind": "hang", "at": True}, "an integer is expected"),
        ({"kind": "hang", "at": 1.0}, "an integer is expected"),
        ({"kind": "hang", "at": 0}, "at must be at least 1"),
        ({"kind": "bad-sectors", "first": 1, "count": 0}, "count must be at least 1"),
        ({"kind": "bad-sectors", "first": 1, "count": 1, "read_errno": 0}, "read_errno must be an error number"),
        ({"kind": "bad-sectors", "first": 1, "count": 1, "on_write": "heal"}, "one of error, cure"),
        ({"kind": "kill", "at": 1, "target": "process"}, "pid must be at least 2"),
        ({"kind": "kill", "at": 1, "target": "sender", "pid": 5}, "pid is for target 'process' only"),
        ({"kind": "kill", "at": 1, "target": "sender", "signal": 999}, "signal must be"),
        ({"kind": "other-identity", "at_info": 1, "model": 5, "serial": "", "wwn": ""}, "a string is expected"),
    ],
)
def test_refused(document: object, complaint: str) -> None:
    with pytest.raises(DocumentError, match=complaint):
        faults.parse(document)


@pytest.mark.parametrize(
    ("sickness", "shifted"),
    [
        (faults.Hang(at=1), faults.Hang(at=11)),
        (faults.WornOut(written=5), faults.WornOut(written=1005)),
        (
            faults.OtherIdentity(at_info=1, model="", serial="", wwn=""),
            faults.OtherIdentity(at_info=4, model="", serial="", wwn=""),
        ),
        (faults.OtherSize(size=7), faults.OtherSize(size=7)),
    ],
)
def test_counted_from_now(sickness: faults.Sickness, shifted: faults.Sickness) -> None:
    assert faults.from_now(sickness, requests=10, written=1000, infos=3) == shifted


SPEC = folder.DriveSpec(
    size=1 << 44, model="Très grand", serial="S 1", medium=Medium.FLASH, logical_sector=4096, sicknesses=EXAMPLES
)


def test_spec_and_state_round_trip(tmp_path: Path) -> None:
    folder.save_spec(tmp_path, SPEC)
    assert folder.load_spec(tmp_path) == SPEC
    blank = folder.load_state(tmp_path, SPEC)
    assert (blank.power_cycles, blank.died_of, blank.sicknesses) == (0, "", EXAMPLES)
    used = replace(blank, power_cycles=3, died_of="death at request 10", sicknesses=EXAMPLES[1:])
    folder.save_state(tmp_path, used)
    assert folder.load_state(tmp_path, SPEC) == used


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"size": 1000}, "multiple of 512"),
        ({"size": 0}, "positive multiple"),
        ({"logical_sector": 520}, "must be 512 or 4096"),
        ({"logical_sector": 4096, "physical_sector": 512}, "must not be smaller"),
        ({"medium": "file"}, "rotating or flash"),
        ({"medium": "tape"}, "one of rotating"),
        ({"cache_size": -1}, "must not be negative"),
        ({"colour": "grey"}, "unknown field 'colour'"),
        ({"serial": None}, "a string is expected"),
        ({"sicknesses": {}}, "a list of sicknesses is expected"),
        ({"sicknesses": [{"kind": "fake-capacity", "real_size": 1000}]}, "real_size must be a multiple"),
        ({"sicknesses": [{"kind": "fake-capacity", "real_size": 1024}] * 2}, "one fake capacity at most"),
    ],
)
def test_spec_refused(tmp_path: Path, change: dict[str, Any], complaint: str) -> None:
    document = {"size": 4096, "model": "M", "serial": "S"}
    (tmp_path / "drive.json").write_text(json.dumps(document))
    folder.load_spec(tmp_path)
    (tmp_path / "drive.json").write_text(json.dumps(document | change))
    with pytest.raises(DocumentError, match=complaint):
        folder.load_spec(tmp_path)


def test_a_spec_that_is_not_json_names_its_file(tmp_path: Path) -> None:
    (tmp_path / "drive.json").write_text("{")
    with pytest.raises(DocumentError, match=r"drive\.json: not JSON"):
        folder.load_spec(tmp_path)
