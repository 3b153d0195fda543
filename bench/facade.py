"""What command line, screens and scripts know of the bench. Implemented in process, later also over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from bench.capabilities import Capabilities
from bench.correction import Change
from bench.drive import DriveFacts
from bench.events import Logged
from bench.evidence import Evidence
from bench.guard import Protected
from bench.journal.book import Entry
from bench.messages import Message
from bench.plan import EraseRequest, PlanSet, Refusal
from bench.progress import JobProgress, StageProgress


@dataclass(frozen=True, slots=True, kw_only=True)
class JobEnded:
    """A job's run has ended; `problem` is set where the log could not say so itself (a full disk, say)."""

    job: str
    problem: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFailed:
    """The documents of a record could not be made as they should be now.

    They stay in the outbox and are tried again, unless the problem is that they were issued without a time stamp.
    """

    number: str
    problem: Message


Update: TypeAlias = Logged | JobProgress | StageProgress | JobEnded | DocumentFailed


@dataclass(frozen=True, slots=True, kw_only=True)
class DriveReport:
    """A drive, why it may not be erased, if so, and what it can do, if it was asked."""

    facts: DriveFacts
    reasons: tuple[Message, ...]
    capabilities: Capabilities | None = None
    """What the drive itself says it can do; None where it was not asked."""
    unasked: Message | None = None
    """Why it could not be asked, though it was to be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumption:
    """What resuming came to: the jobs that run again, and why others cannot for now."""

    resumed: tuple[str, ...]
    refused: tuple[tuple[str, Refusal], ...]


class Bench(Protocol):
    """A bench of drives. Jobs are known by their id; every refusal is a `BenchError` with its sentences."""

    async def drives(self, addresses: Sequence[str] = (), *, ask: bool = False) -> tuple[DriveReport, ...]:
        """Survey these addresses, or every whole drive of the machine.

        With `ask`, those that may be erased are held for a moment and asked what they can do, with 25 commands at most.
        """
        ...

    async def plan(self, request: EraseRequest) -> PlanSet:
        """What would be done to each drive and why, or why it is refused, or what its operator has to agree to.

        Changes nothing. Where a level or a policy is asked for, each drive is held for a moment and asked what it can
        do.
        """
        ...

    async def start(self, plans: PlanSet, consent: str, agreed: Message | None = None) -> tuple[str, ...]:
        """Arm a whole set and begin; all of it or none. `consent` says how the operator confirmed it.

        `agreed` answers the set's questions: a sentence that says who agreed to the lesser level and when. It is
        recorded behind each question; without it a set with questions is refused.

        An unfinished job of the same drive is ended as aborted: the new one replaces it.
        """
        ...

    async def pause(self, job: str) -> None:
        """Stop a running job at a checkpoint; `resume` goes on."""
        ...

    async def cancel(self, job: str, operator: str) -> None:
        """End a job for good, running or not: aborted, with a failure report."""
        ...

    async def halt(self, *, at_once: bool = False) -> None:
        """Stop all running jobs, at a checkpoint or without waiting. They can be resumed."""
        ...

    async def resume(self, jobs: Sequence[str] = (), psids: Mapping[str, str] | None = None) -> Resumption:
        """Go on with these unfinished jobs, or with all of them. `psids` are as in `EraseRequest`, and never stored."""
        ...

    def updates(self, after: int | None = None) -> AsyncIterator[Update]:
        """Everything that happens from now on; with `after`, first the logged events behind that row number."""
        ...

    async def jobs(self, *, open_only: bool = False) -> tuple[Evidence, ...]:
        """What is known about all jobs, oldest first, or about those without a verdict."""
        ...

    async def records(self) -> tuple[Entry, ...]:
        """The ledger."""
        ...

    async def certificate(self, number: str) -> bytes:
        """One record's certificate or failure report, as JSON with signature and proof."""
        ...

    async def correct(self, number: str, change: Change) -> Entry:
        """Issue a record that takes the place of this one; who is named in it may change, and nothing else."""
        ...

    async def rebuild(self, numbers: Sequence[str]) -> Mapping[str, Message]:
        """Make the documents of these records once more; what went wrong, by number."""
        ...

    async def protect(self, name: str, why: str) -> None:
        """Put a drive on the never-erase list, by serial or WWN."""
        ...

    async def unprotect(self, name: str) -> None:
        """Take a drive off the never-erase list."""
        ...

    async def protected(self) -> tuple[Protected, ...]:
        """The never-erase list."""
        ...

    async def close(self) -> None:
        """Halt what runs, finish the documents, and let go of everything."""
        ...
