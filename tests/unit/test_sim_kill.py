"""Real processes, killed by the drive at their n-th request: before or after it is performed."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from drivers.sim import controls, faults, launch
from drivers.sim.client import SimConnection
from support.virtual_drives import drive_pid, read, virtual_drive, wait_until_off

SECTOR = 512

# Writes sector after sector over an inherited or its own connection, saying each one that was answered.
_WRITER = """
import sys
from pathlib import Path
from drivers.sim.client import SimConnection
what = sys.argv[1]
drive = SimConnection.from_fd(int(what)) if what.isdecimal() else SimConnection.connect(Path(what))
for index in range(20):
    drive.write(index * 512, memoryview(bytes([index + 1]) * 512))
    print(index, flush=True)
"""


def writer(what: str, *descriptors: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-I", "-c", _WRITER, what]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, pass_fds=descriptors)


def sectors_written(drive: SimConnection) -> int:
    data = read(drive, 0, 20 * SECTOR)
    return sum(data[index * SECTOR] == index + 1 for index in range(20))


@pytest.mark.parametrize("target", [faults.Target.SENDER, faults.Target.CLIENT])
@pytest.mark.parametrize(("moment", "performed"), [(faults.Moment.BEFORE, 6), (faults.Moment.AFTER, 7)])
def test_a_process_is_killed_at_its_request(
    tmp_path: Path, target: faults.Target, moment: faults.Moment, performed: int
) -> None:
    where = tmp_path / "d"
    with virtual_drive(where, faults.Kill(at=7, target=target, moment=moment)):
        with writer(str(where)) as process:
            answered = process.communicate(timeout=20)[0].split()
        assert process.returncode == -signal.SIGKILL
        assert len(answered) == 6
        with SimConnection.connect(where) as drive:
            assert sectors_written(drive) == performed
            assert controls.sicknesses(drive) == ()
            with writer(str(where)) as process:
                assert len(process.communicate(timeout=20)[0].split()) == 20  # it strikes once


def test_the_sender_is_killed_and_not_who_opened_the_connection(tmp_path: Path) -> None:
    where = tmp_path / "d"
    with (
        virtual_drive(where, faults.Kill(at=3, target=faults.Target.SENDER)),
        SimConnection.connect(where) as drive,
    ):
        drive.claim()
        with writer(str(drive.fileno()), drive.fileno()) as process:
            assert len(process.communicate(timeout=20)[0].split()) == 2
        assert process.returncode == -signal.SIGKILL
        assert sectors_written(drive) == 2  # the same connection carries on, still claimed
        with SimConnection.connect(where) as other, pytest.raises(OSError, match="busy"):
            other.claim()


def test_a_named_process_gets_the_signal_and_the_request_its_answer(tmp_path: Path) -> None:
    where = tmp_path / "d"
    with (
        subprocess.Popen(["sleep", "10"]) as victim,
        virtual_drive(where, faults.Kill(at=2, target=faults.Target.PROCESS, pid=victim.pid, signal=signal.SIGTERM)),
        SimConnection.connect(where) as drive,
    ):
        drive.flush()
        assert victim.poll() is None
        drive.flush()
        assert victim.wait(timeout=10) == -signal.SIGTERM


def test_a_process_that_has_already_ended_is_no_error(tmp_path: Path) -> None:
    with subprocess.Popen(["true"]) as ended:
        pass
    where = tmp_path / "d"
    with (
        virtual_drive(where, faults.Kill(at=1, target=faults.Target.PROCESS, pid=ended.pid)),
        SimConnection.connect(where) as drive,
    ):
        drive.flush()
        assert controls.counters(drive).flushes == 1


def test_a_killed_process_is_gone_before_anyone_is_answered(tmp_path: Path) -> None:
    where = tmp_path / "d"
    slow_to_die = "import time; memory = b'x' * (256 << 20); print(flush=True); time.sleep(10)"
    with subprocess.Popen([sys.executable, "-I", "-c", slow_to_die], stdout=subprocess.PIPE) as victim:
        assert victim.stdout is not None
        victim.stdout.readline()
        kill = faults.Kill(at=1, target=faults.Target.PROCESS, pid=victim.pid)
        with virtual_drive(where, kill), SimConnection.connect(where) as drive:
            drive.flush()
            assert victim.poll() == -signal.SIGKILL


def test_a_drive_that_kills_itself_does_so_once(tmp_path: Path) -> None:
    where = tmp_path / "d"
    with virtual_drive(where):
        with SimConnection.connect(where) as drive:
            controls.arm(drive, faults.Kill(at=1, target=faults.Target.PROCESS, pid=drive_pid(where)))
            with pytest.raises(OSError, match="went away"):
                drive.flush()
        wait_until_off(where)
        launch.start(where)
        with SimConnection.connect(where) as drive:
            drive.flush()
