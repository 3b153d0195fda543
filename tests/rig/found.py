"""The scenarios, found without importing them: their modules are the guest's."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rig.boots import DEFAULT
from rig.places import CHECKOUT, SCENARIOS


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One test function of the guest's: `module` is a path relative to the checkout."""

    module: str
    function: str
    boot: str

    @property
    def id(self) -> str:
        """As pytest in the guest is told of it."""
        return f"{self.module}::{self.function}"

    @property
    def name(self) -> str:
        """As pytest on the host shows it; what `make rig K=…` looks in."""
        return f"{self.boot}-{Path(self.module).stem.removeprefix('test_')}-{self.function.removeprefix('test_')}"


def scenarios() -> tuple[Scenario, ...]:
    """All of them, in the order of the files and of their lines."""
    return tuple(found for path in sorted(SCENARIOS.glob("test_*.py")) for found in _in_module(path))


def _in_module(path: Path) -> list[Scenario]:
    tree = ast.parse(path.read_text("utf-8"), str(path))
    module = path.relative_to(CHECKOUT).as_posix()
    whole = [node.value for node in tree.body if isinstance(node, ast.Assign) and _assigns(node, "pytestmark")]
    default = _boot(whole, path) or DEFAULT
    return [
        Scenario(module=module, function=node.name, boot=_boot(node.decorator_list, path) or default)
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]


def _assigns(statement: ast.Assign, name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in statement.targets)


def _boot(marks: Sequence[ast.expr], path: Path) -> str:
    """The argument of pytest.mark.boot("…") among marks; empty where there is none."""
    for mark in marks:
        match mark:
            case ast.Call(func=ast.Attribute(attr="boot"), args=[ast.Constant(value=str(name))]):
                return name
            case ast.Call(func=ast.Attribute(attr="boot")):
                raise ValueError(f"{path}:{mark.lineno}: boot takes one name, as text")
    return ""
