"""One drive's job: does what its evidence says is still to do, and logs what happened before going on.

A job starts and resumes the same way: its evidence is folded from the log, and the next step follows from it. What is
done in stages is in `bench.stage_run`, what in passes in `bench.pass_run`.
"""

from __future__ import annotations

from bench import events as ev
from bench.attend import HaltedError, SilentDriveError
from bench.evidence import Evidence, PassEvidence, Stage
from bench.job_desk import AwayError, JobDesk, JobPorts, OverError
from bench.messages import Message, say
from bench.pass_run import PassRun
from bench.plan import VerifyKind
from bench.ports import ClaimedDrive, DriveGoneError, DriveSickError, WorkerLostError
from bench.stage_run import StageRun, stages_settled

__all__ = ["Job", "JobPorts", "is_settled"]


def is_settled(evidence: Evidence) -> bool:
    """Whether all there is to judge by is in the log, and only the verdict is missing."""
    if not evidence.is_open:
        return False
    ended_early = evidence.given_up is not None or evidence.stopped is not None or evidence.identity_changed
    return ended_early or stages_settled(evidence) or evidence.final_identity is not None


class Job:
    """Runs one job on one claimed drive, once. When `run` returns, the log says how far it came and why.

    `problem` is what the log does not say about an interruption: why the drive is away, in a sentence.
    """

    def __init__(self, evidence: Evidence, drive: ClaimedDrive, ports: JobPorts) -> None:
        self._desk = JobDesk(evidence, drive, ports)
        self._passes: PassRun | None = None
        self.problem: Message | None = None

    @property
    def evidence(self) -> Evidence:
        """What is proven so far."""
        return self._desk.evidence

    @property
    def drive(self) -> ClaimedDrive:
        """The claim that is held now: another one after the drive's power was cut."""
        return self._desk.drive

    async def run(self) -> None:
        """Do what is left to do. Returns with an `Interrupted` logged last, or with all there is to judge by."""
        if is_settled(self.evidence):
            return
        desk = self._desk
        notes = tuple(note for note in desk.drive.notes if note not in self.evidence.notes)
        if notes:
            await desk.log(ev.DriveNoted(notes=notes))
        try:
            await self._with_replaced_workers()
        except HaltedError:
            await desk.log(ev.Interrupted(cause=desk.attendant.halt_cause or ev.Cause.OPERATOR))
        except OverError:
            pass
        except SilentDriveError:
            await self._silent()
        except AwayError as away:
            # Its worker may hang on what is not there any more.
            desk.attendant.abandon()
            self.problem = away.reason
            await desk.log(ev.Interrupted(cause=away.cause))
        except DriveSickError as error:
            await desk.log(ev.JobStopped(cancelled=False, reason=error.messages[0]))
        except DriveGoneError as error:
            self.problem = error.messages[0]
            await desk.log(ev.Interrupted(cause=ev.Cause.DRIVE_GONE))
        finally:
            if self._passes is not None:
                self._passes.end()
            await desk.attendant.close()

    def halt(self, cause: ev.Cause) -> None:
        """Stop: after a sync, or without waiting for anything if `OPERATOR_AT_ONCE`."""
        self._desk.halt(cause)

    async def _with_replaced_workers(self) -> None:
        """Do everything; a worker that is lost (killed, out of memory) is replaced, a few times."""
        desk = self._desk
        for _ in range(desk.ports.settings.worker_restarts):
            try:
                return await self._everything()
            except WorkerLostError:
                desk.attendant.check_halt()
                await desk.attendant.close()
                await desk.log(ev.Interrupted(cause=ev.Cause.WORKER_LOST))
                await desk.log(ev.Resumed(cause=ev.Cause.WORKER_LOST, context=self.evidence.contexts[-1]))
        try:
            await self._everything()
        except WorkerLostError as error:
            desk.attendant.check_halt()
            await desk.log(ev.JobStopped(cancelled=False, reason=say("reason-worker-lost", what=str(error))))

    async def _everything(self) -> None:
        await StageRun(self._desk).run()
        if self.evidence.passes:
            # Only now: a stage may have changed the drive's size.
            self._passes = self._passes or PassRun(self._desk)
            await self._passes.run()
        await self._desk.log(ev.IdentityRead(identity=await self._desk.read_identity()))

    async def _silent(self) -> None:
        """The drive did not even say its name. Before any pass began nothing shows that it failed: unproven."""
        seconds = round(self._desk.ports.settings.stall)
        stage = next((item for item in self.evidence.stages.items if not item.state.has_ended), None)
        if stage is not None:
            reason = say("reason-stage-no-name", seconds=seconds, stage=stage.index + 1)
            await self._desk.log(ev.JobStopped(cancelled=False, reason=reason))
        elif not self.evidence.passes:
            await self._desk.log(ev.JobStopped(cancelled=False, reason=say("reason-end-no-name", seconds=seconds)))
        else:
            index = next((item.index for item in self.evidence.passes if not self._is_done(item)), -1)
            index = index if index >= 0 else len(self.evidence.passes) - 1
            reason = say("reason-no-name", seconds=seconds, **{"pass": index + 1})
            await self._desk.log(ev.GivenUp(index=index, reason=reason))

    def _is_done(self, item: PassEvidence) -> bool:
        unread = self.evidence.plan.verifies(item.index).kind is VerifyKind.NONE
        return item.stage is Stage.VERIFIED or (unread and item.stage is Stage.WRITTEN)
