"""The product's own erase workers, one process for each drive, spoken to as the bench does."""

from __future__ import annotations

import asyncio
import os
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self, TypedDict

from bench.settings import Settings
from bench.surface import zone_size
from bench.work import Content, Fault, Finished, Patience, Stopped, Task, VerifyTask, WriteTask
from benchmarks.loops import MIB, SECTOR, LoopDrive
from drivers.fork_client import FORK_SERVER
from drivers.medium import Kind, MediumSpec
from drivers.worker_client import EraseWorker

_FLAGS = os.O_RDWR | os.O_EXCL | os.O_DIRECT | os.O_CLOEXEC
_SETTINGS = Settings()
_STEPS = 2
"""Passes and readings back of the erasure whose surface is measured: one each."""
_SAMPLE_SECONDS = 0.02
_KIB = 1024


class UnexpectedError(Exception):
    """A program that is measured did not do what it was asked to."""


class Workers:
    """Workers that have started and wait, while a `with` lasts; each call makes all of them do the same at once."""

    def __init__(self, drives: tuple[LoopDrive, ...]) -> None:
        self._drives = drives
        self._workers: tuple[EraseWorker, ...] = ()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._runner = stack.enter_context(asyncio.Runner())
            fds = []
            for drive in self._drives:
                fds.append(os.open(drive.node, _FLAGS))
                stack.callback(os.close, fds[-1])
            self._workers = self._runner.run(_start(fds))
            stack.callback(lambda: self._runner.run(_close(self._workers)))
            # A worker that has done something has loaded all its code.
            self.write(Content(pattern="00"), MIB)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def pids(self) -> tuple[int, ...]:
        """The workers' process ids."""
        return tuple(worker.pid for worker in self._workers)

    def write(self, content: Content, end: int) -> None:
        """Overwrite each drive up to `end` bytes. `UnexpectedError` if any is not."""
        self._run(_write(content, end))

    def verify(self, content: Content, end: int) -> None:
        """Read each drive back up to `end` bytes. `UnexpectedError` if any differs."""
        self._run(_verify(content, end))

    def peak_memory(self, content: Content, end: int) -> tuple[int, ...]:
        """Write and verify; the largest proportional set size of each worker meanwhile, in bytes.

        The fork server's counts too: they share what it has, and each has its part of it to bear.
        """
        return self._runner.run(self._peaks(content, end))

    def _run(self, task: Task) -> None:
        self._runner.run(_all(self._workers, task))

    async def _peaks(self, content: Content, end: int) -> tuple[int, ...]:
        peaks = [0] * len(self._workers)
        server = FORK_SERVER.pid
        if server is None:
            raise UnexpectedError("the workers' fork server is gone")

        async def sample() -> None:
            while True:
                part = proportional_set_size(server) // len(self._workers)
                for number, worker in enumerate(self._workers):
                    peaks[number] = max(peaks[number], proportional_set_size(worker.pid) + part)
                await asyncio.sleep(_SAMPLE_SECONDS)

        sampling = asyncio.create_task(sample())
        await _all(self._workers, _write(content, end))
        await _all(self._workers, _verify(content, end))
        sampling.cancel()
        await asyncio.gather(sampling, return_exceptions=True)
        return tuple(peaks)


def proportional_set_size(pid: int) -> int:
    """Bytes of memory of a process, those that it shares divided among the sharers."""
    return parse_pss(Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii"))


def parse_pss(text: str) -> int:
    """Bytes, from /proc/PID/smaps_rollup. `ValueError` if it does not say."""
    for line in text.splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * _KIB
    raise ValueError(f"no Pss line: {text[:200]!r}")


class _Manner(TypedDict):
    zone_size: int
    checkpoint_ms: int
    patience: Patience


def _write(content: Content, end: int) -> WriteTask:
    return WriteTask(content=content, start=0, end=end, **_manner(end))


def _verify(content: Content, end: int) -> VerifyTask:
    return VerifyTask(content=content, start=0, end=end, **_manner(end))


def _manner(size: int) -> _Manner:
    """As the bench itself has it, the measuring of the surface included."""
    return {
        "zone_size": zone_size(size, _STEPS),
        "checkpoint_ms": round(_SETTINGS.checkpoint * 1000),
        "patience": _SETTINGS.patience(SECTOR),
    }


async def _start(fds: list[int]) -> tuple[EraseWorker, ...]:
    specs = [MediumSpec(fd=fd, kind=Kind.DESCRIPTOR, direct_io=True) for fd in fds]
    return tuple([await EraseWorker.start(spec) for spec in specs])


async def _close(workers: tuple[EraseWorker, ...]) -> None:
    for worker in workers:
        await worker.close()


async def _all(workers: tuple[EraseWorker, ...], task: Task) -> None:
    await asyncio.gather(*(_one(worker, task) for worker in workers))


async def _one(worker: EraseWorker, task: Task) -> None:
    async for report in worker.run(task):
        if isinstance(report, Fault | Stopped):
            raise UnexpectedError(f"the worker did not finish {type(task).__name__}: {report}")
        if isinstance(report, Finished):
            return
