"""`tablerase bus` over real drives: virtual ones, and loop devices where they can be had."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

import pytest

from support.benches import addresses, planted_drives
from support.command import Command
from support.loops import loop_device

MIB = 1 << 20


@pytest.fixture
def command(tmp_path: Path) -> Command:
    return Command(tmp_path / "state")


def test_drives_are_measured_and_nothing_is_founded(command: Command, tmp_path: Path) -> None:
    with planted_drives(tmp_path, 2, size=4 * MIB) as drives:
        done = command("bus", *addresses(drives), "--seconds", "1", "--json")
    assert done.status == 0, done.err
    (line,) = done.lines
    assert [item["device"] for item in line["drives"]] == list(addresses(drives))
    assert all(item["alone"] > 0 and item["together"] > 0 for item in line["drives"])
    assert line["wanted"] == pytest.approx(sum(item["alone"] for item in line["drives"]), abs=2)
    assert line["left_out"] == []
    assert done.err.count("seul") == 2
    assert not command.state.exists()


def test_one_drive_is_too_few(command: Command, tmp_path: Path) -> None:
    with planted_drives(tmp_path, 1, size=4 * MIB) as drives:
        done = command("bus", *addresses(drives))
        assert done.status == 2
        assert "deux disques" in done.err


@pytest.mark.parametrize("seconds", ["0", "601", "1.5", "x"])
def test_seconds_out_of_range(command: Command, seconds: str) -> None:
    done = command("bus", "sim:/nowhere", "--seconds", seconds)
    assert done.status == 2
    assert "de 1 à 600" in done.err


def written(nodes: list[str]) -> list[str]:
    """How many writes the kernel has counted (Documentation/block/stat)."""
    return [Path(node.replace("/dev", "/sys/block"), "stat").read_text().split()[4] for node in nodes]


@pytest.mark.root
def test_loop_devices_are_read_and_what_is_in_use_is_left_out(command: Command, tmp_path: Path) -> None:
    with ExitStack() as attached:
        nodes = [attached.enter_context(loop_device(tmp_path / name, 8 * MIB)) for name in "abc"]
        used = os.open(nodes[2], os.O_RDONLY | os.O_EXCL)
        attached.callback(os.close, used)
        before = written(nodes)
        done = command("bus", *nodes, "--seconds", "1")
        assert written(nodes) == before
    assert done.status == 0, done.err
    assert nodes[1] in done.out
    assert f"{nodes[2]} a été laissé de côté" in " ".join(done.out.split())
