"""From evidence and its verdict to the record: the only way a record is made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bench.capabilities import HiddenKind
from bench.context import ClockTrust, RunContext
from bench.drive import DriveFacts, DriveIdentity
from bench.events import Corrected
from bench.evidence import Evidence
from bench.faults import Span, before
from bench.record import drive
from bench.record.base import AbsenceReason, LbaRange, Sentence, Stated, absent, printable, stated
from bench.record.build_drive import bridge_of, namespaces_of, size_with
from bench.record.build_parties import statement_of_custody, statement_of_parties
from bench.record.build_process import range_of, statement_of_process
from bench.record.coverage import left_out
from bench.record.model import SIMULATION_NOTICE, Document, EvidenceDigest, Kind, Record, Supersession
from bench.record.result import Result, Validation
from bench.verdict import Judgement, Verdict, judge

_LATER = absent(AbsenceReason.NOT_YET_SUPPORTED)
_FOR_DONOR = absent(AbsenceReason.RESERVED_FOR_DONOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """What a document has that its job's evidence does not tell.

    `issued` is RFC 3339 with offset, `context` describes the program that issues (it may have been restarted since the
    job ran), `journal_sha256` is the SHA-256 (hex) over the job's events before its verdict, `seal` that of the
    certificate (DER) whose key seals the pages, empty if there is none. `correction` makes it a later version;
    `concluded` is then when the verdict was drawn, otherwise that is when it is issued.
    """

    number: str
    issued: str
    context: RunContext
    journal_sha256: str
    seal: str = ""
    correction: Corrected | None = None
    concluded: str = ""


def build_record(evidence: Evidence, judgement: Judgement, issue: Issue) -> Record:
    """The record of a job, from the evidence before its verdict.

    `ValueError` if the judgement is not the one that this evidence gives: nobody but the verdict function grants a
    certificate. A correction changes who is named in it, and nothing of what was done or proven.
    """
    if judgement != judge(evidence):
        raise ValueError("the judgement does not come from this evidence")
    facts, context = evidence.plan.facts, issue.context
    simulated = facts.simulated or any(item.clock is ClockTrust.SIMULATED for item in (*evidence.contexts, context))
    stands = issue.correction or evidence.plan
    return Record(
        format="tablerase-record-1",
        kind=Kind.of(judgement.verdict),
        simulated=simulated,
        simulation=SIMULATION_NOTICE if simulated else absent(AbsenceReason.NOT_APPLICABLE),
        document=_document(issue),
        parties=statement_of_parties(stands.operator, stands.handover),
        custody=statement_of_custody(context.station, stands.handover),
        drive=_drive(facts, evidence),
        process=statement_of_process(evidence, judgement, context, issue.concluded or issue.issued),
        result=_result(evidence, judgement),
        evidence=EvidenceDigest(job=evidence.job, events=evidence.events, sha256=issue.journal_sha256),
    )


def _document(issue: Issue) -> Document:
    correction = issue.correction
    supersedes: Stated[Supersession] = absent(AbsenceReason.NOT_APPLICABLE)
    if correction is not None:
        supersedes = Supersession(number=correction.supersedes, reason=correction.reason)
    return Document(
        number=issue.number,
        version=correction.version if correction else 1,
        supersedes=supersedes,
        issued=issue.issued,
        clock=issue.context.clock,
        clock_source=stated(issue.context.clock_source, AbsenceReason.NOT_RECORDED),
        seal=stated(issue.seal, AbsenceReason.NOT_RECORDED),
    )


def _identity(identity: DriveIdentity) -> drive.Identity:
    return drive.Identity(
        model=stated(identity.model, AbsenceReason.NOT_REPORTED_BY_DRIVE),
        serial=stated(identity.serial, AbsenceReason.NOT_REPORTED_BY_DRIVE),
        wwn=stated(identity.wwn, AbsenceReason.NOT_REPORTED_BY_DRIVE),
        size_bytes=identity.size,
        source=identity.source,
        digest=identity.digest,
    )


def _drive(facts: DriveFacts, evidence: Evidence) -> drive.Drive:
    at_end = evidence.final_identity
    return drive.Drive(
        identity=_identity(facts.identity),
        identity_at_end=_identity(at_end) if at_end else absent(AbsenceReason.NOT_RECORDED),
        vendor=stated(facts.vendor, AbsenceReason.NOT_REPORTED_BY_DRIVE),
        firmware=stated(facts.firmware, AbsenceReason.NOT_REPORTED_BY_DRIVE),
        interface=facts.interface,
        bridge=bridge_of(evidence),
        medium=facts.medium,
        form_factor=_LATER,
        logical_sector_bytes=facts.logical_sector,
        physical_sector_bytes=facts.physical_sector or absent(AbsenceReason.NOT_REPORTED_BY_DRIVE),
        size_readings=tuple(drive.SizeStatement(source=item.source, size_bytes=item.size) for item in facts.sizes),
        native_size_bytes=size_with(evidence, HiddenKind.HPA, HiddenKind.AMA),
        factory_size_bytes=size_with(evidence, HiddenKind.DCO),
        namespaces=namespaces_of(evidence),
        address=str(printable(facts.address)),
        node=str(printable(facts.node)),
        obstacles=tuple(map(Sentence.of, facts.obstacles)),
        undetermined=tuple(map(Sentence.of, facts.undetermined)),
        notes=tuple(map(Sentence.of, (*facts.notes, *evidence.notes))),
        smart_before=_LATER,
        smart_after=_LATER,
    )


def _result(evidence: Evidence, judgement: Judgement) -> Result:
    sentences = tuple(map(Sentence.of, judgement.reasons))
    proven = judgement.verdict.proves_erasure
    final = evidence.passes[-1] if evidence.passes else None
    return Result(
        verdict=judgement.verdict,
        reasons=() if proven else sentences,
        remarks=sentences if judgement.verdict is Verdict.ERASED_WITH_REMARKS else (),
        unwritten=_unwritten(evidence),
        unreadable=_ranges(evidence, final.unread if final else ()),
        mismatching=_ranges(evidence, final.mismatches if final else ()),
        not_covered=left_out(evidence, judgement),
        grade=_LATER,
        validation=Validation(validator=_FOR_DONOR, decision=_FOR_DONOR, date=_FOR_DONOR),
    )


def _unwritten(evidence: Evidence) -> tuple[LbaRange, ...]:
    """Blocks whose last overwrite is not proven: what the final pass could not write, and what it did not reach.

    Where the host overwrites nothing there are none.
    """
    if not evidence.passes:
        return ()
    final = evidence.passes[-1]
    rest = ((final.synced, evidence.size),) if final.synced < evidence.size else ()
    return _ranges(evidence, (*before(final.unwritten, final.synced), *rest))


def _ranges(evidence: Evidence, spans: Iterable[Span]) -> tuple[LbaRange, ...]:
    sector = evidence.sector
    return tuple(range_of(start, end - start, sector) for start, end in spans)
