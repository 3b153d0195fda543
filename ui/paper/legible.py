"""What may stand on paper: characters that the two embedded fonts can show, everything else as its code point.

A drive's model or a file's name may hold anything, from another script to a mark that reverses the line. On paper
each such character is written `<U+05D0>`; the attached original has it as it is.
"""

from __future__ import annotations

import unicodedata
from typing import Any

_LETTERS = (
    *(range(0x21, 0x7F), range(0xA1, 0x1C4), range(0x1CD, 0x1E4), range(0x218, 0x21C), range(0x259, 0x25A)),  # Latin
    *(range(0x1EA0, 0x1EFA),),  # Vietnamese
    *(range(0x384, 0x3CF), range(0x1F00, 0x2000)),  # Greek, with breathings too
    *(range(0x400, 0x460), range(0x490, 0x49C), range(0x4A2, 0x4A6), range(0x4AA, 0x4B4), range(0x4BA, 0x4BC)),
    *(range(0x4C0, 0x4C1), range(0x4D0, 0x4FA)),  # Cyrillic of Russian, Ukrainian and the Turkic languages
)
"""Blocks of which both fonts have every letter: found out by trying each, and tested."""
_SIGNS = frozenset(" \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}‐‑‒–—―‘’‚“”„†‡•…‰′″‹›€™№")
_DRAWING = "svg"
_LONGEST_WORD = 40
_BREAK_EVERY = 20
ZERO_WIDTH_SPACE = "\N{ZERO WIDTH SPACE}"


def legible(text: str) -> str:
    """`text` in characters that can be printed; words too long for a line may be broken."""
    shown = "".join(_shown(char) for char in unicodedata.normalize("NFC", text))
    return " ".join(_breakable(word) for word in shown.split(" "))


def legible_all(value: Any) -> Any:  # noqa: ANN401 - any JSON value, of the shape it came in
    """`legible` for every string inside a JSON value; names of fields and drawings (`svg`) stay."""
    if isinstance(value, str):
        return legible(value)
    if isinstance(value, dict):
        return {name: item if name == _DRAWING else legible_all(item) for name, item in value.items()}
    return [legible_all(item) for item in value] if isinstance(value, list) else value


def _shown(char: str) -> str:
    code = ord(char)
    printable = any(code in letters for letters in _LETTERS) and unicodedata.category(char)[0] != "C"
    return char if char in _SIGNS or printable else f"<U+{code:04X}>"


def _breakable(word: str) -> str:
    if len(word) <= _LONGEST_WORD:
        return word
    return ZERO_WIDTH_SPACE.join(word[i : i + _BREAK_EVERY] for i in range(0, len(word), _BREAK_EVERY))
