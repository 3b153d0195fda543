"""The texts of the command line and the bench: every one that is named exists, and none lies unused."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as fluent

import bench
import drivers
import ui
from ui.formats import Language
from ui.texts import sources, texts


def strings(package: Path) -> Iterator[str]:
    """Every string of a package's code as a pattern: what an f-string computes may be anything."""
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield re.escape(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = (re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in node.values)
                yield "".join(parts)


def folder(module: object) -> Path:
    return Path(str(getattr(module, "__file__", ""))).parent


@pytest.mark.parametrize("file", ["cli.ftl", "bench.ftl"])
def test_every_text_is_used(file: str) -> None:
    known = {item for module in (bench, drivers, ui) for item in strings(folder(module)) if "-" in item}
    used = re.compile("|".join(f"(?:{item})" for item in known))
    entries = FluentParser().parse(sources(Language.FR)[file]).body
    names = [entry.id.name for entry in entries if isinstance(entry, fluent.Message)]
    assert len(names) > 10
    assert [name for name in names if not used.fullmatch(name)] == []


def test_every_text_that_the_command_line_names_exists() -> None:
    named = {item.replace("\\", "") for item in strings(folder(ui) / "cli")}
    wanted = {name for name in named if re.fullmatch(r"cli-[a-z-]*[a-z]", name)}
    assert len(wanted) > 100
    assert [name for name in sorted(wanted) if not texts(Language.FR).knows(name)] == []
