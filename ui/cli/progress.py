"""Following a set of drives while they are erased: what is known of each, and how it is put in words.

Two views show it: `ui.cli.live` on a terminal, `ui.cli.plain` elsewhere. `watch` feeds them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from bench.drive import DriveFacts
from bench.events import Concluded, Logged, PassStarted, VerifyStarted
from bench.facade import DocumentFailed, JobEnded, Update
from bench.messages import Message
from bench.plan import DrivePlan
from bench.progress import Activity, JobProgress, StageProgress
from bench.stage_events import StageStarted
from bench.verdict import Verdict
from ui.texts import Texts

REFRESH_SECONDS = 0.25

VERDICT_STYLES = {
    Verdict.ERASED: "bold green",
    Verdict.ERASED_WITH_REMARKS: "bold yellow",
    Verdict.FAILED: "bold white on red",
    Verdict.ABORTED: "bold magenta",
    Verdict.UNPROVEN: "bold magenta",
}
SIMULATION_STYLE = "black on yellow"


class View(Protocol):
    """Shows a set's progress to somebody."""

    def show(self, update: Update) -> None:
        """Take in something that happened."""
        ...

    def refresh(self) -> None:
        """Called a few times a second: the moment to draw."""
        ...

    def say(self, sentence: str) -> None:
        """Tell something that is no drive's progress."""
        ...


@dataclass(slots=True, kw_only=True)
class DriveState:
    """What is known of one drive of the set. `verdict` comes with its record, `ended` with the end of the run."""

    plan: DrivePlan
    activity: Activity = Activity.WAITING
    pass_number: int = 1
    progress: JobProgress | None = None
    stage: StageProgress | None = None
    """The stage that is being done; none once the passes have begun."""
    stage_number: int = 0
    verdict: Verdict | None = None
    asked: str = ""
    """Id of what somebody is asked to do now."""
    ended: bool = False

    @property
    def facts(self) -> DriveFacts:
        """The drive itself."""
        return self.plan.facts


class Board:
    """What is known of every drive of the set, in the set's order: the part that all views share."""

    def __init__(self, jobs: Mapping[str, DrivePlan]) -> None:
        self.drives = {job: DriveState(plan=plan) for job, plan in jobs.items()}

    def take(self, update: Update) -> DriveState | None:
        """Take in what happened; the drive that it happened to, if it is one of these."""
        if isinstance(update, DocumentFailed):
            return None
        drive = self.drives.get(update.job)
        if drive is None:
            return None
        match update:
            case JobProgress(activity=activity, pass_number=number):
                drive.progress, drive.activity, drive.pass_number = update, activity, number
                drive.stage = None
            case StageProgress(number=number):
                drive.stage, drive.activity, drive.stage_number = update, Activity.STAGE, number
            case Logged(event=StageStarted(index=index)):
                drive.activity, drive.stage_number = Activity.STAGE, index + 1
            case Logged(event=PassStarted(index=index)):
                drive.activity, drive.pass_number, drive.stage = Activity.WRITING, index + 1, None
            case Logged(event=VerifyStarted(index=index)):
                drive.activity, drive.pass_number, drive.stage = Activity.VERIFYING, index + 1, None
            case Logged(event=Concluded(verdict=verdict)):
                drive.verdict = Verdict(verdict)
            case JobEnded():
                drive.ended = True
            case Logged():
                pass
        return drive

    @property
    def running(self) -> list[DriveState]:
        """The drives that are still being worked on."""
        return [drive for drive in self.drives.values() if not drive.ended]

    def eta_seconds(self) -> float | None:
        """How long the whole set still takes: as long as its slowest drive. None while nothing is known."""
        shown = [drive.stage or drive.progress for drive in self.running]
        known = [item.eta for item in shown if item is not None and item.eta is not None]
        return max(known, default=None)

    def request(self, update: Update) -> Message | None:
        """What this update asks of who stands at the bench, where it is something new: to cut a drive's power, say."""
        if not isinstance(update, StageProgress) or update.job not in self.drives:
            return None
        drive = self.drives[update.job]
        known, drive.asked = drive.asked, update.request.id if update.request is not None else ""
        return update.request if update.request is not None and known != drive.asked else None


async def watch(updates: AsyncIterator[Update], jobs: Mapping[str, DrivePlan], view: View) -> dict[str, JobEnded]:
    """Hand updates to a view until all these jobs have ended; how each ended, by job."""
    left, ends = set(jobs), dict[str, JobEnded]()
    ticking = asyncio.create_task(_tick(view))
    try:
        while left:
            update = await anext(updates)
            view.show(update)
            if isinstance(update, JobEnded) and update.job in left:
                left.discard(update.job)
                ends[update.job] = update
    finally:
        ticking.cancel()
        with suppress(asyncio.CancelledError):
            await ticking
    view.refresh()
    return ends


async def _tick(view: View) -> None:
    while True:
        await asyncio.sleep(REFRESH_SECONDS)
        view.refresh()


def stage(texts: Texts, drive: DriveState) -> str:
    """Which stage or pass, and what is being done."""
    if drive.activity is Activity.STAGE:
        planned = drive.plan.stages[drive.stage_number - 1]
        kind = texts.say(f"stage-kind-{planned.kind.value}")
        return texts.say("cli-in-stage", number=drive.stage_number, stages=len(drive.plan.stages), kind=kind)
    return stage_of(texts, drive.activity, drive.pass_number, len(drive.plan.passes))


def stage_of(texts: Texts, activity: Activity, number: int, passes: int) -> str:
    """`stage` of any pass."""
    name = texts.say("cli-activity", activity=activity.value)
    return texts.say("cli-stage", activity=name, number=number, passes=passes)


def percent(texts: Texts, progress: JobProgress) -> str:
    """How much of the whole job is done, rounded down: 100 % is the end and nothing else."""
    return texts.say("cli-percent", permille=progress.done * 100 // max(progress.total, 1) * 10)


def stage_share(texts: Texts, progress: StageProgress) -> str:
    """How much of the stage is done as the drive says it, or a dash: nothing is made up."""
    if progress.permille is None:
        return texts.say("cli-none")
    return texts.say("cli-percent", permille=progress.permille // 10 * 10)


def stage_times(texts: Texts, progress: StageProgress) -> str:
    """How long it has been going on, and what the drive itself said that it takes."""
    elapsed = round(progress.elapsed) * 1000
    if progress.estimate is None or progress.permille is not None:
        return texts.say("cli-stage-elapsed", milliseconds=elapsed)
    return texts.say("cli-stage-estimate", milliseconds=elapsed, estimate=progress.estimate * 1000)


def request_line(texts: Texts, drive: DriveState, asked: Message) -> str:
    """What is asked of who stands at the bench: of which drive, what, and why."""
    planned = drive.plan.stages[drive.stage_number - 1]
    what, why = texts.text(asked), texts.text(planned.reason)
    return texts.say("cli-request", device=drive.facts.address, what=what, why=why)


def rate(texts: Texts, progress: JobProgress) -> str:
    """How fast bytes are moved, or a dash while none are."""
    speed = round(progress.rate)
    return texts.say("cli-rate", rate=speed) if speed else texts.say("cli-none")


def remaining(texts: Texts, seconds: float | None) -> str:
    """A time to go, or a dash."""
    return texts.say("cli-none") if seconds is None else texts.say("cli-duration", milliseconds=round(seconds) * 1000)


def is_simulated(drives: Iterable[DriveState]) -> bool:
    """Whether there is a simulated drive among them; a set is never mixed."""
    return any(drive.facts.simulated for drive in drives)
