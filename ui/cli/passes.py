"""What a method writes, pass by pass, in words: before anything is drawn, so that it holds for every drive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bench.methods import RANDOM, Method, PassTemplate, Shuffled
from bench.plan import Verify, VerifyKind
from ui.texts import Texts

_ALL = Verify()
_NOTHING = Verify(kind=VerifyKind.NONE, permille=0)
_SHORT = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Passes `first` to `last`, numbered from 1: one, or a group whose order is drawn. `contents` as in the method."""

    first: int
    last: int
    contents: tuple[str, ...]
    verify: Verify

    @property
    def shuffled(self) -> bool:
        """Whether the order of these passes is drawn for each drive."""
        return len(self.contents) > 1


def stretches(method: Method, *, rounds: int = 1, blank: bool = False, verify: Verify = _ALL) -> tuple[Stretch, ...]:
    """All passes of a job, as `bench.methods.rounds_of` will resolve them; `verify` is that of the final one."""
    steps = [*_steps(method, rounds), *([PassTemplate(content="00")] if blank else [])]
    found: list[Stretch] = []
    number = 1
    for place, step in enumerate(steps):
        contents = tuple(item.content for item in (step.passes if isinstance(step, Shuffled) else (step,)))
        last = number + len(contents) - 1
        asked = _ALL if isinstance(step, PassTemplate) and step.verify else _NOTHING
        final = place == len(steps) - 1
        found.append(Stretch(first=number, last=last, contents=contents, verify=verify if final else asked))
        number = last + 1
    return tuple(found)


def _steps(method: Method, rounds: int) -> Iterator[PassTemplate | Shuffled]:
    """A method's own verification belongs to its last round."""
    for number in range(1, rounds + 1):
        for step in method.steps:
            earlier = number < rounds and isinstance(step, PassTemplate)
            yield PassTemplate(content=step.content) if earlier and isinstance(step, PassTemplate) else step


def number_of(stretch: Stretch) -> str:
    """`3`, or `5–31`."""
    return str(stretch.first) if stretch.first == stretch.last else f"{stretch.first}–{stretch.last}"


def content_of(texts: Texts, stretch: Stretch) -> str:
    """What is written."""
    if stretch.shuffled:
        return texts.say("cli-content-shuffled", count=len(stretch.contents))
    content = stretch.contents[0]
    if content == RANDOM:
        return texts.say("cli-content-random")
    if content.startswith("~"):
        return texts.say("cli-content-complement", letter=content[1:])
    if content.islower() and len(content) == 1:
        return texts.say("cli-content-drawn", letter=content)
    if len(content) <= _SHORT:
        return texts.say("cli-content-pattern", pattern=content)
    return texts.say("cli-content-long-pattern", pattern=content[:_SHORT], count=len(content) // 2)


def check_of(texts: Texts, verify: Verify) -> str:
    """How it is read back."""
    return texts.say("cli-check", kind=verify.kind.value, permille=verify.permille)


def to_json(stretch: Stretch) -> Mapping[str, Any]:
    """For scripts: contents as the method has them."""
    return {
        "first": stretch.first,
        "last": stretch.last,
        "contents": list(stretch.contents),
        "order_drawn": stretch.shuffled,
        "verify": str(stretch.verify),
    }
