"""What is installed is what is here: the lock, the declared dependencies and the wheel."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
OWN = {"bench", "drivers", "ui", "config"}
LOCKS = ("run.txt", "dev.txt", "lock.txt")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def required(lines: list[str]) -> set[str]:
    return {normal(re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0]) for line in lines}


def pins(lock: str) -> dict[str, str]:
    """Package to version, by what the lock says."""
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ;]+)", text, flags=re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_versions_and_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    for requirement in text.replace("\\\n", " ").splitlines():
        assert re.fullmatch(r"[a-z0-9-]+==[^ ]+( ; [^:/@]+?)?( +--hash=sha256:[0-9a-f]{64})+ *", requirement)


def test_what_tests_need_is_what_runs_and_more() -> None:
    assert pins("run.txt").items() < pins("dev.txt").items()


def test_the_lock_answers_pyproject() -> None:
    groups = PROJECT["dependency-groups"]
    assert required(PROJECT["project"]["dependencies"] + groups["build"]) <= pins("run.txt").keys()
    assert required(groups["dev"]) <= pins("dev.txt").keys()
    assert required(groups["lock"]) <= pins("lock.txt").keys()


def test_the_raspberry_pi_extra_is_not_locked() -> None:
    locked = pins("run.txt").keys() | pins("dev.txt").keys()
    assert not locked & (required(PROJECT["project"]["optional-dependencies"]["pi"]) | {"lgpio", "rpi-gpio"})


def imported(folders: set[str]) -> set[str]:
    """Distributions that the code in these folders imports."""
    modules: set[str] = set()
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules.add(node.module.partition(".")[0])
    providers = metadata.packages_distributions()
    foreign = modules - sys.stdlib_module_names - OWN - {"support", "_typeshed"}
    return {normal(name) for module in foreign for name in providers[module]}


def test_what_is_imported_is_declared() -> None:
    declared = required(PROJECT["project"]["dependencies"])
    # Each comes with the declared package whose types or syntax tree it is.
    companions = {"pydantic-core": "pydantic", "fluent-syntax": "fluent-runtime"}
    assert imported(OWN) <= declared | {part for part, whole in companions.items() if whole in declared}


def test_what_is_declared_is_imported() -> None:
    assert required(PROJECT["project"]["dependencies"]) <= imported(OWN)


def test_the_wheel_holds_code_and_data(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if name.partition("/")[0] in OWN}
        entry = next(name for name in archive.namelist() if name.endswith("entry_points.txt"))
        assert "tablerase = ui.cli.main:main" in archive.read(entry).decode()
        assert any(name.endswith("licenses/LICENSE") for name in archive.namelist())
    here = {
        str(path.relative_to(ROOT))
        for folder in OWN
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert packed == here
    suffixes = {Path(name).suffix for name in packed}
    assert {".toml", ".ftl", ".json", ".typ", ".typed"} <= suffixes
