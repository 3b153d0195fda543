"""Sealed PDFs through the command line: checked by strangers, given out, written again."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.keys import public_path
from bench.state import StateFolder, StateLock
from support import sealed_samples as samples
from support.benches import addresses, planted_drives
from support.time_authority import Authority, time_authority
from ui.cli.main import main

Run = Any


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with time_authority(tmp_path_factory.mktemp("tsa") / "tsa") as running:
        yield running


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> StateFolder:
    """A state folder with one certificate, stamped."""
    root = tmp_path_factory.mktemp("bench")
    folder = StateFolder(root / "state")
    settings = root / "settings.toml"
    settings.write_text(f'[paper]\ntsa = "{authority.url}"\ntsa_ca = "{authority.ca}"\n', encoding="utf-8")
    given = ["--state", str(folder.root), "erase", "--method", "zero", "--yes", "--settings", str(settings)]
    with planted_drives(root / "drives") as drives:
        assert main([*given, *addresses(drives)]) == 0
    return folder


@pytest.fixture
def run(bench: StateFolder, capfd: pytest.CaptureFixture[str]) -> Run:
    def command(*arguments: str | Path, language: str = "fr") -> tuple[int, str, str]:
        status = main(["--lang", language, "--state", str(bench.root), *map(str, arguments)])
        done = capfd.readouterr()
        return status, " ".join(done.out.split()), done.err

    return command


def page(bench: StateFolder) -> Path:
    return next(bench.certificates.glob("*.fr.pdf"))


def told(out: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(out)
    return value


def outcomes(out: str) -> dict[str, str]:
    return {check["subject"]: check["outcome"] for check in told(out)["checks"]}


def test_a_pdf_is_checked_with_its_seal_and_time_stamp(run: Run, bench: StateFolder, authority: Authority) -> None:
    status, out, _ = run("certificate", "verify", page(bench), "--tsa-ca", authority.ca)
    assert status == 0
    for part in (
        "Document inchangé depuis son émission",
        "Cela ne prouve pas, à soi seul, que l’effacement a eu lieu",
        "Le sceau couvre tout le PDF",
        "Le sceau est celui de la station",
        "dit « Essai TSA », autorité à laquelle vous vous fiez",
    ):
        assert part in out.replace("\N{NO-BREAK SPACE}", " "), part
    status, out, _ = run("certificate", "verify", page(bench), "--tsa-ca", authority.ca, "--json")
    assert (status, told(out)["overall"]) == (0, "intact")
    assert list(outcomes(out)) == ["pdf", *SUBJECTS, "seal", "sealed-by", "stamp"]
    assert set(outcomes(out).values()) == {"passed"}


SUBJECTS = ("readable", "form", "schema", "signature", "key", "leaf", "inclusion", "head")


def test_a_stamp_by_an_authority_that_was_not_named_is_amber(run: Run, bench: StateFolder) -> None:
    status, out, _ = run("certificate", "verify", page(bench), "--json")
    assert (status, outcomes(out)["stamp"]) == (0, "unknown")
    assert "says “Essai TSA”, which you have not named" in run("certificate", "verify", page(bench), language="en")[1]


def test_the_authorities_may_come_from_the_settings(
    run: Run, bench: StateFolder, authority: Authority, tmp_path: Path
) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text(f'[paper]\ntsa_ca = "{authority.ca}"\n', encoding="utf-8")
    _, out, _ = run("certificate", "verify", page(bench), "--settings", settings, "--json")
    assert outcomes(out)["stamp"] == "passed"
    status, _, err = run("certificate", "verify", page(bench), "--tsa-ca", tmp_path / "nowhere")
    assert status == 2
    assert "nowhere" in err


def test_a_stranger_sees_amber_until_they_have_the_key(run: Run, bench: StateFolder, tmp_path: Path) -> None:
    stranger = ["--state", tmp_path / "none"]
    status, out, _ = run("certificate", "verify", page(bench), *stranger, "--json")
    assert (status, told(out)["overall"], outcomes(out)["seal"]) == (1, "unknown-key", "passed")
    key = ["--key", public_path(bench.key)]
    assert run("certificate", "verify", page(bench), *stranger, *key)[0] == 0
    assert not (tmp_path / "none").exists()


def test_tampering_is_told_apart(run: Run, bench: StateFolder, tmp_path: Path) -> None:
    genuine = page(bench).read_bytes()
    altered = bytearray(genuine)
    altered[100] ^= 1
    cases = {
        "appended.pdf": (samples.updated(genuine), "altered", "certificate-pages-altered"),
        "altered.pdf": (bytes(altered), None, None),
        "foreign.pdf": (samples.sealed(samples.page()), "unknown-key", "certificate-unknown-key"),
        "text.pdf": (b"Bonjour", "unreadable", "certificate-unreadable"),
        "cut.pdf": (genuine[:5000], "unreadable", "certificate-unreadable"),
    }
    for name, (content, overall, message) in cases.items():
        (tmp_path / name).write_bytes(content)
        status, out, _ = run("certificate", "verify", tmp_path / name, "--json")
        assert status == 1, name
        if overall is None:
            assert told(out)["overall"] in {"altered", "unreadable"}
        else:
            assert (told(out)["overall"], told(out)["message"]["code"]) == (overall, message), name


def test_files_of_both_kinds_are_checked_in_one_go(run: Run, bench: StateFolder) -> None:
    status, out, _ = run("certificate", "verify", *sorted(bench.certificates.iterdir()))
    assert status == 0
    assert out.count("Document inchangé depuis son émission") == 3


def test_documents_are_given_out_as_they_were_issued(run: Run, bench: StateFolder, tmp_path: Path) -> None:
    lock = StateLock(bench)
    try:
        status, out, _ = run("certificate", "export", "--to", tmp_path / "donor", "--json")
    finally:
        lock.close()
    assert status == 0
    given = {Path(name).name: Path(name).read_bytes() for name in told(out)["files"]}
    assert given == {path.name: path.read_bytes() for path in bench.certificates.iterdir()}


def test_what_is_missing_or_damaged_is_written_again(run: Run, bench: StateFolder, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in bench.certificates.iterdir()}
    number = page(bench).name.split(".")[0]
    page(bench).write_bytes(before[page(bench).name][:-1])
    status, _, err = run("certificate", "export", "--to", tmp_path / "donor")
    assert status == 2
    assert "certificate rebuild" in err
    assert not (tmp_path / "donor").exists()
    (bench.certificates / f"{number}.json").unlink()
    status, out, _ = run("certificate", "rebuild", "--json")
    assert (status, told(out)) == (0, {"rebuilt": [number], "intact": 0, "failed": []})
    assert {path.name: path.read_bytes() for path in bench.certificates.iterdir()} == before
    status, out, _ = run("certificate", "rebuild", number)
    assert status == 0
    assert "Rien ne manquait" in out


def test_rebuilding_waits_for_nobody_who_holds_the_bench(run: Run, bench: StateFolder) -> None:
    lock = StateLock(bench)
    try:
        status, _, err = run("certificate", "rebuild")
    finally:
        lock.close()
    assert status == 2
    assert str(os.getpid()) in err


def test_an_unknown_number_is_refused(run: Run) -> None:
    status, _, err = run("certificate", "rebuild", "TR-000000-000009")
    assert status == 2
    assert "TR-000000-000009" in err
