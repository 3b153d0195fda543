"""The guard's sentences: each message that the code can say exists in both languages, with the values it is given."""

from __future__ import annotations

import ast
import re
from importlib.resources import files
from pathlib import Path

import pytest

import bench
import drivers.block

SOURCES = [path for package in (bench, drivers.block) for path in sorted(Path(package.__path__[0]).rglob("*.py"))]
GAP = {"narrow": "\u202f", "wide": "\u00a0"}


def texts(language: str) -> dict[str, str]:
    lines = files("config").joinpath(f"texts/{language}/guard.ftl").read_text(encoding="utf-8").split("\n")
    pairs = (line.partition(" = ") for line in lines if line and not line.startswith("#"))
    return {key: sentence for key, _, sentence in pairs}


def variables(sentence: str) -> set[str]:
    return set(re.findall(r"\$([a-z]+)", sentence))


def said() -> dict[str, set[str]]:
    """The guard's ids given literally to `say`, with the names of their values."""
    calls: dict[str, set[str]] = {}
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
                first = node.args[0]
                if isinstance(first, ast.Constant) and str(first.value).startswith("guard-"):
                    calls[str(first.value)] = {str(keyword.arg) for keyword in node.keywords}
    return calls


def ids_in_code() -> set[str]:
    return {name for source in SOURCES for name in re.findall(r'"(guard-[a-z-]+)"', source.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_message_has_a_text_and_every_text_a_message(language: str) -> None:
    assert set(texts(language)) == ids_in_code()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_texts_name_only_values_that_the_code_gives(language: str) -> None:
    sentences = texts(language)
    for message, given in said().items():
        assert variables(sentences[message]) <= given, message


def test_both_languages_name_the_same_values() -> None:
    english = texts("en")
    assert {key: variables(s) for key, s in texts("fr").items()} == {key: variables(s) for key, s in english.items()}


def test_french_typography() -> None:
    for key, sentence in texts("fr").items():
        prose = re.sub(r"\{[^}]*\}|https?://\S+", "x", sentence)
        assert "'" not in prose, key
        assert not re.search(f"[^{GAP['narrow']}][;!?]", prose), key
        assert not re.search(f"[^{GAP['wide']}][:»]|«[^{GAP['wide']}]", prose), key
