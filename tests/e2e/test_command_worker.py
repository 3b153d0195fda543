"""Commands outlive the bench: benches and workers are killed, the power is cut, and the drive gets one command."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.drive import DriveFacts
from bench.firmware_work import Accepted, CommandReport, Ended, NotTaken, Seen
from bench.ports import DriveGoneError, WorkerLostError
from bench.techniques import ErasureState, Technique
from drivers import rights
from drivers.command_protocol import CommandFolder, LogWriter, Lost, drive_digest, folders_of
from drivers.commands_at_work import must_not_be_disturbed, worker_of
from drivers.erase.steps import Given, unknown
from drivers.lending import borrow, lend
from drivers.machine import MachineDrives
from drivers.sim import launch
from drivers.sim.commands.spec import CommandSpec, Personality
from support.commanding import adopt, bay, commander, erase, erasures, kill_worker, record, run, worker_pid
from support.virtual_drives import wait_until_off

T, P, S = Technique, Personality, ErasureState
TESTS = Path(__file__).parent.parent
EVERY = [
    (P.ATA_DISK, T.ATA_SANITIZE_OVERWRITE),
    (P.ATA_SSD, T.ATA_SANITIZE_BLOCK),
    (P.ATA_SSD, T.ATA_SANITIZE_CRYPTO),
    (P.ATA_DISK, T.ATA_SECURE_ERASE),
    (P.ATA_DISK, T.ATA_SECURE_ERASE_ENHANCED),
    (P.SAS_DISK, T.SCSI_SANITIZE_OVERWRITE),
    (P.SAS_SSD, T.SCSI_SANITIZE_BLOCK),
    (P.SAS_DISK, T.SCSI_SANITIZE_CRYPTO),
    (P.SAS_DISK, T.SCSI_FORMAT_UNIT),
    (P.NVME, T.NVME_SANITIZE_BLOCK),
    (P.NVME, T.NVME_SANITIZE_CRYPTO),
    (P.NVME, T.NVME_FORMAT_USER_DATA),
    (P.NVME, T.NVME_FORMAT_CRYPTO),
]
"""Each technique on a drive that has it."""
SLOW = CommandSpec(erase_ms=3000, crypto_ms=3000)
SANITIZES = [pair for pair in EVERY if pair[1].is_sanitize]
OTHERS = [pair for pair in EVERY if not pair[1].is_sanitize]


@contextmanager
def bench_process(state: Path, facts: DriveFacts, technique: Technique) -> Iterator[subprocess.Popen[str]]:
    """A bench that gives the order and prints what it is told."""
    command = [sys.executable, "-m", "support.commanding", str(state), facts.address, technique.value]
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


def until_accepted(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "Accepted\n"


def worker(state: Path, facts: DriveFacts) -> CommandFolder:
    found = worker_of(state / "commands", facts.identity)
    assert found is not None
    return found


async def once(reports: AsyncIterator[CommandReport], kind: type, act: Callable[[], None]) -> None:
    """Follow the reports, and do something at the first one of a kind."""
    done = False
    async for report in reports:
        if isinstance(report, kind) and not done:
            done = True
            act()


@pytest.mark.parametrize(("kind", "technique"), EVERY)
async def test_a_killed_bench_adopts_its_command(tmp_path: Path, kind: Personality, technique: Technique) -> None:
    state = tmp_path / "state"
    with bay(tmp_path / "drive", kind, spec=SLOW) as facts:
        with bench_process(state, facts, technique) as process:
            until_accepted(process)
        assert worker(state, facts).is_alive()
        with commander(state, facts) as found:  # the drive is still held: its worker lets us in
            reports = await adopt(found, erase(technique))
        assert reports[0] == Accepted(seconds=reports[0].seconds if isinstance(reports[0], Accepted) else -1)
        end = reports[-1]
        assert isinstance(end, Ended)
        assert end.reading.state is S.DONE
        assert len(erasures(tmp_path / "drive")) == 1
        assert worker_of(state / "commands", facts.identity) is None


@pytest.mark.parametrize(("kind", "technique"), SANITIZES)
async def test_a_killed_worker_of_a_sanitize_is_replaced_by_a_watcher(
    tmp_path: Path, kind: Personality, technique: Technique
) -> None:
    state = tmp_path / "state"
    with bay(tmp_path / "drive", kind, spec=SLOW) as facts, commander(state, facts) as found:
        with pytest.raises(WorkerLostError):
            await once(found.run(erase(technique)), Seen, lambda: kill_worker(worker(state, facts)))
        reports = await adopt(found, erase(technique))
        end = reports[-1]
        assert isinstance(end, Ended)
        assert end.reading.state is S.DONE
        assert len(erasures(tmp_path / "drive")) == 1


@pytest.mark.parametrize(("kind", "technique"), OTHERS)
async def test_a_killed_worker_of_another_erasure_leaves_it_to_the_bench(
    tmp_path: Path, kind: Personality, technique: Technique
) -> None:
    state = tmp_path / "state"
    with bay(tmp_path / "drive", kind, spec=SLOW) as facts, commander(state, facts) as found:
        with pytest.raises(WorkerLostError):
            await once(found.run(erase(technique)), Accepted, lambda: kill_worker(worker(state, facts)))
        end = (await adopt(found, erase(technique)))[-1]
        if technique is T.SCSI_FORMAT_UNIT:  # the drive goes on, and tells how far it is
            assert isinstance(end, Ended)
            assert end.reading.state is S.DONE
        else:
            assert isinstance(end, NotTaken)
            assert end.reason.id == "erase-interrupted"
        assert len(erasures(tmp_path / "drive")) == 1


@pytest.mark.parametrize(("kind", "technique"), EVERY)
async def test_power_cut_in_the_middle(tmp_path: Path, kind: Personality, technique: Technique) -> None:
    state, drive = tmp_path / "state", tmp_path / "drive"
    with bay(drive, kind, spec=SLOW) as facts:
        with commander(state, facts) as found, pytest.raises(WorkerLostError):
            await once(found.run(erase(technique)), Accepted, lambda: launch.power_cut(drive))
        wait_until_off(drive)
        launch.start(drive)
        record(drive)
        with commander(state, facts) as found:
            end = (await adopt(found, erase(technique)))[-1]
            if technique.survives_power_loss:
                assert isinstance(end, Ended)
                assert end.reading.state is S.DONE
                assert erasures(drive) == []
                return
            assert isinstance(end, NotTaken)
            again = (await run(found, erase(technique, "JOB-1-2")))[-1]
            assert isinstance(again, Ended)
            assert again.reading.state is S.DONE
            assert len(erasures(drive)) == 1


async def test_a_reading_that_says_nothing_does_not_hide_what_was_seen(tmp_path: Path) -> None:
    """A drive on its way out answers with nonsense before it is lost; the erasure in it goes on, and is adopted."""
    slow = CommandSpec(crypto_ms=600_000, erase_ms=600_000)
    with bay(tmp_path / "d", Personality.NVME, spec=slow) as facts:
        order = erase(Technique.NVME_SANITIZE_BLOCK)
        with commander(tmp_path / "state", facts) as found:
            async for report in found.run(order):
                if isinstance(report, Seen) and report.reading.state is ErasureState.RUNNING:
                    break
            folder = worker_of(tmp_path / "state" / "commands", facts.identity)
            assert folder is not None
            kill_worker(folder)
            log = LogWriter(folder)
            log.add(Seen(reading=unknown()))
            log.add(Lost(detail="No such device"))
        with commander(tmp_path / "state", facts) as found:
            told = []
            async for report in found.adopt(order):
                told.append(report)
                if isinstance(report, Seen):
                    break
            again = worker_of(tmp_path / "state" / "commands", facts.identity)
            if again is not None:
                kill_worker(again)
        states = [report.reading.state for report in told if isinstance(report, Seen)]
        assert states == [ErasureState.RUNNING]


async def test_an_order_that_never_left_is_known_as_such(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with bay(tmp_path / "drive", P.NVME) as facts, commander(state, facts) as found:
        (report,) = await adopt(found, erase(T.NVME_SANITIZE_BLOCK))
        assert isinstance(report, NotTaken)
        assert report.reason.id == "erase-never-given"
        assert erasures(tmp_path / "drive") == []


async def test_an_old_success_is_never_taken_for_a_new_order(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with bay(tmp_path / "drive", P.NVME) as facts, commander(state, facts) as found:
        assert isinstance((await run(found, erase(T.NVME_SANITIZE_BLOCK, "JOB-1-1")))[-1], Ended)
        (report,) = await adopt(found, erase(T.NVME_SANITIZE_BLOCK, "JOB-1-2"))
        assert isinstance(report, NotTaken)
        with pytest.raises(ValueError, match="given before"):
            await run(found, erase(T.NVME_SANITIZE_BLOCK, "JOB-1-1"))


async def test_a_second_order_is_not_given_over_the_first(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with bay(tmp_path / "drive", P.ATA_DISK, spec=SLOW) as facts, commander(state, facts) as found:
        async for report in found.run(erase(T.ATA_SECURE_ERASE)):
            if isinstance(report, Accepted):
                (refused,) = await run(found, erase(T.ATA_SECURE_ERASE, "JOB-1-2"))
                assert isinstance(refused, NotTaken)
                assert refused.reason.id == "erase-worker-busy"
                reading = await found.status(T.ATA_SECURE_ERASE)  # out of the log: the drive is not asked
                assert reading.state is S.UNKNOWN
                with pytest.raises(Exception, match="erase-not-to-be-disturbed"):
                    await found.capabilities()
        assert len(erasures(tmp_path / "drive")) == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_a_worker_ignores_what_can_be_ignored(tmp_path: Path, number: signal.Signals) -> None:
    state = tmp_path / "state"
    with bay(tmp_path / "drive", P.ATA_DISK, spec=SLOW) as facts, commander(state, facts) as found:
        async for report in found.run(erase(T.ATA_SECURE_ERASE)):
            if isinstance(report, Accepted):
                pid = worker_pid(worker(state, facts))
                assert os.getsid(pid) == pid
                os.kill(pid, number)
            else:
                assert isinstance(report, Ended)
                assert report.reading.state is S.DONE


async def test_what_matters_is_in_the_log_before_the_drive_is_told(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with bay(tmp_path / "drive", P.SAS_DISK) as facts, commander(state, facts) as found:
        await run(found, erase(T.SCSI_SANITIZE_OVERWRITE))
        (folder,) = (CommandFolder(path) for path in (state / "commands").iterdir())
        kinds = [type(line) for line in folder.lines()]
        assert kinds[:2] == [Given, Accepted]
        assert kinds[-1] is Ended
        assert folder.root.stat().st_mode & 0o077 == 0
        assert (folder.root / "order.json").stat().st_mode & 0o077 == 0
        with folder.log.open("ab") as log:  # a power loss in the middle of a line
            log.write(b'{"is":"Seen","at":1,"sta')
        assert [type(line) for line in folder.lines()] == kinds


async def test_a_held_drive_is_not_free_for_others(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with bay(tmp_path / "drive", P.ATA_DISK, spec=SLOW) as facts:
        with bench_process(state, facts, T.ATA_SECURE_ERASE) as process:
            until_accepted(process)
        with pytest.raises(DriveGoneError):
            MachineDrives(tmp_path / "another").claim(facts)
        with commander(state, facts) as found:
            assert isinstance((await adopt(found, erase(T.ATA_SECURE_ERASE)))[-1], Ended)


def test_an_open_drive_is_lent_to_a_later_process(tmp_path: Path) -> None:
    (tmp_path / "drive").write_bytes(b"sectors")
    assert borrow(tmp_path) == ()
    with (tmp_path / "drive").open("rb") as drive:
        lend(tmp_path, [drive.fileno()])
        (fd,) = borrow(tmp_path)
        assert fd is not None
        assert fd != drive.fileno()
        assert os.pread(fd, 7, 0) == b"sectors"
        assert not os.get_inheritable(fd)
        os.close(fd)


def test_only_the_rights_for_ioctls_are_kept() -> None:
    program = (
        "import sys; from drivers.rights import keep_only_ioctls; keep_only_ioctls(needed=sys.argv[1] == 'yes'); "
        "print(open('/proc/self/status').read())"
    )
    wanted = 1 << rights.CAP_SYS_RAWIO | 1 << rights.CAP_SYS_ADMIN
    for needed, mask in (("yes", wanted), ("no", 0)):
        told = subprocess.run(
            [sys.executable, "-I", "-c", program, needed], capture_output=True, text=True, check=True
        ).stdout
        status = dict(line.split(":\t", 1) for line in told.splitlines() if ":\t" in line)
        for name in ("CapPrm", "CapEff", "CapBnd"):
            assert int(status[name], 16) & ~mask == 0 or os.geteuid() != 0
        assert int(status["CapInh"], 16) == 0 or os.geteuid() != 0
        assert status["NoNewPrivs"].strip() == "1"


def test_who_only_looks_is_not_in_the_way(tmp_path: Path) -> None:
    folder = CommandFolder(tmp_path)
    with ThreadPoolExecutor(4) as threads:
        looking = [threads.submit(lambda: [folder.is_alive() for _ in range(2000)]) for _ in range(3)]
        while not all(look.done() for look in looking):
            lock = folder.take_lock()
            assert lock is not None
            os.close(lock)
    assert not folder.is_alive()


async def test_an_end_found_in_the_log_is_told_once_its_worker_has_let_go(tmp_path: Path) -> None:
    technique, state = T.ATA_SECURE_ERASE, tmp_path / "state"
    with bay(tmp_path / "drive", P.ATA_DISK) as facts, commander(state, facts) as found:
        first = [report async for report in found.run(erase(technique))]
        (folder,) = folders_of(state / "commands", drive_digest(facts.identity))
        lock = folder.take_lock()
        assert lock is not None
        # A process that has told its end, and takes a moment to go.
        asyncio.get_running_loop().call_later(0.3, os.close, lock)
        assert not must_not_be_disturbed(state / "commands", facts.identity)
        last = (await adopt(found, erase(technique)))[-1]
        assert last == first[-1]
        assert worker_of(state / "commands", facts.identity) is None


def test_the_lock_lasts_as_long_as_any_copy_of_it(tmp_path: Path) -> None:
    folder = CommandFolder(tmp_path)
    lock = folder.take_lock()
    assert lock is not None
    copy = os.dup(lock)
    os.close(lock)
    assert folder.is_alive()
    assert folder.take_lock() is None
    os.close(copy)
    assert not folder.is_alive()
