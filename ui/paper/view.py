"""What a certificate says on paper, in words and in reading order; the template only lays it out.

The view is a JSON value: the template reads the keys built here and in `annex.py`, and nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from bench.certificate import Certificate
from bench.keys import grouped
from bench.ledger.note import read_head
from bench.record.base import Absent, Sentence
from bench.record.model import Record
from bench.record.schema import canonical
from bench.verdict import Verdict
from ui.paper import faults, passes
from ui.paper.annex import annex_of
from ui.paper.firmware import brief_firmware_rows
from ui.paper.job import drive_rows, process_rows
from ui.paper.legible import legible_all
from ui.paper.parties import party_rows
from ui.paper.qr import qr_svg, qr_text
from ui.paper.rows import Row, row
from ui.texts import Texts

_MOST_SENTENCES = 30
_SIGNS = {Verdict.ERASED: "done", Verdict.ERASED_WITH_REMARKS: "done", Verdict.FAILED: "failed"}
_OTHER_SIGN = "undone"


def attachment_name(record: Record) -> str:
    """The file name of the original inside the PDF."""
    return f"{record.document.number}.json"


def view_of(certificate: Certificate, texts: Texts) -> dict[str, Any]:
    """Everything on the paper, as strings; facts are rows of label and value."""
    record = certificate.record
    digest = hashlib.sha256(canonical(record)).hexdigest()
    view = {
        "language": texts.language.value,
        **_head(record, texts),
        "qr": {"svg": qr_svg(qr_text(record.document.number, digest)), "alt": texts.say("paper-qr")},
        "drive": {"title": texts.say("paper-drive"), "rows": drive_rows(record.drive, texts)},
        "parties": {"title": texts.say("paper-parties"), "rows": party_rows(record, texts)},
        "process": {"title": texts.say("paper-process"), "columns": process_rows(record, texts)},
        "firmware": brief_firmware_rows(record.process, texts),
        "passes": {
            "title": texts.say("paper-passes"),
            "headings": passes.headings(texts),
            "rows": passes.brief_rows(record.process.passes, texts),
        },
        "result": _result(record, texts),
        "not_covered": {
            "title": texts.say("paper-not-covered"),
            "items": [
                {"what": texts.say(f"not-covered-{area.value}"), "why": texts.say(f"not-covered-{area.value}-why")}
                for area in record.result.not_covered
            ],
        },
        "validation": _validation(texts),
        "origin": _origin(certificate, digest, texts),
        "annex": annex_of(record, texts),
        "attachment": {"name": attachment_name(record), "description": texts.say("paper-attachment")},
    }
    shown: dict[str, Any] = legible_all(view)
    return shown


def _declaration(record: Record, texts: Texts) -> str:
    """What the station declares, and by whom the drive was erased: by the bench, by the drive itself, or by both."""
    by_drive = not isinstance(record.process.firmware_commands, Absent)
    who = "drive" if not record.process.passes else "both" if by_drive else "bench"
    return texts.say(f"paper-declaration-{record.kind.value}", station=record.custody.station, by=who)


def _head(record: Record, texts: Texts) -> dict[str, Any]:
    """Title, number, verdict: what is seen first, and what sets a failure report and a simulation apart."""
    document, verdict = record.document, record.result.verdict
    words = texts.say(f"verdict-{verdict.value}").split(" – ")
    supersedes = document.supersedes
    return {
        "proven": verdict.proves_erasure,
        "title": texts.say(f"paper-title-{record.kind.value}"),
        "number": texts.say("paper-number", number=document.number),
        "page": texts.say("paper-page"),
        "warning": "" if verdict.proves_erasure else texts.say("paper-not-a-certificate"),
        "watermark": texts.say("paper-simulation") if record.simulated else "",
        "notice": texts.say("paper-simulation-notice") if record.simulated else "",
        "issued": texts.say(
            "paper-issued", at=document.issued, station=record.custody.station, clock=document.clock.value
        ),
        "supersedes": ""
        if isinstance(supersedes, Absent)
        else texts.say("paper-supersedes", number=supersedes.number, reason=supersedes.reason),
        "sign": _SIGNS.get(verdict, _OTHER_SIGN),
        "verdict": words[0],
        "verdict_more": " – ".join(words[1:]),
        "consequence": texts.say(f"verdict-{verdict.value}-consequence"),
        "declaration": _declaration(record, texts),
    }


def _result(record: Record, texts: Texts) -> dict[str, Any]:
    result, process = record.result, record.process
    rows: list[Row] = [
        row(texts.say("paper-level"), texts.say(f"level-{process.level_asked.value}")),
        row(texts.say("paper-level-achieved"), texts.say(f"level-{process.level_achieved.value}"), strong=True),
        *faults.brief_rows(result, texts),
    ]
    overcome = faults.overcome(process.passes, texts)
    if overcome:
        rows.append(row(texts.say("paper-overcome"), overcome))
    rows.append(row(texts.say("paper-health"), texts.say("paper-health-unknown")))
    sentences = result.reasons or result.remarks
    heading = "paper-remarks" if result.verdict.proves_erasure else "paper-reasons"
    return {
        "title": texts.say("paper-result"),
        "heading": texts.say(heading) if sentences else "",
        "items": _sentences(sentences, texts),
        "none": "" if sentences else texts.say("paper-no-remarks"),
        "rows": rows,
    }


def _sentences(sentences: Sequence[Sentence], texts: Texts) -> list[str]:
    shown = [texts.text(item.message()) for item in sentences[:_MOST_SENTENCES]]
    left = len(sentences) - len(shown)
    return [*shown, texts.say("paper-more", count=left)] if left else shown


def _validation(texts: Texts) -> dict[str, Any]:
    fields = ("paper-validator", "paper-decision", "paper-date-signature")
    return {
        "title": texts.say("paper-validation"),
        "reserved": texts.say("paper-validation-reserved"),
        "fields": [texts.say(field) for field in fields],
    }


def _origin(certificate: Certificate, digest: str, texts: Texts) -> dict[str, Any]:
    record, proof = certificate.record, certificate.proof
    name = attachment_name(record)
    head = read_head(proof.head)
    seal = record.document.seal
    rows = [
        row(texts.say("paper-key"), grouped(certificate.signature.key), mono=True),
        row(texts.say("paper-digest"), grouped(digest), mono=True),
        row(texts.say("paper-ledger-root"), grouped(head.root.hex()), mono=True),
        row(texts.say("paper-ledger"), texts.say("paper-ledger-place", position=proof.index + 1, size=head.size)),
    ]
    if not isinstance(seal, Absent):
        rows.insert(1, row(texts.say("paper-seal"), grouped(seal), mono=True))
    meaning = texts.say("paper-origin-meaning", file=name, command=f"tablerase certificate verify {name}")
    return {"title": texts.say("paper-origin"), "rows": rows, "meaning": meaning, "short": grouped(digest[:16])}
