"""Fluent messages as JSON, for a page that has no Fluent: text, values, our functions, and choices. Nothing else.

A pattern is a string, or a list of strings and placeables: `["$", name]`, `[FUNCTION, name]` or
`["?", placeable, {key: pattern}, default key]`. `script/texts.js` writes them out; the tests compare both.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import TypeAlias

from fluent.syntax import FluentParser, ast

FUNCTIONS = frozenset({"NUMBER", "BYTES", "PERCENT", "DATE", "DURATION"})

Placeable: TypeAlias = "list[str | int | Placeable | dict[str, Pattern]]"
Pattern: TypeAlias = "str | list[str | Placeable]"


class FluentError(ValueError):
    """A message that uses more of Fluent than the page knows."""


def patterns(source: str) -> dict[str, Pattern]:
    """Every message of a Fluent file, by id. `FluentError` if one cannot be had without Fluent."""
    found: dict[str, Pattern] = {}
    for entry in FluentParser(with_spans=False).parse(source).body:
        if isinstance(entry, ast.Message) and entry.value is not None and not entry.attributes:
            found[entry.id.name] = _pattern(entry.value, entry.id.name)
        elif not isinstance(entry, ast.BaseComment):
            raise FluentError(f"neither message nor comment: {entry.to_json()}")
    return found


class Choices:
    """Choices that several messages make in the same words, each kept once: `["#", place]` stands for them."""

    def __init__(self, found: Iterable[Pattern]) -> None:
        self.kept: list[Placeable] = []
        self._uses: Counter[str] = Counter()
        self._places: dict[str, int] = {}
        for pattern in found:
            self._count(pattern)

    def without(self, pattern: Pattern) -> Pattern:
        """The pattern with its shared choices replaced."""
        if isinstance(pattern, str):
            return pattern
        return [part if isinstance(part, str) else self._replaced(part) for part in pattern]

    def _count(self, pattern: Pattern) -> None:
        for part in pattern if isinstance(pattern, list) else ():
            if isinstance(part, list) and part[0] == "?":
                self._uses[json.dumps(part)] += 1
                for variant in _variants(part).values():
                    self._count(variant)

    def _replaced(self, part: Placeable) -> Placeable:
        if part[0] != "?":
            return part
        name = json.dumps(part)
        variants = {key: self.without(variant) for key, variant in _variants(part).items()}
        smaller: Placeable = [*part[:2], variants, *part[3:]]
        if self._uses[name] < 2:
            return smaller
        if name not in self._places:
            self._places[name] = len(self.kept)
            self.kept.append(smaller)
        return ["#", self._places[name]]


def _variants(part: Placeable) -> dict[str, Pattern]:
    variants = part[2]
    if not isinstance(variants, dict):
        raise TypeError(f"no choice: {part}")
    return variants


def _pattern(pattern: ast.Pattern, where: str) -> Pattern:
    parts: list[str | Placeable] = []
    for element in pattern.elements:
        part = element.value or "" if isinstance(element, ast.TextElement) else _placeable(element.expression, where)
        if isinstance(part, str) and parts and isinstance(parts[-1], str):
            parts[-1] += part
        else:
            parts.append(part)
    if not parts:
        return ""
    return parts[0] if len(parts) == 1 and isinstance(parts[0], str) else parts


def _placeable(expression: object, where: str) -> str | Placeable:
    match expression:
        case ast.StringLiteral():
            return str(expression.parse()["value"])
        case ast.VariableReference(id=name):
            return ["$", name.name]
        case ast.FunctionReference(
            id=name, arguments=ast.CallArguments(positional=[ast.VariableReference(id=value)], named=[])
        ) if name.name in FUNCTIONS:
            return [name.name, value.name]
        case ast.SelectExpression(selector=ast.VariableReference() as selector, variants=variants):
            choices = {_key(variant.key): _pattern(variant.value, where) for variant in variants}
            default = next(_key(variant.key) for variant in variants if variant.default)
            return ["?", _placeable(selector, where), choices, default]
        case _:
            raise FluentError(f"{where} uses more of Fluent than the page knows: {type(expression).__name__}")


def _key(key: ast.Identifier | ast.NumberLiteral) -> str:
    return key.name if isinstance(key, ast.Identifier) else str(key.value)
