"""The bench's end of firmware commands: asks a held drive, and has its orders carried out by processes of their own.

A command's process outlives the bench. What it does stands in its folder (`drivers.command_protocol`), by which a bench
that was started again finds it, whether it still runs or not.
"""

from __future__ import annotations

import asyncio
import errno
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterable, Mapping
from pathlib import Path
from typing import Protocol

from bench.canaries import Place
from bench.capabilities import Capabilities, CommandSet
from bench.drive import DriveIdentity, Interface
from bench.firmware_work import Accepted, CommandReport, Ended, NotTaken, Order, Seen
from bench.messages import BenchError, say
from bench.ports import DriveGoneError, WorkerLostError
from bench.stage_events import StatusReading
from bench.techniques import ErasureState, Technique
from drivers.command_protocol import (
    CommandFolder,
    Line,
    LogReader,
    Lost,
    Target,
    drive_digest,
    folder_of,
    folders_of,
)
from drivers.command_worker import beginning
from drivers.commands.bridges import UsbId
from drivers.commands.probe import probe
from drivers.commands.transport import Transport
from drivers.commands_at_work import all_gone, is_at_something_delicate, is_delicate, must_not_be_disturbed, until_gone
from drivers.erase import table
from drivers.erase.steps import Given, LostError
from drivers.erase.table import Deed

_FIRST_S, _SOON_S, _LATEST_S = 0.02, 2.0, 1.0
_SHARE = 0.25
"""Between two looks at a log a share of the time since the drive was first seen at work passes. It is a file here, and
costs the drive nothing; but a station looks at many."""

_children: list[subprocess.Popen[bytes]] = []
"""Workers of this process, which may end long after anybody is interested in them."""


class Held(Protocol):
    """A drive that is held, as its commander needs it. Methods may block, and raise `DriveGoneError`."""

    @property
    def identity(self) -> DriveIdentity:
        """As the drive was when it was taken hold of."""
        ...

    @property
    def interface(self) -> Interface:
        """How the kernel says that it is attached."""
        ...

    @property
    def usb(self) -> UsbId | None:
        """The USB device it sits in, if any."""
        ...

    def transport(self) -> Transport:
        """Commands from this process."""
        ...

    def target(self) -> Target:
        """Commands from a worker; `fd` is to be inherited under its number."""
        ...

    def write(self, blocks: Mapping[Place, bytes]) -> None:
        """Write, and flush through all caches."""
        ...

    def read(self, where: Place) -> bytes | None:
        """Read past all caches of the host; None where the drive does not give it."""
        ...


class FirmwareCommander:
    """Implements `bench.ports.Commander`. `commands` is the folder of all commands' folders."""

    def __init__(self, held: Held, commands: Path) -> None:
        self._held = held
        self._commands = commands
        self._drive = drive_digest(held.identity)
        self._known: Capabilities | None = None

    async def capabilities(self) -> Capabilities:
        """See `Commander.capabilities`. `BenchError` while a command is at work that nothing may disturb."""
        if must_not_be_disturbed(self._commands, self._held.identity):
            raise BenchError(say("erase-not-to-be-disturbed", serial=self._held.identity.serial))
        self._known = await asyncio.to_thread(self._probe)
        return self._known

    def mark(self, technique: Technique) -> int | None:
        """See `Commander.mark`."""
        return table.mark(technique)

    async def status(self, technique: Technique | None) -> StatusReading:
        """See `Commander.status`. Of a command that nothing may disturb, what its worker saw before it was given."""
        for folder in folders_of(self._commands, self._drive):
            if is_at_something_delicate(folder):
                return beginning(folder.lines()).before
        commands = CommandSet.NONE
        if technique is None:
            commands = (self._known or await self.capabilities()).command_set

        def ask() -> StatusReading:
            try:
                return table.status(self._held.transport(), technique, commands)
            except LostError as error:
                raise self._gone(error) from error

        return await asyncio.to_thread(ask)

    async def run(self, order: Order) -> AsyncIterator[CommandReport]:
        """See `Commander.run`. `ValueError` for a key that was used before, or a mark that is not the command's."""
        technique = order.stage.technique
        if order.mark != (None if technique is None else table.mark(technique)):
            raise ValueError(f"mark {order.mark} is not that of {technique}")
        if not await all_gone(folders_of(self._commands, self._drive)):
            yield NotTaken(reason=say("erase-worker-busy"))
            return
        folder = folder_of(self._commands, self._drive, order.key)
        if folder.root.exists():
            raise ValueError(f"the order {order.key} was given before")
        for older in folders_of(self._commands, self._drive):
            shutil.rmtree(older.root)
        target = await asyncio.to_thread(self._held.target)
        await asyncio.to_thread(folder.write_order, _deed(order), target)
        _start(folder, target)
        async for report in _tail(folder, LogReader(folder)):
            yield report

    async def adopt(self, order: Order) -> AsyncIterator[CommandReport]:
        """See `Commander.adopt`."""
        folder = folder_of(self._commands, self._drive, order.key)
        lines = folder.lines() if folder.log.exists() else ()
        if lines and isinstance(lines[-1], Lost):
            # It has told that it lost the drive, and takes a moment to go.
            await until_gone(folder)
        alive = folder.is_alive()
        if not alive and not any(isinstance(line, Given | Ended | NotTaken) for line in lines):
            yield NotTaken(reason=say("erase-never-given"))
            return
        reader = LogReader(folder)
        before = _so_far(reader.more())
        ended = bool(before) and isinstance(before[-1], Ended | NotTaken)
        if ended:
            # It has told its end, and takes a moment to let go of the drive.
            await until_gone(folder)
        deed, _ = folder.read_order()
        if alive or ended or not is_delicate(deed):
            for report in before:
                yield report
            before.clear()
        if ended:
            return
        if not alive:
            target = await asyncio.to_thread(self._held.target)
            await asyncio.to_thread(folder.retarget, deed, target)
            _start(folder, target, "--watch")
        async for report in _tail(folder, reader):
            # What ended with its worker is not at work because it was: the drive has to say so now.
            if isinstance(report, Seen) and report.reading.state is ErasureState.RUNNING:
                for earlier in before:
                    yield earlier
                before.clear()
            yield report

    def is_at_work(self, order: Order) -> bool:
        """See `Commander.is_at_work`."""
        return folder_of(self._commands, self._drive, order.key).is_alive()

    async def leave_failure_mode(self) -> None:
        """See `Commander.leave_failure_mode`. `BenchError` with the drive's reason where it refuses."""
        commands = (self._known or await self.capabilities()).command_set
        failed = await asyncio.to_thread(table.leave_failure, self._held.transport(), commands)
        if failed is not None:
            raise BenchError(say("erase-failure-mode-stays"), failed.message)

    async def plant(self, blocks: Mapping[Place, bytes]) -> None:
        """See `Commander.plant`."""
        await asyncio.to_thread(self._held.write, blocks)

    async def read(self, where: Iterable[Place]) -> Mapping[Place, bytes | None]:
        """See `Commander.read`."""
        places = tuple(where)
        return await asyncio.to_thread(lambda: {place: self._held.read(place) for place in places})

    def _probe(self) -> Capabilities:
        held = self._held
        return probe(held.transport(), held.interface, usb=held.usb, known=held.identity)

    def _gone(self, error: LostError) -> DriveGoneError:
        if error.errno == errno.ETIMEDOUT:
            return DriveGoneError(say("erase-drive-hangs", serial=self._held.identity.serial))
        return DriveGoneError(say("erase-drive-lost", serial=self._held.identity.serial, detail=str(error)))


def _deed(order: Order) -> Deed:
    stage = order.stage
    return Deed(kind=stage.kind, technique=stage.technique, hidden=stage.hidden, secret=order.secret, mark=order.mark)


def _start(folder: CommandFolder, target: Target, *options: str) -> None:
    """Start the process; it holds the folder's lock from its first moment on. Raises `OSError`."""
    _children[:] = [child for child in _children if child.poll() is None]
    lock = folder.take_lock()
    if lock is None:
        return  # somebody else's process is at it: its log tells
    inherited = (lock, *target.inherited)
    command = [sys.executable, "-I", "-m", "drivers.command_worker", str(folder.root), *options]
    with folder.errors.open("ab") as errors, open(lock, "rb", closefd=True):  # noqa: PTH123 - a descriptor, not a path
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            pass_fds=inherited,
            start_new_session=True,
        )
    _children.append(child)


async def _tail(folder: CommandFolder, reader: LogReader) -> AsyncIterator[CommandReport]:
    """The reports as they come. Raises `WorkerLostError` where the process is gone without having told the end."""
    waited, seen = 0.0, False
    while True:
        alive = folder.is_alive()
        for line in reader.more():
            if not seen:
                # A process that starts may take its time, and what it tells then is soon followed by more.
                waited, seen = 0.0, isinstance(line, Seen)
            match line:
                case Ended() | NotTaken():
                    await until_gone(folder)
                    yield line
                    return
                case Lost(detail=detail):
                    raise WorkerLostError(detail)
                case Accepted() | Seen():
                    yield line
                case Given():
                    pass
        if not alive:
            raise WorkerLostError(_last_words(folder))
        pause = min(_LATEST_S, max(_FIRST_S, (waited if seen else waited - _SOON_S) * _SHARE))
        waited += pause
        await asyncio.sleep(pause)


def _so_far(lines: tuple[Line, ...]) -> list[CommandReport]:
    """What a log told before: that it was accepted, the latest reading, and the end if there is one.

    A drive on its way out answers with what says nothing: the latest reading is the latest that says something.
    """
    accepted = [line for line in lines if isinstance(line, Accepted)]
    told = [line for line in lines if isinstance(line, Seen)]
    seen = [line for line in told if line.reading.state is not ErasureState.UNKNOWN] or told
    ended = [line for line in lines if isinstance(line, Ended | NotTaken)]
    return [*accepted[-1:], *seen[-1:], *ended[-1:]]


def _last_words(folder: CommandFolder) -> str:
    try:
        words = folder.errors.read_text("utf-8", "replace").strip().splitlines()
    except FileNotFoundError:
        words = []
    return words[-1] if words else "the command's process is gone"
