"""What the bench needs from the outside, as small protocols. `drivers` implements them; `ui.compose` joins both."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from bench.canaries import Place
from bench.capabilities import Capabilities
from bench.drive import DriveFacts, DriveIdentity
from bench.firmware_work import CommandReport, Order, PowerSeen
from bench.messages import BenchError, Message
from bench.stage_events import StatusReading
from bench.techniques import Technique
from bench.work import Algorithm, Report, Task


class WorkerLostError(Exception):
    """The worker process ended without finishing or stopping its task."""


class DriveGoneError(BenchError):
    """The drive no longer answers at its address, is another one now, or cannot be held."""


class DriveSickError(DriveGoneError):
    """The drive is at its address, and answers with errors: it is not away, and waiting for it is of no use."""


class Eraser(Protocol):
    """One worker process, holding one drive's open descriptor."""

    def run(self, task: Task) -> AsyncIterator[Report]:
        """Do a task; the last report is `Finished` or `Stopped`. Raises `WorkerLostError`."""
        ...

    def stop(self) -> None:
        """Ask for a stop at the next chunk, after a sync; `run` then ends with `Stopped`."""
        ...

    async def close(self) -> None:
        """End the worker by closing its input, and wait for it."""
        ...

    def kill(self) -> None:
        """End the worker at once and do not wait: a drive that hangs in the kernel may hold it for ever."""
        ...


class Commander(Protocol):
    """The way to one held drive's firmware. A command runs in a process of its own, which outlives the bench."""

    async def capabilities(self) -> Capabilities:
        """Ask the drive what it can do and in which state it is, changing nothing. Raises `DriveGoneError`."""
        ...

    def mark(self, technique: Technique) -> int | None:
        """What the drive will keep of the command for this technique (NVMe SCDW10); None where it keeps nothing."""
        ...

    async def status(self, technique: Technique | None) -> StatusReading:
        """What the drive says of its latest erasure of this kind, now. Raises `DriveGoneError`."""
        ...

    def run(self, order: Order) -> AsyncIterator[CommandReport]:
        """Give the command and watch it to its end; the last report is `Ended` or `NotTaken`.

        Ending the iteration does not end the command: nothing of ours stops, polls or resets a drive in the middle of
        SECURITY ERASE, FORMAT UNIT or Format NVM. Raises `WorkerLostError` where nobody watches it any more.
        """
        ...

    def adopt(self, order: Order) -> AsyncIterator[CommandReport]:
        """Watch a command that was given before, by its worker if that still runs, else by the drive's status alone.

        Gives no command. Reports as `run` does, from now on; `Accepted` comes again where the drive took the command
        and may still have it, for a bench that ended before it was told. `NotTaken` says that it was never given, or,
        of what does not go on by itself, that it was interrupted: the stage begins again.
        """
        ...

    def is_at_work(self, order: Order) -> bool:
        """Whether the process that was started for this order still has the drive in its hands."""
        ...

    async def leave_failure_mode(self) -> None:
        """Have a failed sanitize open the medium again, where the plan goes on. `BenchError` where it stays closed."""
        ...

    async def plant(self, blocks: Mapping[Place, bytes]) -> None:
        """Write these blocks and have the drive flush its cache. Raises `DriveGoneError` if any cannot be written."""
        ...

    async def read(self, where: Iterable[Place]) -> Mapping[Place, bytes | None]:
        """Read these blocks past all caches of the host; None for one that cannot be read."""
        ...


class PowerSwitch(Protocol):
    """Cuts a drive's power and gives it back: the operator's hand for now."""

    async def cycle(self, drive: DriveIdentity, reason: Message, tell: Callable[[Message], None]) -> PowerSeen:
        """Ask for it, wait until the drive itself shows that it was without power and is back.

        `tell` is told what is waited for, where somebody has to do something: at first, when that changes, and while it
        lasts. It must not raise.

        Raises `DriveGoneError` if it does not come back, or if nothing shows that it was ever away.
        """
        ...


class ClaimedDrive(Protocol):
    """A drive held exclusively (`O_EXCL`), from arming to verdict."""

    @property
    def direct_io(self) -> bool:
        """Whether reads and writes bypass the page cache."""
        ...

    @property
    def notes(self) -> tuple[Message, ...]:
        """What was found when taking hold of the drive, and changed for as long as it is held."""
        ...

    def facts(self) -> DriveFacts:
        """Read identity and sizes again, from the drive itself. Raises `DriveGoneError`."""
        ...

    async def eraser(self) -> Eraser:
        """Start a worker for this drive."""
        ...

    def commander(self) -> Commander:
        """The way to the firmware of this drive, good for as long as it is held. Sends nothing, and asks nothing."""
        ...

    def power(self) -> PowerSwitch:
        """What cuts this drive's power. Afterwards it has to be found and held again: its descriptor is dead."""
        ...

    def release(self) -> None:
        """Close the descriptor. Idempotent."""
        ...


class Drives(Protocol):
    """The drives that can be reached from this machine."""

    def discover(self) -> Sequence[str]:
        """Addresses of all whole drives of this machine, in a stable order."""
        ...

    def survey(self, address: str) -> DriveFacts:
        """Find out everything about a drive without writing to it. Never raises: what fails is in the facts."""
        ...

    def claim(self, facts: DriveFacts) -> ClaimedDrive:
        """Open the drive exclusively. Raises `DriveGoneError`."""
        ...

    def claim_to_ask(self, facts: DriveFacts) -> ClaimedDrive:
        """As `claim`, for questions only: it must not be written to, and letting it go shows to nobody as a change."""
        ...

    def find(self, identity: DriveIdentity, hint: str) -> str:
        """The address where this very drive is now, trying `hint` first. Raises `DriveGoneError`."""
        ...

    def preferred_stream(self) -> Algorithm:
        """The keystream this machine generates fastest."""
        ...


class TimeAuthority(Protocol):
    """Says, with its signature, that a digest existed at a time (RFC 3161)."""

    async def stamp(self, imprint: bytes) -> bytes:
        """The token (CMS, DER) for a SHA-256 digest, checked to be over it. Raises `BenchError`."""
        ...


class Draft(Protocol):
    """The documents of one record, made but not yet written."""

    @property
    def imprints(self) -> Mapping[str, bytes]:
        """By file name: the SHA-256 that a time authority may stamp, of each file whose seal is new."""
        ...

    def seal(self, stamps: Mapping[str, bytes]) -> Mapping[str, bytes]:
        """By file name: the seals (CMS, DER) to be kept, new ones with the tokens that there are. `BenchError`."""
        ...

    def write(self, folder: Path, seals: Mapping[str, bytes]) -> None:
        """Write all files with these seals into `folder`, each atomically, replacing equal ones. Raises `OSError`."""
        ...


class Publisher(Protocol):
    """Makes documents out of ledger entries. The same entry and the same seals give the same files."""

    def draft(self, number: str, document: bytes, seals: Mapping[str, bytes]) -> Draft:
        """Make the documents of one record from its certificate file.

        `seals` are those that were kept from an earlier time; where they fit, they are used again. `BenchError` if a
        page must be sealed anew and the seal that the record names is not at hand.
        """
        ...
