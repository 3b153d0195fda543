"""Every outcome of a command has its sentence, in both languages."""

from __future__ import annotations

import re

import pytest
from fluent.syntax import FluentParser, ast
from fluent.syntax.serializer import serialize_expression
from fluent.syntax.visitor import Visitor

from bench.capabilities import HiddenKind
from bench.messages import say
from drivers.commands.outcome import Doubt, Refused, Unclear, Why
from ui.formats import Language
from ui.texts import sources, texts


class Keys(Visitor):
    def __init__(self) -> None:
        self.found: dict[str, set[str]] = {}

    def visit_SelectExpression(self, node: ast.SelectExpression) -> None:  # noqa: N802 - the visitor's protocol
        keys = {key.key.name for key in node.variants if isinstance(key.key, ast.Identifier)}
        self.found[serialize_expression(node.selector)] = keys


@pytest.mark.parametrize("language", list(Language))
def test_choices_name_every_value(language: Language) -> None:
    keys: dict[str, dict[str, set[str]]] = {}
    for entry in FluentParser(with_spans=False).parse(sources(language)["commands.ftl"]).body:
        if isinstance(entry, ast.Message):
            visitor = Keys()
            visitor.visit(entry)
            keys[entry.id.name] = visitor.found
    assert keys["command-refused"] == {"$why": {why.value for why in Why}}
    assert keys["command-unclear"] == {"$doubt": {doubt.value for doubt in Doubt}}
    assert keys["command-hidden-unknown"] == {"$kind": {kind.value for kind in HiddenKind}}


@pytest.mark.parametrize("language", list(Language))
def test_outcomes_are_sentences(language: Language) -> None:
    said = [Refused(why=why, code="5h/20h/00h").message for why in Why]
    said += [Unclear(doubt=doubt, detail="host status 03h").message for doubt in Doubt]
    rendered = [texts(language).text(message) for message in said]
    assert len(set(rendered)) == len(said)
    for text in rendered:
        assert re.search(r"5h/20h/00h|host status 03h", text)
        assert "{" not in text


def test_a_bridge_is_named() -> None:
    message = say("command-usb-nvme-bridge", bridge="Realtek RTL9210 NVME (0bda:9210)")
    assert "Realtek RTL9210 NVME (0bda:9210)" in texts(Language.FR).text(message)
