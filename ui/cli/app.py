"""What every command gets: texts, state folder and the two streams; and how things are written on them."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any, TextIO, cast

from platformdirs import user_state_path
from rich.console import Console
from rich.text import Text

from bench.messages import Message
from bench.onlooker import Onlooker
from bench.state import StateFolder
from ui import compose
from ui.texts import Texts

PROGRAM = "tablerase"
STATE_VARIABLE = "TABLERASE_STATE"
_SYSTEM_STATE = Path("/var/lib/tablerase")
# rich breaks lines at any white space, unbreakable ones too. Two private characters stand for them until the line is
# written; in text from outside there are none, as they are not printable.
_GUARDED = {"\N{NO-BREAK SPACE}": "\ue000", "\N{NARROW NO-BREAK SPACE}": "\ue001"}
_RESTORE = str.maketrans({guard: space for space, guard in _GUARDED.items()})


class Status(IntEnum):
    """Exit status. It speaks of drives or documents, not of the command's own success."""

    DONE = 0
    """Every drive is erased, remarks included; every document is intact."""
    NOT_ALL = 1
    """At least one drive is not erased, or one document not intact."""
    REFUSED = 2
    """Nothing was done: wrong usage, or a refusal that says why."""
    INTERRUPTED = 3
    """Stopped by the operator; what was begun can be resumed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """One run of the command. `out` carries what was asked for, `err` everything that is said on the way."""

    texts: Texts
    folder: StateFolder
    out: Console
    err: Console

    def onlooker(self) -> Onlooker:
        """Drives and state folder, to look at only."""
        return compose.onlooker(self.folder.root)

    def say(self, message_id: str, /, *, style: str = "", **params: str | int) -> None:
        """Tell people something that is no part of the result."""
        self.err.print(cell(self.texts.say(message_id, **params), style))

    def complain(self, messages: Iterable[Message]) -> None:
        """Tell people why not: one paragraph for each sentence."""
        for message in dict.fromkeys(messages):
            self.err.print(cell(self.texts.text(message), "bold red"))

    def put(self, text: str | Text = "") -> None:
        """Write a line of the result."""
        self.out.print(cell(text) if isinstance(text, str) else text)

    def put_json(self, value: Mapping[str, Any]) -> None:
        """Write one JSON object on a line of its own, in UTF-8 whatever the terminal's encoding."""
        put_bytes(json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n")

    def sentences(self, messages: Iterable[Message]) -> list[dict[str, Any]]:
        """Messages for scripts: the stable code, its values, and the sentence in the reader's language."""
        return [
            {"code": message.id, "params": dict(message.params), "text": self.texts.text(message)}
            for message in messages
        ]


class _Stream:
    """A text stream on which the guards of `cell` become unbreakable spaces again; has what rich asks of a file."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.encoding = stream.encoding
        self.flush = stream.flush
        self.isatty = stream.isatty
        self.fileno = stream.fileno

    def write(self, text: str) -> int:
        return self._stream.write(text.translate(_RESTORE))


def console(stream: TextIO) -> Console:
    """A stream without rich's own mark-up: a serial number in brackets is a serial number."""
    return Console(file=cast("TextIO", _Stream(stream)), markup=False, highlight=False, emoji=False)


def cell(text: str, style: str = "") -> Text:
    """Text as it may be shown: a drive's name cannot move the cursor, and unbreakable spaces do not break."""
    return Text("".join(_shown(char) for char in text), style=style)


def _shown(char: str) -> str:
    if char in _GUARDED:
        return _GUARDED[char]
    return char if char.isprintable() or char == "\n" else "\N{REPLACEMENT CHARACTER}"


def put_bytes(content: bytes) -> None:
    """Write bytes of the result as they are."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def default_state() -> Path:
    """Where the state lies unless told otherwise: the system's place for root, the user's own for others."""
    return _SYSTEM_STATE if os.geteuid() == 0 else user_state_path(PROGRAM)
