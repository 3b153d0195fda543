"""The record's account of who is concerned: the parties by their roles, and the way of the drive."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import Field

from bench import parties
from bench.record.base import Absent, NonEmpty, Published, Stated

Name: TypeAlias = Annotated[str, Field(min_length=1, max_length=parties.MAX_NAME)]
Address: TypeAlias = Annotated[str, Field(min_length=1, max_length=parties.MAX_ADDRESS)]
Siret: TypeAlias = Annotated[str, Field(pattern=rf"^[0-9]{{{parties.SIRET_DIGITS}}}$")]
Contact: TypeAlias = Annotated[str, Field(min_length=1, max_length=parties.MAX_CONTACT)]
Reference: TypeAlias = Annotated[str, Field(min_length=1, max_length=parties.MAX_REFERENCE)]
Lot: TypeAlias = Annotated[str, Field(min_length=1, max_length=parties.MAX_LOT)]


class Organisation(Published):
    """An organisation, as the workshop wrote it down."""

    name: Name
    address: Stated[Address]
    """Lines are parted by U+000A."""
    siret: Stated[Siret]
    """Number of the establishment in the French register of enterprises."""
    contact: Stated[Contact]


class Donor(Organisation):
    """Who gave the drive and answers for the data on it until its erasure (*responsable de traitement*)."""

    reference: Stated[Reference]
    """The donor's own, of its inventory or order."""


class Parties(Published):
    """Who gave, who worked, who checks. People who work here appear by code, never by name."""

    donor: Stated[Donor]
    """The controller of the data (GDPR article 4; in French *responsable de traitement*)."""
    refurbisher: Stated[Organisation]
    """The workshop, which erases on the donor's behalf (GDPR article 28; in French *sous-traitant*)."""
    operator: Stated[str]
    validator: Absent


class Custody(Published):
    """Where the drive came from, where it was worked on, where it goes."""

    station: NonEmpty
    lot: Stated[Lot]
    """The lot it was handed over with (in French *bon de remise*)."""
    received: Absent
    dock: Absent
    host_asset_tag: Absent
    host_serial: Absent
    destination: Absent
