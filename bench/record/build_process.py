"""How evidence becomes the record's account of the process."""

from __future__ import annotations

from collections import Counter

from bench.context import RunContext
from bench.evidence import Evidence, FaultRecord, Interruption, PassEvidence, Stage
from bench.faults import before, length_of
from bench.plan import VerifyKind
from bench.record import build_firmware, process
from bench.record.base import AbsenceReason, Count, LbaRange, Stated, absent, stated
from bench.record.surface import SurfaceTable, statement_of_surface
from bench.surface import Surface
from bench.verdict import Judgement
from bench.work import Outcome

_HARMLESS = (Outcome.RETRIED, Outcome.REWRITTEN, Outcome.CURED, Outcome.LASTING)
"""What becomes of a fault, from the most harmless to the worst."""


def statement_of_process(
    evidence: Evidence, judgement: Judgement, issuer: RunContext, concluded: str
) -> process.Process:
    """Everything done to the drive until the verdict was drawn, at `concluded` (RFC 3339 with offset).

    `issuer` is named among the tools where it did not do the work itself.
    """
    contexts = evidence.contexts if issuer in evidence.contexts else (*evidence.contexts, issuer)
    plan = evidence.plan
    return process.Process(
        level_asked=plan.level_asked,
        level_achieved=judgement.level_achieved,
        method=process.MethodStatement(
            key=plan.method,
            title=plan.method_title,
            source=stated(plan.method_source, AbsenceReason.NOT_GIVEN),
            site_defined=plan.site_method,
        ),
        rounds=plan.rounds,
        planned=evidence.planned,
        concluded=concluded,
        consent=stated(evidence.consent, AbsenceReason.NOT_RECORDED),
        passes=tuple(_pass(evidence, item) for item in evidence.passes),
        interruptions=tuple(map(_interruption, evidence.interruptions)),
        firmware_commands=build_firmware.commands(evidence),
        hidden_areas=build_firmware.hidden_areas(evidence),
        power_cycles=build_firmware.power_cycles(evidence),
        tools=tuple(map(_tool, contexts)),
    )


def _pass(evidence: Evidence, item: PassEvidence) -> process.PassStatement:
    planned = evidence.plan.passes[item.index]
    content: process.PatternContent | process.StreamContent
    if planned.is_stream:
        content = process.StreamContent(
            algorithm=item.algorithm or absent(AbsenceReason.NOT_STARTED),
            key=stated(item.key, AbsenceReason.NOT_STARTED),
        )
    else:
        content = process.PatternContent(pattern=planned.pattern)
    written = item.stage not in {Stage.WAITING, Stage.WRITING}
    return process.PassStatement(
        number=item.index + 1,
        content=content,
        stage=item.stage,
        started=stated(item.started, AbsenceReason.NOT_STARTED),
        ended=stated(item.ended, AbsenceReason.NOT_FINISHED),
        synced_bytes=item.synced,
        unwritten_bytes=length_of(before(item.unwritten, item.synced)),
        busy_ms=item.busy_ms,
        throughput_bytes_per_s=_throughput(item.synced - item.started_at, item.busy_ms, finished=written),
        starts=item.starts,
        restarts=item.restarts,
        access=_access(item),
        fault_counts=_counts(item),
        faults=tuple(_fault(fault, evidence.sector) for fault in _listed(evidence, item)),
        surface=_surface(evidence, item.surface),
        verification=_verification(evidence, item),
    )


def _counts(item: PassEvidence) -> process.FaultCounts:
    outcomes = Counter(fault.outcome for fault in item.faults)
    return process.FaultCounts(
        lasting=outcomes[Outcome.LASTING],
        retried=outcomes[Outcome.RETRIED],
        cured=outcomes[Outcome.CURED],
        rewritten=outcomes[Outcome.REWRITTEN],
    )


def _listed(evidence: Evidence, item: PassEvidence) -> tuple[FaultRecord, ...]:
    """The faults that the record lists: all, or else its share of the worst of them, in the order of their time."""
    most = process.MOST_FAULTS // len(evidence.passes)
    worst = sorted(range(len(item.faults)), key=lambda at: _HARMLESS.index(item.faults[at].outcome), reverse=True)
    return tuple(item.faults[at] for at in sorted(worst[:most]))


def _access(item: PassEvidence) -> Stated[process.Access]:
    if not item.starts:
        return absent(AbsenceReason.NOT_STARTED)
    return process.Access.DIRECT if item.direct_io else process.Access.BUFFERED


def _throughput(moved: int, busy_ms: int, *, finished: bool) -> Stated[Count]:
    if not finished:
        return absent(AbsenceReason.NOT_FINISHED)
    return moved * 1000 // busy_ms if busy_ms else absent(AbsenceReason.NOT_RECORDED)


def _verification(evidence: Evidence, item: PassEvidence) -> Stated[process.Verification]:
    check = item.verification
    if check is None:
        asked = evidence.plan.verifies(item.index).kind is not VerifyKind.NONE
        return absent(AbsenceReason.NOT_STARTED if asked else AbsenceReason.NOT_ASKED)
    sampled = check.kind is VerifyKind.SAMPLE
    # Of a reading that has not ended, only what lies before its last checkpoint counts as compared.
    unread = length_of(item.unread if check.finished else before(item.unread, check.compared))
    places: Stated[Count] = absent(AbsenceReason.NOT_APPLICABLE)
    if sampled:
        places = check.places if check.finished else absent(AbsenceReason.NOT_FINISHED)
    return process.Verification(
        kind=check.kind,
        share_permille=check.permille,
        seed=stated(check.seed, AbsenceReason.NOT_APPLICABLE),
        started=check.started,
        ended=stated(check.ended, AbsenceReason.NOT_FINISHED),
        compared_bytes=max(0, check.compared - unread),
        unread_bytes=length_of(item.unread),
        places=places,
        mismatches=len(item.mismatches),
        mismatching_bytes=length_of(item.mismatches),
        busy_ms=check.busy_ms,
        throughput_bytes_per_s=_throughput(check.compared - check.started_at, check.busy_ms, finished=check.finished),
        surface=_surface(evidence, check.surface),
    )


def _surface(evidence: Evidence, found: Surface) -> Stated[SurfaceTable]:
    return statement_of_surface(found, evidence.size, evidence.sector)


def _fault(fault: FaultRecord, sector: int) -> process.Fault:
    return process.Fault(
        at=fault.at,
        action=fault.action,
        kind=fault.kind,
        range=range_of(fault.offset, fault.length, sector),
        offset_bytes=fault.offset,
        length_bytes=fault.length,
        errno=fault.errno or absent(AbsenceReason.NOT_APPLICABLE),
        tries=fault.tries,
        outcome=fault.outcome,
        belongs_to_bytes=absent(AbsenceReason.NOT_APPLICABLE) if fault.holds is None else fault.holds,
    )


def _interruption(gap: Interruption) -> process.InterruptionStatement:
    return process.InterruptionStatement(
        cause=gap.cause,
        stopped=stated(gap.stopped, AbsenceReason.NOT_RECORDED),
        resumed=stated(gap.resumed, AbsenceReason.NOT_APPLICABLE),
    )


def _tool(context: RunContext) -> process.Tool:
    return process.Tool(
        station=context.station,
        program=context.program,
        version=context.version,
        commit=stated(context.commit, AbsenceReason.NOT_APPLICABLE),
        kernel=stated(context.kernel, AbsenceReason.NOT_RECORDED),
        architecture=stated(context.architecture, AbsenceReason.NOT_RECORDED),
        python=stated(context.python, AbsenceReason.NOT_RECORDED),
        clock=context.clock,
        clock_source=stated(context.clock_source, AbsenceReason.NOT_RECORDED),
    )


def range_of(offset: int, length: int, sector: int) -> LbaRange:
    """Logical blocks touched by `length` bytes from `offset`; a length of zero names the block at `offset`."""
    return LbaRange(first=offset // sector, last=max(offset, offset + length - 1) // sector)
