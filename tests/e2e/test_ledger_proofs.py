"""The ledger's proofs through the real command, checked by somebody who has only what was printed."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

import pytest
from sqlite_utils import Database

from bench.journal import book
from bench.ledger.merkle import leaf_hash
from bench.ledger.note import TreeHead, sign_head
from support import evidence_samples as sample
from support import ledgers, rfc9162
from support.command import Command
from support.in_process import InProcess

SIZE = 13


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ledgers.filled(tmp_path_factory.mktemp("ledger"), SIZE)


@pytest.fixture
def run(state: Path, capfd: pytest.CaptureFixture[str]) -> InProcess:
    return InProcess(state, capfd)


def number_of(run: InProcess, place: int) -> str:
    found: str = run("certificate", "list", "--json").lines[place - 1]["number"]
    return found


def test_a_record_is_proven_by_number_and_by_its_place_on_paper(run: InProcess) -> None:
    number = number_of(run, 6)
    done = run("ledger", "prove", number, "--json")
    assert done.status == 0
    assert run("ledger", "prove", "6", "--json").lines == done.lines
    (proof,) = done.lines
    assert (proof["number"], proof["proof"]["index"], proof["proof"]["tree_size"]) == (number, 5, SIZE)
    rfc9162.check_proof(proof)
    proof["proof"]["path"][0] = "00" * 32
    with pytest.raises(AssertionError):
        rfc9162.check_proof(proof)


@pytest.mark.parametrize(("language", "said"), [("fr", "est l’enregistrement 6 sur 8"), ("en", "is record 6 of 8")])
def test_a_proof_is_told_in_words_with_all_that_is_in_it(run: InProcess, language: str, said: str) -> None:
    run = run.speaking(language)
    (proof,) = run("ledger", "prove", "6", "--size", "8", "--json").lines
    done = run("ledger", "prove", "6", "--size", "8")
    assert done.status == 0
    assert said in " ".join(done.out.split())
    for part in (proof["proof"]["leaf_hash"], *proof["proof"]["path"], proof["proof"]["head"]):
        assert part in done.out


def test_a_renewed_proof_makes_a_certificate_that_checks_out(run: InProcess, tmp_path: Path) -> None:
    number, file = number_of(run, 6), tmp_path / "renewed.json"
    assert run("ledger", "prove", number, "--to", file).status == 0
    renewed, first = json.loads(file.read_bytes()), json.loads(run("certificate", "show", number, "--json").out)
    assert (renewed["proof"]["tree_size"], first["proof"]["tree_size"]) == (SIZE, 6)
    assert (renewed["record"], renewed["signature"]) == (first["record"], first["signature"])
    (report,) = run("certificate", "verify", file, "--json").lines
    assert report["overall"] == "intact"
    (proof,) = run("ledger", "prove", number, "--json").lines
    assert renewed["proof"] == proof["proof"]


@pytest.mark.parametrize(("arguments", "said"), [
    (("prove", "99"), "n’a pas de document n°"),
    (("prove", "6", "--size", "5"), "antérieur au document"),
    (("prove", "6", "--size", "99"), "n’a pas d’état signé à 99"),
    (("head", "--size", "99"), "n’a pas d’état signé à 99"),
    (("consistency", "5", "4"), "Donnez d’abord le plus ancien"),
    (("consistency", "no-such-file.txt"), "ne peut pas être lu"),
])  # fmt: skip
def test_what_cannot_be_proven_is_refused_in_words(run: InProcess, arguments: tuple[str, ...], said: str) -> None:
    done = run("ledger", *arguments)
    assert (done.status, done.out) == (2, "")
    assert said in " ".join(done.err.split())


def test_heads_are_given_as_they_were_signed(run: InProcess, tmp_path: Path) -> None:
    kept = tmp_path / "head.txt"
    assert run("ledger", "head", "--size", "8", "--to", kept).status == 0
    (head,) = run("ledger", "head", "--size", "8", "--json").lines
    assert kept.read_text("utf-8") == head["note"] == run("ledger", "head", "--size", "8").out
    opened = rfc9162.opened_head(head["note"], head["keys"])
    assert (opened["size"], opened["root"].hex()) == (head["size"], head["root"]) == (8, head["root"])
    assert run("ledger", "head", "--json").lines[0]["size"] == SIZE


@pytest.mark.parametrize(("language", "said"), [("fr", "Rien n’a été récrit"), ("en", "Nothing was rewritten")])
def test_a_kept_head_is_compared_and_the_proof_holds_elsewhere(
    run: InProcess, tmp_path: Path, language: str, said: str
) -> None:
    run, kept = run.speaking(language), tmp_path / "head.txt"
    run("ledger", "head", "--size", "5", "--to", kept)
    done = run("ledger", "consistency", kept)
    assert done.status == 0
    assert said in done.out
    for states in ((kept,), (kept, "12"), ("8", "13"), ("1", "13"), ("13", "13"), ("3", kept), (kept, kept)):
        done = run("ledger", "consistency", *states, "--json")
        (found,) = done.lines
        assert (done.status, found["consistent"], found["findings"]) == (0, True, [])
        rfc9162.check_consistency(found)
    assert run("ledger", "consistency", "7", kept).status == 2


def test_a_head_that_contradicts_is_named_and_the_exit_says_so(run: InProcess, tmp_path: Path) -> None:
    """The station's own key signed both: this is what shows that the ledger was rewritten."""
    forged = tmp_path / "forged.txt"
    head = TreeHead(origin="tablerase/atelier-1", size=5, root=bytes(32), time=sample.ISSUED)
    forged.write_text(sign_head(head, ledgers.KEY.private), encoding="utf-8")
    done = run("ledger", "consistency", forged)
    assert done.status == 1
    assert "ne sont pas ceux que couvre l’état signé" in " ".join(done.out.split())
    (found,) = run("ledger", "consistency", forged, "--json").lines
    assert (found["consistent"], found["path"]) == (False, [])
    assert [item["code"] for item in found["findings"]] == ["ledger-state-differs"]
    status = run("ledger", "verify", "--head", forged).status
    assert status == 1


def test_keys_in_the_output_are_the_stations(run: InProcess) -> None:
    (head,) = run("ledger", "head", "--json").lines
    raw = ledgers.KEY.public.public_bytes_raw()
    assert head["keys"] == [
        {"fingerprint": hashlib.sha256(raw).hexdigest(), "public_key": base64.b64encode(raw).decode()}
    ]


def test_the_real_command_says_the_same(run: InProcess, state: Path) -> None:
    for line in (("prove", "6", "--json"), ("head",), ("consistency", "5", "--json"), ("consistency", "5", "4")):
        real, here = Command(state)("ledger", *line), run("ledger", *line)
        assert (real.status, real.out) == (here.status, here.out)


async def test_a_record_of_a_later_format_is_refused_in_words(run: InProcess, tmp_path: Path) -> None:
    with ledgers.journal(tmp_path) as journal:
        (number,) = await ledgers.add(journal)
    later = "UPDATE records SET canonical = CAST(replace(canonical, 'record-1', 'record-2') AS BLOB), signature = ?"

    def sign(database: Database) -> None:
        content = book.entry(database, number).canonical.replace(b"record-1", b"record-2")
        database.execute(later, [ledgers.KEY.private.sign(content)])
        head = TreeHead(origin="tablerase/atelier-1", size=1, root=leaf_hash(content), time=sample.ISSUED)
        database.execute("UPDATE heads SET note = ?", [sign_head(head, ledgers.KEY.private)])
        database.execute("UPDATE hashes SET hash = ?", [leaf_hash(content)])

    ledgers.tamper(tmp_path, sign)
    for line in (("certificate", "list"), ("certificate", "show", number)):
        done = run.at(tmp_path)(*line)
        assert done.status == 2
        assert "format que cette version" in done.err
    (report,) = run.at(tmp_path)("ledger", "verify", "--json").lines
    assert [item["code"] for item in report["findings"]] == ["audit-record-unreadable"]
