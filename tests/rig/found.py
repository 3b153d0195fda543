"""The scenarios, found without importing them: their modules are the guest's."""

from __future__ import annotations

import ast
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
    return [
        Scenario(module=module, function=node.name, boot=_boot(node, path))
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]


def _boot(function: ast.FunctionDef, path: Path) -> str:
    """The argument of @pytest.mark.boot("…")."""
    for decorator in function.decorator_list:
        match decorator:
            case ast.Call(func=ast.Attribute(attr="boot"), args=[ast.Constant(value=str(name))]):
                return name
            case ast.Call(func=ast.Attribute(attr="boot")):
                raise ValueError(f"{path}:{decorator.lineno}: boot takes one name, as text")
    return DEFAULT
