"""What the folders promise each other, beyond what import-linter holds."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def imported_by(module: str) -> set[str]:
    """Names of all modules that a fresh interpreter holds after importing this one as the worker is started."""
    code = f"import sys, json, {module}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True, cwd="/", env=dict(os.environ)
    )
    return set(json.loads(done.stdout))


@pytest.mark.parametrize(
    ("module", "besides"),
    [
        ("drivers.fork_server", {"bench", "drivers", "cryptography", "_cffi_backend"}),
        ("drivers.sim.drive", {"bench", "drivers"}),
        ("bench.sampling", {"bench"}),
        ("bench.work", {"bench"}),
    ],
)
def test_processes_beside_a_drive_need_little(module: str, besides: set[str]) -> None:
    """What holds a drive's descriptor is small enough to be read, and starts fast."""
    site = imported_by("json")  # What a .pth file of the environment imports at start-up is not the module's doing.
    foreign = {name.partition(".")[0] for name in imported_by(module) - site} - sys.stdlib_module_names
    # cryptography's compiled part registers under names of its own.
    foreign = {name for name in foreign if not name.startswith("_") or name == "_cffi_backend"}
    assert foreign <= besides


def test_the_domain_asks_nothing_of_the_outside() -> None:
    """No process, socket, device, clock or terminal in `bench`: those come through ports."""
    outside = {"subprocess", "multiprocessing", "socket", "time", "ctypes", "mmap", "termios", "http"}
    for path in (ROOT / "bench").rglob("*.py"):
        assert not imports_of(path) & outside, path


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found
