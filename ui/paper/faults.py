"""Errors on paper: where they are, in brief and as a list, and how many were overcome in which way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bench.record.base import LbaRange
from bench.record.process import PassStatement
from bench.record.result import Result
from ui.paper.rows import Row, row
from ui.texts import Texts

_INLINE_RANGES = 3
_MOST_LISTED = 400


def bad_ranges(result: Result) -> list[tuple[str, tuple[LbaRange, ...]]]:
    """The kinds of bad blocks that there are: the id of their name, and their ranges."""
    kinds = (
        ("paper-unwritten", result.unwritten),
        ("paper-unreadable", result.unreadable),
        ("paper-mismatching", result.mismatching),
    )
    return [(name, found) for name, found in kinds if found]


def brief_rows(result: Result, texts: Texts) -> list[Row]:
    """How many bad blocks of each kind: a few are named, more of them are told by their number and extent."""
    return [row(texts.say(name), _brief(found, texts)) for name, found in bad_ranges(result)]


def lists(result: Result, texts: Texts) -> list[dict[str, Any]]:
    """For the annex: the ranges of each kind that has more than a few, as far as a page or two hold them."""
    return [
        {
            "title": texts.say("paper-ranges-title", kind=texts.say(name), count=len(found)),
            "items": [_range(item, texts) for item in found[:_MOST_LISTED]],
            "more": texts.say("paper-more", count=len(found) - _MOST_LISTED) if len(found) > _MOST_LISTED else "",
        }
        for name, found in bad_ranges(result)
        if len(found) > _INLINE_RANGES
    ]


def overcome(passes: Sequence[PassStatement], texts: Texts) -> str:
    """How many errors were overcome, and how; empty if none was."""
    counts = [item.fault_counts for item in passes]
    ways = {
        "retried": sum(item.retried for item in counts),
        "cured": sum(item.cured for item in counts),
        "rewritten": sum(item.rewritten for item in counts),
    }
    return ", ".join(texts.say(f"paper-overcome-{way}", count=count) for way, count in ways.items() if count)


def _brief(found: Sequence[LbaRange], texts: Texts) -> str:
    blocks = sum(item.last - item.first + 1 for item in found)
    if len(found) <= _INLINE_RANGES:
        places = ", ".join(_range(item, texts) for item in found)
    else:
        first, last = min(item.first for item in found), max(item.last for item in found)
        places = texts.say("paper-ranges-listed", first=first, last=last)
    return texts.say("paper-ranges", blocks=blocks, count=len(found), places=places)


def _range(item: LbaRange, texts: Texts) -> str:
    if item.first == item.last:
        return texts.say("paper-block", first=item.first)
    return texts.say("paper-range", first=item.first, last=item.last)
