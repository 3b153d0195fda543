"""Progress without a terminal: a line when something changes, and one every ten seconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.console import Console

from bench.facade import DocumentFailed, JobEnded, Update
from ui.cli.app import cell
from ui.cli.progress import (
    Board,
    DriveState,
    is_simulated,
    percent,
    rate,
    remaining,
    request_line,
    stage,
    stage_share,
    stage_times,
)
from ui.texts import Texts

EVERY_SECONDS = 10.0


class PlainView:
    """Implements `ui.cli.progress.View` for logs and pipes. `clock` gives monotonic seconds."""

    def __init__(
        self, console: Console, texts: Texts, board: Board, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._console = console
        self._texts = texts
        self._board = board
        self._clock = clock
        self._last = clock()

    def __enter__(self) -> Self:
        if is_simulated(self._board.drives.values()):
            self._say("cli-all-simulated")
        for drive in self._board.drives.values():
            identity = drive.facts.identity
            self._say(
                "cli-line-start",
                device=drive.facts.address,
                model=identity.model,
                serial=identity.serial,
                size=identity.size,
                passes=len(drive.plan.passes),
                stages=len(drive.plan.stages),
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def show(self, update: Update) -> None:
        """See `View.show`."""
        if isinstance(update, DocumentFailed):
            self.say(self._texts.text(update.problem))
            return
        drive = self._board.drives.get(update.job)
        if drive is None:
            return
        before = drive.activity, drive.pass_number, drive.stage_number
        self._board.take(update)
        if (asked := self._board.request(update)) is not None:
            self.say(request_line(self._texts, drive, asked))
        if (drive.activity, drive.pass_number, drive.stage_number) != before:
            self._say("cli-line-stage", device=drive.facts.address, stage=stage(self._texts, drive))
        if isinstance(update, JobEnded):
            self._ended(drive)

    def refresh(self) -> None:
        """See `View.refresh`: every ten seconds, a line for each drive at work."""
        now = self._clock()
        if now - self._last < EVERY_SECONDS:
            return
        self._last = now
        for drive in self._board.running:
            if drive.stage is not None and drive.stage.request is not None:
                self.say(request_line(self._texts, drive, drive.stage.request))
            elif drive.stage is not None:
                self._say(
                    "cli-line-stage-progress",
                    device=drive.facts.address,
                    stage=stage(self._texts, drive),
                    percent=stage_share(self._texts, drive.stage),
                    times=stage_times(self._texts, drive.stage),
                )
            elif drive.progress is not None:
                self._say(
                    "cli-line-progress",
                    device=drive.facts.address,
                    stage=stage(self._texts, drive),
                    percent=percent(self._texts, drive.progress),
                    rate=rate(self._texts, drive.progress),
                    eta=remaining(self._texts, drive.progress.eta),
                )
        if len(self._board.running) > 1:
            self._say("cli-progress-eta", eta=remaining(self._texts, self._board.eta_seconds()))

    def say(self, sentence: str) -> None:
        """See `View.say`."""
        self._console.print(cell(sentence), soft_wrap=True)

    def _ended(self, drive: DriveState) -> None:
        what = f"verdict-{drive.verdict.value}" if drive.verdict is not None else "cli-progress-stopped"
        self._say("cli-line-ended", device=drive.facts.address, result=self._texts.say(what))

    def _say(self, message_id: str, /, **params: str | int) -> None:
        self.say(self._texts.say(message_id, **params))
