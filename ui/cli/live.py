"""Progress on a terminal: a table that is drawn again four times a second.

Two lines a drive where there is room, one where there is not; drives that do not fit at all are counted, those still
at work shown first.
"""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console, Group, JustifyMethod, RenderableType
from rich.live import Live
from rich.padding import Padding
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from bench.facade import DocumentFailed, Update
from bench.progress import Activity, JobProgress, StageProgress
from ui.cli.app import cell
from ui.cli.progress import (
    SIMULATION_STYLE,
    VERDICT_STYLES,
    Board,
    DriveState,
    is_simulated,
    percent,
    rate,
    remaining,
    request_line,
    stage,
    stage_of,
    stage_share,
    stage_times,
)
from ui.texts import Texts

_FOOTER_LINES = 4
_IDENTITY_SHARE = 0.4
# Wide enough for the longest in either language, and one more for the gap: "100 %", "999,9 Mo/s", "999 h 59 min".
_PERCENT_WIDTH, _RATE_WIDTH, _ETA_WIDTH = 6, 11, 13
_BAR_WIDTH = 12
# A serial of 17 characters stays whole beside the mark of simulation and the position; the address gives way first.
_BESIDE_ADDRESS, _LEAST_ADDRESS = 47, 8
_ROOM_FOR_ALL = 100
"""Columns from which one line holds everything; on fewer, bar and speed are left out."""


REQUEST_STYLE = "bold black on bright_yellow"


class LiveView:
    """Implements `ui.cli.progress.View` on a terminal."""

    def __init__(self, console: Console, texts: Texts, board: Board) -> None:
        self._console = console
        self._texts = texts
        self._board = board
        # Drawn from the event loop, so that nothing is drawn while its values change.
        self._live = Live(console=console, auto_refresh=False, redirect_stdout=False, redirect_stderr=False)

    def __enter__(self) -> Self:
        self._live.start()
        self.refresh()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.refresh()
        self._live.stop()

    def show(self, update: Update) -> None:
        """See `View.show`."""
        drive = self._board.take(update)
        if isinstance(update, DocumentFailed):
            self.say(self._texts.text(update.problem))
        if drive is not None and (asked := self._board.request(update)) is not None:
            self.say(request_line(self._texts, drive, asked))

    def refresh(self) -> None:
        """See `View.refresh`."""
        self._live.update(self.render(), refresh=True)

    def say(self, sentence: str) -> None:
        """See `View.say`: above the table."""
        self._console.print(cell(sentence, "bold yellow"))

    def render(self) -> RenderableType:
        """The table as it is now, for a console of this size."""
        drives = list(self._board.drives.values())
        room = max(self._console.height - _FOOTER_LINES, 1)
        two_lines = 2 * len(drives) <= room
        shown = drives if len(drives) * (1 + two_lines) <= room else self._most_telling(room - 1)
        lines = [self._stacked(drive) if two_lines else self._in_one_line(drive) for drive in shown]
        if len(shown) < len(drives):
            lines.append(cell(self._texts.say("cli-progress-more", count=len(drives) - len(shown)), "dim"))
        return Group(*lines, self._footer(drives))

    def _most_telling(self, room: int) -> list[DriveState]:
        """As many drives as there is room for, those at work first."""
        return sorted(self._board.drives.values(), key=lambda drive: drive.ended)[: max(room, 1)]

    def _stacked(self, drive: DriveState) -> RenderableType:
        first = _grid()
        first.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
        first.add_column(no_wrap=True, justify="right")
        first.add_row(self._identity(drive), self._position(drive))
        return Group(first, Padding(self._work(drive, in_full=True), (0, 0, 0, 2)))

    def _in_one_line(self, drive: DriveState) -> RenderableType:
        width = round(self._console.width * _IDENTITY_SHARE)
        in_full = self._console.width >= _ROOM_FOR_ALL
        line = _grid()
        line.add_column(no_wrap=True, overflow="ellipsis", width=width)
        line.add_column(ratio=1)
        address = cell(_tail(drive.facts.address, width // 2), SIMULATION_STYLE if drive.facts.simulated else "bold")
        line.add_row(address.append_text(cell(f" {drive.facts.identity.serial}")), self._work(drive, in_full=in_full))
        return line

    def _identity(self, drive: DriveState) -> Text:
        identity = drive.facts.identity
        line = Text()
        if drive.facts.simulated:
            line.append_text(cell(self._texts.say("cli-simulated"), SIMULATION_STYLE)).append(" ")
        # The serial before the model: what is cut, on a narrow screen, is what many drives share.
        line.append_text(
            cell(_tail(drive.facts.address, max(self._console.width - _BESIDE_ADDRESS, _LEAST_ADDRESS)), "bold")
        )
        return line.append_text(cell(f" {identity.serial}")).append_text(cell(f" {identity.model}", "dim"))

    def _position(self, drive: DriveState) -> Text:
        if drive.progress is None or drive.stage is not None or drive.ended:
            return cell(self._texts.say("cli-size", size=drive.facts.identity.size), "dim")
        return cell(self._texts.say("cli-position", offset=drive.progress.offset, size=drive.progress.size))

    def _work(self, drive: DriveState, *, in_full: bool) -> RenderableType:
        if drive.verdict is not None:
            text = self._texts.say(f"verdict-{drive.verdict.value}")
            return cell(text, VERDICT_STYLES[drive.verdict])
        if drive.ended:
            return cell(self._texts.say("cli-progress-stopped"), "bold yellow")
        if drive.stage is not None and drive.stage.request is not None:
            # It stays in sight for as long as it is waited for.
            return cell(self._texts.text(drive.stage.request), REQUEST_STYLE)
        if drive.stage is not None:
            return self._stage_measures(drive, drive.stage, in_full=in_full)
        if drive.progress is None:
            waiting = drive.activity is Activity.WAITING
            return cell(self._texts.say("cli-progress-waiting") if waiting else stage(self._texts, drive), "dim")
        return self._measures(drive, drive.progress, in_full=in_full)

    def _measures(self, drive: DriveState, progress: JobProgress, *, in_full: bool) -> RenderableType:
        """Stage, bar, share, speed and time to go; each in a column as wide as in every other line."""
        bar = ProgressBar(total=max(progress.total, 1), completed=progress.done)
        speed = cell(rate(self._texts, progress))
        columns: list[tuple[RenderableType, int | None]] = [
            (cell(stage(self._texts, drive)), _stage_width(self._texts, progress.passes)),
            *([(bar, None)] if in_full else []),
            (cell(percent(self._texts, progress)), _PERCENT_WIDTH),
            *([(speed, _RATE_WIDTH)] if in_full else []),
            (cell(remaining(self._texts, progress.eta)), _ETA_WIDTH),
        ]
        line = _grid()
        for index, (_, width) in enumerate(columns):
            flexible = width is None
            justify: JustifyMethod = "left" if index == 0 else "right"
            line.add_column(no_wrap=True, width=width, ratio=1 if flexible else None, justify=justify)
        line.add_row(*(content for content, _ in columns))
        return line

    def _stage_measures(self, drive: DriveState, progress: StageProgress, *, in_full: bool) -> RenderableType:
        """What is done, the drive's own share where it gives one, how long it has been, and the time to go."""
        bar = ProgressBar(total=1000, completed=progress.permille or 0)
        line = _grid()
        columns: list[tuple[RenderableType, int | None]] = [
            (cell(stage(self._texts, drive)), None),
            *([(bar, _BAR_WIDTH)] if in_full and progress.permille is not None else []),
            (cell(stage_share(self._texts, progress)), _PERCENT_WIDTH),
            *([(cell(stage_times(self._texts, progress)), None)] if in_full else []),
            (cell(remaining(self._texts, progress.eta)), _ETA_WIDTH),
        ]
        for index, (_, width) in enumerate(columns):
            justify: JustifyMethod = "left" if index == 0 else "right"
            line.add_column(no_wrap=True, width=width, ratio=1 if width is None else None, justify=justify)
        line.add_row(*(content for content, _ in columns))
        return line

    def _footer(self, drives: list[DriveState]) -> RenderableType:
        running = len(self._board.running)
        judged = sum(drive.verdict is not None for drive in drives)
        counts = self._texts.say("cli-progress-footer", count=len(drives), running=running, judged=judged)
        lines = [Text(), cell(counts, "bold")]
        if running:
            eta = remaining(self._texts, self._board.eta_seconds())
            lines.append(cell(self._texts.say("cli-progress-eta", eta=eta), "bold"))
        if is_simulated(drives):
            lines.append(cell(self._texts.say("cli-all-simulated"), SIMULATION_STYLE))
        return Group(*lines)


def _grid() -> Table:
    return Table.grid(expand=True, padding=(0, 1, 0, 0))


def _stage_width(texts: Texts, passes: int) -> int:
    """Room for the longest stage of a job, so that the columns of all drives stand below each other."""
    activities = (Activity.WRITING, Activity.VERIFYING, Activity.CHECKING)
    return max(len(stage_of(texts, activity, passes, passes)) for activity in activities)


def _tail(address: str, width: int) -> str:
    """The end of an address: where drives of one folder differ."""
    return address if len(address) <= width else f"…{address[1 - width :]}"
