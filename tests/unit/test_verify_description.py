"""docs/verify.md says what is so: its worked examples, test vectors and commands, and a checker written from it."""

from __future__ import annotations

import ast
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from bench.key_list import succession_text
from bench.keys import fingerprint
from bench.ledger import merkle, note
from bench.verification import Overall, verify
from support import stranger, stranger_basics, verifier_vectors
from support import verifier_samples as made
from support.stranger_keys import Known
from ui.cli.main import main

DOCS = Path(__file__).parents[2] / "docs"
VECTORS = DOCS / "vectors"
TEXT = (DOCS / "verify.md").read_text(encoding="utf-8")
EXPECTED: list[dict[str, Any]] = json.loads((VECTORS / "vectors.json").read_text(encoding="utf-8"))


def examples() -> dict[str, str]:
    """What the description works out, by its names."""
    leaves = made.leaves_of(5)
    public = made.KEY.public
    found = {
        'canonical of {"b": "é\\u202f/\\n", "a": [1, true, {}], "A": -3}': rfc8785.dumps(
            {"b": "é\u202f/\n", "a": [1, True, {}], "A": -3}
        ).hex(),
        "public key": public.public_bytes_raw().hex(),
        "fingerprint": fingerprint(public),
        "key id for the origin tablerase/atelier-1": note.key_id("tablerase/atelier-1", public).hex(),
        "signature over the text abc": made.KEY.private.sign(b"abc").hex(),
        "origin of the station Café n° 1": note.origin_of("Café n° 1"),
    }
    for index, leaf in enumerate(leaves):
        found[f"leaf {index}"] = leaf.hex()
    for size in range(1, 6):
        found[f"root {size}"] = merkle.root_of(leaves[:size]).hex()
    for index in (0, 2, 4):
        for place, item in enumerate(merkle.inclusion_path(leaves, index)):
            found[f"path of leaf {index} in root 5, {place}"] = item.hex()
    for old in (3, 4):
        for place, item in enumerate(merkle.consistency_path(leaves, old)):
            found[f"path from root {old} to root 5, {place}"] = item.hex()
    listed = made.first_list().keys[0]
    text = succession_text("atelier-1", listed.model_copy(update={"seal_certificate": {"absent": "not-recorded"}}))
    found["SHA-256 of the succession text of this key, without a seal, from 2026-01-01T00:00:00+00:00"] = (
        hashlib.sha256(text).hexdigest()
    )
    return found


def described() -> dict[str, str]:
    (block,) = re.findall(r"```example\n(.*?)```", TEXT, flags=re.DOTALL)
    return {name: value for name, _, value in (line.rpartition(" = ") for line in block.splitlines())}


def test_the_worked_examples_are_right() -> None:
    assert described() == examples()


def test_a_stranger_works_out_the_same() -> None:
    found = described()
    leaves = [stranger_basics.leaf_of(f"entry {number}".encode()) for number in range(5)]
    assert [leaf.hex() for leaf in leaves] == [found[f"leaf {number}"] for number in range(5)]
    root = stranger_basics.root_of(leaves)
    for size in range(1, 6):
        assert stranger_basics.root_of(leaves[:size]).hex() == found[f"root {size}"]
    for index in (0, 2, 4):
        path = [bytes.fromhex(value) for name, value in found.items() if name.startswith(f"path of leaf {index} ")]
        assert stranger_basics.is_included(root, 5, index, leaves[index], path)
        assert not stranger_basics.is_included(root, 5, index, leaves[index], path[:-1])
    for old in (3, 4):
        path = [bytes.fromhex(value) for name, value in found.items() if name.startswith(f"path from root {old} ")]
        assert stranger_basics.is_consistent(stranger_basics.root_of(leaves[:old]), old, root, 5, path)
        assert not stranger_basics.is_consistent(leaves[0], old, root, 5, path)
    key = bytes.fromhex(found["public key"])
    assert stranger_basics.sha256(key).hex() == found["fingerprint"]
    assert (
        stranger_basics.key_id("tablerase/atelier-1", key).hex() == found["key id for the origin tablerase/atelier-1"]
    )
    assert stranger_basics.is_signed(key, bytes.fromhex(found["signature over the text abc"]), b"abc")
    value = {"b": "é\u202f/\n", "a": [1, True, {}], "A": -3}
    assert stranger_basics.canonical(value).hex() in found.values()


def test_the_vectors_are_those_of_todays_format() -> None:
    """If not: `python -m support.verifier_vectors ../docs/vectors`, run in `tests`."""
    made_now = verifier_vectors.files()
    assert {path.name for path in VECTORS.iterdir()} == {*made_now, "vectors.json"}
    assert verifier_vectors.EXPECTED == EXPECTED
    differing = [
        name for name, content in made_now.items() if (VECTORS / name).read_bytes() != content and name[-4:] != ".pdf"
    ]
    assert differing == []


def test_every_vector_is_expected_of() -> None:
    used = {name for item in EXPECTED for name in (item["file"], *item["given"])}
    assert {path.name for path in VECTORS.iterdir()} - used == {"vectors.json", "kept.head.txt"}


@pytest.mark.parametrize("item", EXPECTED, ids=lambda item: " ".join((item["file"], *item["given"])))
def test_a_stranger_finds_what_is_expected(item: dict[str, Any]) -> None:
    known = Known()
    for name in item["given"]:
        known.take((VECTORS / name).read_bytes())
    report = stranger.check((VECTORS / item["file"]).read_bytes(), known)
    failed = [name for name, outcome in report.checks.items() if outcome == "failed"]
    assert (report.overall, failed) == (item["outcome"], item.get("failed", []))


@pytest.mark.parametrize("item", EXPECTED, ids=lambda item: " ".join((item["file"], *item["given"])))
def test_the_command_finds_what_is_expected(
    item: dict[str, Any], capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    keys = [part for name in item["given"] for part in ("--key", str(VECTORS / name))]
    state = ["--state", str(tmp_path / "none")]
    status = main([*state, "certificate", "verify", str(VECTORS / item["file"]), *keys, "--json"])
    found = json.loads(capfd.readouterr().out)
    assert (status == 0, found["overall"]) == (item["outcome"] == "intact", item["outcome"])


def test_a_stranger_finds_every_changed_digit_of_a_seal() -> None:
    content = (VECTORS / "genuine.pdf").read_bytes()
    known = Known()
    known.take((VECTORS / "station.key.pub").read_bytes())
    (seal,) = re.finditer(rb"<([0-9a-f]{1000,})>", content)
    for place in (*range(seal.start(), seal.start() + 400), *range(seal.start() + 400, seal.end(), 97)):
        changed = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
        assert stranger.check(changed, known).overall in {"altered", "unreadable"}, place - seal.start()


def test_a_kept_head_is_of_the_ledger_that_grew() -> None:
    kept = stranger_basics.read_head((VECTORS / "kept.head.txt").read_text(encoding="utf-8"))
    later = stranger_basics.read_head(json.loads((VECTORS / "genuine.json").read_bytes())["proof"]["head"])
    assert (kept.size, later.size) == (4, 6)
    assert kept.is_signed_by(made.KEY.public.public_bytes_raw())
    assert not kept.is_signed_by(made.STRANGER.public.public_bytes_raw())


def test_the_commands_by_hand_work(tmp_path: Path) -> None:
    (block,) = re.findall(r"```sh\n(.*?)```", TEXT, flags=re.DOTALL)
    for name in ("genuine.pdf", "station.key.pub"):
        (tmp_path / name).write_bytes((VECTORS / name).read_bytes())
    script = block.replace("python3", sys.executable)
    done = subprocess.run(["sh", "-eu"], input=script, text=True, capture_output=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    for said in ("Signature is Valid", "Total document signed", "Signature Verified Successfully"):
        assert said in done.stdout
    assert (tmp_path / "c.json").read_bytes() == (VECTORS / "genuine.json").read_bytes()


def test_the_stranger_owes_us_nothing() -> None:
    for path in sorted((DOCS.parent / "tests" / "support").glob("stranger*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                top = name.partition(".")[0]
                assert top in sys.stdlib_module_names | {"cryptography"} or name.startswith("support.stranger"), path


def test_the_page_and_the_bench_agree_on_what_outcomes_there_are() -> None:
    listed = re.findall(r"^\| ([a-z-]+) \| ", TEXT.partition("## 5.")[2].partition("## 6.")[0], flags=re.MULTILINE)
    assert set(listed) - {"outcome"} == {overall.value for overall in Overall}
    assert verify((VECTORS / "genuine.json").read_bytes(), []).overall.value in listed
