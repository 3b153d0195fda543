"""What the parts of a running job share: its evidence, its drive, and how events become evidence."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

from bench import events as ev
from bench.attend import Attendant, HaltedError, SilentDriveError, answer
from bench.bus import Bus
from bench.drive import DriveFacts, DriveIdentity
from bench.evidence import Evidence, apply
from bench.messages import Message, say
from bench.ports import ClaimedDrive, DriveGoneError, DriveSickError
from bench.progress import JobProgress, StageProgress
from bench.settings import Settings
from bench.stage_evidence import same_drive
from bench.work import Algorithm

Result = TypeVar("Result")

LEAVING_SECONDS = 2.0
"""Within this, kernel and udev let go of a drive that was pulled out; 1.3 s were measured."""
LEAVING_LOOKS = 4


class OverError(Exception):
    """There is nothing more to do for this drive, and the log says why."""


class AwayError(Exception):
    """The run cannot go on for now, and may be resumed: `cause` goes into the log, `reason` is told beside it."""

    def __init__(self, cause: ev.Cause, reason: Message) -> None:
        super().__init__(cause.value)
        self.cause = cause
        self.reason = reason


async def _never(_: Evidence) -> ClaimedDrive:
    raise DriveGoneError(say("job-not-held-again"))


@dataclass(frozen=True, slots=True, kw_only=True)
class JobPorts:
    """What a job needs: to append to the log, to tell how far it is, the time, and its keystream.

    `at_work` says how many drives the bench is working on, this one included. `hold_again` finds the drive and holds it
    anew after its power was cut; raises `DriveGoneError`. `password` gives the station's ATA security password, `psids`
    what was scanned from labels, by serial number.
    """

    log: Callable[[ev.Event], Awaitable[ev.Logged]]
    publish: Callable[[JobProgress | StageProgress], None]
    monotonic: Callable[[], float]
    at_work: Callable[[], int]
    stream: Algorithm
    settings: Settings
    bus: Bus
    hold_again: Callable[[Evidence], Awaitable[ClaimedDrive]] = _never
    password: Callable[[], str] = str
    psids: Mapping[str, str] = field(default_factory=dict)


class Ticker(Protocol):
    """Tells how far a stage is."""

    def tell(self, permille: int | None) -> None:
        """So far, in thousandths; None where nobody says."""
        ...

    def ask(self, request: Message) -> None:
        """Somebody at the bench has to do this now."""
        ...


class JobDesk:
    """One job's evidence and drive. `drive` is another claim after its power was cut."""

    def __init__(self, evidence: Evidence, drive: ClaimedDrive, ports: JobPorts) -> None:
        self.evidence = evidence
        self.drive = drive
        self.ports = ports
        self.attendant = Attendant(drive, ports.settings.stall)
        self.ticker: Ticker | None = None
        self.is_surely_it = not _may_be_another(evidence)
        """Whether the drive is certainly the one that was worked on before; see `require_certainty`."""
        self._halted = asyncio.Event()
        self._looked = -float("inf")

    def halt(self, cause: ev.Cause) -> None:
        """Ask for a stop; see `Attendant.halt`."""
        self.attendant.halt(cause)
        self._halted.set()

    async def log(self, event: ev.Event) -> None:
        """Commit an event; it is evidence once that is done."""
        self.evidence = apply(self.evidence, await self.ports.log(event))

    async def unless_halted(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Wait for something that may take hours, and stop waiting when a stop is asked for (`HaltedError`)."""
        task = asyncio.create_task(work)
        halted = asyncio.create_task(self._halted.wait())
        try:
            await asyncio.wait({task, halted}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise HaltedError
            return task.result()
        finally:
            halted.cancel()
            if not task.done():
                task.cancel()
                await asyncio.wait({task})

    async def confirm_identity(self, *, any_size: bool = False, closed: bool = False) -> DriveIdentity:
        """Read the identity again, right before a step; any change ends the job, a size alone not if `any_size`.

        `closed` is of a drive whose erasure failed or was cut: where it gives no size at all, the one expected stands.
        Raises `OverError`, `HaltedError`, `SilentDriveError`, `DriveGoneError`.
        """
        self.attendant.check_halt()
        found, expected = await self.read_identity(), self.evidence.stages.identity
        if closed and not found.size:
            found = replace(found, size=expected.size)
        if found != expected and not (any_size and same_drive(found, expected)):
            await self.log(ev.IdentityRead(identity=found))
            raise OverError
        return found

    async def require_certainty(self) -> None:
        """End the job where nothing shows that the drive is the very one. Raises `OverError`.

        Some makers give every drive the same serial number. One that has no WWN, and was let go meanwhile, is believed
        to be the same only once it shows what was written to it before, or what it was told to do.
        """
        if not self.is_surely_it:
            reason = say("reason-may-be-another", serial=self.evidence.stages.identity.serial)
            await self.log(ev.JobStopped(cancelled=False, reason=reason))
            raise OverError

    async def read_identity(self) -> DriveIdentity:
        """The drive's identity now. Raises `SilentDriveError`, `DriveGoneError`."""
        return (await self.read_facts()).identity

    async def read_facts(self) -> DriveFacts:
        """Identity and sectors as they are now. Raises `SilentDriveError`, `DriveGoneError`."""
        return await answer(self.drive.facts, self.ports.settings.stall)

    async def require_presence(self) -> None:
        """Look whether the drive is still there: raises `AwayError` if not. What hangs or answers with errors is."""
        try:
            await answer(self.drive.facts, self.ports.settings.stall)
        except (SilentDriveError, DriveSickError):
            return
        except DriveGoneError as error:
            raise AwayError(ev.Cause.DRIVE_GONE, error.messages[0]) from error

    async def require_lasting_presence(self) -> None:
        """As `require_presence`, again and again over a while: before it is let go, a lost drive is still listed."""
        for _ in range(LEAVING_LOOKS):
            await self.require_presence()
            await self.unless_halted(asyncio.sleep(LEAVING_SECONDS / LEAVING_LOOKS))
        await self.require_presence()

    async def require_presence_now_and_then(self) -> None:
        """As `require_presence`, at most once a second: a drive may have thousands of faults and still be there."""
        now = self.ports.monotonic()
        if now - self._looked >= 1.0:
            self._looked = now
            await self.require_presence()

    async def hold_again(self) -> None:
        """After a power cut: the old descriptor is dead. Raises `DriveGoneError`."""
        await self.attendant.close()
        self.drive = await self.ports.hold_again(self.evidence)
        self.attendant.change_drive(self.drive)


def _may_be_another(evidence: Evidence) -> bool:
    let_go = any(gap.cause is not ev.Cause.WORKER_LOST for gap in evidence.interruptions)
    return let_go and not evidence.stages.identity.wwn
