"""The two views of a running set, fed with what a bench would tell."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from bench import events as ev
from bench.drive import DriveFacts
from bench.facade import DocumentFailed, JobEnded, Update
from bench.messages import say
from bench.plan import DrivePlan
from bench.progress import Activity, JobProgress
from support.evidence_samples import facts, plan
from ui.cli.app import cell
from ui.cli.app import console as streamed
from ui.cli.live import LiveView
from ui.cli.plain import EVERY_SECONDS, PlainView
from ui.cli.progress import Board, watch
from ui.formats import Language
from ui.texts import texts

MIB = 1 << 20


def drive(number: int) -> DriveFacts:
    found = facts(serial=f"WD-WCC3F{number:08}", model="Example HD1000 with quite a long name", simulated=True)
    return replace(found, address=f"sim:/srv/drives/drive-{number}")


def jobs(count: int) -> dict[str, DrivePlan]:
    return {f"job-{number}": plan(drive(number)) for number in range(count)}


def progress(job: str, *, done: int = 32 * MIB, eta: float | None = 75.0) -> JobProgress:
    total = 128 * MIB
    return JobProgress(
        job=job,
        activity=Activity.WRITING,
        pass_number=1,
        passes=1,
        offset=done,
        size=64 * MIB,
        done=done,
        total=total,
        rate=123.4e6,
        eta=eta,
    )


def concluded(job: str, verdict: str) -> Update:
    return ev.Logged(id=9, job=job, at="", event=ev.Concluded(verdict=verdict, reasons=(), number="TR-1"))


def screen(count: int, width: int, height: int, language: Language, *updates: Update) -> list[str]:
    console = Console(file=io.StringIO(), width=width, height=height, force_terminal=True, color_system=None)
    view = LiveView(console, texts(language), Board(jobs(count)))
    for update in updates:
        view.show(update)
    lines = console.render_lines(view.render())
    return ["".join(segment.text for segment in line) for line in lines]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("width", [60, 80, 120])
def test_two_lines_a_drive_show_everything(width: int, language: Language) -> None:
    lines = screen(3, width, 24, language, progress("job-0"), concluded("job-1", "failed"), JobEnded(job="job-1"))
    assert all(cell_len(line) <= width for line in lines)
    shown = "\n".join(lines)
    for number in range(3):
        assert f"WD-WCC3F{number:08}" in shown
    assert "25" in lines[1]
    assert "123" in lines[1]
    assert "1\N{NO-BREAK SPACE}min\N{NO-BREAK SPACE}15" in lines[1].translate({0xE000: "\N{NO-BREAK SPACE}"})
    assert texts(language).say("verdict-failed").replace("\N{NO-BREAK SPACE}", " ") in lines[3]
    assert texts(language).say("cli-all-simulated").split()[0] in lines[-1]


def test_drives_without_room_are_counted_and_those_at_work_come_first() -> None:
    ended = [update for job in ("job-0", "job-1") for update in (concluded(job, "erased"), JobEnded(job=job))]
    lines = screen(20, 80, 12, Language.EN, *ended, progress("job-19"))
    assert len(lines) <= 12
    assert "drive-0 " not in "\n".join(lines)
    assert "and 13 more drives" in "\n".join(lines)
    assert "20 drives: 18 at work, 2 with a verdict." in "\n".join(lines)


def test_the_set_takes_as_long_as_its_slowest_drive() -> None:
    board = Board(jobs(3))
    assert board.eta_seconds() is None
    for update in (progress("job-0", eta=10.0), progress("job-1", eta=300.0), progress("job-2", eta=None)):
        board.take(update)
    assert board.eta_seconds() == 300.0
    board.take(JobEnded(job="job-1"))
    assert board.eta_seconds() == 10.0


def test_plain_lines_tell_every_change_and_every_ten_seconds() -> None:
    now, out = [0.0], io.StringIO()
    view = PlainView(streamed(out), texts(Language.EN), Board(jobs(1)), clock=lambda: now[0])
    with view:
        started = ev.PassStarted(index=0, offset=0, algorithm=None, key="", identity="", direct_io=True)
        view.show(ev.Logged(id=1, job="job-0", at="", event=started))
        for _ in range(5):
            view.show(progress("job-0"))
            view.refresh()
        now[0] += EVERY_SECONDS
        view.refresh()
        view.show(progress("job-of-another-set"))
        view.show(DocumentFailed(number="TR-1", problem=say("document-unwritable", folder="/f", why="full")))
        view.show(concluded("job-0", "erased"))
        view.show(JobEnded(job="job-0"))
    lines = out.getvalue().splitlines()
    assert lines[0] == "SIMULATION – no real drive is erased."
    assert lines[1].endswith("start, 1 pass")
    assert lines[2] == "sim:/srv/drives/drive-0: pass 1/1, writing"
    assert lines[3].startswith("sim:/srv/drives/drive-0: pass 1/1, writing, 25%, 123.4")
    assert "/f" in lines[4]
    assert lines[5:] == ["sim:/srv/drives/drive-0: ERASED"]


def test_watching_ends_with_the_last_job_of_the_set() -> None:
    async def updates() -> AsyncIterator[Update]:
        for job in ("job-9", "job-1", "job-0"):
            yield JobEnded(job=job)
        raise AssertionError("nothing more is asked for")

    view = PlainView(streamed(io.StringIO()), texts(Language.FR), Board(jobs(2)))
    assert list(asyncio.run(watch(updates(), jobs(2), view))) == ["job-1", "job-0"]


def test_a_drives_name_cannot_move_the_cursor() -> None:
    shown = cell("WD\x1b[2J\u202e[bold]1000\ue000")
    assert shown.plain == "WD\N{REPLACEMENT CHARACTER}[2J\N{REPLACEMENT CHARACTER}[bold]1000\N{REPLACEMENT CHARACTER}"


def test_lines_do_not_break_at_unbreakable_spaces() -> None:
    out = io.StringIO()
    console = streamed(out)
    console.width = 12
    console.print(cell("dix lettres\N{NARROW NO-BREAK SPACE}; 5\N{NO-BREAK SPACE}s"))
    assert out.getvalue().splitlines() == ["dix ", "lettres\N{NARROW NO-BREAK SPACE}; ", "5\N{NO-BREAK SPACE}s"]
