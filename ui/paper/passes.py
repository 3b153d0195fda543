"""The table of passes: one line each, or, for methods too long to read, one line for passes that are alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import groupby

from bench.evidence import Stage
from bench.plan import VerifyKind
from bench.record.base import Absent, Stated
from bench.record.process import PassStatement, PatternContent, Verification
from ui.texts import Texts

HEADINGS = ("number", "content", "start", "end", "bytes", "rate", "faults", "check")
_LISTED_IN_FULL = 40
_SHORT_PATTERN = 8


def headings(texts: Texts) -> list[str]:
    """The column titles."""
    return [texts.say(f"paper-pass-{name}") for name in HEADINGS]


def rows(passes: Sequence[PassStatement], texts: Texts) -> list[list[str]]:
    """The table's lines, one string for each heading."""
    if len(passes) <= _LISTED_IN_FULL:
        return [_row(item, texts) for item in passes]
    lines: list[list[str]] = []
    for alike, group in groupby(passes, key=_is_unremarkable):
        members = list(group)
        if alike and len(members) > 1:
            lines.append(_summary(members, texts))
        else:
            lines += [_row(item, texts) for item in members]
    return lines


def _is_unremarkable(item: PassStatement) -> bool:
    """Written to the end without anything to tell, and not read back."""
    written = item.stage not in {Stage.WAITING, Stage.WRITING}
    return written and not item.fault_counts.total and not item.restarts and isinstance(item.verification, Absent)


def _row(item: PassStatement, texts: Texts) -> list[str]:
    return [
        str(item.number),
        _content(item, texts),
        _time(item.started, texts),
        _time(item.ended, texts),
        texts.say("paper-bytes", size=item.synced_bytes - item.unwritten_bytes),
        _rate([item], texts),
        texts.say("paper-pass-errors", count=item.fault_counts.total)
        if item.fault_counts.total
        else texts.say("paper-none"),
        _check(item.verification, texts),
    ]


def _summary(members: Sequence[PassStatement], texts: Texts) -> list[str]:
    first, last = members[0], members[-1]
    return [
        f"{first.number}–{last.number}",
        texts.say("paper-passes-alike"),
        _time(first.started, texts),
        _time(last.ended, texts),
        texts.say("paper-bytes", size=sum(item.synced_bytes for item in members)),
        _rate(members, texts),
        texts.say("paper-none"),
        texts.say("paper-none"),
    ]


def _content(item: PassStatement, texts: Texts) -> str:
    content = item.content
    if isinstance(content, PatternContent):
        count = len(content.pattern) // 2
        if count <= _SHORT_PATTERN:
            return texts.say("paper-pattern", pattern=content.pattern)
        return texts.say("paper-pattern-long", count=count, pattern=content.pattern[: 2 * _SHORT_PATTERN])
    if isinstance(content.algorithm, Absent):
        return texts.say("paper-stream-waiting")
    return texts.say("paper-stream", algorithm=content.algorithm.value.upper())


def _time(moment: Stated[str], texts: Texts) -> str:
    """Short and sortable, in UTC as the heading says."""
    if isinstance(moment, Absent):
        return texts.say(f"absent-{moment.absent.value}")
    return datetime.fromisoformat(moment).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def _rate(members: Iterable[PassStatement], texts: Texts) -> str:
    known = [item.throughput_bytes_per_s for item in members if isinstance(item.throughput_bytes_per_s, int)]
    return texts.say("paper-rate", rate=sum(known) // len(known)) if known else texts.say("paper-none")


def _check(check: Stated[Verification], texts: Texts) -> str:
    if isinstance(check, Absent):
        return texts.say(f"absent-{check.absent.value}")
    if check.mismatches:
        return texts.say("paper-check-differences", size=check.mismatching_bytes)
    if check.unread_bytes:
        return texts.say("paper-check-unread", size=check.unread_bytes)
    if isinstance(check.ended, Absent):
        return texts.say("paper-check-part")
    if check.kind is VerifyKind.SAMPLE:
        return texts.say("paper-check-sample", permille=check.share_permille)
    return texts.say("paper-check-full")
