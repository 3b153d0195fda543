"""The test vectors of docs/verify.md: `python -m support.verifier_vectors ../docs/vectors`, run in `tests`.

Renew them after a change of the record's format; the tests say when that is due.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import rfc8785
import typst

from bench.key_history import with_revocation, with_successor
from bench.key_list import key_list_bytes
from bench.keys import public_pem
from bench.ledger.merkle import leaf_hash
from support import evidence_samples as sample
from support import verifier_samples as made

NUMBER = "TR-ABCDEF-000001"
SINCE = "2026-06-01T00:00:00+00:00"
_PAGE = """
#set document(title: "{number}", date: auto)
#set text(lang: "en")
A page with {number} attached.
#pdf.attach(
  "{number}.json", bytes(sys.inputs.original),
  relationship: "source", mime-type: "application/json", description: "The signed original",
)
"""


def plain_pdf(certificate: bytes) -> bytes:
    """A page with a certificate file attached, as small as typst makes it."""
    pdf = typst.compile(
        _PAGE.replace("{number}", NUMBER).encode(),
        format="pdf",
        sys_inputs={"original": certificate.decode()},
        pdf_standards=["a-3a", "ua-1"],
        ignore_system_fonts=True,
        timestamp=0,
    )
    assert isinstance(pdf, bytes)
    return pdf


def files() -> dict[str, bytes]:
    """Every vector but their list: file name to content."""
    genuine = made.issued()
    first = made.first_list()
    rotated = with_successor(first, made.KEY, made.SUCCESSOR, made.SUCCESSORS_SEAL, reason="Wear", since=SINCE)
    revoked = with_revocation(rotated, made.SUCCESSOR, made.KEY.fingerprint, "Copied", "2026-03-01T00:00:00+00:00")
    fields = json.loads(genuine)
    other = json.loads(made.issued(sample.failed()))
    leaves = made.leaves_of(6)
    leaves[3] = leaf_hash(rfc8785.dumps(fields["record"]))
    sealed = made.sealed(plain_pdf(genuine))
    return {
        "station.key.pub": public_pem(made.KEY.public),
        "another.key.pub": public_pem(made.STRANGER.public),
        "rotated.keys.json": key_list_bytes(rotated),
        "revoked.keys.json": key_list_bytes(revoked),
        "kept.head.txt": made.head_of(leaves[:4]).encode(),
        "genuine.json": genuine,
        "failure-report.json": made.issued(sample.failed()),
        "corrected.json": made.issued(
            number="TR-ABCDEF-000002", correction=sample.corrected(reason="The donor was mistyped."), before=4, after=1
        ),
        "renewed-proof.json": _with(fields, lambda it: it["proof"].update(head=made.head_of(leaves, made.SUCCESSOR))),
        "field-changed.json": _with(fields, lambda it: it["record"]["drive"]["identity"].update(serial="SN-0002")),
        "signature-of-another.json": rfc8785.dumps(fields | {"signature": other["signature"]}),
        "proof-of-another.json": rfc8785.dumps(fields | {"proof": other["proof"]}),
        "wrong-index.json": _with(fields, lambda it: it["proof"].update(index=2)),
        "head-of-a-stranger.json": _with(
            fields, lambda it: it["proof"].update(head=made.head_of(leaves, made.STRANGER))
        ),
        "rewritten.json": json.dumps(fields, ensure_ascii=False, sort_keys=True, indent=1).encode(),
        "name-twice.json": genuine.replace(b'"kind":', b'"kind":"failure-report","kind":'),
        "fraction.json": genuine.replace(b'"rounds":1', b'"rounds":1.0'),
        "later-format.json": _later_format(fields),
        "genuine.pdf": sealed,
        "page-changed.pdf": sealed.replace(b"/MediaBox", b"/mediaBox", 1),
        "appended.pdf": sealed + b"% more\n",
        "no-seal.pdf": plain_pdf(genuine),
        "strangers-seal.pdf": made.sealed(plain_pdf(genuine), made.STRANGERS_SEAL),
    }


EXPECTED: list[dict[str, Any]] = [
    {"file": "genuine.json", "given": ["station.key.pub"], "outcome": "intact"},
    {"file": "genuine.json", "given": [], "outcome": "unknown-key"},
    {"file": "genuine.json", "given": ["another.key.pub"], "outcome": "unknown-key"},
    {"file": "genuine.json", "given": ["rotated.keys.json"], "outcome": "intact"},
    {"file": "genuine.json", "given": ["station.key.pub", "rotated.keys.json"], "outcome": "intact"},
    {"file": "genuine.json", "given": ["revoked.keys.json"], "outcome": "revoked-key", "failed": ["key"]},
    {"file": "failure-report.json", "given": ["station.key.pub"], "outcome": "intact"},
    {"file": "corrected.json", "given": ["station.key.pub"], "outcome": "intact"},
    {"file": "renewed-proof.json", "given": ["station.key.pub"], "outcome": "altered", "failed": ["head"]},
    {"file": "renewed-proof.json", "given": ["station.key.pub", "rotated.keys.json"], "outcome": "intact"},
    {
        "file": "field-changed.json",
        "given": ["station.key.pub"],
        "outcome": "altered",
        "failed": ["signature", "leaf", "inclusion"],
    },
    {
        "file": "signature-of-another.json",
        "given": ["station.key.pub"],
        "outcome": "altered",
        "failed": ["signature"],
    },
    {
        "file": "proof-of-another.json",
        "given": ["station.key.pub"],
        "outcome": "altered",
        "failed": ["leaf", "inclusion"],
    },
    {"file": "wrong-index.json", "given": ["station.key.pub"], "outcome": "altered", "failed": ["inclusion"]},
    {"file": "head-of-a-stranger.json", "given": ["station.key.pub"], "outcome": "altered", "failed": ["head"]},
    {"file": "rewritten.json", "given": ["station.key.pub"], "outcome": "altered", "failed": ["form"]},
    {"file": "name-twice.json", "given": ["station.key.pub"], "outcome": "unreadable", "failed": ["readable"]},
    {"file": "fraction.json", "given": ["station.key.pub"], "outcome": "unreadable", "failed": ["readable"]},
    {"file": "later-format.json", "given": ["station.key.pub"], "outcome": "unreadable", "failed": ["schema"]},
    {"file": "genuine.pdf", "given": ["station.key.pub"], "outcome": "intact"},
    {"file": "genuine.pdf", "given": [], "outcome": "unknown-key"},
    {"file": "page-changed.pdf", "given": ["station.key.pub"], "outcome": "altered", "failed": ["seal"]},
    {"file": "appended.pdf", "given": ["station.key.pub"], "outcome": "altered", "failed": ["seal"]},
    {"file": "no-seal.pdf", "given": ["station.key.pub"], "outcome": "altered", "failed": ["seal"]},
    {"file": "strangers-seal.pdf", "given": ["station.key.pub"], "outcome": "altered", "failed": ["seal"]},
]


def _with(fields: dict[str, Any], change: Callable[[Any], object]) -> bytes:
    copied = json.loads(json.dumps(fields))
    change(copied)
    return rfc8785.dumps(copied)


def _later_format(fields: dict[str, Any]) -> bytes:
    """Sound in every way, and of a format that nobody knows yet."""
    copied = json.loads(json.dumps(fields))
    copied["record"]["format"] = "tablerase-record-9"
    return made.signed(rfc8785.dumps(copied["record"]))


def write(folder: Path) -> None:
    """Write all of them."""
    for name, content in files().items():
        (folder / name).write_bytes(content)
    listed = "[\n" + ",\n".join(f"  {json.dumps(item)}" for item in EXPECTED) + "\n]\n"
    (folder / "vectors.json").write_text(listed, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
