"""The command plans and runs erasures by the drives themselves: explained, agreed to, shown, killed, resumed."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.evidence import fold
from bench.journal import log
from bench.journal.journal import read
from bench.stages import StageKind
from bench.state import StateFolder
from bench.techniques import Technique
from drivers.sim import controls, launch
from drivers.sim.client import SimConnection
from drivers.sim.commands.memory import EraseKind
from drivers.sim.commands.spec import Bridge, Personality, Tcg
from support.benches import MIB, addresses, survives
from support.command import Command, finish, wait_for_line
from support.firmware import PSID, firmware_drives, made

P, T = Personality, Technique


@pytest.fixture
def command(tmp_path: Path) -> Command:
    return Command(tmp_path / "state")


@pytest.fixture
def drives(tmp_path: Path) -> Iterator[tuple[Path, ...]]:
    with firmware_drives(tmp_path, made(P.ATA_DISK), made(P.NVME)) as both:
        yield both


def policy(folder: Path, technique: Technique, **changes: str) -> Path:
    """A policy file that allows one technique."""
    lines = {"name": '"essai"', "level": '"clear"', "power_cycle": "false", **changes}
    text = "\n".join(f"{key} = {value}" for key, value in lines.items())
    file = folder / "essai.toml"
    file.write_text(f'{text}\n[techniques]\nflash = ["{technique.value}"]\ndisk = ["{technique.value}"]\n')
    return file


def test_plan_explains_each_stage_and_each_technique_passed_over(command: Command, drives: tuple[Path, ...]) -> None:
    done = command("plan", *addresses(drives), "--level", "purge", "--json")
    assert done.status == 0, done.err
    disk, nvme = done.lines
    assert [stage["kind"] for stage in disk["firmware"]["stages"]][:2] == ["plant", "erase"]
    assert disk["firmware"]["level_asked"] == "purge"
    assert disk["passes"] == []
    for line in (disk, nvme):
        assert all(stage["reason"]["text"] for stage in line["firmware"]["stages"])
        choices = {item["technique"]: item for item in line["firmware"]["decisions"]}
        assert choices["overwrite"]["choice"] == "passed-over"
        assert all(item["reason"]["text"] and item["source"] for item in choices.values())
    shown = command("plan", *addresses(drives), "--level", "purge")
    for part in ("ATA SANITIZE DEVICE, overwrite", "NVMe Sanitize, block erase", "Écartée", "Retenue", "témoins"):
        assert part in shown.out, part
    assert all(survives(where) for where in drives)


def test_without_method_level_or_policy_nothing_is_guessed(command: Command, drives: tuple[Path, ...]) -> None:
    done = command("plan", *addresses(drives))
    assert done.status == 2
    assert "--level" in done.err
    assert command("plan", *addresses(drives), "--level", "destroy").status == 2


def test_a_purge_from_the_command_line(command: Command, drives: tuple[Path, ...]) -> None:
    done = command("erase", *addresses(drives), "--level", "purge", "--operator", "OP-07", "--yes", "--json")
    assert done.status == 0, done.err
    for line in done.lines:
        assert (line["verdict"], line["level_asked"], line["level_achieved"]) == ("erased", "purge", "purge")
        assert (command.state / "certificates" / f"{line['certificate']}.fr.pdf").read_bytes().startswith(b"%PDF")
    assert "effacement par le disque" in done.err
    assert command("ledger", "verify").status == 0


def test_a_drive_of_520_byte_sectors_from_plan_to_certificate(command: Command, tmp_path: Path) -> None:
    blocks = 4 * MIB // 512
    with firmware_drives(tmp_path, made(P.SAS_DISK, block=520, erase_ms=400)) as drives:
        refused = command("plan", *addresses(drives), "--method", "random")
        assert refused.status == 2
        assert "--level" in refused.out
        planned = command("plan", *addresses(drives), "--level", "purge", "--json")
        assert planned.status == 0, planned.err
        (line,) = planned.lines
        assert (line["size"], line["logical_sector"]) == (blocks * 520, 520)
        assert [note["code"] for note in line["notes"]] == ["guard-note-own-size"]
        assert "READ CAPACITY(16)" in line["notes"][0]["text"]
        kinds = [stage["kind"] for stage in line["firmware"]["stages"]]
        assert [kind for kind in kinds if kind in {"erase", "reformat"}] == ["erase", "reformat"]
        assert survives(drives[0])
        done = command("erase", *addresses(drives), "--level", "purge", "--operator", "OP-07", "--yes", "--json")
        assert done.status == 0, done.err
        (ended,) = done.lines
        assert (ended["verdict"], ended["level_achieved"]) == ("erased-with-remarks", "purge")
        assert [reason["code"] for reason in ended["reasons"]] == ["stage-remark-no-canaries"]
        launch.stop(drives[0])
        assert not survives(drives[0])
    folder = command.state / "certificates"
    assert (folder / f"{ended['certificate']}.fr.pdf").read_bytes().startswith(b"%PDF")
    assert command("ledger", "verify").status == 0
    record = json.loads((folder / f"{ended['certificate']}.json").read_text())["record"]
    assert record["drive"]["size_readings"][0] == {"source": "READ CAPACITY(16)", "size_bytes": blocks * 520}
    assert [note["code"] for note in record["drive"]["notes"]] == ["guard-note-own-size"]
    commands = [(item["kind"], item["state"]) for item in record["process"]["firmware_commands"]]
    assert commands == [("erase", "done"), ("reformat", "done")]


def test_less_than_asked_needs_consent_and_the_record_keeps_it(command: Command, tmp_path: Path) -> None:
    with firmware_drives(tmp_path, made(P.ATA_DISK, bridge=Bridge.DEAF)) as drives:
        asked = command("erase", *addresses(drives), "--level", "purge", "--yes", "--json")
        assert asked.status == 2
        assert "--consent" in asked.err
        assert survives(drives[0])
        done = command(
            "erase", *addresses(drives), "--level", "purge", "--operator", "OP-07", "--yes", "--consent", "--json"
        )
    (line,) = done.lines
    assert (done.status, line["level_asked"], line["level_achieved"]) == (0, "purge", "clear"), done.err
    codes = [reason["code"] for reason in line["reasons"]]
    assert codes[:2] == ["stage-consent-question", "stage-consent-operator"]
    assert "OP-07" in line["reasons"][1]["text"]


@pytest.mark.parametrize(("typed", "status"), [("non", 2), ("accord", 0)])
def test_consent_is_typed_on_a_terminal(command: Command, tmp_path: Path, typed: str, status: int) -> None:
    with firmware_drives(tmp_path, made(P.ATA_DISK, bridge=Bridge.DEAF)) as drives:
        line = ["erase", *addresses(drives), "--level", "purge"]
        done = command.on_terminal(*line, answer=f"EFFACER\n{typed}\n", after="EFFACER")
        assert done.status == status, done.out
        assert "Acceptez-vous" in done.out
        assert survives(drives[0]) is (status != 0)


def test_a_psid_opens_a_locked_drive(command: Command, tmp_path: Path) -> None:
    with firmware_drives(tmp_path, made(P.NVME, tcg=Tcg.OPAL, tcg_locked=True)) as drives:
        refused = command("erase", *addresses(drives), "--level", "purge", "--yes")
        assert refused.status == 2
        assert "PSID" in refused.err
        assert command("plan", *addresses(drives), "--level", "purge", "--psid", "ESSAI-0000").status == 2
        given = ("--psid", f"ESSAI-0000={PSID}")
        done = command("erase", *addresses(drives), "--level", "purge", *given, "--yes", "--json")
        assert done.status == 0, done.err
        assert PSID.encode() not in (command.state / "journal.db").read_bytes(), "a label's secret is not kept"


def test_drives_shows_what_each_can_do(command: Command, drives: tuple[Path, ...]) -> None:
    done = command("drives", "-v", *addresses(drives), "--json")
    assert done.status == 0, done.err
    found = [line["capabilities"] for line in done.lines]
    assert [item["command_set"] for item in found] == ["ata", "nvme"]
    assert all(item["commands"] <= 25 for item in found)
    assert "ata-sanitize-overwrite" in found[0]["firmware_erase"]
    shown = command("drives", "-v", *addresses(drives))
    for part in ("ATA SANITIZE DEVICE, overwrite", "HPA", "Espaces de noms", "sans mot de passe"):
        assert part in shown.out, part
    assert shown.out.count("Sécurité ATA") == 1, "an NVMe drive has none"
    assert "overwrite, ATA" not in " ".join(shown.out.split()), "names with commas stand on lines of their own"
    assert "capabilities" not in command("drives", *addresses(drives), "--json").lines[0]


def test_the_stations_password_is_shown_to_who_may_read_it(command: Command, tmp_path: Path) -> None:
    assert command("keys", "password").status == 2
    with firmware_drives(tmp_path, made(P.ATA_DISK)) as drives:
        file = policy(tmp_path, T.ATA_SECURE_ERASE_ENHANCED)
        done = command("erase", *addresses(drives), "--policy", file, "--yes", "--json")
        assert done.status == 0, done.err
    (shown,) = command("keys", "password", "--json").lines
    assert shown["ata_password"] == (command.state / "keys/security-password").read_text().strip()
    assert shown["ata_password"] in command("keys", "password").out


KILLED = {
    T.ATA_SANITIZE_OVERWRITE: made(P.ATA_DISK, erase_ms=2500),
    T.ATA_SECURE_ERASE_ENHANCED: made(P.ATA_DISK, erase_ms=2500),
    T.SCSI_SANITIZE_OVERWRITE: made(P.SAS_DISK, erase_ms=2500),
    T.SCSI_FORMAT_UNIT: made(P.SAS_DISK, erase_ms=2500),
    T.NVME_SANITIZE_BLOCK: made(P.NVME, erase_ms=2500),
    T.NVME_FORMAT_USER_DATA: made(P.NVME, erase_ms=2500),
}


@pytest.mark.parametrize("technique", KILLED)
def test_killed_in_the_middle_the_drive_gets_no_second_order(
    command: Command, tmp_path: Path, technique: Technique
) -> None:
    with firmware_drives(tmp_path, KILLED[technique]) as drives:
        file = policy(tmp_path, technique)
        process = command.start("erase", *addresses(drives), "--policy", file, "--yes", "--json")
        wait_for_line(process, "effacement par le disque")
        _wait_until_at_work(drives[0])
        os.kill(process.pid, signal.SIGKILL)
        finish(process)
        done = command("resume", "--json")
        assert done.status == 0, done.err + done.out
        (line,) = done.lines
        assert line["verdict"] == "erased-with-remarks"
        launch.stop(drives[0])
        assert not survives(drives[0])
    jobs = read(StateFolder(command.state), lambda db: [fold(log.of_job(db, job)) for job in log.jobs(db)])
    (erased,) = [item for item in jobs[0].stages.items if item.kind is StageKind.ERASE]
    assert (erased.starts, erased.adoptions) == (1, 1)


def _wait_until_at_work(drive: Path) -> None:
    with SimConnection.connect(drive) as connection:
        for _ in range(500):
            if controls.erasure(connection).kind is not EraseKind.NONE:
                return
            time.sleep(0.01)
    raise AssertionError("the drive never began")
