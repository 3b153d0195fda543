"""Keys changed and revoked through the command line: the ledger goes on, and strangers can still check everything."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bench.keys import load_public, public_path
from bench.ledger.note import open_head
from bench.state import StateFolder, StateLock
from support.benches import addresses, planted_drives
from ui.cli.main import main

Run = Any


@pytest.fixture
def run(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    """The command over this test's own state folder; gives status, output and complaints."""

    def command(*arguments: str | Path, state: str = "state", language: str = "fr") -> tuple[int, str, str]:
        status = main(["--lang", language, "--state", str(tmp_path / state), *map(str, arguments)])
        done = capfd.readouterr()
        return status, done.out, done.err

    return command


def erase(run: Run, folder: Path) -> Path:
    """Erase a drive; the certificate file."""
    with planted_drives(folder) as drives:
        status, out, err = run("erase", "--method", "zero", "--yes", "--operator", "OP7", "--json", *addresses(drives))
    assert status == 0, err
    return folder.parent / "state" / "certificates" / f"{json.loads(out)['certificate']}.json"


def shown(run: Run) -> Any:
    status, out, err = run("keys", "show", "--json")
    assert status == 0, err
    return json.loads(out)


def verified(run: Run, *arguments: str | Path) -> tuple[int, str, list[str]]:
    """Status, overall and the codes of all checks, as somebody sees it who has nothing but these files."""
    status, out, err = run("certificate", "verify", *arguments, "--json", state="nowhere")
    assert out, err
    report = json.loads(out)
    return status, report["overall"], [check["code"] for check in report["checks"]]


def test_the_ledger_goes_on_across_a_rotation(run: Run, tmp_path: Path) -> None:
    status, out, _ = run("keys", "init", "--station", "Atelier 1", "--json")
    assert status == 0
    folder, donor = StateFolder(tmp_path / "state"), tmp_path / "donor"
    donor.mkdir()
    first = json.loads(out)["fingerprint"]
    shutil.copy(public_path(folder.key), donor / "first.pub")
    old = erase(run, tmp_path / "one")
    kept_head = run("ledger", "head")[1]
    (donor / "head.txt").write_text(kept_head, encoding="utf-8")

    status, out, err = run("keys", "rotate", "--reason", "Changement annuel", "--json")
    assert status == 0
    second = json.loads(out)["fingerprint"]
    assert second != first
    assert "donateurs" in err
    new = erase(run, tmp_path / "two")
    listed = donor / "station.keys.json"
    shutil.copy(folder.key.parent / "station.keys.json", listed)

    # The same ledger: numbers go on, the newest head is the new key's and covers what the old one signed.
    assert (old.stem, new.stem) == (f"TR-{first[:6].upper()}-000001", f"TR-{second[:6].upper()}-000002")
    head = open_head(run("ledger", "head")[1], load_public(public_path(folder.key)))
    assert head.size == 2
    assert open_head(kept_head, load_public(donor / "first.pub")).origin == head.origin
    status, out, _ = run("ledger", "verify", "--head", donor / "head.txt", "--json")
    assert (status, json.loads(out)["findings"], json.loads(out)["records"]) == (0, [], 2)
    assert run("ledger", "verify", "--key", listed, "--json")[0] == 0
    assert run("ledger", "verify", "--key", donor / "first.pub", "--json")[0] == 1

    for document, found in ((old, "check-key-retired"), (new, "check-key-passed")):
        for keys in ([listed], [donor / "first.pub", listed], [public_path(folder.key), listed]):
            options = [part for key in keys for part in ("--key", key)]
            status, overall, codes = verified(run, document, *options)
            assert (status, overall) == (0, "intact"), codes
            assert found in codes
    assert verified(run, new, "--key", donor / "first.pub")[:2] == (1, "unknown-key")
    assert verified(run, old, "--key", donor / "first.pub")[:2] == (0, "intact")
    # The station itself knows all its keys, and the page in words says which it was.
    assert "ancienne clé de la station" in run("certificate", "verify", old)[1]
    assert "earlier one of the station" in run("certificate", "verify", old, language="en")[1]


def test_a_proof_renewed_after_a_rotation_holds_with_the_list(run: Run, tmp_path: Path) -> None:
    old = erase(run, tmp_path / "one")
    first = tmp_path / "first.pub"
    shutil.copy(public_path(StateFolder(tmp_path / "state").key), first)
    assert run("keys", "rotate", "--reason", "Changement annuel")[0] == 0
    erase(run, tmp_path / "two")
    document = json.loads(old.read_bytes())
    status, out, _ = run("ledger", "prove", old.stem, "--json")
    assert status == 0
    proven = json.loads(out)
    document["proof"] = proven.get("proof", proven)
    renewed = tmp_path / "renewed.json"
    renewed.write_text(json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False), "utf-8")
    listed = tmp_path / "state" / "keys" / "station.keys.json"
    status, overall, codes = verified(run, renewed, "--key", first, "--key", listed)
    assert (status, overall) == (0, "intact"), codes
    assert "check-head-passed-other" in codes


def test_a_revoked_key_shows_in_amber_and_red_with_its_reason(run: Run, tmp_path: Path) -> None:
    document = erase(run, tmp_path / "one")
    first = shown(run)["fingerprint"]
    assert run("keys", "revoke", first, "--reason", "Station volée")[0] == 2
    assert len(shown(run)["list"]["keys"]) == 1, "nothing was changed"
    assert run("keys", "rotate", "--reason", "Changement annuel")[0] == 0
    listed = tmp_path / "state" / "keys" / "station.keys.json"
    before = listed.read_bytes()

    status, _, err = run("keys", "revoke", first[:12].upper(), "--reason", "Station volée")
    assert (status, "nouvelle liste" in err) == (0, True)
    assert shown(run)["list"]["keys"][0]["reason"] == "Station volée"
    status, overall, codes = verified(run, document, "--key", listed)
    assert (status, overall, "check-key-revoked-later" in codes) == (1, "doubtful-key", True)
    listed.write_bytes(before)

    status, _, _ = run("keys", "revoke", first[:12], "--reason", "Station volée", "--since", "2020-01-01")
    assert status == 0
    status, overall, codes = verified(run, document, "--key", listed)
    assert (status, overall, "check-key-revoked" in codes) == (1, "revoked-key", True)
    assert "Station volée" in run("certificate", "verify", document, "--key", listed)[1]
    assert "Revoked key" in run("certificate", "verify", document, "--key", listed, language="en")[1]
    assert run("keys", "revoke", first[:12], "--reason", "Encore")[0] == 2


def test_the_current_key_is_revoked_by_replacing_it(run: Run, tmp_path: Path) -> None:
    document = erase(run, tmp_path / "one")
    first = shown(run)["fingerprint"]
    shutil.copy(public_path(StateFolder(tmp_path / "state").key), tmp_path / "first.pub")
    assert run("keys", "revoke", first, "--reason", "Station volée", "--rotate")[0] == 0
    keys = shown(run)["list"]["keys"]
    assert [(item["status"], item["reason"]) for item in keys] == [
        ("revoked", "Station volée"),
        ("current", {"absent": "not-applicable"}),
    ]
    new = erase(run, tmp_path / "two")
    listed = tmp_path / "state" / "keys" / "station.keys.json"
    assert verified(run, document, "--key", listed)[1] == "doubtful-key"
    assert verified(run, new, "--key", listed)[1] == "intact"
    # Who knows only the stolen key cannot tell the station's list from a thief's.
    status, overall, codes = verified(run, new, "--key", tmp_path / "first.pub", "--key", listed)
    assert (status, overall, "check-key-behind-revoked" in codes) == (1, "unknown-key", True)


def test_keys_are_made_once_and_only_by_who_holds_the_folder(run: Run, tmp_path: Path) -> None:
    for line in (("show",), ("rotate", "--reason", "x"), ("revoke", "00" * 32, "--reason", "x")):
        status, out, err = run("keys", *line)
        assert (status, out) == (2, "")
        assert "tablerase keys init" in err.replace("\n", " ")
    assert not (tmp_path / "state").exists()
    assert run("keys", "init")[0] == 0
    before = (tmp_path / "state" / "keys" / "station.key").read_bytes()
    assert run("keys", "init")[0] == 2
    assert (tmp_path / "state" / "keys" / "station.key").read_bytes() == before
    lock = StateLock(StateFolder(tmp_path / "state"))
    try:
        assert run("keys", "show")[0] == 0
        assert run("keys", "rotate", "--reason", "x")[0] == 2
    finally:
        lock.close()


def test_a_bench_reads_its_keys_only_once_nobody_can_change_them(run: Run, tmp_path: Path) -> None:
    folder = StateFolder(tmp_path / "state")
    folder.create()
    lock = StateLock(folder)
    try:
        assert run("resume")[0] == 2
    finally:
        lock.close()
    assert list(folder.key.parent.iterdir()) == []
    assert run("resume")[0] == 0
    assert (folder.key.parent / "station.keys.json").exists()


def test_what_is_mistyped_changes_nothing(run: Run, tmp_path: Path) -> None:
    assert run("keys", "init")[0] == 0
    listed = tmp_path / "state" / "keys" / "station.keys.json"
    before, name = listed.read_bytes(), shown(run)["fingerprint"]
    for line in (
        ("rotate",),
        ("rotate", "--reason", "  "),
        ("rotate", "--reason", "x" * 301),
        ("rotate", "--reason", "deux\nlignes"),
        ("revoke", name[:7], "--reason", "x", "--rotate"),
        ("revoke", "zz", "--reason", "x"),
        ("revoke", name, "--reason", "x", "--rotate", "--since", "hier"),
        ("revoke", name, "--reason", "x", "--rotate", "--since", "2999-01-01"),
    ):
        status, out, err = run("keys", *line)
        assert (status, out, bool(err)) == (2, "", True), line
    assert listed.read_bytes() == before


def test_no_rotation_while_documents_wait_for_the_old_seal(run: Run, tmp_path: Path) -> None:
    erase(run, tmp_path / "one")
    folder = StateFolder(tmp_path / "state")
    with closing(sqlite3.connect(folder.journal)) as database:
        database.execute("UPDATE outbox SET done = ''")
        database.commit()
    status, _, err = run("keys", "rotate", "--reason", "Changement annuel")
    assert status == 2
    assert "tablerase resume" in err
    assert len(shown(run)["list"]["keys"]) == 1
    assert run("resume")[0] == 0
    assert run("keys", "rotate", "--reason", "Changement annuel")[0] == 0


def test_the_seal_in_the_records_is_that_of_its_time(run: Run, tmp_path: Path) -> None:
    old = erase(run, tmp_path / "one")
    assert run("keys", "rotate", "--reason", "Changement annuel")[0] == 0
    new = erase(run, tmp_path / "two")
    seals = [json.loads(document.read_bytes())["record"]["document"]["seal"] for document in (old, new)]
    assert seals[1] == shown(run)["seal"]["sha256"]
    assert seals[0] != seals[1]


def test_the_seal_names_the_workshop_of_the_settings(run: Run, tmp_path: Path) -> None:
    own = tmp_path / "settings.toml"
    own.write_text('[workshop]\nname = "Atelier d’essai"\n', encoding="utf-8")
    status, out, err = run("keys", "init", "--station", "Banc 1", "--settings", own, "--json")
    assert status == 0, err
    assert json.loads(out)["seal"]["subject"] == "CN=Banc 1,O=Atelier d’essai"
    assert run("keys", "rotate", "--reason", "Changement annuel", "--settings", own)[0] == 0
    assert shown(run)["seal"]["subject"] == "CN=Banc 1,O=Atelier d’essai"
