"""Attending to one drive's worker: starts it, follows a task, gives up on silence, stops it when asked."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from bench.events import Cause
from bench.ports import ClaimedDrive, Eraser
from bench.work import Checkpointed, Fault, Finished, Measured, Progress, Report, Stopped, Task

Answer = TypeVar("Answer")


class HaltedError(Exception):
    """The work was stopped because somebody asked for it."""


class SilentDriveError(Exception):
    """The drive has not answered within the limit; its worker was left behind."""


async def answer(ask: Callable[[], Answer], seconds: float) -> Answer:
    """Ask a drive something that may block for ever. `SilentDriveError` after so many seconds; else as `ask`.

    Each question has a thread of its own, which is left behind if it hangs: a shared pool of threads would be used up
    by a few hanging drives, and the others would wait for it.
    """
    future: concurrent.futures.Future[Answer] = concurrent.futures.Future()

    def run() -> None:
        future.set_running_or_notify_cancel()
        try:
            future.set_result(ask())
        except Exception as error:  # noqa: BLE001 - raised again where the answer is awaited
            future.set_exception(error)

    threading.Thread(target=run, name="ask a drive", daemon=True).start()
    waiting = asyncio.wrap_future(future)
    done, _ = await asyncio.wait({waiting}, timeout=seconds)
    if not done:
        waiting.cancel()
        raise SilentDriveError
    return waiting.result()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """What is done with a task's reports, in their order."""

    progress: Callable[[Progress], None]
    checkpoint: Callable[[Checkpointed], Awaitable[None]]
    fault: Callable[[Fault], Awaitable[None]]
    measured: Callable[[Measured], Awaitable[None]]


class Attendant:
    """Has one drive's tasks done, one after the other, by a worker that is started when first needed."""

    def __init__(self, drive: ClaimedDrive, stall: float) -> None:
        self._drive = drive
        self._stall = stall
        self._worker: Eraser | None = None
        self._halt: Cause | None = None
        self._waiting: asyncio.Future[Report] | None = None

    def change_drive(self, drive: ClaimedDrive) -> None:
        """The drive is held anew: the next worker is started over this claim. The last one was closed."""
        self._drive = drive

    @property
    def halt_cause(self) -> Cause | None:
        """Why the work was asked to stop, if it was."""
        return self._halt

    def halt(self, cause: Cause) -> None:
        """Ask for a stop: after a sync, or without waiting for anything if `OPERATOR_AT_ONCE`."""
        self._halt = cause
        if self._worker is None:
            return
        if cause is Cause.OPERATOR_AT_ONCE:
            self.abandon()
            if self._waiting is not None:
                self._waiting.cancel()
        else:
            self._worker.stop()

    def check_halt(self) -> None:
        """Raise `HaltedError` if a stop was asked for."""
        if self._halt is not None:
            raise HaltedError

    async def run(self, task: Task, listener: Listener) -> Finished | Stopped:
        """Do one task. Raises `HaltedError` before it begins or at once, `SilentDriveError`, `WorkerLostError`."""
        self.check_halt()
        self._worker = self._worker or await self._drive.eraser()
        self.check_halt()
        reports = self._worker.run(task)
        while True:
            match await self._next(reports):
                case Progress() as progress:
                    listener.progress(progress)
                case Checkpointed() as checkpoint:
                    await listener.checkpoint(checkpoint)
                case Fault() as fault:
                    await listener.fault(fault)
                case Measured() as measured:
                    await listener.measured(measured)
                case Finished() | Stopped() as last:
                    return last

    def abandon(self) -> None:
        """Kill the worker and do not wait for it: its drive may hold it for ever."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.kill()

    async def close(self) -> None:
        """End the worker. A lost or abandoned one is gone already."""
        worker, self._worker = self._worker, None
        if worker is not None:
            await worker.close()

    async def _next(self, reports: AsyncIterator[Report]) -> Report:
        self._waiting = asyncio.ensure_future(anext(reports))
        try:
            return await asyncio.wait_for(self._waiting, self._stall)
        except TimeoutError:
            self.abandon()
            raise SilentDriveError from None
        except asyncio.CancelledError:
            if self._halt is Cause.OPERATOR_AT_ONCE:
                raise HaltedError from None
            raise
        finally:
            self._waiting = None
