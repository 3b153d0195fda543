"""Checking a document as a stranger gets it: the certificate file itself, or the PDF that it is attached to."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from bench.keys import grouped
from bench.messages import Message, say
from bench.verification import Check, Outcome, Overall, PageSubject, VerificationReport
from ui.paper.seal_report import PdfState, SealReport, SealState, StampState

_AMBER_OR_BETTER = {Overall.INTACT, Overall.UNKNOWN_KEY, Overall.DOUBTFUL_KEY}


def verify_pdf(
    found: SealReport, verify: Callable[[bytes], VerificationReport], listed_seals: Collection[str] = ()
) -> VerificationReport:
    """What a PDF is worth, by what `check_seal` found in it and what `verify` says of the attached certificate file.

    A record names the certificate of its pages' seal, so a seal needs no trust of its own. For one that names none,
    `listed_seals` (SHA-256, hex) from the station's key list serve.
    """
    if found.pdf is not PdfState.READABLE:
        failed = Check(subject=PageSubject.PDF, outcome=Outcome.FAILED, message=say(f"check-pdf-{found.pdf.value}"))
        skipped = [_skipped(item) for item in PageSubject if item is not PageSubject.PDF]
        message = say("certificate-unreadable")
        return VerificationReport(overall=Overall.UNREADABLE, message=message, checks=(failed, *skipped))
    attached = verify(found.attachment)
    readable = _check(PageSubject.PDF, Outcome.PASSED, say("check-pdf-passed", file=found.name))
    pages = (_seal(found), _sealed_by(found, attached, listed_seals), _stamp(found))
    report = replace(attached, checks=(readable, *attached.checks, *pages))
    if attached.overall not in _AMBER_OR_BETTER:
        return report
    outcomes = {item.outcome for item in pages}
    if Outcome.FAILED in outcomes:
        return replace(report, overall=Overall.ALTERED, message=say("certificate-pages-altered"))
    if pages[1].outcome is Outcome.UNKNOWN and attached.overall is Overall.INTACT:
        return replace(report, overall=Overall.UNKNOWN_PAGES, message=say("certificate-unknown-pages"))
    return report


def _check(subject: PageSubject, outcome: Outcome, message: Message) -> Check:
    return Check(subject=subject, outcome=outcome, message=message)


def _skipped(subject: PageSubject) -> Check:
    return _check(subject, Outcome.SKIPPED, say("check-skipped"))


def _seal(found: SealReport) -> Check:
    if found.seal is SealState.INTACT:
        if found.appended:
            message = say("check-seal-appended", size=found.appended)
            return _check(PageSubject.SEAL, Outcome.FAILED, message)
        return _check(PageSubject.SEAL, Outcome.PASSED, say("check-seal-passed"))
    outcome = Outcome.UNKNOWN if found.seal is SealState.NONE else Outcome.FAILED
    return _check(PageSubject.SEAL, outcome, say(f"check-seal-{found.seal.value}"))


def _sealed_by(found: SealReport, attached: VerificationReport, listed_seals: Collection[str]) -> Check:
    if attached.record is None:
        return _skipped(PageSubject.SEALED_BY)
    stated = attached.record.document.seal
    shown = {"owner": found.owner or "–", "certificate": grouped(found.certificate)}
    if isinstance(stated, str):
        if found.seal is SealState.NONE:
            return _check(PageSubject.SEALED_BY, Outcome.FAILED, say("check-sealed-by-missing"))
        if not found.certificate:
            return _skipped(PageSubject.SEALED_BY)
        outcome = Outcome.PASSED if found.certificate == stated else Outcome.FAILED
        return _check(PageSubject.SEALED_BY, outcome, say(f"check-sealed-by-{outcome.value}", **shown))
    if found.certificate and found.certificate in listed_seals:
        return _check(PageSubject.SEALED_BY, Outcome.PASSED, say("check-sealed-by-passed", **shown))
    return _check(PageSubject.SEALED_BY, Outcome.UNKNOWN, say("check-sealed-by-unknown", **shown))


def _stamp(found: SealReport) -> Check:
    at = found.stamped_at.isoformat() if found.stamped_at is not None else ""
    shown = {"at": at, "authority": found.authority}
    match found.stamp:
        case StampState.TRUSTED:
            return _check(PageSubject.STAMP, Outcome.PASSED, say("check-stamp-passed", **shown))
        case StampState.UNKNOWN:
            return _check(PageSubject.STAMP, Outcome.UNKNOWN, say("check-stamp-unknown", **shown))
        case StampState.ALTERED:
            return _check(PageSubject.STAMP, Outcome.FAILED, say("check-stamp-failed"))
        case StampState.NONE:
            intact = found.seal is SealState.INTACT
            return _check(PageSubject.STAMP, Outcome.SKIPPED, say("check-stamp-none" if intact else "check-skipped"))
