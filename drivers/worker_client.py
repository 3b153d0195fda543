"""The station's end of an erase worker: has it started, hands it the descriptor, speaks its protocol."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator
from dataclasses import replace

from bench.ports import WorkerLostError
from bench.work import Finished, Report, Stopped, Task
from drivers.fork_client import FORK_SERVER, Child
from drivers.fork_server import MEDIUM_FD
from drivers.medium import MediumSpec
from drivers.worker_protocol import Copied, StopRequest, WorkerSetup, decode, encode

START_SECONDS = 30.0
"""How long a worker may take to be there; a slow machine needs three."""
CLOSE_SECONDS = 5.0
"""How long a worker may take to end once its input is closed."""
_POLL_SECONDS = 0.01

_abandoned: list[Child] = []
"""Killed workers that may hang in the kernel for as long as their drive does; nobody waits for them."""


class EraseWorker:
    """An erase worker process; implements `bench.ports.Eraser`."""

    def __init__(self, child: Child, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._child = child
        self._reader = reader
        self._writer = writer

    @classmethod
    async def start(cls, spec: MediumSpec) -> EraseWorker:
        """Start a worker over `spec.fd`, of which it gets a copy. Raises `OSError`, `WorkerLostError`.

        It dies with this process's main thread.
        """
        _abandoned[:] = [child for child in _abandoned if child.poll() is None]
        ours, theirs = socket.socketpair()
        with FORK_SERVER.adopting():
            with theirs:
                FORK_SERVER.request(theirs.fileno(), spec.fd)
            reader, writer = await asyncio.open_connection(sock=ours)
            try:
                child = await _announced(reader)
            except BaseException:
                writer.close()
                raise
        medium = replace(spec, fd=MEDIUM_FD)
        writer.write(encode(WorkerSetup(medium=medium, parent=os.getpid())))
        return cls(child, reader, writer)

    @property
    def pid(self) -> int:
        """The worker's process id."""
        return self._child.pid

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
        self._child.kill()
        if self._child.poll() is None:
            _abandoned.append(self._child)

    async def _ended(self) -> int | None:
        """The exit status, waited for a while; None if the process is still there."""
        for _ in range(round(CLOSE_SECONDS / _POLL_SECONDS)):
            if (status := self._child.poll()) is not None:
                return status
            await asyncio.sleep(_POLL_SECONDS)
        return None


async def _announced(reader: asyncio.StreamReader) -> Child:
    """The worker that was asked for. Raises `WorkerLostError`; the next one is then asked of another server."""
    try:
        said = decode(await asyncio.wait_for(reader.readline(), START_SECONDS))
    except (ConnectionError, TimeoutError, ValueError) as error:
        FORK_SERVER.discard()
        raise WorkerLostError(f"no worker came: {error!r}") from error
    if not isinstance(said, Copied):
        FORK_SERVER.discard()
        raise WorkerLostError(f"no worker came, but {said}")
    return Child(said.pid)
