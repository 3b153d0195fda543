"""How numbers, sizes, times and shares are written in French and English; offered to the texts as functions.

Group separators and the spaces before units are U+202F (narrow, unbreakable) in both languages.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum

from babel.dates import format_datetime

NARROW = "\N{NARROW NO-BREAK SPACE}"
NO_BREAK = "\N{NO-BREAK SPACE}"


class Language(StrEnum):
    """The languages in which every sentence exists."""

    FR = "fr"
    EN = "en"


_DECIMAL_MARK = {Language.FR: ",", Language.EN: "."}
_BYTE = {Language.FR: "octets", Language.EN: "bytes"}
_BYTE_UNIT = {Language.FR: "o", Language.EN: "B"}
_DATE_PATTERN = {Language.FR: "d MMMM y 'à' HH:mm:ss", Language.EN: "d MMMM y 'at' HH:mm:ss"}
_EXACT_BELOW = 10_000


def number(value: int) -> str:
    """An exact integer in groups of three: logical block addresses, counts."""
    return f"{value:,}".replace(",", NARROW)


def byte_count(value: int, language: Language) -> str:
    """A size in decimal units with one decimal (`500,1 Go`, `500.1 GB`); below 10 000, the exact bytes."""
    if value < _EXACT_BELOW:
        return f"{number(value)}{NARROW}{_BYTE[language]}"
    exponent = 1
    while exponent < 6 and _tenths(value, 1000**exponent) >= 10_000:
        exponent += 1
    tenths = _tenths(value, 1000**exponent)
    return f"{_with_tenth(tenths, language)}{NARROW}{'kMGTPE'[exponent - 1]}{_BYTE_UNIT[language]}"


def percent(permille: int, language: Language) -> str:
    """A share given in thousandths: `5 %`, `0,5 %`; English sets no space."""
    whole, tenth = divmod(permille, 10)
    digits = _with_tenth(permille, language) if tenth else number(whole)
    return f"{digits}{NARROW if language is Language.FR else ''}%"


def date(text: str, language: Language) -> str:
    """An RFC 3339 time as people write it, in the offset it was recorded with, the offset always shown."""
    moment = datetime.fromisoformat(text)
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError(f"a time without an offset: {text!r}")
    written = format_datetime(moment.replace(tzinfo=None), _DATE_PATTERN[language], locale=language.value)
    return f"{written} {_offset(offset)}".replace(" ", NO_BREAK)


def duration(milliseconds: int, language: Language) -> str:
    """A length of time to the precision that matters: `2 h 05 min`, `3 min 20 s`, `0,8 s`."""
    if milliseconds < 9_950:
        return f"{_with_tenth(_tenths(milliseconds, 1000), language)}{NO_BREAK}s"
    seconds = (milliseconds + 500) // 1000
    if seconds < 60:
        return f"{seconds}{NO_BREAK}s"
    if seconds < 3600:
        return f"{seconds // 60}{NO_BREAK}min{NO_BREAK}{seconds % 60:02}{NO_BREAK}s"
    minutes = (seconds + 30) // 60
    return f"{number(minutes // 60)}{NO_BREAK}h{NO_BREAK}{minutes % 60:02}{NO_BREAK}min"


def _tenths(value: int, unit: int) -> int:
    return int((Decimal(value * 10) / unit).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def _with_tenth(tenths: int, language: Language) -> str:
    whole, tenth = divmod(tenths, 10)
    return f"{number(whole)}{_DECIMAL_MARK[language]}{tenth}"


def _offset(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    if minutes == 0:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '-'}{hours:02}:{rest:02}"
