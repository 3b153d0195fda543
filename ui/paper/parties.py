"""Who is concerned, on paper: the donor, the workshop, the lot, and the operator by code."""

from __future__ import annotations

from bench.record.base import Absent, Stated
from bench.record.model import Record
from bench.record.parties import Donor, Organisation
from ui.formats import NARROW
from ui.paper.rows import Row, row, stated_row
from ui.texts import Texts


def party_rows(record: Record, texts: Texts) -> list[Row]:
    """Donor, refurbisher, lot, operator and station; what nobody gave is said to be so."""
    parties, custody = record.parties, record.custody
    return [
        _party("donor", parties.donor, texts),
        _party("refurbisher", parties.refurbisher, texts),
        stated_row(texts.say("paper-lot"), custody.lot, texts, strong=True),
        stated_row(texts.say("paper-operator"), parties.operator, texts),
        row(texts.say("paper-station"), custody.station),
    ]


def _party(role: str, party: Stated[Donor] | Stated[Organisation], texts: Texts) -> Row:
    """The name, with what else is known of the organisation and its role in law in the lines beneath."""
    label = texts.say(f"paper-{role}")
    if isinstance(party, Absent):
        return stated_row(label, party, texts)
    lines = []
    if isinstance(party.address, str):
        lines.append(", ".join(party.address.split("\n")))
    if isinstance(party.siret, str):
        lines.append(texts.say("paper-siret", siret=_grouped_siret(party.siret)))
    if isinstance(party.contact, str):
        lines.append(party.contact)
    if isinstance(party, Donor) and isinstance(party.reference, str):
        lines.append(texts.say("paper-reference", reference=party.reference))
    return row(label, party.name, strong=True, more=[*lines, texts.say(f"paper-{role}-role")])


def _grouped_siret(digits: str) -> str:
    """A SIRET as it is written: SIREN in threes, then the establishment's five digits."""
    return NARROW.join((digits[:3], digits[3:6], digits[6:9], digits[9:]))
