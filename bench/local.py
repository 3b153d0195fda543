"""The bench in this process: joins journal, drives and documents, and runs the jobs."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bench import arming
from bench import events as ev
from bench.bus import Bus
from bench.context import Clock, RunContext
from bench.correction import Change
from bench.evidence import Evidence
from bench.facade import DocumentFailed, DriveReport, JobEnded, Resumption, Update
from bench.guard import Protected, check, normalised
from bench.job import Job, JobPorts, is_settled
from bench.journal import book, log
from bench.journal.journal import Journal
from bench.keys import StationKey
from bench.kinship import shares
from bench.messages import BenchError, Message, say
from bench.methods import Method
from bench.onlooker import reports
from bench.outbox import Outbox
from bench.plan import EraseRequest, PlanSet, Refusal
from bench.planner import plan
from bench.ports import ClaimedDrive, DriveGoneError, Drives, Publisher, TimeAuthority
from bench.protection import STATION_STREAM, protected_drives
from bench.settings import Settings
from bench.stage_planning import as_ordered, own_sizes, plan_set, policy_of
from bench.stamping import Stamping
from bench.state import StateFolder, StateLock, security_password
from bench.subscribers import Subscribers

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a bench is built from; `ui.compose` chooses them, once.

    `earlier_keys` and `seal` are as for `LedgerBook`; without an `authority` documents get no time stamp. `lock` is the
    folder's where it was taken already, to be closed with the bench.
    """

    folder: StateFolder
    key: StationKey
    drives: Drives
    publisher: Publisher
    methods: Mapping[str, Method]
    clock: Clock
    context: RunContext
    settings: Settings
    earlier_keys: tuple[Ed25519PublicKey, ...] = ()
    seal: str = ""
    authority: TimeAuthority | None = None
    lock: StateLock | None = None


@dataclass(frozen=True, slots=True)
class _Running:
    job: Job
    task: asyncio.Task[None]


class LocalBench:
    """Implements `bench.facade.Bench`. Opened and used within one event loop, in the program's main thread."""

    def __init__(self, parts: Parts) -> None:
        """Take the state folder. `BenchError` if another process holds it."""
        self._parts = parts
        ledger = book.LedgerBook(parts.key, parts.context.station, earlier=parts.earlier_keys, seal=parts.seal)
        self._journal = Journal(parts.folder, ledger, parts.clock, parts.context, parts.lock)
        self._subscribers = Subscribers()
        self._bus = Bus(parts.settings.bus_bandwidth)
        self._running: dict[str, _Running] = {}
        self._psids: dict[str, str] = {}
        self._closed = False
        stamping = Stamping(parts.authority, parts.settings.paper, parts.clock) if parts.authority else None
        folder = parts.folder.certificates
        self._outbox = Outbox(self._journal, parts.publisher, folder, self._document_failed, stamping)

    async def drives(self, addresses: Sequence[str] = (), *, ask: bool = False) -> tuple[DriveReport, ...]:
        """See `Bench.drives`."""
        wanted = addresses or await asyncio.to_thread(self._parts.drives.discover)
        return await reports(self._parts.drives, wanted, await self.protected(), ask=ask)

    async def plan(self, request: EraseRequest) -> PlanSet:
        """See `Bench.plan`."""
        facts = as_ordered(request, await arming.survey(self._parts.drives, request.addresses))
        busy = await self._being_erased()
        protected = await self.protected()
        refusals = arming.merge(check(facts, protected), arming.already_running(facts, busy))
        sized = await own_sizes(self._parts.drives, request, facts, refusals)
        facts = sized.facts
        refusals = arming.merge(check(facts, protected), arming.already_running(facts, busy), sized.without)
        plans = plan(request, facts, refusals, self._parts.methods)
        self._psids.update(request.psids)
        known = await self.jobs() if policy_of(request) is not None else ()
        return await plan_set(self._parts.drives, request, plans, known, sized.answers)

    async def start(self, plans: PlanSet, consent: str, agreed: Message | None = None) -> tuple[str, ...]:
        """See `Bench.start`."""
        if plans.questions and agreed is None:
            raise BenchError(*(asked.needs.question for asked in plans.questions), say("plan-consent-missing"))
        if agreed is not None:
            plans = plans.agreed(agreed)
        if plans.refusals or not plans.plans:
            raise BenchError(*(reason for refusal in plans.refusals for reason in refusal.reasons), say("plan-empty"))
        claims = await arming.claim_all(self._parts.drives, [item.facts for item in plans.plans])
        try:
            await self._replace_unfinished(plans)
            jobs = [secrets.token_hex(6) for _ in plans.plans]
            for job, item in zip(jobs, plans.plans, strict=True):
                await self._log(job, ev.JobPlanned(plan=item, context=self._parts.context, consent=consent))
            armed = [await self._journal.evidence(job) for job in jobs]
        except BaseException:
            arming.release(claims)
            raise
        for evidence, claim in zip(armed, claims, strict=True):
            self._run(evidence, claim)
        return tuple(jobs)

    async def pause(self, job: str) -> None:
        """See `Bench.pause`."""
        await self._halt([self._running_job(job)], ev.Cause.PAUSED)

    async def cancel(self, job: str, operator: str) -> None:
        """See `Bench.cancel`."""
        if job in self._running:
            await self._halt([self._running[job]], ev.Cause.OPERATOR)
        evidence = await self._journal.evidence(job)
        if evidence.is_open:
            await self._abort(job, say("reason-cancelled", operator=operator))

    async def halt(self, *, at_once: bool = False) -> None:
        """See `Bench.halt`."""
        cause = ev.Cause.OPERATOR_AT_ONCE if at_once else ev.Cause.OPERATOR
        await self._halt(list(self._running.values()), cause)

    async def resume(self, jobs: Sequence[str] = (), psids: Mapping[str, str] | None = None) -> Resumption:
        """See `Bench.resume`."""
        self._psids.update(psids or {})
        unfinished = {item.job: item for item in await self.jobs(open_only=True) if item.job not in self._running}
        unknown = [job for job in jobs if job not in unfinished]
        if unknown:
            raise BenchError(*(say("job-not-resumable", job=job) for job in unknown))
        wanted = list(jobs or unfinished)
        outcomes = await asyncio.gather(*(self._resume(unfinished[job]) for job in wanted))
        return Resumption(
            resumed=tuple(job for job, refusal in zip(wanted, outcomes, strict=True) if refusal is None),
            refused=tuple((job, refusal) for job, refusal in zip(wanted, outcomes, strict=True) if refusal is not None),
        )

    def updates(self, after: int | None = None) -> AsyncIterator[Update]:
        """See `Bench.updates`."""
        return self._subscribers.subscribe(after, lambda last: self._journal.do(lambda db: log.after(db, last)))

    async def jobs(self, *, open_only: bool = False) -> tuple[Evidence, ...]:
        """See `Bench.jobs`."""
        names = await self._journal.do(lambda database: log.jobs(database, open_only=open_only))
        return tuple([await self._journal.evidence(job) for job in names])

    async def records(self) -> tuple[book.Entry, ...]:
        """See `Bench.records`."""
        return await self._journal.do(book.entries)

    async def certificate(self, number: str) -> bytes:
        """See `Bench.certificate`."""
        return await self._journal.certificate(number)

    async def correct(self, number: str, change: Change) -> book.Entry:
        """See `Bench.correct`."""
        conclusion = await self._journal.correct(number, change)
        self._subscribers.publish(conclusion.logged)
        await self._outbox.follow()
        return conclusion.entry

    async def rebuild(self, numbers: Sequence[str]) -> Mapping[str, Message]:
        """See `Bench.rebuild`."""
        return await self._outbox.again(numbers)

    async def protect(self, name: str, why: str) -> None:
        """See `Bench.protect`."""
        if not normalised(name):
            raise BenchError(say("protect-no-name", name=name))
        await self._log(STATION_STREAM, ev.DriveProtected(name=name, why=why))

    async def unprotect(self, name: str) -> None:
        """See `Bench.unprotect`."""
        if normalised(name) not in {normalised(entry.name) for entry in await self.protected()}:
            raise BenchError(say("protect-unknown", name=name))
        await self._log(STATION_STREAM, ev.ProtectionLifted(name=name))

    async def protected(self) -> tuple[Protected, ...]:
        """See `Bench.protected`."""
        return protected_drives(await self._journal.do(lambda database: log.of_job(database, STATION_STREAM)))

    async def close(self) -> None:
        """See `Bench.close`. Idempotent."""
        if self._closed:
            return
        self._closed = True
        await self.halt()
        await self._outbox.finish()
        self._subscribers.close()
        self._journal.close()

    async def recover(self) -> None:
        """Starting is recovery: verdicts that were due are drawn, and documents that were due are written."""
        for evidence in await self.jobs(open_only=True):
            if is_settled(evidence):
                await self._conclude(evidence.job)
        await self._outbox.follow()

    def _run(self, evidence: Evidence, claim: ClaimedDrive) -> None:
        async def logged(event: ev.Event) -> ev.Logged:
            return await self._log(evidence.job, event)

        ports = JobPorts(
            log=logged,
            publish=self._subscribers.publish,
            monotonic=self._parts.clock.monotonic,
            at_work=lambda: len(self._running),
            stream=self._parts.drives.preferred_stream(),
            settings=self._parts.settings,
            bus=self._bus,
            hold_again=self._hold_again,
            password=lambda: security_password(self._parts.folder),
            psids=self._psids,
        )
        job = Job(evidence, claim, ports)
        task = asyncio.create_task(self._to_the_end(job), name=f"job {evidence.job}")
        self._running[evidence.job] = _Running(job, task)

    async def _to_the_end(self, job: Job) -> None:
        name, problem = job.evidence.job, None
        try:
            try:
                await job.run()
            finally:
                # Not in the loop's own thread: with a drive that hangs this takes a while.
                await asyncio.to_thread(job.drive.release)
            problem = job.problem
            if is_settled(job.evidence):
                await self._conclude(name)
                await self._outbox.follow()
        except BenchError as error:
            problem = error.messages[0]
        except Exception as error:
            # A defect of ours must not look like an end: it is told with the job, and its traceback is kept.
            _logger.exception("job %s broke off", name)
            problem = say("job-broke-off", job=name, what=f"{type(error).__name__}: {error}")
        finally:
            del self._running[name]
            self._subscribers.publish(JobEnded(job=name, problem=problem))

    async def _conclude(self, job: str) -> None:
        conclusion = await self._journal.conclude(job)
        self._subscribers.publish(conclusion.logged)

    async def _resume(self, evidence: Evidence) -> Refusal | None:
        protected = await self.protected()
        busy = await self._being_erased()
        outcome = await arming.find_again(self._parts.drives, evidence, protected, busy)
        if isinstance(outcome, Refusal):
            return outcome
        last = evidence.interruptions[-1] if evidence.interruptions else None
        known = last is not None and not last.resumed
        cause = last.cause if last is not None and known else ev.Cause.PROGRAM_ENDED
        try:
            await self._log(evidence.job, ev.Resumed(cause=cause, context=self._parts.context))
            self._run(await self._journal.evidence(evidence.job), outcome)
        except BaseException:
            outcome.release()
            raise
        return None

    async def _hold_again(self, evidence: Evidence) -> ClaimedDrive:
        """The drive of a running job after its power was cut. Raises `DriveGoneError`."""
        await asyncio.to_thread(self._running[evidence.job].job.drive.release)
        others = tuple(item for item in await self._being_erased() if item.job != evidence.job)
        outcome = await arming.find_again(self._parts.drives, evidence, await self.protected(), others)
        if isinstance(outcome, Refusal):
            raise DriveGoneError(*outcome.reasons)
        return outcome

    async def _replace_unfinished(self, plans: PlanSet) -> None:
        """A new erasure of a drive ends an unfinished one, on record."""
        for evidence in await self.jobs(open_only=True):
            if any(shares(evidence.plan.facts, item.facts) for item in plans.plans):
                await self._abort(evidence.job, say("reason-replaced"))

    async def _abort(self, job: str, reason: Message) -> None:
        await self._log(job, ev.JobStopped(cancelled=True, reason=reason))
        await self._conclude(job)
        await self._outbox.follow()

    async def _being_erased(self) -> tuple[Evidence, ...]:
        return tuple(running.job.evidence for running in self._running.values())

    def _running_job(self, job: str) -> _Running:
        running = self._running.get(job)
        if running is None:
            raise BenchError(say("job-not-running", job=job))
        return running

    async def _halt(self, which: list[_Running], cause: ev.Cause) -> None:
        for running in which:
            running.job.halt(cause)
        if which:
            await asyncio.wait([running.task for running in which])

    async def _log(self, job: str, event: ev.Event) -> ev.Logged:
        logged = (await self._journal.append(job, event))[0]
        self._subscribers.publish(logged)
        return logged

    def _document_failed(self, number: str, problem: Message) -> None:
        self._subscribers.publish(DocumentFailed(number=number, problem=problem))
