"""Certificates, ledger and never-erase list through the command line: read by anyone, even while a bench works."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bench.keys import public_path
from bench.state import StateFolder, StateLock
from drivers.sim.faults import BadSectors
from support.benches import addresses, planted_drives
from ui.cli.main import main

Run = Any


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StateFolder]:
    """A state folder with one certificate and one failure report, held by somebody else."""
    root = tmp_path_factory.mktemp("bench")
    folder = StateFolder(root / "state")
    given = ["--state", str(folder.root), "erase", "--method", "zero", "--yes", "--operator", "OP7"]
    with planted_drives(root / "good") as good:
        assert main([*given, *addresses(good)]) == 0
    with planted_drives(root / "bad", sicknesses=[BadSectors(first=0, count=1)]) as bad:
        assert main([*given, *addresses(bad)]) == 1
    lock = StateLock(folder)
    yield folder
    lock.close()


@pytest.fixture
def run(bench: StateFolder, capfd: pytest.CaptureFixture[str]) -> Run:
    def command(*arguments: str | Path) -> tuple[int, str, str]:
        status = main(["--lang", "fr", "--state", str(bench.root), *map(str, arguments)])
        done = capfd.readouterr()
        return status, done.out, done.err

    return command


def copied(bench: StateFolder, where: Path, *changes: str) -> StateFolder:
    """A copy of a journal, changed as only somebody with the file in hand can."""
    copy = StateFolder(where / "copy")
    copy.root.mkdir(parents=True)
    with closing(sqlite3.connect(bench.journal)) as source, closing(sqlite3.connect(copy.journal)) as target:
        source.backup(target)
        for table in ("events", "records"):
            for verb in ("UPDATE", "DELETE"):
                target.execute(f"DROP TRIGGER {table}_never_{verb}")
        for change in changes:
            target.execute(change)
        target.commit()
    return copy


def values(out: str) -> list[Any]:
    return [json.loads(line) for line in out.splitlines()]


def test_records_are_listed(run: Run) -> None:
    status, out, _ = run("certificate", "list", "--json")
    assert status == 0
    assert [(item["kind"], item["verdict"], item["serial"], item["simulated"]) for item in values(out)] == [
        ("erasure-certificate", "erased", "ESSAI-0000", True),
        ("failure-report", "failed", "ESSAI-0000", True),
    ]
    _, table, _ = run("certificate", "list")
    for item in values(out):
        assert item["number"] in table
    assert "À DÉTRUIRE" in table


def test_a_document_is_shown_in_words_and_as_signed(run: Run, bench: StateFolder) -> None:
    numbers = [item["number"] for item in values(run("certificate", "list", "--json")[1])]
    status, page, _ = run("certificate", "show", numbers[0])
    assert status == 0
    for part in ("Attestation d’effacement", "ESSAI-0000", "OP7", "SIMULATION", "relu à 100"):
        assert part in page, part
    assert "N’ATTESTE AUCUN EFFACEMENT" in run("certificate", "show", numbers[1])[1]
    _, document, _ = run("certificate", "show", numbers[0], "--json")
    assert document.encode() == (bench.certificates / f"{numbers[0]}.json").read_bytes()
    status, _, err = run("certificate", "show", "TR-000000-000009")
    assert status == 2
    assert "TR-000000-000009" in err


def test_exported_documents_verify_with_the_public_key_alone(run: Run, bench: StateFolder, tmp_path: Path) -> None:
    status, out, _ = run("certificate", "export", "--to", tmp_path / "donor", "--json")
    assert status == 0
    files = [Path(name) for item in values(out) for name in item["files"]]
    assert sorted(files) == sorted((tmp_path / "donor").iterdir())
    assert len(files) == 6
    documents = [file for file in files if file.suffix == ".json"]
    stranger, key = ["--state", tmp_path / "none"], ["--key", public_path(bench.key)]
    status, out, _ = run("certificate", "verify", *documents, *stranger, *key, "--json")
    assert (status, [item["overall"] for item in values(out)]) == (0, ["intact", "intact"])
    status, out, _ = run("certificate", "verify", documents[0], *stranger)
    assert status == 1
    assert "Clé inconnue" in out
    assert not (tmp_path / "none").exists()


def test_an_altered_document_is_named(run: Run, bench: StateFolder, tmp_path: Path) -> None:
    original = next(bench.certificates.glob("*1.json"))
    forged = tmp_path / "forged.json"
    forged.write_bytes(original.read_bytes().replace(b"ESSAI-0000", b"ESSAI-0001"))
    status, out, _ = run("certificate", "verify", original, forged, "--json")
    assert status == 1
    assert {item["file"]: item["overall"] for item in values(out)} == {str(original): "intact", str(forged): "altered"}
    assert "Document altéré" in run("certificate", "verify", forged)[1]


def test_the_ledger_is_checked_against_a_kept_head(run: Run, tmp_path: Path) -> None:
    status, note, _ = run("ledger", "head")
    assert status == 0
    kept = tmp_path / "head.txt"
    kept.write_text(note, encoding="utf-8")
    assert values(run("ledger", "head", "--json")[1])[0]["size"] == 2
    status, out, _ = run("ledger", "verify", "--head", kept, "--json")
    assert (status, values(out)[0]["intact"], values(out)[0]["records"]) == (0, True, 2)
    assert "2 enregistrements" in run("ledger", "verify")[1]


def test_tampering_with_the_ledger_is_found_and_named(run: Run, bench: StateFolder, tmp_path: Path) -> None:
    forge = "UPDATE records SET canonical = CAST(replace(canonical, 'ESSAI-0000', 'ESSAI-0009') AS BLOB)"
    copy = copied(bench, tmp_path, f"{forge} WHERE position = 1")
    key = public_path(bench.key)
    status, out, _ = run("ledger", "verify", "--state", copy.root, "--key", key, "--json")
    assert status == 1
    assert "audit-record-altered" in [finding["code"] for finding in values(out)[0]["findings"]]
    assert "Registre altéré" in run("ledger", "verify", "--state", copy.root, "--key", key)[1]


def test_a_damaged_journal_is_refused_in_words(run: Run, tmp_path: Path) -> None:
    folder = StateFolder(tmp_path / "damaged")
    folder.root.mkdir()
    folder.journal.write_bytes(b"not a database, by any means")
    status, _, err = run("certificate", "list", "--state", folder.root)
    assert status == 2
    assert str(folder.journal) in err


def test_a_journal_of_a_later_version_is_refused_in_words(run: Run, bench: StateFolder, tmp_path: Path) -> None:
    later = copied(bench, tmp_path, "UPDATE events SET version = 99 WHERE type = 'job-planned'")
    for line in (("resume", "--list"), ("protect", "--list")):
        assert run(*line, "--state", later.root)[0] == 0
    broken = copied(
        bench, tmp_path / "b", "DELETE FROM events WHERE type = 'concluded'", "UPDATE events SET version = 99"
    )
    status, out, err = run("resume", "--list", "--state", broken.root)
    assert (status, out) == (2, "")
    assert "version 99" in err


def test_looking_creates_nothing(run: Run, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    assert run("drives", f"sim:{tmp_path}/none", "--state", nowhere)[0] == 0
    assert run("plan", f"sim:{tmp_path}/none", "--method", "zero", "--state", nowhere)[0] == 2
    for line in (("certificate", "list"), ("ledger", "verify"), ("protect", "--list"), ("resume", "--list")):
        status, out, err = run(*line, "--state", nowhere)
        assert (status, out) == (2, "")
        assert str(nowhere) in err.replace("\n", "")
    assert not nowhere.exists()


def test_a_protected_drive_is_refused_until_it_is_taken_off(run: Run, tmp_path: Path) -> None:
    state = ("--state", tmp_path / "other")
    with planted_drives(tmp_path) as drives:
        (address,) = addresses(drives)
        assert run("protect", "essai 0000", "--why", "modèle de l’atelier", *state)[0] == 0
        (entry,) = values(run("protect", "--list", "--json", *state)[1])
        assert (entry["name"], entry["why"]) == ("essai 0000", "modèle de l’atelier")
        status, out, _ = run("plan", address, "--method", "zero", "--json", *state)
        assert (status, [reason["code"] for reason in values(out)[0]["reasons"]]) == (2, ["guard-protected"])
        assert not values(run("drives", address, "--json", *state)[1])[0]["may_be_erased"]
        assert run("protect", "--remove", "ESSAI-0000", *state)[0] == 0
        assert run("protect", "--remove", "ESSAI-0000", *state)[0] == 2
        status, out, _ = run("plan", address, "--method", "gutmann", "--verify", "sample:5%", "--json", *state)
        assert (status, values(out)[0]["passes"][-1]["verify"]) == (0, "sample:5%")
        assert "sondage 5" in run("plan", address, "--method", "gutmann", "--verify", "sample:5%", *state)[1]


def test_a_sites_own_methods_are_named_as_such(run: Run, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        '[[method]]\nkey = "maison"\nname = "Maison"\nsource = "Atelier"\npasses = ["AB"]\n', encoding="utf-8"
    )
    status, out, _ = run("methods", "maison", "--methods-file", own)
    assert status == 0
    assert "méthode propre à l’atelier" in " ".join(out.split())
    assert run("methods", "maison")[0] == 2
