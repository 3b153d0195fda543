"""The drive and the erasure on the first page: what the drive says of itself, and what was done to it."""

from __future__ import annotations

from bench.plan import VerifyKind
from bench.record.base import AbsenceReason, Absent
from bench.record.drive import Drive
from bench.record.model import Record
from bench.record.process import Process
from ui.paper.rows import Row, absence, row, stated, stated_row
from ui.texts import Texts


def drive_rows(drive: Drive, texts: Texts) -> list[Row]:
    """The drive's identity as found, and whether it was the same at the end."""
    identity = drive.identity
    same = drive.identity_at_end == identity
    at_end = texts.say("paper-identity-same" if same else "paper-identity-differs")
    if isinstance(drive.identity_at_end, Absent):
        at_end = absence(drive.identity_at_end, texts)
    kind = texts.say("paper-interface-value", interface=drive.interface.value)
    return [
        stated_row(texts.say("paper-model"), identity.model, texts, strong=True),
        stated_row(texts.say("paper-serial"), identity.serial, texts, strong=True, mono=True),
        stated_row(texts.say("paper-wwn"), identity.wwn, texts, mono=True),
        stated_row(texts.say("paper-vendor"), drive.vendor, texts),
        stated_row(texts.say("paper-firmware"), drive.firmware, texts),
        row(texts.say("paper-kind"), f"{kind}, {texts.say('paper-medium-value', medium=drive.medium.value)}"),
        row(
            texts.say("paper-size"),
            texts.say("paper-size-value", size=identity.size_bytes),
            more=[texts.say("paper-sectors", sector=drive.logical_sector_bytes), _size_readings(drive, texts)],
        ),
        row(texts.say("paper-identity-end"), at_end, strong=not same),
    ]


def process_rows(record: Record, texts: Texts) -> list[list[Row]]:
    """What was done, in two columns: the method and its check; when, and how often it was interrupted."""
    process = record.process
    gaps = len(process.interruptions)
    return [
        [
            row(texts.say("paper-method"), method_title(process, texts), strong=True),
            row(texts.say("paper-method-source"), _method_source(process, texts)),
            row(texts.say("paper-verification"), _verification(process, texts), strong=True),
        ],
        [
            row(texts.say("paper-planned"), texts.say("paper-date", at=process.planned)),
            row(texts.say("paper-concluded"), texts.say("paper-date", at=process.concluded)),
            row(texts.say("paper-interruptions"), texts.say("paper-interruptions-count", count=gaps)),
        ],
    ]


def method_title(process: Process, texts: Texts) -> str:
    """The title in the reader's language; a method that these texts do not know keeps the name in its record."""
    method = process.method
    if method.site_defined:
        return texts.say("method-site-title", name=method.title)
    known = f"method-{method.key}-title"
    return texts.say(known) if texts.knows(known) else method.title


def _method_source(process: Process, texts: Texts) -> str:
    """The same for where the method comes from; a workshop's own says so in its own words."""
    method = process.method
    known = f"method-{method.key}-source"
    return texts.say(known) if texts.knows(known) and not method.site_defined else stated(method.source, texts)


def _size_readings(drive: Drive, texts: Texts) -> str:
    readings = drive.size_readings
    if {item.size_bytes for item in readings} == {drive.identity.size_bytes}:
        return texts.say("paper-size-readings-agree", count=len(readings))
    return ", ".join(texts.say("paper-size-reading", source=item.source, size=item.size_bytes) for item in readings)


def _verification(process: Process, texts: Texts) -> str:
    if not process.passes:
        return texts.say("paper-verification-by-drive")
    check = process.passes[-1].verification
    if isinstance(check, Absent):
        not_asked = check.absent is AbsenceReason.NOT_ASKED
        return texts.say("paper-verification-none") if not_asked else absence(check, texts)
    finished = not isinstance(check.ended, Absent)
    if finished and (check.unread_bytes or check.mismatching_bytes):
        found = (("unread", check.unread_bytes), ("different", check.mismatching_bytes))
        parts = [texts.say(f"paper-verification-{name}", size=size) for name, size in found if size]
        return texts.say("paper-verification-bad", found=", ".join(parts))
    if check.kind is VerifyKind.FULL:
        if finished:
            return texts.say("paper-verification-full")
        if not check.compared_bytes:
            return texts.say("paper-verification-full-unfinished")
        return texts.say("paper-verification-full-part", compared=check.compared_bytes)
    if isinstance(check.places, Absent):
        return texts.say("paper-verification-sample-part", permille=check.share_permille)
    return texts.say("paper-verification-sample", permille=check.share_permille, places=check.places)
