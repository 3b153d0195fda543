"""The verdict: one pure function from a plan and its evidence to what may be claimed, with every reason.

It starts as *unproven*; only positive evidence moves it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bench import events as ev
from bench import sampling, stage_verdict
from bench.evidence import Evidence, PassEvidence, Verification
from bench.faults import Span, length_of, spans_of
from bench.messages import Message, say
from bench.plan import Level, VerifyKind
from bench.work import Action, FaultKind, Outcome


class Verdict(StrEnum):
    """What is proven about the data. Health is another axis and another word."""

    ERASED = "erased"
    ERASED_WITH_REMARKS = "erased-with-remarks"
    FAILED = "failed"
    ABORTED = "aborted"
    UNPROVEN = "unproven"

    @property
    def proves_erasure(self) -> bool:
        """Whether a certificate, and not a failure report, may be issued."""
        return self in {Verdict.ERASED, Verdict.ERASED_WITH_REMARKS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A verdict, the level it reached, and why. Remarks are reasons of an erased-with-remarks verdict."""

    verdict: Verdict
    level_achieved: Level
    reasons: tuple[Message, ...]


def judge(evidence: Evidence) -> Judgement:
    """Draw the verdict from the evidence alone."""
    failures = _failures(evidence)
    suspicions = _suspicions(evidence)
    gaps = _gaps(evidence)
    if failures:
        return _without_proof(Verdict.FAILED, (*failures, *suspicions, *gaps))
    if evidence.stopped is not None and evidence.stopped.cancelled:
        return _without_proof(Verdict.ABORTED, (evidence.stopped.reason, *suspicions))
    if suspicions or gaps:
        return _without_proof(Verdict.UNPROVEN, (*suspicions, *gaps))
    remarks = _remarks(evidence)
    return Judgement(
        verdict=Verdict.ERASED_WITH_REMARKS if remarks else Verdict.ERASED,
        level_achieved=stage_verdict.earned(evidence).level,
        reasons=remarks,
    )


def _without_proof(verdict: Verdict, reasons: tuple[Message, ...]) -> Judgement:
    return Judgement(verdict=verdict, level_achieved=Level.NONE, reasons=reasons)


def _failures(evidence: Evidence) -> tuple[Message, ...]:
    """What shows that data may remain: a drive that was given up, and what the final pass did not reach or prove."""
    found: list[Message] = []
    if evidence.given_up is not None:
        found.append(evidence.given_up.reason)
    found += stage_verdict.failures(evidence)
    if not evidence.passes:
        return tuple(found)
    final = evidence.passes[-1]
    sector = evidence.sector
    for item in evidence.passes:
        unsynced = say("reason-gave-up-sync", **{"pass": item.index + 1})
        if item.lasting(Action.SYNC) and unsynced not in found:
            found.append(unsynced)
    room = _room(final)
    if room:
        found.append(say("reason-fake-capacity", size=room, claimed=evidence.size))
    for name, spans in (("unwritten", final.unwritten), ("unread", final.unread), ("mismatch", final.mismatches)):
        if spans:
            found.append(say(f"reason-{name}", **_place(spans, sector)))
    return tuple(found)


def _place(spans: Sequence[Span], sector: int) -> dict[str, str | int]:
    """How many sectors in how many ranges, and where the first and the last of them are (LBA)."""
    return {
        "count": -(-length_of(spans) // sector),
        "ranges": len(spans),
        "first": spans[0][0] // sector,
        "last": (spans[-1][1] - 1) // sector,
    }


def _room(item: PassEvidence) -> int:
    """The room a drive has at most, where it gave back for one place what was written for another; else 0.

    A drive that wraps around writes two places to one when their distance is a multiple of its real size. It then
    loses its beginning first, and everything it lost holds what was meant for elsewhere: where that is not so,
    something else happened, a write that went astray for example.
    """
    strange = [fault for fault in item.faults if fault.kind is FaultKind.MISMATCH]
    if not strange or min(fault.offset for fault in strange) > 0:
        return 0
    distances = [fault.holds - fault.offset for fault in strange if fault.holds is not None]
    return math.gcd(*distances) if len(distances) == len(strange) else 0


def _suspicions(evidence: Evidence) -> tuple[Message, ...]:
    """What makes all other evidence worthless."""
    found: list[Message] = []
    if evidence.anomalies:
        found.append(say("reason-inconsistent-journal", what=", ".join(evidence.anomalies)))
    if evidence.identity_changed:
        found.append(say("reason-identity-changed"))
    return tuple(found)


def _gaps(evidence: Evidence) -> tuple[Message, ...]:
    """Where the evidence ends before it proves an erasure: what follows the first missing step is missing too."""
    found: list[Message] = []
    if evidence.stopped is not None and not evidence.stopped.cancelled:
        found.append(evidence.stopped.reason)
    found += stage_verdict.gaps(evidence)
    for item in evidence.passes:
        if not item.stage.is_written:
            return (*found, say("reason-pass-incomplete", **{"pass": item.index + 1}))
        if item.synced != evidence.size:
            found.append(say("reason-pass-not-synced", **{"pass": item.index + 1}))
        found += _verification_gaps(evidence, item)
    if evidence.final_identity is None and not found:
        found.append(say("reason-identity-not-confirmed"))
    return tuple(found)


def _verification_gaps(evidence: Evidence, item: PassEvidence) -> list[Message]:
    planned = evidence.plan.verifies(item.index)
    final = item.index == len(evidence.passes) - 1
    if planned.kind is VerifyKind.NONE:
        return [say("reason-not-verified")] if final else []
    check = item.verification
    if check is None or not check.finished or not _is_whole(evidence, check):
        return [say("reason-verification-incomplete", **{"pass": item.index + 1})]
    return []


def _is_whole(evidence: Evidence, check: Verification) -> bool:
    """Whether all that was to be read was tried: every byte, or every place that the seed gives."""
    if check.kind is VerifyKind.SAMPLE:
        return (check.places, check.compared) == sampling.total(evidence.size, check.permille, evidence.sector)
    return check.compared == evidence.size


def _remarks(evidence: Evidence) -> tuple[Message, ...]:
    """What does not keep the erasure from being proven, but must be known; each says its consequence."""
    found = list(stage_verdict.remarks(evidence))
    verify = evidence.plan.verify
    if verify.kind is VerifyKind.SAMPLE and evidence.passes:
        found.append(say("remark-sampled", permille=verify.permille))
    for gap in evidence.interruptions:
        if gap.cause is not ev.Cause.PAUSED:
            found.append(say(f"remark-interrupted-{gap.cause.value}", at=gap.stopped or gap.resumed))
    sector = evidence.sector
    for item in evidence.passes:
        number = item.index + 1
        if item.restarts:
            found.append(say("remark-pass-restarted", count=item.restarts, **{"pass": number}))
        if item.bad:
            # Of the final pass nothing is bad, else nothing were proven.
            sampled = "-sampled" if verify.kind is VerifyKind.SAMPLE else ""
            found.append(say(f"remark-earlier-errors{sampled}", **{"pass": number}, **_place(item.bad, sector)))
        cured = spans_of(fault for fault in item.faults if fault.outcome is Outcome.CURED)
        if cured:
            found.append(say("remark-cured", **{"pass": number}, **_place(cured, sector)))
        retried = [fault for fault in item.faults if fault.outcome in {Outcome.RETRIED, Outcome.REWRITTEN}]
        if retried:
            found.append(say("remark-retried", times=len(retried), **{"pass": number}))
    if not all(item.direct_io for item in evidence.passes):
        found.append(say("remark-buffered-io"))
    return tuple(found)
