"""Turns at a drive: one after the other, and no waiting for ever."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from drivers.sim.bays import survey
from drivers.turns import turn_at
from support.virtual_drives import virtual_drive


def test_one_at_a_time() -> None:
    together, most, count = threading.Semaphore(1), [], threading.Lock()

    def turn(_: int) -> None:
        with turn_at("/dev/one", patience=60):
            with count:
                most.append(together.acquire(blocking=False))
            together.release()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(turn, range(400)))
    assert most == [True] * 400


def test_another_node_is_not_waited_for() -> None:
    with turn_at("/dev/one"), turn_at("/dev/two", patience=60):
        pass


def test_who_hangs_is_not_waited_for_and_keeps_its_turn() -> None:
    with turn_at("/dev/hung"):
        with turn_at("/dev/hung", patience=0.01):
            pass
        with turn_at("/dev/hung", patience=0.01):
            pass
    with turn_at("/dev/hung", patience=60):
        pass


def test_a_turn_ends_with_an_error() -> None:
    with pytest.raises(OSError, match="broken"), turn_at("/dev/broken"):
        raise OSError("broken")
    with turn_at("/dev/broken", patience=60):
        pass


def test_who_looks_twice_at_once_does_not_find_himself(tmp_path: Path) -> None:
    with virtual_drive(tmp_path / "d"), ThreadPoolExecutor(8) as threads:
        found = list(threads.map(survey, [f"sim:{tmp_path}/d", f"sim:{tmp_path}/../{tmp_path.name}/d"] * 100))
    assert {facts.obstacles for facts in found} == {()}
