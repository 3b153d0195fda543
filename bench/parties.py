"""Who hands drives over and who works on them: organisations as a workshop writes them down, bounded and printable.

The words for their roles (in French law the donor is *responsable de traitement*, the refurbisher *sous-traitant*) come
from the fields they stand in, never from free text. What was not given is empty.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, fields

from stdnum.exceptions import ValidationError as NumberError
from stdnum.fr import siret as siret_number

from bench.messages import BenchError, say

MAX_NAME = 120
MAX_ADDRESS = 240
MAX_ADDRESS_LINES = 6
MAX_CONTACT = 120
MAX_REFERENCE = 80
MAX_LOT = 80
MAX_CODE = 32
MAX_REASON = 300
"""Lengths in characters: what one page can show whole."""
SIRET_DIGITS = 14
"""Nine of the enterprise (SIREN), five of its establishment."""
_CODE = re.compile(rf"[\w./-]{{1,{MAX_CODE}}}")
_JOINERS = "\u200c\u200d"
"""Format characters that some scripts cannot be written without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """An organisation by its name; `address` may have several lines, `siret` is 14 digits.

    `ValueError` where there is something of it but no name.
    """

    name: str = ""
    address: str = ""
    siret: str = ""
    contact: str = ""

    def __post_init__(self) -> None:
        if not self.name and any(getattr(self, item.name) for item in fields(self)):
            raise ValueError("an organisation has a name")

    @property
    def is_given(self) -> bool:
        """Whether anything is known of it."""
        return bool(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Donor(Organisation):
    """Who answers for the data; `reference` is the donor's own, of its inventory or order."""

    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """Whose drives these are, who works on them, and the lot (in French *bon de remise*) they came with."""

    donor: Donor = Donor()
    refurbisher: Organisation = Organisation()
    lot: str = ""


NOBODY = Handover()
"""Nothing was given."""


def checked_line(text: str, limit: int) -> str:
    """`text` without the spaces around it; it is a single line.

    `BenchError` if it has more than `limit` characters, or any that cannot be printed as what they are: control
    characters, turned directions, lone surrogates.
    """
    text = text.strip()
    if not all(_is_printable(char) for char in text):
        raise BenchError(say("party-not-printable", found=_shown(text)))
    if len(text) > limit:
        raise BenchError(say("party-too-long", found=_shown(text), length=len(text), limit=limit))
    return text


def checked_address(text: str) -> str:
    """An address, one line under the other without empty ones. `BenchError` as `checked_line`, and for many lines."""
    lines = [checked_line(line, MAX_ADDRESS) for line in text.split("\n") if line.strip()]
    if len(lines) > MAX_ADDRESS_LINES:
        raise BenchError(say("party-too-many-lines", found=len(lines), limit=MAX_ADDRESS_LINES))
    whole = "\n".join(lines)
    if len(whole) > MAX_ADDRESS:
        raise BenchError(say("party-too-long", found=_shown(whole), length=len(whole), limit=MAX_ADDRESS))
    return whole


def checked_siret(text: str) -> str:
    """A SIRET as its 14 digits, however it was grouped; empty if it was empty. `BenchError` if a digit is wrong."""
    text = checked_line(text, MAX_NAME)
    if not text:
        return ""
    digits = "".join(text.split())
    if not (digits.isascii() and digits.isdigit() and len(digits) == SIRET_DIGITS):
        raise BenchError(say("party-siret-digits", found=_shown(text), length=len(digits)))
    try:
        return siret_number.validate(digits)
    except NumberError:
        raise BenchError(say("party-siret-wrong", found=_shown(text))) from None


def checked_code(text: str) -> str:
    """The code of somebody who works here, as it appears on paper; empty is none. `BenchError` if it is no code."""
    if text and not _CODE.fullmatch(text):
        raise BenchError(say("party-operator-not-a-code", found=_shown(text), limit=MAX_CODE))
    return text


def _is_printable(char: str) -> bool:
    return char in _JOINERS or unicodedata.category(char) not in {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}


def _shown(text: str) -> str:
    return text[:40].encode("utf-8", "backslashreplace").decode()
