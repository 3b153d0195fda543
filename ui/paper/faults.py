"""Errors on paper: where they are, as far as a page has room, and how many were overcome in which way."""

from __future__ import annotations

from collections.abc import Sequence

from bench.record.base import LbaRange
from bench.record.process import PassStatement
from ui.texts import Texts

_MOST_RANGES = 20


def ranges(found: Sequence[LbaRange], texts: Texts) -> str:
    """How many blocks these are, and the first of their ranges; the attached original has all."""
    shown = [_range(item, texts) for item in found[:_MOST_RANGES]]
    left = len(found) - len(shown)
    if left:
        shown.append(texts.say("paper-more", count=left))
    blocks = sum(item.last - item.first + 1 for item in found)
    return texts.say("paper-ranges", blocks=blocks, count=len(found), places=", ".join(shown))


def overcome(passes: Sequence[PassStatement], texts: Texts) -> str:
    """How many errors were overcome, and how; empty if none was."""
    counts = [item.fault_counts for item in passes]
    ways = {
        "retried": sum(item.retried for item in counts),
        "cured": sum(item.cured for item in counts),
        "rewritten": sum(item.rewritten for item in counts),
    }
    return ", ".join(texts.say(f"paper-overcome-{way}", count=count) for way, count in ways.items() if count)


def _range(item: LbaRange, texts: Texts) -> str:
    if item.first == item.last:
        return texts.say("paper-block", first=item.first)
    return texts.say("paper-range", first=item.first, last=item.last)
