"""Looks at drives and at a state folder without holding it: a bench that works there is not disturbed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bench import arming, key_ring, keys, outbox
from bench.audit import AuditReport, audit
from bench.bus_speed import BusSpeed, Reading, measure
from bench.certificate import Proof
from bench.consistency import Consistency, State, compare
from bench.evidence import Evidence, fold
from bench.facade import DriveReport
from bench.guard import Protected, check, lacks_only_a_size
from bench.journal import book, log
from bench.journal.journal import read
from bench.messages import BenchError, Message, say
from bench.methods import Method
from bench.plan import EraseRequest, PlanSet, Refusal
from bench.planner import plan
from bench.ports import Drives
from bench.protection import STATION_STREAM, protected_drives
from bench.stage_planning import as_ordered, ask_all, own_sizes, plan_set, policy_of
from bench.standing import Standing, standing
from bench.state import StateFolder

_MANY_DIGITS = 10
_SEVERAL = 2


class Onlooker:
    """The half of a bench that changes nothing. `BenchError` where the state folder is absent or cannot be read."""

    def __init__(self, folder: StateFolder, drives: Drives) -> None:
        self._folder = folder
        self._drives = drives

    async def drives(self, addresses: Sequence[str] = (), *, ask: bool = False) -> tuple[DriveReport, ...]:
        """As `Bench.drives`. A state folder that was never used has nothing on its never-erase list."""
        wanted = addresses or self._drives.discover()
        return await reports(self._drives, wanted, self._protected_if_any(), ask=ask)

    async def bus_speed(
        self, reading: Reading, addresses: Sequence[str], seconds: float, tell: Callable[[int, int, str], None]
    ) -> tuple[BusSpeed, tuple[DriveReport, ...]]:
        """How much these drives, or all that are free, can move together; and those that are not free, left out.

        `tell` gets the step's number, how many there are, and its drive (none while all are read). `BenchError` for
        fewer than two drives, `OSError` for one that cannot be opened.
        """
        found = await self.drives(addresses)
        free = [item.facts for item in found if not item.reasons]
        if len(free) < _SEVERAL:
            raise BenchError(say("bus-too-few", count=len(free), left=len(found) - len(free)))

        def work() -> BusSpeed:
            with reading(free) as reader:
                named = [facts.address for facts in free]
                return measure(reader, named, seconds, lambda step, address: tell(step, len(free) + 1, address))

        return await asyncio.to_thread(work), tuple(item for item in found if item.reasons)

    async def plan(self, request: EraseRequest, methods: Mapping[str, Method]) -> PlanSet:
        """As `Bench.plan`; whether another bench erases a drive shows only by its being held."""
        facts = as_ordered(request, await arming.survey(self._drives, request.addresses))
        protected = self._protected_if_any()
        sized = await own_sizes(self._drives, request, facts, check(facts, protected))
        plans = plan(request, sized.facts, arming.merge(check(sized.facts, protected), sized.without), methods)
        known = self._jobs() if policy_of(request) is not None and self._folder.is_used() else ()
        return await plan_set(self._drives, request, plans, known, sized.answers)

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

    def record(self, named: str) -> book.Entry:
        """The record of this document number, or in this place of the ledger, counted from 1 as on paper."""
        if named.isascii() and named.isdigit() and len(named) < _MANY_DIGITS:
            return read(self._folder, lambda database: book.entry_at(database, int(named) - 1))
        return read(self._folder, lambda database: book.entry(database, named))

    def certificate(self, number: str, *, size: int | None = None) -> bytes:
        """One record's certificate or failure report, as JSON with signature and proof; see `book.certificate`."""
        keys = self.keys()
        return read(self._folder, lambda database: book.certificate(database, number, keys, size=size))

    def seals(self, number: str) -> Mapping[str, bytes]:
        """The seals of a record's pages, by file name."""
        return read(self._folder, lambda database: outbox.kept_seals(database, number))

    def unstamped(self) -> Mapping[str, str]:
        """Numbers of the records issued without the time stamp they should have, and the message that says why."""
        return read(self._folder, outbox.unstamped)

    def proof(self, entry: book.Entry, size: int | None = None) -> Proof:
        """The proof that a record is in the ledger of the first `size` records, or in the present one."""
        return read(self._folder, lambda database: book.prove(database, entry, book.head(database, size)))

    def standing(self, number: str, content: bytes) -> Standing:
        """What the ledger says of a document, by its number and its canonical record."""
        return read(self._folder, lambda database: standing(database, number, content))

    def head(self, size: int | None = None) -> str:
        """The signed head (a note) of the first `size` records, or the latest. `BenchError` if there is none."""
        return read(self._folder, lambda database: book.head(database, size))

    def consistency(self, old: State, new: State | None = None) -> Consistency:
        """Compare two states of the ledger, each a size or a signed head that somebody kept."""
        keys = self.keys()
        return read(self._folder, lambda database: compare(database, keys, old, new))

    def audit(self, keys: Sequence[Ed25519PublicKey] = (), known_head: str | None = None) -> AuditReport:
        """Check the whole ledger with these public keys, or with the station's own."""
        known = keys or self.keys()
        return read(self._folder, lambda database: audit(database, known, known_head))

    def keys(self) -> tuple[Ed25519PublicKey, ...]:
        """Every public key that the station signed with, by its list; the current one first."""
        listed = key_ring.read_list(self._folder.key.parent)
        return (self.public_key(),) if listed is None else tuple(listed.publics().values())[::-1]

    def public_key(self) -> Ed25519PublicKey:
        """The public half of the station's key. `KeyFileError` if it cannot be read."""
        return keys.load_public(keys.public_path(self._folder.key))

    def _protected_if_any(self) -> tuple[Protected, ...]:
        return self.protected() if self._folder.is_used() else ()


def _reasons(refusal: Refusal) -> tuple[Message, ...]:
    """Every reason; and what helps, where the host may only be unable to read the drive's sectors."""
    advice = (say("guard-size-ask-level"),) if lacks_only_a_size(refusal) else ()
    return (*refusal.reasons, *advice)


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
            reasons=_reasons(refused[0]) if refused else (),
            capabilities=answers[facts.address].capabilities if facts.address in answers else None,
            unasked=answers[facts.address].problem if facts.address in answers else None,
        )
        for facts, refused in zip(found, refusals, strict=True)
    )
