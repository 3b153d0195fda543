"""What all parts of the published record share: strict frozen models, absence with its reason, units and times."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal, TypeAlias, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bench.messages import Message

MAX_INTEGER = 2**53 - 1
"""RFC 8785 numbers are IEEE 754 doubles: beyond this, integers would not survive every reader."""

T = TypeVar("T")


class Published(BaseModel):
    """A part of the record: no unknown field, no conversion, no change after it was made, no null, no float."""

    # Validators are built when the first record is: most commands read and write none.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True, defer_build=True)


class AbsenceReason(StrEnum):
    """Why a field of the record has no value."""

    NOT_REPORTED_BY_DRIVE = "not-reported-by-drive"
    NOT_ASKED = "not-asked"
    NOT_APPLICABLE = "not-applicable"
    NOT_GIVEN = "not-given"
    NOT_RECORDED = "not-recorded"
    NOT_STARTED = "not-started"
    NOT_FINISHED = "not-finished"
    NOT_YET_SUPPORTED = "not-yet-supported"
    RESERVED_FOR_DONOR = "reserved-for-donor"


class Absent(Published):
    """Stands where a value would: a field is never missing without a reason."""

    absent: AbsenceReason


Stated: TypeAlias = T | Absent
"""A value, or why there is none."""


def _instant(text: str) -> str:
    if datetime.fromisoformat(text).tzinfo is None:
        raise ValueError("a time carries its offset from UTC")
    return text


Count: TypeAlias = Annotated[int, Field(ge=0, le=MAX_INTEGER)]
Ordinal: TypeAlias = Annotated[int, Field(ge=1, le=MAX_INTEGER)]
Permille: TypeAlias = Annotated[int, Field(ge=0, le=1000)]
Parameter: TypeAlias = str | Annotated[int, Field(ge=-MAX_INTEGER, le=MAX_INTEGER)]
Instant: TypeAlias = Annotated[
    str,
    Field(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?[+-]\d{2}:\d{2}$"),
    AfterValidator(_instant),
]
"""RFC 3339 with a numeric offset."""
Sha256: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Hex: TypeAlias = Annotated[str, Field(pattern=r"^([0-9A-Fa-f]{2})+$")]
NonEmpty: TypeAlias = Annotated[str, Field(min_length=1)]


class Sentence(Published):
    """A sentence as a stable code and the values it names; readers word it in their own language."""

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
    params: Mapping[str, Parameter]

    @classmethod
    def of(cls, message: Message) -> Sentence:
        """The published form of a message."""
        return cls(code=message.id, params={name: printable(value) for name, value in message.params.items()})

    def message(self) -> Message:
        """The message to render."""
        return Message(self.code, self.params)


class LbaRange(Published):
    """Logical blocks, both ends included."""

    first: Count
    last: Count


def absent(reason: AbsenceReason) -> Absent:
    """Shorthand for building records."""
    return Absent(absent=reason)


def stated(text: str, otherwise: AbsenceReason) -> Stated[str]:
    """`text`, or the reason for its absence where it is empty."""
    return str(printable(text)) if text else absent(otherwise)


def printable(value: Parameter) -> Parameter:
    """`value` as Unicode proper: file names that are not UTF-8 reach Python as lone surrogates, shown as escapes."""
    return value if isinstance(value, int) else value.encode("utf-8", "backslashreplace").decode()


Format: TypeAlias = Literal["tablerase-record-1"]
