"""From message ids to sentences: Fluent files in `config/texts/<language>/`, French and English both complete.

An unknown id or a missing value is a defect of the program and raises: no reader is shown a placeholder.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from fluent.runtime import FluentBundle, FluentResource

from bench.messages import BenchError, Message, say
from ui import formats
from ui.formats import Language

_ENTRY = re.compile(r"^([a-zA-Z][\w-]*) *=.*(?:\n(?:[ }].*)?)*", re.MULTILINE)
"""A message of a Fluent file: from its name to the next line that is neither indented, empty nor a closing brace."""


class TextError(LookupError):
    """A message that the texts cannot express."""


class Texts:
    """All sentences of one language.

    The texts may call NUMBER (an exact integer, in groups), BYTES (a size), PERCENT (of thousandths), DATE (RFC
    3339) and DURATION (of milliseconds). A bare number is written the language's own way, and selects its plural.
    """

    def __init__(self, language: Language) -> None:
        """Read the language's files. `TextError` if two of them define the same message."""
        self.language = language
        # Isolation marks protect mixed writing directions, which these languages lack; terminals show them as boxes.
        self._bundle = FluentBundle([language.value], functions=_functions(language), use_isolating=False)
        # Parsed one by one as they are needed: parsing all would take longer than most commands.
        self._entries: dict[str, str] = {}
        for name, content in sorted(sources(language).items()):
            for message_id, entry in entries(content):
                if message_id in self._entries:
                    raise TextError(f"{message_id} is defined twice, the second time in {language.value}/{name}")
                self._entries[message_id] = entry

    def text(self, message: Message) -> str:
        """The sentence. `TextError` if its id is unknown or a value it needs is missing."""
        if not self.knows(message.id):
            raise TextError(f"no {self.language.value} text for {message.id!r}")
        if not self._bundle.has_message(message.id):
            self._bundle.add_resource(FluentResource(self._entries[message.id]))
        pattern = self._bundle.get_message(message.id).value
        if pattern is None:
            raise TextError(f"the {self.language.value} text of {message.id!r} is empty")
        sentence, errors = self._bundle.format_pattern(pattern, dict(message.params))
        if errors:
            raise TextError(f"{message.id!r} in {self.language.value}: {errors[0]}") from errors[0]
        return str(sentence)

    def say(self, message_id: str, /, **params: str | int) -> str:
        """`text` of a message built on the spot."""
        return self.text(say(message_id, **params))

    def knows(self, message_id: str) -> bool:
        """Whether there is a text for this id."""
        return message_id in self._entries


def entries(content: str) -> Iterator[tuple[str, str]]:
    """The messages of a Fluent file: names and source texts. No message of ours refers to another one."""
    for found in _ENTRY.finditer(content):
        yield found[1], found[0]


@cache
def texts(language: Language) -> Texts:
    """The texts of a language, read once."""
    return Texts(language)


def sources(language: Language) -> dict[str, str]:
    """The language's Fluent files: name to content."""
    folder = files("config").joinpath("texts", language.value)
    return {item.name: item.read_text("utf-8") for item in folder.iterdir() if item.name.endswith(".ftl")}


def detect_language(environ: Mapping[str, str], explicit: str = "") -> Language:
    """The reader's language: as asked for, else by locale; French where the locale names none.

    `BenchError` if the language asked for does not exist here. A locale of a third language gets English.
    """
    if explicit:
        try:
            return Language(explicit.lower())
        except ValueError:
            choices = ", ".join(Language)
            raise BenchError(say("language-unknown", language=explicit, choices=choices)) from None
    locale = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := environ.get(name))), "")
    code = locale.partition(".")[0].partition("@")[0].partition("_")[0].lower()
    return Language.FR if code in {"", "c", "posix", "fr"} else Language.EN


def _functions(language: Language) -> dict[str, Callable[[Any], Any]]:
    # Fluent wraps integers in a number type of its own, and hands strings over as they are. It takes a plain string
    # back, though its annotations do not say so: hence Any.
    return {
        "NUMBER": lambda value: formats.number(int(value)),
        "BYTES": lambda value: formats.byte_count(int(value), language),
        "PERCENT": lambda value: formats.percent(int(value), language),
        "DURATION": lambda value: formats.duration(int(value), language),
        "DATE": lambda value: formats.date(str(value), language),
    }
