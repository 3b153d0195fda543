"""One drive's job: does what its evidence says is still to do, and logs what happened before going on.

A job starts and resumes the same way: its evidence is folded from the log, and the next step follows from it.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bench import events as ev
from bench import tasks
from bench.attend import Attendant, HaltedError, Listener, SilentDriveError, answer
from bench.bus import Bus
from bench.drive import DriveIdentity
from bench.evidence import Evidence, Stage, apply
from bench.messages import Message, say
from bench.patience import HopelessError, Sharing, Watch
from bench.plan import Verify, VerifyKind
from bench.ports import ClaimedDrive, DriveGoneError, WorkerLostError
from bench.progress import Activity, JobProgress, ProgressMeter, bytes_done
from bench.settings import Settings
from bench.work import (
    Action,
    Algorithm,
    Checkpointed,
    Fault,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class JobPorts:
    """What a job needs: to append to the log, to tell how far it is, the time, and its keystream.

    `at_work` says how many drives the bench is working on, this one included.
    """

    log: Callable[[ev.Event], Awaitable[ev.Logged]]
    publish: Callable[[JobProgress], None]
    monotonic: Callable[[], float]
    at_work: Callable[[], int]
    stream: Algorithm
    settings: Settings
    bus: Bus


def is_settled(evidence: Evidence) -> bool:
    """Whether all there is to judge by is in the log, and only the verdict is missing."""
    if not evidence.is_open:
        return False
    ended_early = evidence.given_up is not None or evidence.stopped is not None or evidence.identity_changed
    return ended_early or evidence.final_identity is not None


class _OverError(Exception):
    """There is nothing more to do for this drive, and the log says why."""


class Job:
    """Runs one job on one claimed drive, once. When `run` returns, the log says how far it came and why."""

    def __init__(self, evidence: Evidence, drive: ClaimedDrive, ports: JobPorts) -> None:
        self.evidence = evidence
        self._drive = drive
        self._ports = ports
        self._attendant = Attendant(drive, ports.settings.stall)
        self._meter = ProgressMeter(evidence, ports.bus)
        self._watch = Watch(ports.settings.limits, evidence.plan.bytes_to_move)
        self._offset = 0

    async def run(self) -> None:
        """Do what is left to do. Returns with an `Interrupted` logged last, or with all there is to judge by."""
        if is_settled(self.evidence):
            return
        notes = tuple(note for note in self._drive.notes if note not in self.evidence.notes)
        if notes:
            await self._log(ev.DriveNoted(notes=notes))
        try:
            await self._with_replaced_workers()
        except HaltedError:
            await self._log(ev.Interrupted(cause=self._attendant.halt_cause or ev.Cause.OPERATOR))
        except _OverError:
            pass
        except DriveGoneError as error:
            await self._log(ev.JobStopped(cancelled=False, reason=error.messages[0]))
        finally:
            self._meter.end()
            await self._attendant.close()

    def halt(self, cause: ev.Cause) -> None:
        """Stop: after a sync, or without waiting for anything if `OPERATOR_AT_ONCE`."""
        self._attendant.halt(cause)

    async def _with_replaced_workers(self) -> None:
        """Do all passes; a worker that is lost (killed, out of memory) is replaced, a few times."""
        for _ in range(self._ports.settings.worker_restarts):
            try:
                return await self._passes()
            except WorkerLostError:
                self._attendant.check_halt()
                await self._attendant.close()
                await self._log(ev.Interrupted(cause=ev.Cause.WORKER_LOST))
                await self._log(ev.Resumed(cause=ev.Cause.WORKER_LOST, context=self.evidence.contexts[-1]))
        try:
            await self._passes()
        except WorkerLostError as error:
            self._attendant.check_halt()
            await self._log(ev.JobStopped(cancelled=False, reason=say("reason-worker-lost", what=str(error))))

    async def _passes(self) -> None:
        for index in range(len(self.evidence.passes)):
            if self.evidence.passes[index].stage in {Stage.WAITING, Stage.WRITING}:
                await self._write(index)
            verify = self.evidence.plan.verifies(index)
            if verify.kind is not VerifyKind.NONE and self.evidence.passes[index].stage is not Stage.VERIFIED:
                await self._verify(index, verify)
        await self._log(ev.IdentityRead(identity=await self._read_identity(len(self.evidence.passes) - 1)))

    async def _write(self, index: int) -> None:
        start = await self._resume_point(index)
        item = self.evidence.passes[index]
        algorithm, key = item.algorithm, item.key
        if self.evidence.plan.passes[index].is_stream and not key:
            algorithm, key = self._ports.stream, secrets.token_hex(KEY_BYTES)
        identity = await self._confirm_identity(index)
        # The key is in the log before the first byte it made is on the drive.
        direct = self._drive.direct_io
        await self._log(
            ev.PassStarted(index=index, offset=start, algorithm=algorithm, key=key, identity=identity, direct_io=direct)
        )

        async def checkpoint(reached: Checkpointed) -> None:
            await self._log(ev.PassCheckpoint(index=index, offset=reached.offset))

        task = tasks.write_task(self.evidence, self._ports.settings, index, start)
        done = await self._do(task, index, Activity.WRITING, checkpoint)
        told = self.evidence.passes[index].faults_digest
        await self._log(
            ev.PassWritten(index=index, moved=done.moved, missed=done.missed, faults=told, busy_ms=done.busy_ms)
        )

    async def _resume_point(self, index: int) -> int:
        """Where to go on writing: some way before the checkpoint, if what lies before that is there; else the start."""
        task = tasks.window_task(self.evidence, self._ports.settings, index)
        if task is None:
            return 0
        differs = False

        async def fault(seen: Fault) -> None:
            # Whatever is wrong here is no fault of the drive's final state: the pass is written again.
            nonlocal differs
            differs = differs or seen.outcome is Outcome.LASTING

        async def ignore(_: Checkpointed | Measured) -> None:
            pass

        progress = self._progress(index, Activity.CHECKING)
        listener = Listener(progress=progress, checkpoint=ignore, fault=fault, measured=ignore)
        last = await self._attended(task, index, listener)
        if isinstance(last, Stopped) and last.cause is StopCause.ASKED:
            raise HaltedError
        unchanged = isinstance(last, Finished) and not differs
        await self._log(ev.WindowChecked(index=index, start=task.start, end=task.end, unchanged=unchanged))
        return task.end if unchanged else 0

    async def _verify(self, index: int, verify: Verify) -> None:
        before = self.evidence.passes[index].verification
        start = before.compared if before is not None and verify.kind is VerifyKind.FULL else 0
        seed = before.seed if before is not None else ""
        if verify.kind is VerifyKind.SAMPLE and not seed:
            # Drawn only now: nobody, not even the drive, could know the places while it was written.
            seed = secrets.token_hex(SEED_BYTES)
        await self._log(
            ev.VerifyStarted(
                index=index,
                kind=verify.kind,
                permille=verify.permille,
                offset=start,
                seed=seed,
                identity=await self._confirm_identity(index),
                direct_io=self._drive.direct_io,
            )
        )

        async def checkpoint(reached: Checkpointed) -> None:
            await self._log(ev.VerifyCheckpoint(index=index, offset=reached.offset))

        task = tasks.verify_task(self.evidence, self._ports.settings, index, verify, start, seed)
        done = await self._do(task, index, Activity.VERIFYING, checkpoint)
        await self._log(
            ev.VerifyFinished(
                index=index,
                moved=done.moved,
                missed=done.missed,
                faults=self.evidence.passes[index].faults_digest,
                busy_ms=done.busy_ms,
                places=done.places,
            )
        )

    async def _do(
        self, task: Task, index: int, activity: Activity, checkpoint: Callable[[Checkpointed], Awaitable[None]]
    ) -> Finished:
        """Do a task to its end. A drive that is given up, or a stop that was asked for, ends the job's run."""

        async def fault(seen: Fault) -> None:
            await self._log(_fault_seen(index, seen))
            self._watch.fault(seen)

        async def measured(found: Measured) -> None:
            action = Action.WRITE if activity is Activity.WRITING else Action.READ
            zones = ev.SurfaceMeasured(
                index=index, action=action, zone_size=found.zone_size, zones=found.zones, slow=found.slow
            )
            await self._log(zones)

        progress = self._progress(index, activity)
        listener = Listener(progress=progress, checkpoint=checkpoint, fault=fault, measured=measured)
        last = await self._attended(task, index, listener)
        if isinstance(last, Finished):
            return last
        if last.cause is StopCause.ASKED:
            raise HaltedError
        await self._give_up(index, say(f"reason-gave-up-{last.cause.value}", **{"pass": index + 1}))
        raise _OverError

    async def _attended(self, task: Task, index: int, listener: Listener) -> Finished | Stopped:
        self._offset = getattr(task, "start", 0)
        self._watch.begin(index + 1)
        try:
            return await self._attendant.run(task, listener)
        except SilentDriveError:
            sector = self.evidence.plan.facts.logical_sector
            seconds = round(self._ports.settings.stall)
            place = self._offset // sector
            reason = say("reason-no-answer", lba=place, seconds=seconds, **{"pass": index + 1})
            await self._give_up(index, reason)
            raise _OverError from None
        except HopelessError as hopeless:
            self._attendant.abandon()
            await self._give_up(index, hopeless.reason)
            raise _OverError from None

    async def _give_up(self, index: int, reason: Message) -> None:
        await self._log(ev.GivenUp(index=index, reason=reason))

    def _progress(self, index: int, activity: Activity) -> Callable[[Progress], None]:
        base = bytes_done(self.evidence)
        self._meter.begin(activity, index, self.evidence.passes[index].synced)

        def show(report: Progress) -> None:
            self._offset = report.offset
            done = base if activity is Activity.CHECKING else base + report.moved
            now = self._ports.monotonic()
            progress = self._meter.at(activity, index, done, report.offset, now)
            self._ports.publish(progress)
            sharing = Sharing(bandwidth=self._ports.settings.bus_bandwidth, drives=self._ports.at_work())
            self._watch.progress(now, report, progress.eta, sharing)

        return show

    async def _confirm_identity(self, index: int) -> str:
        """Read the identity again, right before a step that writes or proves; any change ends the job."""
        self._attendant.check_halt()
        found = await self._read_identity(index)
        if found != self.evidence.plan.facts.identity:
            await self._log(ev.IdentityRead(identity=found))
            raise _OverError
        return found.digest

    async def _read_identity(self, index: int) -> DriveIdentity:
        limit = self._ports.settings.stall
        try:
            facts = await answer(self._drive.facts, limit)
        except SilentDriveError:
            await self._give_up(index, say("reason-no-name", seconds=round(limit), **{"pass": index + 1}))
            raise _OverError from None
        return facts.identity

    async def _log(self, event: ev.Event) -> None:
        self.evidence = apply(self.evidence, await self._ports.log(event))


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
