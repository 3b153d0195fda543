"""What the bench says to people, as ids with parameters; `ui.text` turns them into French or English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_NONE: Mapping[str, str | int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence: the id of a Fluent message and the values it names.

    The id is kebab-case and stable: it is stored, signed and printed by `--json` as the reason's code.
    """

    id: str
    params: Mapping[str, str | int] = field(default_factory=lambda: _NONE)

    def __hash__(self) -> int:
        return hash((self.id, tuple(sorted(self.params.items()))))


def say(message_id: str, /, **params: str | int) -> Message:
    """Build a `Message`: `say("drive-mounted", node="/dev/sda1", where="/home")`."""
    return Message(message_id, MappingProxyType(params))


class BenchError(Exception):
    """A refusal or failure that a person can act on; carries the sentence to show them."""

    def __init__(self, message: Message, *more: Message) -> None:
        super().__init__(message, *more)
        self.messages: tuple[Message, ...] = (message, *more)

    def __str__(self) -> str:
        """One line for a log; people are shown `messages`."""
        return "; ".join(f"{message.id} {dict(message.params)}" for message in self.messages)
