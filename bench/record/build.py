"""From evidence and its verdict to the record: the only way a record is made."""

from __future__ import annotations

from collections.abc import Iterable

from bench.capabilities import HiddenKind
from bench.context import ClockTrust, RunContext
from bench.drive import DriveFacts, DriveIdentity
from bench.evidence import Evidence
from bench.faults import Span, before
from bench.record import drive
from bench.record.base import AbsenceReason, LbaRange, Sentence, absent, printable, stated
from bench.record.build_drive import bridge_of, namespaces_of, size_with
from bench.record.build_process import range_of, statement_of_process
from bench.record.coverage import left_out
from bench.record.model import SIMULATION_NOTICE, Custody, Document, EvidenceDigest, Kind, Parties, Record
from bench.record.result import Result, Validation
from bench.verdict import Judgement, Verdict, judge

_LATER = absent(AbsenceReason.NOT_YET_SUPPORTED)
_FOR_DONOR = absent(AbsenceReason.RESERVED_FOR_DONOR)


def build_record(
    evidence: Evidence, judgement: Judgement, *, number: str, issued: str, context: RunContext, journal_sha256: str
) -> Record:
    """The record of a job.

    `issued` is RFC 3339 with offset, `context` describes the program that issues (it may have been restarted
    since the job ran), `journal_sha256` is the SHA-256 (hex) over the job's canonical events. `ValueError` if the
    judgement is not the one that this evidence gives: nobody but the verdict function grants a certificate.
    """
    if judgement != judge(evidence):
        raise ValueError("the judgement does not come from this evidence")
    facts = evidence.plan.facts
    simulated = facts.simulated or any(item.clock is ClockTrust.SIMULATED for item in (*evidence.contexts, context))
    return Record(
        format="tablerase-record-1",
        kind=Kind.of(judgement.verdict),
        simulated=simulated,
        simulation=SIMULATION_NOTICE if simulated else absent(AbsenceReason.NOT_APPLICABLE),
        document=Document(
            number=number,
            version=1,
            supersedes=absent(AbsenceReason.NOT_APPLICABLE),
            issued=issued,
            clock=context.clock,
            clock_source=stated(context.clock_source, AbsenceReason.NOT_RECORDED),
        ),
        parties=Parties(
            donor=_LATER,
            refurbisher=_LATER,
            operator=stated(evidence.plan.operator, AbsenceReason.NOT_GIVEN),
            validator=_FOR_DONOR,
        ),
        custody=Custody(
            station=context.station,
            lot=_LATER,
            received=_LATER,
            dock=_LATER,
            host_asset_tag=_LATER,
            host_serial=_LATER,
            destination=_LATER,
        ),
        drive=_drive(facts, evidence),
        process=statement_of_process(evidence, judgement, context),
        result=_result(evidence, judgement),
        evidence=EvidenceDigest(job=evidence.job, events=evidence.events, sha256=journal_sha256),
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
