"""What a certificate says on paper, in words and in reading order; the template only lays it out.

The view is a JSON value: the template reads the keys built here and nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from bench.certificate import Certificate
from bench.keys import grouped
from bench.ledger.note import read_head
from bench.plan import VerifyKind
from bench.record.base import AbsenceReason, Absent, Sentence, Stated
from bench.record.drive import Drive
from bench.record.model import Record
from bench.record.process import InterruptionStatement, Process, Tool
from bench.record.schema import canonical
from ui.paper import passes
from ui.paper.faults import overcome, ranges
from ui.paper.legible import legible_all
from ui.texts import Texts

_MOST_SENTENCES = 30
Row = dict[str, str | bool]


def attachment_name(record: Record) -> str:
    """The file name of the original inside the PDF."""
    return f"{record.document.number}.json"


def view_of(certificate: Certificate, texts: Texts) -> dict[str, Any]:
    """Everything on the paper, as strings; facts are rows of label and value."""
    record = certificate.record
    result = record.result
    view = {
        "language": texts.language.value,
        "proven": result.verdict.proves_erasure,
        "title": texts.say(f"paper-title-{record.kind.value}"),
        "warning": "" if result.verdict.proves_erasure else texts.say("paper-not-a-certificate"),
        "watermark": texts.say("paper-simulation") if record.simulated else "",
        "notice": texts.say("paper-simulation-notice") if record.simulated else "",
        "number": texts.say("paper-number", number=record.document.number),
        "page": texts.say("paper-page"),
        "issued": texts.say(
            "paper-issued",
            at=record.document.issued,
            station=record.custody.station,
            clock=record.document.clock.value,
        ),
        "verdict": texts.say(f"verdict-{result.verdict.value}"),
        "consequence": texts.say(f"verdict-{result.verdict.value}-consequence"),
        "declaration": texts.say(f"paper-declaration-{record.kind.value}", station=record.custody.station),
        "drive": {"title": texts.say("paper-drive"), "rows": _drive(record.drive, texts)},
        "process": {"title": texts.say("paper-process"), "rows": _process(record, texts)},
        "passes": {
            "title": texts.say("paper-passes"),
            "headings": passes.headings(texts),
            "rows": passes.rows(record.process.passes, texts),
        },
        "result": _result(record, texts),
        "not_covered": {
            "title": texts.say("paper-not-covered"),
            "items": [
                {"what": texts.say(f"not-covered-{area.value}"), "why": texts.say(f"not-covered-{area.value}-why")}
                for area in result.not_covered
            ],
        },
        "validation": _validation(texts),
        "origin": _origin(certificate, texts),
        "attachment": {"name": attachment_name(record), "description": texts.say("paper-attachment")},
    }
    shown: dict[str, Any] = legible_all(view)
    return shown


def _row(label: str, value: str, *, mono: bool = False, strong: bool = False) -> Row:
    return {"label": label, "value": value, "mono": mono, "strong": strong}


def _stated(value: Stated[str], texts: Texts) -> str:
    return texts.say(f"absent-{value.absent.value}") if isinstance(value, Absent) else value


def _drive(drive: Drive, texts: Texts) -> list[Row]:
    identity = drive.identity
    same = drive.identity_at_end == identity
    at_end = texts.say("paper-identity-same" if same else "paper-identity-differs")
    if isinstance(drive.identity_at_end, Absent):
        at_end = texts.say(f"absent-{drive.identity_at_end.absent.value}")
    size = texts.say("paper-size-value", size=identity.size_bytes, sector=drive.logical_sector_bytes)
    return [
        _row(texts.say("paper-model"), _stated(identity.model, texts), strong=True),
        _row(texts.say("paper-serial"), _stated(identity.serial, texts), strong=True, mono=True),
        _row(texts.say("paper-wwn"), _stated(identity.wwn, texts), mono=not isinstance(identity.wwn, Absent)),
        _row(texts.say("paper-vendor"), _stated(drive.vendor, texts)),
        _row(texts.say("paper-firmware"), _stated(drive.firmware, texts)),
        _row(texts.say("paper-interface"), texts.say("paper-interface-value", interface=drive.interface.value)),
        _row(texts.say("paper-medium"), texts.say("paper-medium-value", medium=drive.medium.value)),
        _row(texts.say("paper-size"), size),
        _row(texts.say("paper-size-readings"), _size_readings(drive, texts)),
        _row(texts.say("paper-identity-end"), at_end),
    ]


def _size_readings(drive: Drive, texts: Texts) -> str:
    readings = drive.size_readings
    if {item.size_bytes for item in readings} == {drive.identity.size_bytes}:
        sources = ", ".join(item.source for item in readings)
        return texts.say("paper-size-readings-agree", count=len(readings), sources=sources)
    return ", ".join(texts.say("paper-size-reading", source=item.source, size=item.size_bytes) for item in readings)


def _process(record: Record, texts: Texts) -> list[Row]:
    process = record.process
    period = texts.say("paper-period-value", start=process.planned, end=record.document.issued)
    gaps = [_interruption(gap, texts) for gap in process.interruptions]
    return [
        _row(texts.say("paper-method"), _method(process, texts), strong=True),
        _row(texts.say("paper-method-source"), _stated(process.method.source, texts)),
        _row(texts.say("paper-level"), texts.say(f"level-{process.level_asked.value}")),
        _row(texts.say("paper-level-achieved"), texts.say(f"level-{process.level_achieved.value}")),
        _row(texts.say("paper-verification"), _verification(process, texts), strong=True),
        _row(texts.say("paper-operator"), _stated(record.parties.operator, texts)),
        _row(texts.say("paper-period"), period),
        *[
            _row(texts.say("paper-interruptions") if index == 0 else "", gap)
            for index, gap in enumerate(gaps or [texts.say("paper-interruptions-none")])
        ],
    ]


def _method(process: Process, texts: Texts) -> str:
    """The title in the reader's language; a method that these texts do not know keeps the name in its record."""
    method = process.method
    if method.site_defined:
        return texts.say("method-site-title", name=method.title)
    known = f"method-{method.key}-title"
    return texts.say(known) if texts.knows(known) else method.title


def _verification(process: Process, texts: Texts) -> str:
    if not process.passes:
        return texts.say("paper-verification-by-drive")
    check = process.passes[-1].verification
    if isinstance(check, Absent):
        not_asked = check.absent is AbsenceReason.NOT_ASKED
        return texts.say("paper-verification-none" if not_asked else f"absent-{check.absent.value}")
    finished = not isinstance(check.ended, Absent)
    if finished and (check.unread_bytes or check.mismatching_bytes):
        return texts.say("paper-verification-bad", unread=check.unread_bytes, different=check.mismatching_bytes)
    if check.kind is VerifyKind.FULL:
        if finished:
            return texts.say("paper-verification-full")
        return texts.say("paper-verification-full-part", compared=check.compared_bytes)
    if isinstance(check.places, Absent):
        return texts.say("paper-verification-sample-part", permille=check.share_permille)
    return texts.say("paper-verification-sample", permille=check.share_permille, places=check.places)


def _interruption(gap: InterruptionStatement, texts: Texts) -> str:
    match gap.stopped, gap.resumed:
        case str() as stopped, str() as resumed:
            when = texts.say("paper-interruption-resumed", at=stopped, resumed=resumed)
        case str() as stopped, _:
            when = texts.say("paper-interruption-stopped", at=stopped)
        case _, str() as resumed:
            when = texts.say("paper-interruption-unrecorded", resumed=resumed)
        case _:
            when = texts.say("paper-interruption-unknown")
    return texts.say("paper-interruption", cause=gap.cause.value, stopped=when)


def _result(record: Record, texts: Texts) -> dict[str, Any]:
    result = record.result
    places = (
        ("paper-unwritten", result.unwritten),
        ("paper-unreadable", result.unreadable),
        ("paper-mismatching", result.mismatching),
    )
    rows = [_row(texts.say(label), ranges(found, texts)) for label, found in places if found]
    rows += [_row(texts.say("paper-overcome"), text) for text in [overcome(record.process.passes, texts)] if text]
    rows.append(_row(texts.say("paper-health"), texts.say("paper-health-unknown")))
    sentences = result.reasons or result.remarks
    heading = "paper-remarks" if result.verdict.proves_erasure else "paper-reasons"
    return {
        "title": texts.say("paper-result"),
        "heading": texts.say(heading) if sentences else "",
        "items": _sentences(sentences, texts) or [texts.say("paper-no-remarks")],
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


def _origin(certificate: Certificate, texts: Texts) -> dict[str, Any]:
    record, proof = certificate.record, certificate.proof
    name = attachment_name(record)
    head = read_head(proof.head)
    rows = [
        _row(texts.say("paper-key"), grouped(certificate.signature.key), mono=True),
        _row(texts.say("paper-digest"), grouped(hashlib.sha256(canonical(record)).hexdigest()), mono=True),
        _row(texts.say("paper-ledger"), texts.say("paper-ledger-place", position=proof.index + 1, size=head.size)),
        _row(texts.say("paper-ledger-root"), grouped(head.root.hex()), mono=True),
        _row(texts.say("paper-journal"), texts.say("paper-journal-value", events=record.evidence.events)),
        _row(texts.say("paper-journal-digest"), grouped(record.evidence.sha256), mono=True),
        *[_row(texts.say("paper-tools"), _tool(tool, texts)) for tool in record.process.tools],
    ]
    meaning = texts.say("paper-origin-meaning", file=name, command=f"tablerase certificate verify {name}")
    return {"title": texts.say("paper-origin"), "rows": rows, "meaning": meaning}


def _tool(tool: Tool, texts: Texts) -> str:
    described = texts.say(
        "paper-tool",
        program=tool.program,
        version=tool.version,
        python=_stated(tool.python, texts),
        kernel=_stated(tool.kernel, texts),
        architecture=_stated(tool.architecture, texts),
        station=tool.station,
    )
    if isinstance(tool.commit, Absent):
        return described
    return texts.say("paper-tool-commit", tool=described, commit=tool.commit)
