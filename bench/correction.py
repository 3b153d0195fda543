"""Correcting a document: another takes its place, with its own number and entry; the first stays as it was issued.

Only who is named in it can be corrected, never what was done or proven: evidence and verdict are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bench.evidence import Evidence
from bench.messages import BenchError, say
from bench.parties import Donor, Handover, Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is to be corrected and why; `None` stays as it is, empty takes it out.

    `reference` is the donor's, `corrector` the code of who corrects.
    """

    reason: str
    corrector: str = ""
    operator: str | None = None
    donor: Donor | None = None
    reference: str | None = None
    refurbisher: Organisation | None = None
    lot: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Who and what a record names beside the evidence."""

    operator: str
    handover: Handover


def named(evidence: Evidence) -> Named:
    """What the latest record of a job names: its plan's, or what was corrected last."""
    stands = evidence.corrections[-1] if evidence.corrections else evidence.plan
    return Named(operator=stands.operator, handover=stands.handover)


def changed(before: Named, change: Change) -> Named:
    """What the next record names. `BenchError` if that is the same, or a reference has no donor."""
    handover = before.handover
    operator = before.operator if change.operator is None else change.operator
    donor = with_reference(handover.donor if change.donor is None else change.donor, change.reference)
    after = Named(
        operator=operator,
        handover=Handover(
            donor=donor,
            refurbisher=handover.refurbisher if change.refurbisher is None else change.refurbisher,
            lot=handover.lot if change.lot is None else change.lot,
        ),
    )
    if after == before:
        raise BenchError(say("correction-changes-nothing"))
    return after


def with_reference(donor: Donor, reference: str | None) -> Donor:
    """The donor with another reference of its own, if one is given. `BenchError` if there is no donor to have one."""
    if not reference:
        return donor if reference is None else replace(donor, reference="")
    if not donor.is_given:
        raise BenchError(say("party-reference-without-donor"))
    return replace(donor, reference=reference)


def require_latest(number: str, versions: Sequence[str]) -> None:
    """`BenchError`, naming the latest, if the number is not that of the latest of a job's documents."""
    if versions[-1] != number:
        raise BenchError(say("correction-not-latest", number=number, latest=versions[-1]))
