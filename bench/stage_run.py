"""The stages of a running job: what its evidence says is still to do, each started in the log before it begins.

Crash-only: a stage that was interrupted is adopted where the drive went on with it, and begun again where not. Nothing
here polls, cuts or resets a drive while it does what must not be disturbed; that is the commander's to keep.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bench import events as ev
from bench import stage_canaries, stage_verdict
from bench import stage_events as se
from bench.drive import DriveIdentity
from bench.evidence import Evidence
from bench.firmware_work import Order
from bench.job_desk import AwayError, JobDesk, OverError
from bench.levels import SECURITY
from bench.messages import BenchError, Message, say
from bench.ports import Commander, DriveGoneError, WorkerLostError
from bench.stage_evidence import StageEvidence, StageState
from bench.stage_watch import CommandWatch, StageTicker
from bench.stages import PlannedStage, StageKind
from bench.techniques import ErasureState, Technique

K = StageKind
SANITIZE_STARTS = 2
"""A sanitize that failed keeps the medium closed and accepts nothing but another: it is given so often, and no more."""
NOTHING_SAID = se.StatusReading(state=ErasureState.UNKNOWN, progress=None, mark=None, raw="")
"""The status before a stage that gives no erasing command."""
_ANY_SIZE = frozenset({K.POWER_CYCLE, K.CHECK, K.COMPARE})
"""These change nothing on the drive: they go on where it shows another size, and tell it."""
_LOOKS_ONLY = frozenset({*_ANY_SIZE, K.READ_BACK, K.WAIT})


def stages_settled(evidence: Evidence) -> bool:
    """Whether the stages ended in a way that nothing of the plan can mend."""
    item = _next(evidence)
    if item is None:
        return bool(evidence.passes) and _hopeless(evidence) and not _passes_began(evidence)
    if item.state is StageState.REFUSED:
        return True
    if item.state is StageState.FAILED:
        return not _may_begin_again(item) and not _to_be_opened(evidence, item)
    return item.kind not in _LOOKS_ONLY and item.state is StageState.WAITING and _hopeless(evidence)


def _hopeless(evidence: Evidence) -> bool:
    """Whether data is known to remain: more erasing would not make it proven, only what just looks is still done.

    Not so once a drive was opened again for what follows: that destroys what it can, and the job ends as failed.
    """
    opened = any(item.state is StageState.FAILED and item.is_behind for item in evidence.stages.items)
    return bool(stage_verdict.failures(evidence)) and not opened


def _may_begin_again(item: StageEvidence) -> bool:
    return item.resumes_by_itself and item.starts < SANITIZE_STARTS


def _to_be_opened(evidence: Evidence, item: StageEvidence) -> bool:
    """Whether a sanitize failed for good, and the plan goes on to erase behind a medium that is closed now."""
    later = evidence.stages.items[item.index + 1 :]
    goes_on = bool(evidence.passes) or any(other.kind is K.ERASE for other in later)
    sanitize = item.kind is K.ERASE and item.resumes_by_itself
    return sanitize and item.state is StageState.FAILED and not _may_begin_again(item) and goes_on


def _nobody(_: Message) -> None:
    """Nobody looks on."""


def _next(evidence: Evidence) -> StageEvidence | None:
    return next((item for item in evidence.stages.items if not item.is_behind), None)


def _passes_began(evidence: Evidence) -> bool:
    return any(item.started for item in evidence.passes)


class StageRun:
    """Does the stages that are left."""

    def __init__(self, desk: JobDesk) -> None:
        self._desk = desk
        self._steps: dict[StageKind, Callable[[StageEvidence, Commander], Awaitable[None]]] = {
            K.WAIT: self._wait,
            K.POWER_CYCLE: self._power_cycle,
            K.UNLOCK: self._command,
            K.RESTORE: self._command,
            K.ERASE: self._command,
            K.REFORMAT: self._command,
            K.PLANT: self._plant,
            K.CHECK: self._check,
            K.COMPARE: self._compare,
            K.READ_BACK: self._read_back,
        }

    async def run(self) -> None:
        """Do them in their order. Errors as of `PassRun.run`."""
        while (item := _next(self._desk.evidence)) is not None:
            if stages_settled(self._desk.evidence):
                raise OverError
            if _to_be_opened(self._desk.evidence, item):
                await self._open(item)
            else:
                await self._one(item)
        if stages_settled(self._desk.evidence):
            raise OverError

    async def _one(self, item: StageEvidence) -> None:
        desk = self._desk
        desk.attendant.check_halt()
        if item.kind in {K.UNLOCK, K.RESTORE, K.ERASE, K.REFORMAT, K.POWER_CYCLE}:
            # The worker of canaries and passes must not touch the drive now.
            await desk.attendant.close()
        ticker = StageTicker(desk, item)
        try:
            async with ticker:
                if not desk.is_surely_it:
                    await self._prove_it(item, desk.drive.commander())
                await self._steps[item.kind](item, desk.drive.commander())
        except WorkerLostError:
            # Not the worker's fault where the drive is gone: then nobody needs another one.
            await desk.require_lasting_presence()
            raise
        except DriveGoneError as error:
            await desk.require_presence()
            await self._unanswered(item.index, error.messages[0])

    async def _prove_it(self, item: StageEvidence, commander: Commander) -> None:
        """Look whether the drive does what it was told, or holds what was planted on it; see `require_certainty`."""
        desk, stages = self._desk, self._desk.evidence.stages
        if item.may_be_running:
            desk.is_surely_it = await self._does_as_told(item, commander)
        elif stages.canaries is not None and not any(other.kind is K.ERASE and other.starts for other in stages.items):
            seen = await stage_canaries.look(desk, commander, item)
            desk.is_surely_it = 0 < seen.checked == len(seen.survivors)
        await desk.require_certainty()

    async def _does_as_told(self, item: StageEvidence, commander: Commander) -> bool:
        """Whether the command's process still has this drive, or the drive says that it is at it."""
        if commander.is_at_work(self._order(item.index, "")):
            return True
        if item.kind is not K.ERASE:
            return False
        reading = await commander.status(item.planned.technique)
        return (reading.state, reading.mark) == (ErasureState.RUNNING, item.mark)

    async def _open(self, item: StageEvidence) -> None:
        """Leave the failure mode for the rest of the plan; where the drive stays closed, the log says so and why."""
        self._desk.attendant.check_halt()
        try:
            await self._desk.unless_halted(self._desk.drive.commander().leave_failure_mode())
        except BenchError as error:
            await self._desk.require_presence()
            await self._desk.log(ev.JobStopped(cancelled=False, reason=error.messages[0]))
            raise OverError from error
        await self._desk.log(se.FailureModeLeft(index=item.index))

    async def _unanswered(self, index: int, reason: Message) -> None:
        """The drive is there and did not do what it was told, or did not say. What may go on is left to a resume."""
        item = self._desk.evidence.stages.items[index]
        if item.kind is K.POWER_CYCLE:
            raise AwayError(ev.Cause.POWER_AWAITED, reason)
        if item.state is StageState.ACCEPTED:
            raise AwayError(ev.Cause.DRIVE_GONE, reason)
        if item.at_work:
            await self._desk.log(se.CommandRefused(index=index, reason=reason))
        else:
            await self._desk.log(ev.JobStopped(cancelled=False, reason=reason))
        raise OverError

    async def _start(
        self, item: StageEvidence, before: se.StatusReading = NOTHING_SAID, mark: int | None = None
    ) -> DriveIdentity:
        """Read the identity, and log the start: from here on the stage may have changed something."""
        again = item.starts > 0 and item.kind in {K.RESTORE, K.REFORMAT}
        # A failed sanitize keeps its medium closed; what does not survive the loss of power leaves a corrupt format.
        closed = item.kind is K.ERASE and (item.state is StageState.FAILED or item.starts > 0)
        found = await self._desk.confirm_identity(any_size=again or item.kind in _ANY_SIZE, closed=closed)
        await self._desk.log(se.StageStarted(index=item.index, identity=found.digest, before=before, mark=mark))
        return found

    async def _wait(self, item: StageEvidence, commander: Commander) -> None:
        """A stranger's sanitize, to its end."""
        watch = CommandWatch(self._desk, item.index)
        before = await commander.status(None)
        await self._start(item, before)
        reading = await watch.until_idle(commander, None)
        await self._desk.log(se.StageFinished(index=item.index, reading=reading))

    async def _command(self, item: StageEvidence, commander: Commander) -> None:
        """Give one command to the firmware, or watch on the one that was given."""
        desk, technique = self._desk, item.planned.technique
        watch = CommandWatch(desk, item.index)
        secret = self._secret(item.planned)
        if item.may_be_running and await watch.adopt(commander, self._order(item.index, secret)):
            return
        before = NOTHING_SAID
        mark = None
        if item.kind is K.ERASE and technique is not None:
            # Never over an erasure that goes on, whoever began it.
            before = await watch.until_idle(commander, technique)
            mark = commander.mark(technique)
        await self._start(item, before, mark)
        if secret and technique is not Technique.OPAL_PSID_REVERT:
            await desk.log(se.SecurityPasswordChosen(index=item.index, password=secret))
        await watch.run(commander, self._order(item.index, secret))

    def _order(self, index: int, secret: str) -> Order:
        """The order of the latest start, under a name that no other order has."""
        item = self._desk.evidence.stages.items[index]
        key = f"{self._desk.evidence.job}-{index + 1}-{item.starts}"
        return Order(stage=item.planned, key=key, secret=secret, mark=item.mark)

    def _secret(self, stage: PlannedStage) -> str:
        """The station's password, the PSID from the label, or nothing. `AwayError` where it was not given."""
        if stage.technique is Technique.OPAL_PSID_REVERT:
            serial = self._desk.evidence.plan.facts.identity.serial
            psid = self._desk.ports.psids.get(serial, "")
            if not psid:
                raise AwayError(ev.Cause.OPERATOR, say("stage-run-psid-missing", serial=serial))
            return psid
        security = stage.technique in SECURITY or (stage.kind is K.UNLOCK and stage.technique is None)
        return self._desk.ports.password() if security else ""

    async def _power_cycle(self, item: StageEvidence, _: Commander) -> None:
        desk = self._desk
        found = await self._start(item)
        await desk.log(se.PowerCycleAsked(index=item.index, reason=item.planned.reason))
        ticker = desk.ticker
        tell = ticker.ask if ticker is not None else _nobody
        try:
            seen = await desk.unless_halted(desk.drive.power().cycle(found, item.planned.reason, tell))
        except DriveGoneError as error:
            raise AwayError(ev.Cause.POWER_AWAITED, error.messages[0]) from error
        await desk.hold_again()
        identity = await desk.read_identity()
        await desk.log(
            se.PowerCycleSeen(
                index=item.index, witness=seen.witness, before=seen.before, after=seen.after, identity=identity
            )
        )

    async def _plant(self, item: StageEvidence, commander: Commander) -> None:
        await self._start(item)
        try:
            planted = await stage_canaries.plant(self._desk, commander, item)
        except stage_canaries.NotStoredError as error:
            await self._desk.log(se.CommandRefused(index=item.index, reason=error.messages[0]))
            return
        await self._desk.log(planted)

    async def _check(self, item: StageEvidence, commander: Commander) -> None:
        await self._start(item)
        await self._desk.log(await stage_canaries.look(self._desk, commander, item))

    async def _compare(self, item: StageEvidence, commander: Commander) -> None:
        await self._start(item)
        capabilities = await self._desk.unless_halted(commander.capabilities())
        identity = await self._desk.read_identity()
        await self._desk.log(se.CapabilitiesRead(index=item.index, identity=identity, capabilities=capabilities))

    async def _read_back(self, item: StageEvidence, commander: Commander) -> None:
        await self._start(item)
        await self._desk.log(await stage_canaries.read_back(self._desk, commander, item))
