"""Creating, starting and stopping virtual drives, also by command, and what happens to their launcher."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bench.drive import Medium
from drivers.sim import faults, folder, launch
from drivers.sim.client import SimConnection
from drivers.sim.folder import DriveSpec
from support.virtual_drives import MIB, drive_pid, virtual_drive

SPEC = DriveSpec(size=MIB, model="M", serial="S")


def test_a_drive_is_never_created_over_another(tmp_path: Path) -> None:
    launch.create(tmp_path, SPEC)
    with pytest.raises(FileExistsError):
        launch.create(tmp_path, SPEC)


def test_a_drive_outlives_its_launcher_and_its_signals(tmp_path: Path) -> None:
    launch.create(tmp_path, SPEC)
    code = "import os, sys, signal; from pathlib import Path; from drivers.sim import launch\n"
    code += "launch.start(Path(sys.argv[1])); os.killpg(0, signal.SIGKILL)"
    command = [sys.executable, "-I", "-c", code, str(tmp_path)]
    launched = subprocess.run(command, start_new_session=True, timeout=20, check=False)
    assert launched.returncode == -signal.SIGKILL
    pid = drive_pid(tmp_path)
    try:
        assert os.getsid(pid) != os.getsid(0)
        os.kill(pid, signal.SIGINT)
        os.kill(pid, signal.SIGHUP)
        with SimConnection.connect(tmp_path) as drive:
            assert drive.info().serial == "S"
    finally:
        launch.stop(tmp_path)


def test_a_folder_has_one_drive_process(tmp_path: Path) -> None:
    with virtual_drive(tmp_path / "d") as where:
        pid = drive_pid(where)
        with pytest.raises(launch.DriveError, match="already runs"):
            launch.start(where)
        assert drive_pid(where) == pid
        with SimConnection.connect(where) as drive:
            assert drive.info().power_cycles == 1


def test_what_is_not_running_cannot_be_stopped(tmp_path: Path) -> None:
    launch.create(tmp_path, SPEC)
    with pytest.raises(launch.DriveError, match="is not running"):
        launch.stop(tmp_path)
    launch.start(tmp_path)
    launch.stop(tmp_path)
    with pytest.raises(launch.DriveError, match="is not running"):
        launch.power_cut(tmp_path)
    (tmp_path / "pid").write_text(f"{os.getpid()}\n")  # a stale pid that is now someone else's
    with pytest.raises(launch.DriveError, match="is not running"):
        launch.stop(tmp_path)


def test_a_drive_that_cannot_start_says_why(tmp_path: Path) -> None:
    with pytest.raises(launch.DriveError, match=r"drive\.json"):
        launch.start(tmp_path)
    assert list(tmp_path.iterdir()) == []
    launch.create(tmp_path, SPEC)
    (tmp_path / "state.json").write_text("[]")
    with pytest.raises(launch.DriveError, match=r"state\.json: an object is expected"):
        launch.start(tmp_path)
    assert not launch.is_running(tmp_path)


def test_only_the_owner_may_connect(tmp_path: Path) -> None:
    with virtual_drive(tmp_path / "d") as where:
        assert (where / "socket").stat().st_mode & 0o777 == 0o700


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = tmp_path / "d"
    create = ["create", str(where), "--size", "2M", "--model", "Modèle", "--serial", "N 1", "--medium", "flash"]
    more = ["--cache-size", "64K", "--sicknesses", '[{"kind": "hang", "at": 9}]']
    assert launch.main([*create, *more]) == 0
    spec = folder.load_spec(where)
    assert (spec.size, spec.model, spec.serial, spec.medium) == (2 * MIB, "Modèle", "N 1", Medium.FLASH)
    assert (spec.cache_size, spec.sicknesses) == (65536, (faults.Hang(at=9),))
    assert launch.main(create) == 1
    assert "exists" in capsys.readouterr().err
    for end in ("stop", "cut"):
        assert launch.main(["start", str(where)]) == 0
        assert capsys.readouterr().out == f"{drive_pid(where)}\n"
        assert launch.main([end, str(where)]) == 0
        assert not launch.is_running(where)
    assert launch.main(["stop", str(where)]) == 1
    assert "is not running" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["create"], ["create", "d", "--size", "9X", "--model", "M", "--serial", "S"], []]
)
def test_wrong_usage(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        launch.main(arguments)
    assert refused.value.code == 2
