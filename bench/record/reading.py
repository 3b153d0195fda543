"""Reading JSON from strangers: size, depth, duplicate names, floats and huge numbers are refused, not guessed."""

from __future__ import annotations

import json
from typing import Any, NoReturn, TypeAlias

from bench.messages import BenchError, say
from bench.record.base import MAX_INTEGER

MAX_BYTES = 16 * 1024 * 1024
"""Largest certificate file: twice what thousands of faults on one drive make."""
MAX_DEPTH = 24
_MAX_DIGITS = len(str(MAX_INTEGER)) + 1

JsonObject: TypeAlias = dict[str, Any]


class UnreadableError(BenchError):
    """The file is not JSON of the kind that certificates are written in; the message says what was met."""


def read_object(text: bytes) -> JsonObject:
    """The JSON object in `text`: UTF-8, at most `MAX_BYTES` and `MAX_DEPTH` levels, integers only."""
    if len(text) > MAX_BYTES:
        raise UnreadableError(say("unreadable-too-large", size=len(text), limit=MAX_BYTES))
    try:
        value = json.loads(
            text.decode("utf-8"),
            object_pairs_hook=_without_duplicates,
            parse_float=_refuse_number,
            parse_constant=_refuse_number,
            parse_int=_integer,
        )
    except RecursionError:
        raise UnreadableError(say("unreadable-too-deep", limit=MAX_DEPTH)) from None
    except UnicodeDecodeError as error:
        raise UnreadableError(say("unreadable-not-utf8", position=error.start)) from None
    except json.JSONDecodeError as error:
        raise UnreadableError(say("unreadable-not-json", position=error.pos)) from None
    if not isinstance(value, dict):
        raise UnreadableError(say("unreadable-not-an-object"))
    _check_depth(value)
    return value


def _without_duplicates(pairs: list[tuple[str, Any]]) -> JsonObject:
    # Readers differ in which of two equal names they believe; a signed document must not leave the choice.
    found = dict(pairs)
    if len(found) != len(pairs):
        raise UnreadableError(say("unreadable-duplicate-name"))
    return found


def _refuse_number(_: str) -> NoReturn:
    raise UnreadableError(say("unreadable-number"))


def _integer(digits: str) -> int:
    if len(digits) > _MAX_DIGITS or abs(int(digits)) > MAX_INTEGER:
        _refuse_number(digits)
    return int(digits)


def _check_depth(value: JsonObject) -> None:
    level: list[Any] = [value]
    for _ in range(MAX_DEPTH):
        level = [child for item in level for child in _children(item)]
        if not level:
            return
    raise UnreadableError(say("unreadable-too-deep", limit=MAX_DEPTH))


def _children(value: Any) -> list[Any]:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
