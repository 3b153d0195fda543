"""Donor, lot and corrections through the real command, in both languages: asked, journalled, printed, corrected."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from support.benches import addresses, planted_drives
from support.command import Command
from support.in_process import InProcess, said
from ui.cli.main import main

DONOR = """
[donor]
name = "Région Hauts-de-France"
address = ["151, avenue du Président-Hoover", "59555 Lille Cedex"]
siret = "200 053 742 00017"
contact = "dpo@example.org"
"""
SETTINGS = """
[workshop]
name = "Atelier de réemploi"
siret = "73282932000074"

[donor]
name = "Kadıköy Belediyesi"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("bench")
    (where / "donor.toml").write_text(DONOR, encoding="utf-8")
    (where / "settings.toml").write_text(SETTINGS, encoding="utf-8")
    return where


@pytest.fixture(scope="module")
def state(folder: Path) -> Path:
    """A station that erased three drives: for a donor of its own, for the settings', and for nobody named."""
    where = folder / "state"
    settings = ["--settings", str(folder / "settings.toml")]
    asked: tuple[list[str], ...] = (
        ["--donor", str(folder / "donor.toml"), "--donor-reference", "INV 12", "--lot", "BR-2026-017", *settings],
        ["--donor-reference", "B-7", *settings],
        [],
    )
    for place, options in enumerate(asked):
        with planted_drives(folder / str(place)) as drives:
            given = ["--method", "zero", "--yes", "--operator", "OP-07", *options]
            assert main(["--state", str(where), "erase", *addresses(drives), *given]) == 0
    return where


@pytest.fixture
def run(state: Path, capfd: pytest.CaptureFixture[str]) -> InProcess:
    return InProcess(state, capfd)


def record(run: InProcess, number: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("certificate", "show", number, "--json").out)["record"]
    return found


def numbers(run: InProcess) -> list[str]:
    return [item["number"] for item in run("certificate", "list", "--json").lines]


def test_who_gave_and_who_worked_stand_in_the_record(run: InProcess) -> None:
    first, second, third = (record(run, number) for number in numbers(run)[:3])
    not_given = {"absent": "not-given"}
    workshop = {
        "name": "Atelier de réemploi", "siret": "73282932000074", "address": not_given, "contact": not_given
    }  # fmt: skip
    assert first["parties"] == {
        "donor": {
            "name": "Région Hauts-de-France",
            "address": "151, avenue du Président-Hoover\n59555 Lille Cedex",
            "siret": "20005374200017",
            "contact": "dpo@example.org",
            "reference": "INV 12",
        },
        "refurbisher": workshop,
        "operator": "OP-07",
        "validator": {"absent": "reserved-for-donor"},
    }
    assert (first["custody"]["lot"], second["custody"]["lot"]) == ("BR-2026-017", not_given)
    assert (second["parties"]["donor"]["name"], second["parties"]["donor"]["reference"]) == (
        "Kadıköy Belediyesi",
        "B-7",
    )
    assert (third["parties"]["donor"], third["parties"]["refurbisher"]) == (not_given, not_given)


def test_the_operator_sees_whose_drives_these_are_before_arming(run: InProcess, folder: Path) -> None:
    with planted_drives(folder / "asked") as drives:
        options = ["--method", "zero", "--donor", str(folder / "donor.toml"), "--lot", "BR-9"]
        done = Command(run.state).on_terminal("erase", *addresses(drives), *options, answer="non\n", after="tapez")
    assert done.status == 2
    assert "Donateur : Région Hauts-de-France" in said(done)
    assert "Lot : BR-9" in said(done)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--donor-reference", "12"], "aucun donateur"),
        (["--operator", "Marie Martin"], "Un code, pas un nom"),
        (["--lot", "L" * 81], "au plus 80"),
        (["--donor", "nowhere.toml"], "nowhere.toml"),
    ],
)
def test_what_may_not_stand_on_a_certificate_is_refused_before_anything(
    run: InProcess, tmp_path: Path, options: list[str], expected: str
) -> None:
    done = run("erase", f"sim:{tmp_path}/none", "--method", "zero", "--yes", *options)
    assert (done.status, done.out) == (2, "")
    assert expected in said(done)


def test_a_wrong_siret_is_named_with_its_file(run: InProcess, tmp_path: Path) -> None:
    file = tmp_path / "donor.toml"
    file.write_text(DONOR.replace("00017", "00018"), encoding="utf-8")
    done = run("erase", f"sim:{tmp_path}/none", "--method", "zero", "--yes", "--donor", file)
    assert done.status == 2
    assert "donor.siret" in done.err
    assert "clé de contrôle" in done.err


def test_a_correction_from_start_to_end_in_both_languages(run: InProcess, folder: Path, tmp_path: Path) -> None:
    english, first = run.speaking("en"), numbers(run)[0]
    original = run.state / "certificates" / f"{first}.json"
    before = original.read_bytes()
    reason = "Le lot était celui de la veille."
    done = run("certificate", "correct", first, "--reason", reason, "--lot", "BR-2026-018", "--by", "OP-01", "--json")
    assert done.status == 0, done.err
    (new,) = done.lines
    assert (new["version"], new["supersedes"]) == (2, {"number": first, "reason": reason})
    assert len(new["files"]) == 3
    assert original.read_bytes() == before
    old, made = record(run, first), record(run, new["number"])
    assert made["document"]["supersedes"] == {"number": first, "reason": reason}
    assert (made["custody"]["lot"], old["custody"]["lot"]) == ("BR-2026-018", "BR-2026-017")
    assert made["parties"] == old["parties"]
    assert [made[part] for part in ("drive", "result", "evidence")] == [
        old[part] for part in ("drive", "result", "evidence")
    ]

    # Beside the ledger the old one says what took its place; for a stranger it is what it was.
    for command, words in ((run, "remplacé par le n°"), (english, "superseded by no.")):
        for line in (("show", first), ("show", first, "--json"), ("list",), ("verify", original)):
            done = command("certificate", *line)
            assert done.status == 0, done.err
            assert words in said(done), line
            assert reason in said(done), line
    (report,) = run("certificate", "verify", original, "--json").lines
    assert (report["overall"], report["standing"]) == ("intact", "superseded")
    assert (report["superseded_by"], report["superseded_why"]) == (new["number"], reason)
    key = run.state / "keys" / "station.key.pub"
    stranger = run.at(tmp_path / "nowhere")
    (report,) = stranger("certificate", "verify", original, "--key", key, "--json").lines
    assert (report["overall"], report["standing"], report["superseded_by"]) == ("intact", None, None)

    # A second correction takes the place of the first one, never of the original.
    done = run("certificate", "correct", first, "--reason", "Encore.", "--lot", "X")
    assert done.status == 2
    assert new["number"] in done.err
    again = ["--reason", "Donor named.", "--donor", str(folder / "donor.toml"), "--donor-reference", "INV 13"]
    done = english("certificate", "correct", new["number"], *again)
    assert done.status == 0
    latest = numbers(run)[-1]
    assert latest in done.err
    assert f"La dernière version est le n° {latest}" in said(run("certificate", "verify", original))

    (audit,) = run("ledger", "verify", "--json").lines
    assert (audit["intact"], audit["superseded"], audit["records"]) == (True, 2, 5)
    assert "remplacent d’autres" in run("ledger", "verify").out


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--lot", "X"], "Il manque l’option --reason"),
        (["--reason", " ", "--lot", "X"], "Le motif est vide"),
        (["--reason", "Rien."], "Rien ne changerait"),
        (["--reason", "x" * 301, "--lot", "X"], "au plus 300"),
    ],
)
def test_a_correction_that_says_nothing_is_refused(run: InProcess, options: list[str], expected: str) -> None:
    third = numbers(run)[2]
    count = len(numbers(run))
    done = run("certificate", "correct", third, *options)
    assert (done.status, done.out) == (2, "")
    assert expected in said(done)
    assert len(numbers(run)) == count


def test_a_document_that_is_not_the_ledgers_is_told_from_it(run: InProcess, tmp_path: Path) -> None:
    """Another record under the same number: signature and all, it is another document."""
    third = numbers(run)[2]
    document = json.loads((run.state / "certificates" / f"{third}.json").read_bytes())
    document["record"]["custody"]["lot"] = "AUTRE"
    other = tmp_path / "other.json"
    other.write_text(json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")), encoding="utf-8")
    (report,) = run("certificate", "verify", other, "--json").lines
    assert (report["overall"], report["standing"]) == ("altered", "different")


def test_correcting_in_a_folder_that_was_never_used_creates_nothing(run: InProcess, tmp_path: Path) -> None:
    done = run.at(tmp_path / "nowhere")("certificate", "correct", "TR-000000-000001", "--reason", "x", "--lot", "y")
    assert done.status == 2
    assert not (tmp_path / "nowhere").exists()
