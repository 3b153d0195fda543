"""The state folder: what it says stays said, whenever the power goes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from bench.state import StateFolder


def test_the_name_of_a_station_is_on_the_medium_before_anything_bears_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a power cut may leave an empty file under its name, beside a ledger that bears another."""
    done: list[str] = []

    def sync(descriptor: int, effect: Any = os.fsync) -> None:
        done.append(f"sync {Path(f'/proc/self/fd/{descriptor}').readlink().name.partition('.')[0]}")
        effect(descriptor)

    def replace(source: Path, target: Path, effect: Any = os.replace) -> None:
        done.append("replace")
        effect(source, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "replace", replace)
    folder = StateFolder(tmp_path / "state")
    folder.create()
    assert folder.station_name("atelier-1") == "atelier-1"
    assert done == ["sync station", "replace", "sync state"]
    assert folder.station_name("another") == "atelier-1"
    assert sorted(path.name for path in folder.root.iterdir()) == ["certificates", "keys", "station"]
