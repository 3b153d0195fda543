"""Erasure methods as data: an ordered list of passes, every one explicit.

A method's passes are templates: `a`, `b`, `c` stand for bytes drawn per job, `~a` for the complement, `random`
for a random stream, hexadecimal digits for a repeated pattern. `draw` resolves them once, when a job is planned;
the outcome is journalled, so that a resumed job writes what it began to write.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

from bench.messages import Message, say

RANDOM = "random"
MAX_PATTERN = 512
"""Longest pattern in bytes: one logical sector of the smallest kind."""
_HEX = re.compile(r"(?:[0-9A-F]{2})+")
_DRAWN = re.compile(r"~?[a-z]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """One overwrite of the whole drive.

    `pattern` is the repeated bytes in hexadecimal, or empty for a random stream. `verify` says that the method
    itself asks for reading back this pass.
    """

    pattern: str
    verify: bool = False

    @property
    def is_stream(self) -> bool:
        """Whether this pass writes a random stream."""
        return not self.pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class PassTemplate:
    """A pass as the method's text has it: a pattern, a drawn byte (`a`, `~a`) or `random`."""

    content: str
    verify: bool = False

    def __post_init__(self) -> None:
        if self.content == RANDOM or _DRAWN.fullmatch(self.content):
            return
        if not _HEX.fullmatch(self.content):
            msg = f"a pass is 'random', a letter, '~' and a letter, or bytes in hexadecimal, not {self.content!r}"
            raise ValueError(msg)
        if len(self.content) // 2 > MAX_PATTERN:
            raise ValueError(f"a pattern has at most {MAX_PATTERN} bytes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shuffled:
    """Passes written in an order drawn per job (Gutmann's 27 middle passes)."""

    passes: tuple[PassTemplate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """An erasure method: its key, its name, the source of its definition and its passes in order.

    `name` is what its source calls it, in the source's language: it goes into records, which must make sense
    without this program. Screens show `title`. `site` is true for a method that a workshop defined itself; it is
    then named as such everywhere.
    """

    key: str
    name: str
    source: str
    steps: tuple[PassTemplate | Shuffled, ...]
    site: bool = False

    @property
    def title(self) -> Message:
        """The method's title in the reader's language."""
        if self.site:
            return say("method-site-title", name=self.name)
        return say(f"method-{self.key}-title")

    def passes_per_round(self) -> int:
        """How many times a round overwrites the drive."""
        return sum(len(step.passes) if isinstance(step, Shuffled) else 1 for step in self.steps)


def draw(method: Method, rng: Callable[[int], int] = secrets.randbelow) -> tuple[Pass, ...]:
    """Resolve a method's templates for one round of one job.

    `rng(n)` gives a uniform integer below n. Each letter is drawn once, independently of the others, and means
    the same byte throughout the round.
    """
    letters: dict[str, int] = {}

    def resolve(template: PassTemplate) -> Pass:
        content = template.content
        if content == RANDOM:
            return Pass(pattern="", verify=template.verify)
        if not _DRAWN.fullmatch(content):
            return Pass(pattern=content, verify=template.verify)
        letter = content[-1]
        if letter not in letters:
            letters[letter] = rng(256)
        value = letters[letter] ^ (0xFF if content[0] == "~" else 0)
        return Pass(pattern=f"{value:02X}", verify=template.verify)

    passes: list[Pass] = []
    for step in method.steps:
        templates = _shuffled(step.passes, rng) if isinstance(step, Shuffled) else [step]
        passes += [resolve(template) for template in templates]
    return tuple(passes)


def rounds_of(
    method: Method, rounds: int, *, blank: bool = False, rng: Callable[[int], int] = secrets.randbelow
) -> tuple[Pass, ...]:
    """All passes of a job: the method `rounds` times, each with its own draw, then a zero pass if `blank`.

    A method's own verification belongs to its last round: what earlier rounds wrote is overwritten. `ValueError`
    for fewer than one round.
    """
    if rounds < 1:
        raise ValueError("at least one round")
    passes: list[Pass] = []
    for number in range(rounds):
        drawn = draw(method, rng)
        last = number == rounds - 1
        passes += drawn if last else [replace(item, verify=False) for item in drawn]
    if blank:
        passes.append(Pass(pattern="00"))
    return tuple(passes)


def _shuffled(items: tuple[PassTemplate, ...], rng: Callable[[int], int]) -> list[PassTemplate]:
    """Fisher-Yates with the job's own random source."""
    out = list(items)
    for index in range(len(out) - 1, 0, -1):
        other = rng(index + 1)
        out[index], out[other] = out[other], out[index]
    return out
