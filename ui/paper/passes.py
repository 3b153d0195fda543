"""The table of passes: one line each, on the first page or in the annex; passes that are alike share a line at last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from bench.evidence import Stage
from bench.plan import VerifyKind
from bench.record.base import Absent, Stated
from bench.record.process import PassStatement, PatternContent, Verification
from ui.paper.rows import short_time
from ui.texts import Texts

HEADINGS = ("number", "content", "start", "end", "bytes", "rate", "faults", "check")
_ON_FIRST_PAGE = 7
_LISTED_IN_FULL = 40
_SHORT_PATTERN = 8


def headings(texts: Texts) -> list[str]:
    """The column titles."""
    return [texts.say(f"paper-pass-{name}") for name in HEADINGS]


def need_annex(passes: Sequence[PassStatement]) -> bool:
    """Whether the passes are too many for the first page."""
    return len(passes) > _ON_FIRST_PAGE


def brief_rows(passes: Sequence[PassStatement], texts: Texts) -> list[list[str]]:
    """The table's lines on the first page: all passes, or else the last one beneath what the others come to."""
    if not need_annex(passes):
        return [_row(item, texts) for item in passes]
    others = texts.say("paper-passes-in-annex")
    return [_summary(passes[:-1], others, texts.say("paper-see-annex"), texts), _row(passes[-1], texts)]


def rows(passes: Sequence[PassStatement], texts: Texts) -> list[list[str]]:
    """The table's lines in the annex, one string for each heading."""
    if len(passes) <= _LISTED_IN_FULL:
        return [_row(item, texts) for item in passes]
    lines: list[list[str]] = []
    for alike, group in groupby(passes, key=_is_unremarkable):
        members = list(group)
        if alike and len(members) > 1:
            lines.append(_summary(members, texts.say("paper-passes-alike"), texts.say("paper-none"), texts))
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
        short_time(item.started, texts),
        short_time(item.ended, texts),
        texts.say("paper-bytes", size=item.synced_bytes - item.unwritten_bytes),
        _rate([item], texts),
        _errors([item], texts),
        _check(item.verification, texts),
    ]


def _summary(members: Sequence[PassStatement], content: str, check: str, texts: Texts) -> list[str]:
    """Several passes in a line. What reading back gave is not summed up."""
    first, last = members[0], members[-1]
    return [
        f"{first.number}–{last.number}",
        content,
        short_time(first.started, texts),
        short_time(last.ended, texts),
        texts.say("paper-bytes", size=sum(item.synced_bytes - item.unwritten_bytes for item in members)),
        _rate(members, texts),
        _errors(members, texts),
        check,
    ]


def _errors(members: Sequence[PassStatement], texts: Texts) -> str:
    count = sum(item.fault_counts.total for item in members)
    return texts.say("paper-pass-errors", count=count) if count else texts.say("paper-none")


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
