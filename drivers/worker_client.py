"""The station's end of an erase worker: starts the process, hands it the descriptor, speaks its protocol."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator

from bench.ports import WorkerLostError
from bench.work import Finished, Report, Stopped, Task
from drivers.medium import MediumSpec
from drivers.worker_protocol import StopRequest, WorkerSetup, decode, encode

CLOSE_SECONDS = 5.0
"""How long a worker may take to end once its input is closed."""
_POLL_SECONDS = 0.01

_abandoned: list[subprocess.Popen[bytes]] = []
"""Killed workers that may hang in the kernel for as long as their drive does; nobody waits for them."""


class EraseWorker:
    """An erase worker process; implements `bench.ports.Eraser`."""

    def __init__(
        self, process: subprocess.Popen[bytes], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._process = process
        self._reader = reader
        self._writer = writer

    @classmethod
    async def start(cls, spec: MediumSpec) -> EraseWorker:
        """Start a worker over `spec.fd`, which it inherits.

        Must be called from the thread that lives as long as the program: the worker dies with it.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(  # noqa: ASYNC220 - exec takes a millisecond; the thread is the point
                [sys.executable, "-I", "-m", "drivers.worker"],
                stdin=theirs.fileno(),
                stdout=theirs.fileno(),
                pass_fds=(spec.fd,),
                # Not the terminal's process group: an interrupt is for the station to handle. But no session of its
                # own: kernels that schedule by session (autogroup) change between workers more often then, and a
                # worker's niceness counts only within its session.
                process_group=0,
            )
        reader, writer = await asyncio.open_connection(sock=ours)
        writer.write(encode(WorkerSetup(medium=spec, parent=os.getpid())))
        return cls(process, reader, writer)

    @property
    def pid(self) -> int:
        """The worker's process id."""
        return self._process.pid

    async def run(self, task: Task) -> AsyncIterator[Report]:
        """See `bench.ports.Eraser.run`."""
        try:
            self._writer.write(encode(task))
            while line := await self._reader.readline():
                report = decode(line)
                if not isinstance(report, Report):
                    raise WorkerLostError(f"the worker sent {report} as a report")
                yield report
                if isinstance(report, Finished | Stopped):
                    return
        except (ConnectionError, ValueError) as error:
            raise WorkerLostError(f"the worker's pipe broke: {error}") from error
        raise WorkerLostError(f"the worker ended with status {await self._ended()}")

    def stop(self) -> None:
        """See `bench.ports.Eraser.stop`. A worker that is gone is noticed where its reports are awaited."""
        if not self._writer.is_closing():
            self._writer.write(encode(StopRequest()))

    async def close(self) -> None:
        """See `bench.ports.Eraser.close`. Never waits for longer than `CLOSE_SECONDS`."""
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()
        if await self._ended() is None:
            self.kill()

    def kill(self) -> None:
        """See `bench.ports.Eraser.kill`."""
        self._writer.close()
        self._process.kill()
        if self._process.poll() is None:
            _abandoned.append(self._process)

    async def _ended(self) -> int | None:
        """The exit status, waited for a while; None if the process is still there."""
        for _ in range(round(CLOSE_SECONDS / _POLL_SECONDS)):
            if (status := self._process.poll()) is not None:
                return status
            await asyncio.sleep(_POLL_SECONDS)
        return None
