"""Facts on paper: a label and its value, in the form that the template reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeAlias

from bench.record.base import Absent, Stated
from ui.texts import Texts

Row: TypeAlias = dict[str, str | bool | list[str]]
"""`label` and `value`; `more` has further lines of the value; the rest says how the value is set."""


def row(label: str, value: str, *, mono: bool = False, strong: bool = False, more: Sequence[str] = ()) -> Row:
    """A fact that is known: `mono` for what is read letter by letter, `strong` for what is looked for first."""
    return {"label": label, "value": value, "mono": mono, "strong": strong, "faint": False, "more": list(more)}


def stated_row(label: str, value: Stated[str], texts: Texts, *, mono: bool = False, strong: bool = False) -> Row:
    """A fact, or, set faint, why it is not there."""
    if isinstance(value, Absent):
        return {**row(label, absence(value, texts)), "faint": True}
    return row(label, value, mono=mono, strong=strong)


def absence(value: Absent, texts: Texts) -> str:
    """Why a value is not there, in words."""
    return texts.say(f"absent-{value.absent.value}")


def stated(value: Stated[str], texts: Texts) -> str:
    """The value, or why it is not there."""
    return absence(value, texts) if isinstance(value, Absent) else value


def short_time(moment: Stated[str], texts: Texts) -> str:
    """A time for a table: short and sortable, in UTC as the heading says; or why there is none."""
    if isinstance(moment, Absent):
        return absence(moment, texts)
    return datetime.fromisoformat(moment).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
