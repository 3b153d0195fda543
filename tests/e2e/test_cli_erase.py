"""The command erases real virtual drives, is stopped, resumed, refused and asked for confirmation."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.state import StateFolder, StateLock
from drivers.sim import controls
from drivers.sim.client import SimConnection
from drivers.sim.faults import BadSectors, Hang, Slowness
from support.benches import MIB, addresses, planted_drives, survives
from support.command import Command, finish, wait_for_line
from support.loops import loop_device

SLOW = Slowness(bytes_per_second=3 * MIB)


@pytest.fixture
def command(tmp_path: Path) -> Command:
    return Command(tmp_path / "state")


@pytest.fixture
def drives(tmp_path: Path) -> Iterator[tuple[Path, ...]]:
    with planted_drives(tmp_path, 2) as both:
        yield both


def cure(drive: Path) -> None:
    with SimConnection.connect(drive) as connection:
        controls.disarm(connection)


def wait_until_hung(drive: Path) -> None:
    """A hang is forgotten once it has struck."""
    give_up = time.monotonic() + 10
    with SimConnection.connect(drive) as connection:
        while controls.sicknesses(connection):
            assert time.monotonic() < give_up, "the drive never hung"
            time.sleep(0.02)


def test_erases_all_drives_and_prints_one_object_each(command: Command, drives: tuple[Path, ...]) -> None:
    done = command("erase", *addresses(drives), "--method", "random", "--operator", "OP7", "--yes", "--json")
    assert done.status == 0, done.err
    assert [line["device"] for line in done.lines] == list(addresses(drives))
    for line, drive in zip(done.lines, drives, strict=True):
        assert (line["verdict"], line["reasons"], line["resumable"]) == ("erased", [], False)
        assert (line["level_asked"], line["level_achieved"], line["simulated"]) == ("clear", "clear", True)
        assert (command.state / "certificates" / f"{line['certificate']}.fr.pdf").read_bytes().startswith(b"%PDF")
        assert not survives(drive)
    assert "SIMULATION" in done.err
    assert "passe 1/1, relecture" in done.err


def test_the_table_shows_serials_whole_and_where_the_documents_lie(command: Command, drives: tuple[Path, ...]) -> None:
    done = command("erase", "--lang", "en", *addresses(drives), "--method", "zero", "--verify", "none", "--yes")
    assert done.status == 1
    for part in ("ESSAI-0000", "ESSAI-0001", "ERASURE NOT PROVEN", "not read back", str(command.state)):
        assert part in done.out, part


def test_a_bad_sector_is_a_failure_with_its_place_and_no_certificate(command: Command, tmp_path: Path) -> None:
    with planted_drives(tmp_path, sicknesses=[BadSectors(first=3000, count=8)]) as drives:
        done = command("erase", *addresses(drives), "--method", "zero", "--yes", "--json")
    (line,) = done.lines
    assert done.status == 1
    assert (line["verdict"], line["certificate"]) == ("failed", None)
    assert line["failure_report"]
    assert line["reasons"][0]["code"] == "reason-unwritten"
    assert line["reasons"][0]["params"] == {"count": 8, "ranges": 1, "first": 3000, "last": 3007}
    assert "détrui" in line["reasons"][0]["text"]


def test_the_first_signal_stops_at_a_checkpoint_and_resume_goes_on(command: Command, tmp_path: Path) -> None:
    with planted_drives(tmp_path, size=12 * MIB, sicknesses=[SLOW]) as drives:
        (address,) = addresses(drives)
        running = command.start("erase", address, "--method", "zero", "--yes", "--json", "--checkpoint", "0.2")
        wait_for_line(running, "passe 1/1, écriture")

        second = command("erase", address, "--method", "zero", "--yes")
        assert second.status == 2
        assert f"processus {running.pid}" in second.err
        meanwhile = command("resume", "--list", "--json")
        assert [line["stopped"]["code"] for line in meanwhile.lines] == ["cli-stopped-unrecorded"]
        held = command("plan", address, "--method", "zero", "--json").lines[0]
        assert [reason["code"] for reason in held["reasons"]] == ["sim-busy"]

        running.send_signal(signal.SIGINT)
        stopped = finish(running)
        (line,) = stopped.lines
        assert stopped.status == 3, stopped.err
        assert (line["verdict"], line["certificate"], line["resumable"]) == ("unproven", None, True)
        assert "Arrêt demandé" in stopped.err
        assert "« tablerase resume »" in stopped.err.replace("\N{NO-BREAK SPACE}", " ")

        listed = command("resume", "--list")
        assert line["job"] in listed.out
        assert "Arrêté par l’opérateur" in listed.out
        cure(drives[0])
        resumed = command("resume", "--json")
        assert resumed.status == 0, resumed.err
        assert resumed.lines[0]["verdict"] == "erased-with-remarks"
        assert [reason["code"] for reason in resumed.lines[0]["reasons"]] == ["remark-interrupted-operator"]
        assert not survives(drives[0])


def test_the_second_signal_does_not_wait_for_a_drive_that_hangs(command: Command, tmp_path: Path) -> None:
    with planted_drives(tmp_path, sicknesses=[Hang(at=3)]) as drives:
        running = command.start("erase", *addresses(drives), "--method", "zero", "--yes", "--json")
        wait_until_hung(drives[0])
        running.send_signal(signal.SIGTERM)
        wait_for_line(running, "Arrêt demandé")
        running.send_signal(signal.SIGINT)
        stopped = finish(running)
        assert stopped.status == 3
        assert stopped.lines[0]["resumable"]
        assert "Arrêt immédiat" in stopped.err
        resumed = command("resume", stopped.lines[0]["job"], "--json")
        assert [reason["code"] for reason in resumed.lines[0]["reasons"]] == ["remark-interrupted-operator-at-once"]


def test_an_unfinished_job_is_given_up_on_record(command: Command, tmp_path: Path) -> None:
    with planted_drives(tmp_path, sicknesses=[SLOW]) as drives:
        running = command.start("erase", *addresses(drives), "--method", "zero", "--yes", "--json")
        wait_for_line(running, "passe 1/1, écriture")
        running.send_signal(signal.SIGINT)
        job = finish(running).lines[0]["job"]
    gone = command("resume", "--json")
    assert gone.status == 2
    assert gone.lines[0]["reasons"][0]["code"] == "sim-off"
    assert command("resume", "--abandon").status == 2
    abandoned = command("resume", job, "--abandon", "--operator", "OP7", "--json")
    assert abandoned.status == 1
    assert (abandoned.lines[0]["verdict"], abandoned.lines[0]["resumable"]) == ("aborted", False)
    assert abandoned.lines[0]["failure_report"]
    assert command("resume").status == 0


def test_refusals_write_nothing_and_say_why(command: Command, drives: tuple[Path, ...], tmp_path: Path) -> None:
    first, second = addresses(drives)
    twice = command("erase", first, first, "--method", "zero", "--yes")
    missing = command("erase", first, f"sim:{tmp_path}/nowhere", "--method", "zero", "--yes")
    method = command("erase", first, "--method", "gutman", "--yes")
    unasked = command("erase", first, second, "--method", "zero")
    assert [done.status for done in (twice, missing, method, unasked)] == [2, 2, 2, 2]
    assert "mènent au même disque" in twice.err
    assert f"sim:{tmp_path}/nowhere" in missing.err
    assert "Rien n’a été écrit" in missing.err
    assert "gutmann" in method.err
    assert "--yes" in unasked.err
    assert all(survives(drive) for drive in drives)


def test_the_holder_of_the_state_is_named(command: Command, drives: tuple[Path, ...]) -> None:
    folder = StateFolder(command.state)
    folder.create()
    lock = StateLock(folder)
    try:
        done = command("--lang=en", "erase", addresses(drives)[0], "--method", "zero", "--yes")
    finally:
        lock.close()
    assert done.status == 2
    assert "held by process" in done.err


def test_a_typed_word_confirms_what_was_shown(command: Command, drives: tuple[Path, ...]) -> None:
    asked = ("erase", addresses(drives)[0], "--method", "zero")
    other = command.on_terminal(*asked, answer="oui\n", after="EFFACER")
    assert other.status == 2
    assert survives(drives[0])
    interrupted = command.on_terminal(*asked, answer="\x03", after="EFFACER")
    assert interrupted.status == 3
    assert survives(drives[0])
    confirmed = command.on_terminal(*asked, answer="EFFACER\n", after="EFFACER")
    assert confirmed.status == 0, confirmed.out
    for part in ("Disque d’essai", "ESSAI-0000", "4,2", "irréversible"):
        assert part in confirmed.out, part
    assert not survives(drives[0])


@pytest.mark.root
def test_erases_a_block_device(command: Command, tmp_path: Path) -> None:
    with loop_device(tmp_path / "disk", 8 * MIB) as node:
        shown = command("drives", node, "--json").lines[0]
        assert (shown["interface"], shown["may_be_erased"], shown["simulated"]) == ("loop", True, False)
        done = command("erase", node, "--method", "one", "--yes", "--json")
        assert done.status == 0, done.err
        assert (done.lines[0]["verdict"], done.lines[0]["simulated"]) == ("erased", False)
        assert "SIMULATION" not in done.err
        assert Path(node).read_bytes() == b"\xff" * (8 * MIB)
