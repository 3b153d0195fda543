"""The erase worker as a process: what it may do, what it survives, and when it ends."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_mock import MockerFixture

from bench.ports import WorkerLostError
from bench.work import Content, Finished, Patience, Report, StopCause, Stopped, WriteTask
from drivers.fork_client import FORK_SERVER
from drivers.medium import Kind, MediumSpec
from drivers.worker import NICENESS
from drivers.worker_client import EraseWorker

MIB = 1 << 20
WITHIN_S = 30.0
TASK = WriteTask(content=Content(pattern="A5"), start=0, end=MIB, checkpoint_ms=1000, patience=Patience(sector=512))


@contextmanager
def opened(path: Path) -> Iterator[MediumSpec]:
    """A file to be overwritten."""
    path.write_bytes(bytes(MIB))
    fd = os.open(path, os.O_RDWR)
    try:
        yield MediumSpec(fd=fd, kind=Kind.DESCRIPTOR, direct_io=False)
    finally:
        os.close(fd)


async def collected(worker: EraseWorker, task: WriteTask) -> list[Report]:
    """What it reports of a task."""
    return [report async for report in worker.run(task)]


async def overwritten(worker: EraseWorker) -> bool:
    """Whether a task comes to its end."""
    return isinstance((await collected(worker, TASK))[-1], Finished)


def status(pid: int) -> dict[str, str]:
    """/proc/PID/status (proc_pid_status(5))."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def files_of(pid: int) -> set[str]:
    """What it holds open, besides its ways to the bench and what pytest gave it to write errors to."""
    links = {entry.name: str(entry.readlink()) for entry in Path(f"/proc/{pid}/fd").iterdir()}
    return {path for number, path in links.items() if path.startswith("/") and number not in "012"}


def is_gone(pid: int) -> bool:
    """Whether the process ends, soon."""
    give_up = time.monotonic() + WITHIN_S
    while time.monotonic() < give_up:
        try:
            if status(pid)["State"].startswith("Z"):
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.01)
    return False


def fork_server() -> int:
    """The process id of this process's."""
    assert FORK_SERVER.pid is not None
    return FORK_SERVER.pid


async def test_it_has_no_rights_and_gives_way_to_the_bench(tmp_path: Path) -> None:
    with opened(tmp_path / "drive") as spec:
        worker = await EraseWorker.start(spec)
        try:
            assert await overwritten(worker)
            told = status(worker.pid)
            assert told["NoNewPrivs"] == "1"
            assert os.getpriority(os.PRIO_PROCESS, worker.pid) == os.getpriority(os.PRIO_PROCESS, 0) + NICENESS
            if os.geteuid() == 0:
                assert set(told["Uid"].split()) == set(told["Gid"].split()) == {"65534"}
                assert told["Groups"] == ""
                assert int(told["CapEff"], 16) == int(told["CapPrm"], 16) == 0
            assert files_of(worker.pid) == {str(tmp_path / "drive")}
        finally:
            await worker.close()
    assert (tmp_path / "drive").read_bytes() == b"\xa5" * MIB


async def test_an_interrupt_from_the_terminal_does_not_reach_it(tmp_path: Path) -> None:
    with opened(tmp_path / "drive") as spec:
        worker = await EraseWorker.start(spec)
        try:
            assert await overwritten(worker)
            os.kill(worker.pid, signal.SIGINT)
            assert await overwritten(worker)
        finally:
            await worker.close()


async def test_asked_to_stop_it_says_how_far_it_came_and_takes_the_next_task(tmp_path: Path) -> None:
    with opened(tmp_path / "drive") as spec:
        worker = await EraseWorker.start(spec)
        try:
            endless = replace(TASK, end=1 << 60, checkpoint_ms=10**6)
            collecting = asyncio.create_task(collected(worker, endless))
            await asyncio.sleep(0)  # the task is on its way
            worker.stop()
            last = (await asyncio.wait_for(collecting, WITHIN_S))[-1]
            assert isinstance(last, Stopped)
            assert last.cause is StopCause.ASKED
            assert (tmp_path / "drive").read_bytes()[: last.offset] == b"\xa5" * last.offset
            os.truncate(tmp_path / "drive", MIB)
            assert await overwritten(worker)
        finally:
            await worker.close()


async def test_it_is_our_own_child_and_its_end_is_told(tmp_path: Path) -> None:
    with opened(tmp_path / "drive") as spec:
        worker = await EraseWorker.start(spec)
        assert status(worker.pid)["PPid"] == str(os.getpid())
        reports = worker.run(replace(TASK, end=1 << 60))
        await anext(reports)
        os.kill(worker.pid, signal.SIGTERM)
        with pytest.raises(WorkerLostError, match=f"status -{signal.SIGTERM}"):
            async for _ in reports:
                pass
        await worker.close()


async def test_many_at_once(tmp_path: Path) -> None:
    with ExitStack() as files:
        specs = [files.enter_context(opened(tmp_path / f"drive-{number}")) for number in range(16)]
        workers = await asyncio.gather(*map(EraseWorker.start, specs))
        assert files_of(fork_server()) == set(), "the drives are held by their workers, and by nobody beside them"
        assert all(await asyncio.gather(*map(overwritten, workers)))
        assert len({worker.pid for worker in workers}) == 16
        for number, worker in enumerate(workers):
            assert files_of(worker.pid) == {str(tmp_path / f"drive-{number}")}
        await asyncio.gather(*(worker.close() for worker in workers))
        assert all(is_gone(worker.pid) for worker in workers)


async def test_without_the_fork_server_it_works_on_and_another_one_makes_the_next(tmp_path: Path) -> None:
    with opened(tmp_path / "drive") as spec:
        first = await EraseWorker.start(spec)
        server = fork_server()
        os.kill(server, signal.SIGKILL)
        assert is_gone(server)
        second = await EraseWorker.start(spec)
        assert fork_server() != server
        assert await overwritten(first)
        assert await overwritten(second)
        await first.close()
        await second.close()


async def test_a_fork_server_that_is_lost_while_it_starts_a_worker_is_told_and_replaced(tmp_path: Path) -> None:
    with opened(tmp_path / "drive") as spec:
        FORK_SERVER.discard()
        FORK_SERVER.prepare()
        server = fork_server()
        os.kill(server, signal.SIGSTOP)
        starting = asyncio.create_task(EraseWorker.start(spec))
        await asyncio.sleep(0.05)
        os.kill(server, signal.SIGKILL)
        with pytest.raises(WorkerLostError, match="no worker came"):
            await asyncio.wait_for(starting, WITHIN_S)
        worker = await EraseWorker.start(spec)
        assert await overwritten(worker)
        await worker.close()


async def test_a_fork_server_that_hangs_is_not_waited_for(tmp_path: Path, mocker: MockerFixture) -> None:
    mocker.patch("drivers.worker_client.START_SECONDS", 0.1)
    with opened(tmp_path / "drive") as spec:
        FORK_SERVER.prepare()
        server = fork_server()
        os.kill(server, signal.SIGSTOP)
        with pytest.raises(WorkerLostError, match="no worker came"):
            await EraseWorker.start(spec)
        assert is_gone(server)


_PARENT = """
import asyncio, os, sys, time
from drivers.fork_client import FORK_SERVER
from drivers.medium import Kind, MediumSpec
from drivers.worker_client import EraseWorker

async def main():
    fd = os.open(sys.argv[1], os.O_RDWR)
    worker = await EraseWorker.start(MediumSpec(fd=fd, kind=Kind.DESCRIPTOR, direct_io=False))
    holder = os.fork()
    if holder:
        print(worker.pid, FORK_SERVER.pid, holder, flush=True)
    time.sleep(60)

asyncio.run(main())
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("signalled", [True, False], ids=["by a signal", "by the end of its input"])
def test_it_dies_with_the_bench(tmp_path: Path, number: signal.Signals, *, signalled: bool) -> None:
    """A process that holds the bench's end of the channel keeps the input from ending."""
    (tmp_path / "drive").write_bytes(bytes(MIB))
    line = [sys.executable, "-c", _PARENT, str(tmp_path / "drive")]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        worker, server, holder = map(int, parent.stdout.readline().split())
        if not signalled:
            os.kill(holder, signal.SIGKILL)
        parent.send_signal(number)
        parent.wait(WITHIN_S)
        try:
            assert is_gone(worker)
        finally:
            if signalled:
                os.kill(holder, signal.SIGKILL)
    assert is_gone(server)
