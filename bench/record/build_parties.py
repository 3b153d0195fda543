"""How what an operator was told of donor, workshop and lot becomes the record's account of the parties."""

from __future__ import annotations

from bench import parties as given
from bench.record.base import AbsenceReason, Stated, absent, stated
from bench.record.parties import Custody, Donor, Organisation, Parties

_LATER = absent(AbsenceReason.NOT_YET_SUPPORTED)
_NOT_GIVEN = AbsenceReason.NOT_GIVEN


def statement_of_parties(operator: str, handover: given.Handover) -> Parties:
    """The parties of one record."""
    return Parties(
        donor=_donor(handover.donor),
        refurbisher=_organisation(handover.refurbisher),
        operator=stated(operator, _NOT_GIVEN),
        validator=absent(AbsenceReason.RESERVED_FOR_DONOR),
    )


def statement_of_custody(station: str, handover: given.Handover) -> Custody:
    """The way of the drive, as far as this version follows it."""
    return Custody(
        station=station,
        lot=stated(handover.lot, _NOT_GIVEN),
        received=_LATER,
        dock=_LATER,
        host_asset_tag=_LATER,
        host_serial=_LATER,
        destination=_LATER,
    )


def _organisation(found: given.Organisation) -> Stated[Organisation]:
    if not found.is_given:
        return absent(_NOT_GIVEN)
    return Organisation(
        name=found.name,
        address=stated(found.address, _NOT_GIVEN),
        siret=stated(found.siret, _NOT_GIVEN),
        contact=stated(found.contact, _NOT_GIVEN),
    )


def _donor(found: given.Donor) -> Stated[Donor]:
    if not found.is_given:
        return absent(_NOT_GIVEN)
    return Donor(
        name=found.name,
        address=stated(found.address, _NOT_GIVEN),
        siret=stated(found.siret, _NOT_GIVEN),
        contact=stated(found.contact, _NOT_GIVEN),
        reference=stated(found.reference, _NOT_GIVEN),
    )
