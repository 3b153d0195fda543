"""The passes of a running job: written, read back, resumed before their checkpoints; faults logged as they come."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable

from bench import events as ev
from bench import tasks
from bench.attend import HaltedError, Listener, SilentDriveError
from bench.evidence import Stage
from bench.job_desk import JobDesk, OverError
from bench.messages import Message, say
from bench.patience import HopelessError, Sharing, Watch
from bench.plan import Verify, VerifyKind
from bench.progress import Activity, ProgressMeter, bytes_done
from bench.work import (
    Action,
    Checkpointed,
    Fault,
    FaultKind,
    Finished,
    Measured,
    Outcome,
    Progress,
    StopCause,
    Stopped,
    Task,
)

KEY_BYTES = 32
SEED_BYTES = 32


class PassRun:
    """Does the passes that are left, on a drive whose stages are done."""

    def __init__(self, desk: JobDesk) -> None:
        self._desk = desk
        self._meter = ProgressMeter(desk.evidence, desk.ports.bus)
        self._watch = Watch(desk.ports.settings.limits, desk.evidence.plan.bytes_to_move)
        self._offset = 0

    def end(self) -> None:
        """The job no longer runs."""
        self._meter.end()

    async def run(self) -> None:
        """Write and read back. Raises `HaltedError`, `OverError`, `AwayError`, `WorkerLostError`, `DriveGoneError`."""
        for index in range(len(self._desk.evidence.passes)):
            if self._desk.evidence.passes[index].stage in {Stage.WAITING, Stage.WRITING}:
                await self._write(index)
            verify = self._desk.evidence.plan.verifies(index)
            if verify.kind is not VerifyKind.NONE and self._desk.evidence.passes[index].stage is not Stage.VERIFIED:
                await self._verify(index, verify)

    async def _write(self, index: int) -> None:
        desk = self._desk
        start = await self._resume_point(index)
        item = desk.evidence.passes[index]
        algorithm, key = item.algorithm, item.key
        if desk.evidence.plan.passes[index].is_stream and not key:
            algorithm, key = desk.ports.stream, secrets.token_hex(KEY_BYTES)
        identity = (await desk.confirm_identity()).digest
        # The key is in the log before the first byte it made is on the drive.
        direct = desk.drive.direct_io
        await desk.log(
            ev.PassStarted(index=index, offset=start, algorithm=algorithm, key=key, identity=identity, direct_io=direct)
        )

        async def checkpoint(reached: Checkpointed) -> None:
            await desk.log(ev.PassCheckpoint(index=index, offset=reached.offset))

        task = tasks.write_task(desk.evidence, desk.ports.settings, index, start)
        done = await self._do(task, index, Activity.WRITING, checkpoint)
        told = desk.evidence.passes[index].faults_digest
        await desk.log(
            ev.PassWritten(index=index, moved=done.moved, missed=done.missed, faults=told, busy_ms=done.busy_ms)
        )

    async def _resume_point(self, index: int) -> int:
        """Where to go on writing: some way before the checkpoint, if what lies before that is there; else the start."""
        task = tasks.window_task(self._desk.evidence, self._desk.ports.settings, index)
        if task is None:
            await self._desk.require_certainty()
            return 0
        differs = False

        async def fault(seen: Fault) -> None:
            # Whatever is wrong here is no fault of the drive's final state: the pass is written again.
            nonlocal differs
            differs = differs or seen.outcome is Outcome.LASTING
            if _may_be_absence(seen):
                await self._desk.require_presence_now_and_then()

        async def ignore(_: Checkpointed | Measured) -> None:
            pass

        progress = self._progress(index, Activity.CHECKING)
        listener = Listener(progress=progress, checkpoint=ignore, fault=fault, measured=ignore)
        last = await self._attended(task, index, listener)
        if isinstance(last, Stopped) and last.cause is StopCause.ASKED:
            raise HaltedError
        if isinstance(last, Stopped):
            await self._desk.require_presence()
        unchanged = isinstance(last, Finished) and not differs
        await self._desk.log(ev.WindowChecked(index=index, start=task.start, end=task.end, unchanged=unchanged))
        if unchanged:
            self._shown(index)
        await self._desk.require_certainty()
        return task.end if unchanged else 0

    def _shown(self, index: int) -> None:
        """What this pass wrote was found again. Zeros, or another pattern, may be on any drive; a keystream is not."""
        if self._desk.evidence.plan.passes[index].is_stream:
            self._desk.is_surely_it = True

    async def _verify(self, index: int, verify: Verify) -> None:
        desk = self._desk
        before = desk.evidence.passes[index].verification
        start = before.compared if before is not None and verify.kind is VerifyKind.FULL else 0
        seed = before.seed if before is not None else ""
        if verify.kind is VerifyKind.SAMPLE and not seed:
            # Drawn only now: nobody, not even the drive, could know the places while it was written.
            seed = secrets.token_hex(SEED_BYTES)
        await desk.log(
            ev.VerifyStarted(
                index=index,
                kind=verify.kind,
                permille=verify.permille,
                offset=start,
                seed=seed,
                identity=(await desk.confirm_identity()).digest,
                direct_io=desk.drive.direct_io,
            )
        )

        async def checkpoint(reached: Checkpointed) -> None:
            await desk.log(ev.VerifyCheckpoint(index=index, offset=reached.offset))

        task = tasks.verify_task(desk.evidence, desk.ports.settings, index, verify, start, seed)
        done = await self._do(task, index, Activity.VERIFYING, checkpoint)
        await desk.log(
            ev.VerifyFinished(
                index=index,
                moved=done.moved,
                missed=done.missed,
                faults=desk.evidence.passes[index].faults_digest,
                busy_ms=done.busy_ms,
                places=done.places,
            )
        )
        if done.moved and not any(item.kind is FaultKind.MISMATCH for item in desk.evidence.passes[index].faults):
            self._shown(index)

    async def _do(
        self, task: Task, index: int, activity: Activity, checkpoint: Callable[[Checkpointed], Awaitable[None]]
    ) -> Finished:
        """Do a task to its end. A drive that is given up, or a stop that was asked for, ends the job's run."""
        desk = self._desk
        doubtful = False

        async def fault(seen: Fault) -> None:
            nonlocal doubtful
            if _may_be_absence(seen) and seen.outcome is Outcome.LASTING:
                # What failed because the drive was pulled out says nothing against the drive.
                await desk.require_presence_now_and_then()
                doubtful = True
            await desk.log(_fault_seen(index, seen))
            self._watch.fault(seen)

        async def reached(point: Checkpointed) -> None:
            nonlocal doubtful
            if doubtful:
                # A resume begins at a checkpoint: none may lie behind what failed while the drive was being pulled out.
                await desk.require_presence()
                doubtful = False
            await checkpoint(point)

        async def measured(found: Measured) -> None:
            action = Action.WRITE if activity is Activity.WRITING else Action.READ
            zones = ev.SurfaceMeasured(
                index=index, action=action, zone_size=found.zone_size, zones=found.zones, slow=found.slow
            )
            await desk.log(zones)

        progress = self._progress(index, activity)
        listener = Listener(progress=progress, checkpoint=reached, fault=fault, measured=measured)
        last = await self._attended(task, index, listener)
        if isinstance(last, Finished):
            if last.missed:
                await desk.require_presence()
            return last
        if last.cause is StopCause.ASKED:
            raise HaltedError
        await desk.require_presence()
        await self._give_up(index, say(f"reason-gave-up-{last.cause.value}", **{"pass": index + 1}))
        raise OverError

    async def _attended(self, task: Task, index: int, listener: Listener) -> Finished | Stopped:
        desk = self._desk
        self._offset = getattr(task, "start", 0)
        self._watch.begin(index + 1)
        try:
            return await desk.attendant.run(task, listener)
        except SilentDriveError:
            place, seconds = self._offset // desk.evidence.sector, round(desk.ports.settings.stall)
            reason = say("reason-no-answer", lba=place, seconds=seconds, **{"pass": index + 1})
            await self._give_up(index, reason)
            raise OverError from None
        except HopelessError as hopeless:
            desk.attendant.abandon()
            await desk.require_presence()
            await self._give_up(index, hopeless.reason)
            raise OverError from None

    async def _give_up(self, index: int, reason: Message) -> None:
        await self._desk.log(ev.GivenUp(index=index, reason=reason))

    def _progress(self, index: int, activity: Activity) -> Callable[[Progress], None]:
        desk = self._desk
        base = bytes_done(desk.evidence)
        self._meter.begin(activity, index, desk.evidence.passes[index].synced)

        def show(report: Progress) -> None:
            self._offset = report.offset
            done = base if activity is Activity.CHECKING else base + report.moved
            now = desk.ports.monotonic()
            progress = self._meter.at(activity, index, done, report.offset, now)
            desk.ports.publish(progress)
            sharing = Sharing(bandwidth=desk.ports.settings.bus_bandwidth, drives=desk.ports.at_work())
            self._watch.progress(now, report, progress.eta, sharing)

        return show


def _may_be_absence(fault: Fault) -> bool:
    """Whether a drive that was pulled out answers so: by an error, or by an end at byte 0 (NVMe)."""
    return fault.kind is not FaultKind.MISMATCH


def _fault_seen(index: int, fault: Fault) -> ev.FaultSeen:
    return ev.FaultSeen(
        index=index,
        action=fault.action,
        kind=fault.kind,
        offset=fault.offset,
        length=fault.length,
        errno=fault.errno,
        tries=fault.tries,
        outcome=fault.outcome,
        holds=fault.holds,
    )
