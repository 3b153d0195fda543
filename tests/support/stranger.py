"""A checker of certificates written from docs/verify.md alone: the standard library and `cryptography`, none of ours.

    python -m support.stranger DOCUMENT [KEY.pub | KEYS.json | FINGERPRINT]…

Run in `tests`. Prints the outcome of section 5 and each check's; exit status 0 for an intact document. It favours
plainness over speed. This file has sections 2, 3 and 5; the others are in `stranger_*.py` beside it.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from support.stranger_basics import (
    BrokenError,
    UnreadableError,
    canonical,
    from_base64,
    from_hex,
    is_included,
    is_signed,
    leaf_of,
    members,
    read,
    read_head,
    sha256,
)
from support.stranger_keys import Known
from support.stranger_pdf import Pdf
from support.stranger_seal import check_seal


@dataclass
class Report:
    overall: str
    checks: dict[str, str]
    """Each check: passed, failed, unknown or skipped."""
    record: dict[str, Any] | None = None
    fingerprint: str = ""


@dataclass
class Envelope:
    """Section 1's members, decoded."""

    record: dict[str, Any]
    key: str
    public: bytes
    value: bytes
    leaf_hash: bytes
    path: list[bytes]
    index: int
    size: int
    head: str


def read_envelope(whole: dict[str, Any]) -> Envelope:
    """`UnreadableError`, `ValueError` or `TypeError` if it is no certificate file."""
    members(whole, "proof", "record", "signature")
    signature = members(whole["signature"], "algorithm", "key", "public_key", "value")
    proof = members(whole["proof"], "head", "index", "leaf_hash", "path", "tree_size")
    index, size, record, head = proof["index"], proof["tree_size"], whole["record"], proof["head"]
    counts = type(index) is int and type(size) is int and index >= 0 and size >= 1
    texts = isinstance(head, str) and head and signature["algorithm"] == "Ed25519"
    if not isinstance(record, dict) or not counts or not texts:
        raise UnreadableError("not the members of a certificate")
    return Envelope(
        record=record,
        key=from_hex(signature["key"]).hex(),
        public=from_base64(signature["public_key"], 32),
        value=from_base64(signature["value"], 64),
        leaf_hash=from_hex(proof["leaf_hash"]),
        path=[from_hex(item) for item in proof["path"]],
        index=index,
        size=size,
        head=head,
    )


def check_certificate(content: bytes, known: Known) -> Report:
    """Sections 1 to 5."""
    try:
        whole = read(content)
        file = read_envelope(whole)
    except (UnreadableError, ValueError, TypeError):
        return Report("unreadable", {"readable": "failed"})
    text = canonical(file.record)
    schema = fields_hold(file.record)
    trust = known.judge(file.key, file.record["document"]["issued"] if schema else "9999-12-31T00:00:00+00:00")
    signed = sha256(file.public).hex() == file.key and is_signed(file.public, file.value, text)
    checks = {
        "readable": "passed",
        "form": passed(canonical(whole) == content),
        "schema": passed(schema),
        "signature": passed(signed),
        "key": {"known": "passed", "revoked-key": "failed"}.get(trust, "unknown"),
        "leaf": passed(leaf_of(text) == file.leaf_hash),
        **check_ledger(file, leaf_of(text), known),
    }
    return Report(overall(checks, trust), checks, file.record if schema else None, file.key)


def check_ledger(file: Envelope, leaf: bytes, known: Known) -> dict[str, str]:
    """Section 4."""
    try:
        head = read_head(file.head)
    except BrokenError:
        return {"inclusion": "failed", "head": "failed"}
    included = head.size == file.size and is_included(head.root, head.size, file.index, leaf, file.path)
    others = [key for key in known.all_keys() if known.judge(sha256(key).hex(), head.time) == "known"]
    signed = any(head.is_signed_by(key) for key in (file.public, *others))
    return {"inclusion": passed(included), "head": passed(signed)}


def fields_hold(record: dict[str, Any]) -> bool:
    """The fields of section 2; somebody who needs all of them has the schema."""
    try:
        proven = record["result"]["verdict"] in {"erased", "erased-with-remarks"}
        datetime.fromisoformat(record["document"]["issued"])
        return (
            record["format"] == "tablerase-record-1"
            and record["kind"] == ("erasure-certificate" if proven else "failure-report")
            and record["simulated"] is isinstance(record["simulation"], str)
        )
    except (KeyError, TypeError, ValueError):
        return False


def passed(holds: bool) -> str:
    return "passed" if holds else "failed"


def overall(checks: dict[str, str], trust: str) -> str:
    failed = {name for name, outcome in checks.items() if outcome == "failed"} - {"key"}
    if "readable" in failed or failed == {"schema"}:
        return "unreadable"
    if failed:
        return "altered"
    if trust != "known":
        return trust
    return "unknown-pages" if checks.get("seal") == "unknown" else "intact"


def check_pdf(content: bytes, known: Known) -> Report:
    try:
        pdf = Pdf(content)
        original = pdf.attachment()
    except (UnreadableError, KeyError, TypeError, ValueError, IndexError, AttributeError, zlib.error):
        return Report("unreadable", {"readable": "failed"})
    report = check_certificate(original, known)
    if report.record is None:
        return report
    stated = report.record["document"].get("seal")
    expected = stated if isinstance(stated, str) else known.seal_of(report.fingerprint)
    report.checks["seal"] = _seal_outcome(lambda: _sealed_by(content, pdf), expected, named=isinstance(stated, str))
    trust = known.judge(report.fingerprint, report.record["document"]["issued"])
    report.overall = overall(report.checks, trust)
    return report


def _sealed_by(content: bytes, pdf: Pdf) -> str | None:
    found = pdf.signatures()
    if len(found) > 1:
        raise BrokenError("more than one seal")
    return check_seal(content, found[0]) if found else None


def _seal_outcome(sealed_by: Callable[[], str | None], expected: str | None, *, named: bool) -> str:
    try:
        digest = sealed_by()
    except (BrokenError, UnreadableError, KeyError, TypeError, ValueError, IndexError, AttributeError):
        return "failed"
    if digest is None:
        return "failed" if named else "unknown"
    return "unknown" if expected is None else passed(digest == expected)


def check(content: bytes, known: Known) -> Report:
    return check_pdf(content, known) if b"%PDF-" in content[:1024] else check_certificate(content, known)


def main(document: str, *given: str) -> int:
    known = Known()
    for item in given:
        known.take(Path(item).read_bytes() if Path(item).exists() else item.encode())
    report = check(Path(document).read_bytes(), known)
    sys.stdout.write(f"{report.overall}\n")
    for name, outcome in report.checks.items():
        sys.stdout.write(f"  {outcome:8} {name}\n")
    return 0 if report.overall == "intact" else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
