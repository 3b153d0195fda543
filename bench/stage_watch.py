"""Watching a drive that works by itself: its reports go into the log where they change, and to who looks on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
from dataclasses import replace
from types import TracebackType
from typing import Self

from bench import stage_events as se
from bench.firmware_work import Accepted, CommandReport, Ended, NotTaken, Order, Seen
from bench.job_desk import JobDesk
from bench.messages import Message
from bench.ports import Commander
from bench.progress import StageProgress
from bench.stage_evidence import StageEvidence, StageState
from bench.stages import StageKind
from bench.techniques import ErasureState, Technique

TICK_SECONDS = 1.0
POLL_SECONDS = (0.05, 30.0)
"""Between two readings of a sanitize that is only waited for: the first time, and at most."""
_NOT_ASKED = se.StatusReading(state=ErasureState.UNKNOWN, progress=None, mark=None, raw="")
_STORED_STEP = 50
"""Of a drive's progress every twentieth is stored: nobody needs more of it tomorrow."""


class StageTicker:
    """Tells while a `with` lasts how far a stage is, once a second and whenever it is told something."""

    def __init__(self, desk: JobDesk, item: StageEvidence) -> None:
        self._desk = desk
        self._index = item.index
        self._since = desk.ports.monotonic()
        self._task: asyncio.Task[None] | None = None
        desk.ticker = self
        self.permille: int | None = None
        self.request: Message | None = None
        self.estimate: int | None = item.estimate or None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._tick())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def tell(self, permille: int | None) -> None:
        """The drive, or who reads it, is so far."""
        self.permille = permille
        self._publish()

    def ask(self, request: Message) -> None:
        """Somebody at the bench has to do this now."""
        self.request = request
        self._publish()

    def _publish(self) -> None:
        item = self._desk.evidence.stages.items[self._index]
        self._desk.ports.publish(
            StageProgress(
                job=self._desk.evidence.job,
                number=item.index + 1,
                stages=len(self._desk.evidence.stages.items),
                kind=item.kind,
                technique=item.planned.technique,
                elapsed=self._desk.ports.monotonic() - self._since,
                permille=self.permille,
                estimate=item.estimate or None,
                request=self.request,
            )
        )

    async def _tick(self) -> None:
        while True:
            self._publish()
            await asyncio.sleep(TICK_SECONDS)


class CommandWatch:
    """Turns the reports of one stage's command into its events."""

    def __init__(self, desk: JobDesk, index: int) -> None:
        self._desk = desk
        self._index = index

    @property
    def _item(self) -> StageEvidence:
        return self._desk.evidence.stages.items[self._index]

    async def run(self, commander: Commander, order: Order) -> None:
        """Give the command and log what comes of it. A halt leaves it running in the drive (`HaltedError`)."""
        await self._follow(commander.run(order))

    async def adopt(self, commander: Commander, order: Order) -> bool:
        """Watch on what was given before an interruption; False where it has to be begun again.

        What does not survive the end of its watcher is waited out here all the same: it must not be disturbed.
        """
        async with aclosing(_closable(commander.adopt(order))) as told:
            seconds: int | None = None
            while isinstance(first := await self._desk.unless_halted(_first(told)), Accepted):
                seconds = first.seconds
                if not self._item.resumes_by_itself:
                    break
            if not await self._adopted(first):
                await self._wait_out(told, first)
                return False
            at_work = isinstance(first, Seen) and first.reading.state is ErasureState.RUNNING
            if self._item.state is StageState.STARTED and (seconds is not None or at_work):
                await self._desk.log(se.CommandAccepted(index=self._index, seconds=seconds or 0))
            if not isinstance(first, Accepted | Seen):
                await self._take(first)
                return True
            await self._follow(told)
        return True

    async def until_idle(self, commander: Commander, technique: Technique | None) -> se.StatusReading:
        """Read the status until nothing runs: a stranger's sanitize cannot be stopped, and must not be disturbed."""
        pause, most = POLL_SECONDS
        reading = await commander.status(technique)
        while reading.state is ErasureState.RUNNING:
            await self._seen(reading)
            await self._desk.unless_halted(asyncio.sleep(pause))
            pause = min(pause * 1.5, most)
            reading = await commander.status(technique)
        return reading

    async def _adopted(self, first: CommandReport) -> bool:
        """Log the adoption, where the evidence bears it."""
        item, expected = self._item, self._desk.evidence.stages.identity
        if item.kind is not StageKind.ERASE or isinstance(first, NotTaken):
            return False
        if not item.resumes_by_itself:
            # Where its worker still has it in hand, the drive is asked nothing: it must not be disturbed.
            if isinstance(first, Ended):
                return False
            reading = first.reading if isinstance(first, Seen) else _NOT_ASKED
            if isinstance(first, Seen) and reading.state is not ErasureState.RUNNING:
                return False
        elif isinstance(first, Accepted):
            return False
        else:
            reading = first.reading
            running = reading.state is ErasureState.RUNNING
            over = reading.state in {ErasureState.DONE, ErasureState.FAILED} and item.state is StageState.ACCEPTED
            if reading.mark != item.mark or not (running or over):
                return False
            found = await self._desk.confirm_identity(any_size=True)
            # At work, a drive may not say how large it is: it is asked again at its end.
            expected = replace(found, size=found.size or expected.size)
        await self._desk.log(se.ErasureAdopted(index=self._index, identity=expected.digest, reading=reading))
        return True

    async def _wait_out(self, told: AsyncIterator[CommandReport], first: CommandReport) -> None:
        while not isinstance(first, Ended | NotTaken):
            first = await self._desk.unless_halted(_first(told))

    async def _follow(self, reports: AsyncIterator[CommandReport]) -> None:
        async with aclosing(_closable(reports)) as told:
            while True:
                report = await self._desk.unless_halted(_first(told))
                await self._take(report)
                if isinstance(report, Ended | NotTaken):
                    return

    async def _take(self, report: CommandReport) -> None:
        match report:
            case Accepted(seconds=seconds):
                if self._item.state is not StageState.STARTED:
                    return
                await self._desk.log(se.CommandAccepted(index=self._index, seconds=seconds))
                if self._desk.ticker is not None:
                    self._desk.ticker.tell(None)
            case Seen(reading=reading):
                await self._seen(reading)
            case NotTaken(reason=reason):
                await self._desk.log(se.CommandRefused(index=self._index, reason=reason))
            case Ended(reading=reading):
                await self._ended(reading)

    async def _seen(self, reading: se.StatusReading) -> None:
        ticker = self._desk.ticker
        if ticker is not None:
            ticker.tell(reading.progress)
        if self._item.at_work and _is_news(self._item, reading):
            await self._desk.log(se.ErasureSeen(index=self._index, reading=reading))

    async def _ended(self, reading: se.StatusReading) -> None:
        """What ends a stage of this kind, with what the drive has become."""
        item = self._item
        if item.kind is StageKind.RESTORE and item.planned.hidden is not None:
            identity = await self._desk.read_identity()
            restored = se.HiddenAreaRestored(index=self._index, kind=item.planned.hidden, identity=identity)
            await self._desk.log(restored)
        elif item.kind is StageKind.REFORMAT:
            facts = await self._desk.read_facts()
            await self._desk.log(
                se.Reformatted(
                    index=self._index,
                    reading=reading,
                    identity=facts.identity,
                    logical_sector=facts.logical_sector,
                )
            )
        else:
            await self._desk.log(se.StageFinished(index=self._index, reading=reading))


def _is_news(item: StageEvidence, reading: se.StatusReading) -> bool:
    last = item.readings[-1] if item.readings else None
    if last is None or (last.state, last.mark) != (reading.state, reading.mark):
        return True
    return abs((reading.progress or 0) - (last.progress or 0)) >= _STORED_STEP


async def _first(told: AsyncIterator[CommandReport]) -> CommandReport:
    return await anext(told)


async def _closable(reports: AsyncIterator[CommandReport]) -> AsyncGenerator[CommandReport, None]:
    async for report in reports:
        yield report
