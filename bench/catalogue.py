"""The methods this bench offers: those it was built with, and those a site defined in its own file.

Both are TOML of one form, explained at the head of `config/methods.toml`. Nothing of a file is used unless all of
it is right; what is wrong is said with file, method, pass and what is expected.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StringConstraints, Tag, ValidationError
from pydantic_core import ErrorDetails

from bench.messages import BenchError, Message, say
from bench.methods import MAX_PATTERN, Method, PassTemplate, Shuffled

_KEY = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_PASS = r"^(random|~?[a-z]|([0-9A-Fa-f]{2})+)$"  # noqa: S105  (a pass over a drive, not a password)
_PLACE = re.compile(r"at line (\d+), column (\d+)")


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


def _upper(content: str) -> str:
    """Hexadecimal digits as the bench writes them; anything else is left as it is."""
    return content.upper() if re.fullmatch(r"([0-9A-Fa-f]{2})+", content) else content


_Content = Annotated[str, StringConstraints(pattern=_PASS, max_length=2 * MAX_PATTERN)]
_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Written(_Model):
    """A pass with its verification spelled out."""

    write: _Content
    verify: bool

    def step(self) -> PassTemplate:
        return PassTemplate(content=_upper(self.write), verify=self.verify)


class _Group(_Model):
    """Passes in an order drawn for each job."""

    shuffled: Annotated[list[_Content], Field(min_length=2)]

    def step(self) -> Shuffled:
        return Shuffled(passes=tuple(PassTemplate(content=_upper(item)) for item in self.shuffled))


def _form(item: object) -> str:
    """Which form a pass was written in; nothing else is tried, so that one mistake gives one error."""
    if isinstance(item, dict):
        return "group" if "shuffled" in item else "written"
    return "plain"


_Pass = Annotated[
    Annotated[_Content, Tag("plain")] | Annotated[_Written, Tag("written")] | Annotated[_Group, Tag("group")],
    Discriminator(_form),
]


class _Entry(_Model):
    """One `[[method]]` of a file."""

    key: Annotated[str, StringConstraints(pattern=_KEY)]
    name: _Text
    source: _Text
    passes: Annotated[list[_Pass], Field(min_length=1)]

    def method(self, *, site: bool) -> Method:
        steps = tuple(
            PassTemplate(content=_upper(item)) if isinstance(item, str) else item.step() for item in self.passes
        )
        return Method(key=self.key, name=self.name, source=self.source, steps=steps, site=site)


class _File(_Model):
    method: list[_Entry]


def built_in() -> Mapping[str, Method]:
    """The methods that come with the program, by key."""
    return MappingProxyType(_read(resources.files("config") / "methods.toml", "methods.toml", site=False))


def catalogue(site_file: Path | None = None) -> Mapping[str, Method]:
    """All methods by key: the built-in ones, then those of a site's file, marked as such.

    `BenchError` if the file cannot be read, is not of the expected form or takes a built-in method's key.
    """
    known = built_in()
    if site_file is None:
        return known
    own = _read(site_file, str(site_file), site=True)
    if taken := known.keys() & own.keys():
        raise BenchError(*(say("methods-built-in-key", file=str(site_file), method=key) for key in sorted(taken)))
    return MappingProxyType({**known, **own})


def find(methods: Mapping[str, Method], key: str) -> Method:
    """The method of this key. `BenchError`, with the nearest keys if any, where there is none."""
    if key in methods:
        return methods[key]
    close = [name for name in methods if key and name.startswith(key.lower())]
    close = close or difflib.get_close_matches(key.lower(), methods)
    if close:
        raise BenchError(say("methods-unknown-close", method=key, close=", ".join(close)))
    raise BenchError(say("methods-unknown", method=key))


def _read(source: Traversable, file: str, *, site: bool) -> dict[str, Method]:
    found: dict[str, Method] = {}
    for entry in _parse(source, file).method:
        if entry.key in found:
            raise BenchError(say("methods-duplicate-key", file=file, method=entry.key))
        found[entry.key] = entry.method(site=site)
    return found


def _parse(source: Traversable, file: str) -> _File:
    try:
        data = tomllib.loads(source.read_text(encoding="utf-8"))
    except OSError as error:
        raise BenchError(say("methods-file-unreadable", file=file, why=error.strerror or str(error))) from error
    except UnicodeDecodeError as error:
        raise BenchError(say("methods-not-utf-8", file=file)) from error
    except tomllib.TOMLDecodeError as error:
        raise BenchError(_not_toml(file, str(error))) from error
    try:
        return _File.model_validate(data)
    except ValidationError as error:
        raise BenchError(*(_explain(file, data, detail) for detail in error.errors())) from error


def _not_toml(file: str, problem: str) -> Message:
    place = _PLACE.search(problem)
    if place is None:
        return say("methods-not-toml-at-end", file=file)
    return say("methods-not-toml", file=file, line=int(place[1]), column=int(place[2]))


def _explain(file: str, data: dict[str, Any], detail: ErrorDetails) -> Message:
    """The sentence for one error; its place is ("method", n-th method, field, n-th pass, …)."""
    place = detail["loc"]
    if len(place) < 3 or place[0] != "method" or not isinstance(place[1], int):
        return say("methods-wrong-file", file=file, field=".".join(map(str, place)))
    where = {"file": file, "method": _name_of(data["method"][place[1]], place[1]), "field": str(place[2])}
    if place[2] == "passes" and len(place) > 3:
        return _explain_pass(where | {"number": int(place[3]) + 1}, place[4:], detail)
    match detail["type"]:
        case "missing":
            return say("methods-field-missing", **where)
        case "extra_forbidden":
            return say("methods-field-unknown", **where)
        case "too_short" | "string_too_short" | "list_type":
            return say("methods-no-passes" if place[2] == "passes" else "methods-field-empty", **where)
        case "string_pattern_mismatch":
            return say("methods-wrong-key", found=_shown(detail), **where)
        case _:
            return say("methods-field-not-text", found=_shown(detail), **where)


def _explain_pass(where: dict[str, str | int], place: Sequence[str | int], detail: ErrorDetails) -> Message:
    """What is wrong with one pass; `place` is what follows its number: its form, then a field of it."""
    where = {key: where[key] for key in ("file", "method", "number")}
    match detail["type"]:
        case "string_too_long":
            return say("methods-pattern-too-long", limit=MAX_PATTERN, **where)
        case "missing" | "bool_type":
            return say("methods-pass-incomplete", **where)
        case "extra_forbidden":
            return say("methods-pass-field-unknown", field=str(place[-1]), **where)
        case "too_short" | "list_type":
            return say("methods-group-too-small", **where)
        case _:
            return say("methods-wrong-pass", found=_shown(detail), **where)


def _name_of(entry: object, index: int) -> str:
    """The method's key as written, or its place in the file where it has none."""
    key = entry.get("key") if isinstance(entry, dict) else None
    return key if isinstance(key, str) and key else f"#{index + 1}"


def _shown(detail: ErrorDetails) -> str:
    shown = str(detail["input"])
    return shown if len(shown) <= 40 else f"{shown[:40]}…"
