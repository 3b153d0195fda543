"""Doing work on a bench from start to end: opened and closed whatever happens, shown, and stopped by signals."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from rich.console import Console

from bench import settings_file
from bench.facade import Bench, JobEnded, Update
from bench.plan import DrivePlan
from bench.settings import Settings
from ui import compose
from ui.cli.app import App
from ui.cli.live import LiveView
from ui.cli.plain import PlainView
from ui.cli.progress import Board, View, watch
from ui.texts import Texts

Result = TypeVar("Result")
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Session:
    """This machine's bench, open while a `with` lasts. Between two `do` the program may wait for its operator."""

    bench: Bench

    def __init__(self, app: App, settings: Settings | None = None, *, methods_file: Path | None = None) -> None:
        self._state = app.folder.root
        self._settings = settings or Settings()
        self._methods_file = methods_file

    def __enter__(self) -> Self:
        """Open the bench. `BenchError` if the state folder cannot be used or another process holds it."""
        self._runner = asyncio.Runner()
        try:
            opening = compose.open_bench(self._state, settings=self._settings, site_methods=self._methods_file)
            self.bench = self._runner.run(opening)
        except BaseException:
            self._runner.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Halt what runs and let go of everything."""
        try:
            self._runner.run(self.bench.close())
        finally:
            self._runner.close()

    def do(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Run a coroutine to its end."""
        return self._runner.run(work)


def settings_of(file: Path | None, checkpoint: float | None) -> Settings:
    """The settings of a command: the workshop's file, if one is named, and what the command line says over it."""
    settings = Settings() if file is None else settings_file.load(file)
    return settings if checkpoint is None else replace(settings, checkpoint=checkpoint)


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """How each job's run ended, and whether somebody asked to stop."""

    ended: Mapping[str, JobEnded]
    interrupted: bool


async def follow(app: App, bench: Bench, start: Callable[[], Awaitable[Mapping[str, DrivePlan]]]) -> Followed:
    """Start jobs and show their progress until all have ended.

    The first signal stops them at a checkpoint, the next one at once. `start` gives the plans of what it started.
    """
    updates: AsyncIterator[Update] = bench.updates()
    with Stopper(bench, app.texts) as stopper:
        jobs = await start()
        ended: Mapping[str, JobEnded] = {}
        if jobs:
            with open_view(app.err, app.texts, jobs) as view:
                stopper.attach(view)
                ended = await watch(updates, jobs, view)
        await stopper.finish()
    return Followed(ended=ended, interrupted=stopper.requests > 0)


def open_view(console: Console, texts: Texts, jobs: Mapping[str, DrivePlan]) -> AbstractContextManager[View]:
    """What shows these jobs on a stream: a live table on a terminal, lines of text elsewhere."""
    board = Board(jobs)
    return LiveView(console, texts, board) if console.is_terminal else PlainView(console, texts, board)


class Stopper:
    """Turns signals into stops while a `with` lasts; used within the bench's event loop."""

    def __init__(self, bench: Bench, texts: Texts) -> None:
        self.requests = 0
        self._bench = bench
        self._texts = texts
        self._view: View | None = None
        self._halts: set[asyncio.Task[None]] = set()
        # What we were started to ignore (nohup) stays ignored.
        self._signals = [number for number in _STOP_SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]

    def __enter__(self) -> Self:
        loop = asyncio.get_running_loop()
        for number in self._signals:
            loop.add_signal_handler(number, self._on_signal)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        loop = asyncio.get_running_loop()
        for number in self._signals:
            loop.remove_signal_handler(number)

    def attach(self, view: View) -> None:
        """The jobs run now: tell through this view, and stop what was asked to stop before it could."""
        self._view = view
        if self.requests:
            self._halt()

    async def finish(self) -> None:
        """Wait until every stop that was asked for has been carried out."""
        if self._halts:
            await asyncio.gather(*self._halts)

    def _on_signal(self) -> None:
        self.requests += 1
        if self._view is not None:
            self._halt()

    def _halt(self) -> None:
        at_once = self.requests > 1
        if self._view is not None:
            self._view.say(self._texts.say("cli-stopping-at-once" if at_once else "cli-stopping"))
        self._halts.add(asyncio.get_running_loop().create_task(self._bench.halt(at_once=at_once)))
