"""Looks at drives and at a state folder without holding it: a bench that works there is not disturbed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bench import arming, keys
from bench.audit import AuditReport, audit
from bench.evidence import Evidence, fold
from bench.facade import DriveReport
from bench.guard import Protected, check
from bench.journal import book, log
from bench.journal.journal import read
from bench.methods import Method
from bench.plan import EraseRequest, PlanSet
from bench.planner import plan
from bench.ports import Drives
from bench.protection import STATION_STREAM, protected_drives
from bench.stage_planning import ask_all, plan_set, policy_of
from bench.state import StateFolder


class Onlooker:
    """The half of a bench that changes nothing. `BenchError` where the state folder is absent or cannot be read."""

    def __init__(self, folder: StateFolder, drives: Drives) -> None:
        self._folder = folder
        self._drives = drives

    async def drives(self, addresses: Sequence[str] = (), *, ask: bool = False) -> tuple[DriveReport, ...]:
        """As `Bench.drives`. A state folder that was never used has nothing on its never-erase list."""
        wanted = addresses or self._drives.discover()
        return await reports(self._drives, wanted, self._protected_if_any(), ask=ask)

    async def plan(self, request: EraseRequest, methods: Mapping[str, Method]) -> PlanSet:
        """As `Bench.plan`; whether another bench erases a drive shows only by its being held."""
        facts = await arming.survey(self._drives, request.addresses)
        plans = plan(request, facts, check(facts, self._protected_if_any()), methods)
        known = self._jobs() if policy_of(request) is not None and self._folder.is_used() else ()
        return await plan_set(self._drives, request, plans, known)

    def protected(self) -> tuple[Protected, ...]:
        """The never-erase list."""
        return protected_drives(read(self._folder, lambda database: log.of_job(database, STATION_STREAM)))

    def unfinished(self) -> tuple[Evidence, ...]:
        """What is known about jobs without a verdict, oldest first. Some of them may be running now."""
        return read(
            self._folder,
            lambda database: tuple(fold(log.of_job(database, job)) for job in log.jobs(database, open_only=True)),
        )

    def _jobs(self) -> tuple[Evidence, ...]:
        return read(self._folder, lambda database: tuple(fold(log.of_job(database, job)) for job in log.jobs(database)))

    def evidence(self, job: str) -> Evidence:
        """What is known about one job. `ValueError` if there is none of that id."""
        return fold(read(self._folder, lambda database: log.of_job(database, job)))

    def records(self) -> tuple[book.Entry, ...]:
        """The ledger."""
        return read(self._folder, book.entries)

    def certificate(self, number: str) -> bytes:
        """One record's certificate or failure report, as JSON with signature and proof."""
        public = self.public_key()
        return read(self._folder, lambda database: book.certificate(database, number, public))

    def head(self) -> str:
        """The latest signed head of the ledger, as a note; empty while there is no record."""
        heads = read(self._folder, book.heads)
        return heads[-1][1] if heads else ""

    def audit(self, public: Ed25519PublicKey, known_head: str | None = None) -> AuditReport:
        """Check the whole ledger with a public key."""
        return read(self._folder, lambda database: audit(database, public, known_head))

    def public_key(self) -> Ed25519PublicKey:
        """The public half of the station's key. `KeyFileError` if it cannot be read."""
        return keys.load_public(keys.public_path(self._folder.key))

    def _protected_if_any(self) -> tuple[Protected, ...]:
        return self.protected() if self._folder.is_used() else ()


async def reports(
    drives: Drives, addresses: Sequence[str], protected: Sequence[Protected], *, ask: bool
) -> tuple[DriveReport, ...]:
    """See `Bench.drives`."""
    found = await arming.survey(drives, addresses)
    refusals = [check([facts], protected) for facts in found]
    free = [facts for facts, refused in zip(found, refusals, strict=True) if not refused] if ask else []
    answers = {facts.address: asked for facts, asked in zip(free, await ask_all(drives, free), strict=True)}
    return tuple(
        DriveReport(
            facts=facts,
            reasons=refused[0].reasons if refused else (),
            capabilities=answers[facts.address].capabilities if facts.address in answers else None,
            unasked=answers[facts.address].problem if facts.address in answers else None,
        )
        for facts, refused in zip(found, refusals, strict=True)
    )
