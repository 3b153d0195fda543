"""Keys kept outside the station: a file, a printed sheet, and a station that goes on with the same keys."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pymupdf
import pytest
import zxingcpp
from PIL import Image

from bench.keys import public_path
from bench.state import StateFolder
from support.benches import addresses, planted_drives
from support.command import Command
from support.key_samples import PASSPHRASE
from ui.cli.main import main

Run = Any
open_pdf: Any = pymupdf.open  # pymupdf carries no annotations
DPI = 150


@pytest.fixture
def run(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    """The command over a state folder of this test, its passphrase in a file."""
    (tmp_path / "passphrase").write_text(f"{PASSPHRASE}\n", encoding="utf-8")

    def command(*arguments: str | Path, state: str = "state", language: str = "fr") -> tuple[int, str, str]:
        status = main(["--lang", language, "--state", str(tmp_path / state), *map(str, arguments)])
        done = capfd.readouterr()
        return status, done.out, done.err

    return command


def fingerprint(run: Run, state: str = "state") -> str:
    status, out, err = run("keys", "show", "--json", state=state)
    assert status == 0, err
    return str(json.loads(out)["fingerprint"])


def restored(run: Run, tmp_path: Path, text: str, state: str) -> tuple[int, str]:
    """Restore typed text into a folder; the status and what was complained of."""
    (tmp_path / f"{state}.txt").write_text(text, encoding="utf-8")
    status, _, err = run(
        "keys", "restore", tmp_path / f"{state}.txt", "--passphrase-file", tmp_path / "passphrase", state=state
    )
    return status, err


def test_a_restored_station_goes_on_with_the_same_keys(run: Run, tmp_path: Path) -> None:
    assert run("keys", "init", "--station", "Atelier 1")[0] == 0
    backup = tmp_path / "keys.txt"
    given = ("--passphrase-file", tmp_path / "passphrase")
    status, out, _ = run("keys", "backup", "--to", backup, *given)
    assert (status, str(backup) in out.replace("\n", "")) == (0, True)
    assert backup.stat().st_mode & 0o777 == 0o600
    assert run("keys", "backup", "--to", backup, *given)[0] == 2, "it exists"

    status, _, err = run("keys", "restore", backup, *given, state="again")
    assert status == 0, err
    assert fingerprint(run, "again") == fingerprint(run)
    with planted_drives(tmp_path / "one") as drives:
        line = ("erase", "--method", "zero", "--yes", "--operator", "OP7", "--json", *addresses(drives))
        status, out, err = run(*line, state="again")
    assert status == 0, err
    number = json.loads(out)["certificate"]
    document = tmp_path / "again" / "certificates" / f"{number}.json"
    assert json.loads(document.read_bytes())["record"]["custody"]["station"] == "Atelier 1"
    key = public_path(StateFolder(tmp_path / "state").key)
    assert run("certificate", "verify", document, "--key", key, state="nowhere")[0] == 0

    # A backup from before a rotation would bring back a key that is no longer in force.
    assert run("keys", "rotate", "--reason", "Changement annuel")[0] == 0
    status, _, err = run("keys", "restore", backup, *given)
    assert status == 2
    assert "autre clé" in err


def test_mistakes_in_restoring_are_named(run: Run, tmp_path: Path) -> None:
    assert run("keys", "init")[0] == 0
    backup = tmp_path / "keys.txt"
    assert run("keys", "backup", "--to", backup, "--passphrase-file", tmp_path / "passphrase")[0] == 0
    text = backup.read_text("utf-8")
    seventh = re.search(r"^07: (.)", text, re.MULTILINE)
    assert seventh is not None
    wrong = text[: seventh.start(1)] + ("A" if seventh[1] != "A" else "B") + text[seventh.end(1) :]
    status, err = restored(run, tmp_path, wrong, "wrong")
    assert (status, "La ligne 7 est mal recopiée" in err) == (2, True)
    assert not (tmp_path / "wrong").exists()
    (tmp_path / "passphrase").write_text("une tout autre phrase\n", encoding="utf-8")
    status, err = restored(run, tmp_path, text, "other")
    assert (status, "phrase secrète" in err) == (2, True)
    (tmp_path / "passphrase").write_text("courte\n", encoding="utf-8")
    assert run("keys", "backup", "--to", tmp_path / "b", "--passphrase-file", tmp_path / "passphrase")[0] == 2
    status, _, err = run("keys", "backup", "--to", tmp_path / "b")
    assert (status, "--passphrase-file" in err) == (2, True)
    assert not (tmp_path / "b").exists()


def test_the_passphrase_is_typed_unseen(tmp_path: Path) -> None:
    command = Command(tmp_path / "state")
    assert command("keys", "init").status == 0
    line = ("keys", "backup", "--to", tmp_path / "keys.txt")
    first, second = "Phrase secrète", "Encore une fois"
    answers = [(first, f"{PASSPHRASE}\n"), (second, f"{PASSPHRASE}\n")]
    done = command.conversation(*line, answers=answers)
    assert done.status == 0, done.out
    assert PASSPHRASE not in done.out
    done = command.conversation("keys", "sheet", "--to", tmp_path / "s.pdf", answers=[answers[0], (second, "autre\n")])
    assert done.status == 2
    assert not (tmp_path / "s.pdf").exists()


@pytest.fixture
def sheet(run: Run, tmp_path: Path) -> Path:
    assert run("keys", "init", "--station", "Atelier de l’Été à Łódź")[0] == 0
    path = tmp_path / "sheet.pdf"
    status, _, err = run("keys", "sheet", "--to", path, "--passphrase-file", tmp_path / "passphrase")
    assert status == 0, err
    return path


def test_a_printed_sheet_is_restored_from_its_pictures(run: Run, tmp_path: Path, sheet: Path) -> None:
    """Rendered as a scanner would see it, in grey at 150 dpi."""
    scanned = []
    with open_pdf(sheet) as document:
        for page in document:
            pixels = page.get_pixmap(dpi=DPI, colorspace=pymupdf.csGRAY)
            picture = Image.frombytes("L", (pixels.width, pixels.height), pixels.samples)
            scanned += [code.text for code in zxingcpp.read_barcodes(picture)]
    assert len(scanned) >= 4
    status, err = restored(run, tmp_path, "\n".join(scanned), "scanned")
    assert status == 0, err
    assert fingerprint(run, "scanned") == fingerprint(run)


def test_a_printed_sheet_is_restored_from_its_text(run: Run, tmp_path: Path, sheet: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("needs pdftotext")
    done = subprocess.run(["pdftotext", "-layout", sheet, "-"], capture_output=True, check=True, timeout=20)
    text = done.stdout.decode()
    for part in ("Feuille de secours", "Atelier de l’Été à Łódź", fingerprint(run)[:4], "keys restore"):
        assert part in text, part
    assert PASSPHRASE not in text
    status, err = restored(run, tmp_path, text, "typed")
    assert status == 0, err
    assert fingerprint(run, "typed") == fingerprint(run)


def test_a_sheet_is_a_few_pages_in_both_languages(run: Run, tmp_path: Path, sheet: Path) -> None:
    english = tmp_path / "en.pdf"
    line = ("keys", "sheet", "--to", english, "--passphrase-file", tmp_path / "passphrase")
    assert run(*line, language="en")[0] == 0
    for path, title, language in ((sheet, "Feuille de secours", "fr"), (english, "Recovery sheet", "en")):
        with open_pdf(path) as document:
            assert document.page_count == 2
            assert title in document[0].get_text()
            assert document.xref_get_key(document.pdf_catalog(), "Lang")[1].startswith(language)
        assert path.stat().st_mode & 0o777 == 0o600
