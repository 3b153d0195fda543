"""From a plan to drives held exclusively, with everything checked again on the way: all of a set, or none."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bench.attend import SilentDriveError, answer
from bench.drive import DriveFacts, unreached
from bench.evidence import Evidence
from bench.guard import HELD, NO_SIZE, Protected, check, unchanged
from bench.kinship import as_planned
from bench.messages import BenchError, Message, say
from bench.plan import Refusal
from bench.ports import ClaimedDrive, DriveGoneError, Drives

_HELD = frozenset({HELD, "sim-busy"})
"""Ids of what a drive shows that somebody holds."""
_UNSAID = NO_SIZE | {"guard-size-differs"}
"""What a drive that is erasing itself may show: it does not say how large it is."""
_RESHAPED = frozenset({"guard-changed-size", "guard-changed-sector"})

ANSWER_SECONDS = 60.0
"""How long a drive may take to tell who it is, or to be taken hold of: spinning up takes up to half of that."""


async def survey(drives: Drives, addresses: Iterable[str], seconds: float = ANSWER_SECONDS) -> tuple[DriveFacts, ...]:
    """Survey all addresses at once: one slow drive delays nobody, and one that hangs is left behind, undetermined."""

    async def one(address: str) -> DriveFacts:
        try:
            return await answer(lambda: drives.survey(address), seconds)
        except SilentDriveError:
            return unreached(address, undetermined=(_silent(address, seconds),))

    return tuple(await asyncio.gather(*map(one, addresses)))


async def hold(drives: Drives, facts: DriveFacts, seconds: float = ANSWER_SECONDS) -> ClaimedDrive:
    """Take hold of a drive. `DriveGoneError` if that cannot be, or takes too long: it is then let go when it comes."""
    settled, left_behind = threading.Lock(), threading.Event()
    held: list[ClaimedDrive] = []

    def claim() -> ClaimedDrive:
        found = drives.claim(facts)
        with settled:
            if left_behind.is_set():
                found.release()
            else:
                held.append(found)
        return found

    try:
        return await answer(claim, seconds)
    except SilentDriveError:
        with settled:
            left_behind.set()
            release(held)
        raise DriveGoneError(_silent(facts.node, seconds)) from None


def _silent(node: str, seconds: float) -> Message:
    return say("guard-silent", node=node, seconds=round(seconds))


async def claim_all(drives: Drives, planned: Sequence[DriveFacts]) -> tuple[ClaimedDrive, ...]:
    """Hold every drive of a set and read it once more. `BenchError` with all reasons, and none held, if any differs."""
    claims: list[ClaimedDrive] = []
    problems: list[Message] = []
    try:
        for facts in planned:
            try:
                claim = await hold(drives, facts)
            except DriveGoneError as error:
                problems += error.messages
                continue
            claims.append(claim)
            problems += await _differences(claim, facts)
    except BaseException:
        release(claims)
        raise
    if problems:
        release(claims)
        raise BenchError(*problems)
    return tuple(claims)


def release(claims: Iterable[ClaimedDrive]) -> None:
    """Let go of drives."""
    for claim in claims:
        claim.release()


async def find_again(
    drives: Drives, job: Evidence, protected: Sequence[Protected], running: Sequence[Evidence]
) -> ClaimedDrive | Refusal:
    """The very drive of an unfinished job, wherever it is now, held and unchanged; or why it cannot be.

    It is expected as the job's stages left it. Where a command may have changed its size or its sectors, and nobody
    could log that, or a failed sanitize keeps it closed so that it gives none, the job itself looks at these again
    before it writes anything.
    """
    planned = expected(job)
    try:
        address = await answer(lambda: drives.find(planned.identity, planned.node), ANSWER_SECONDS)
    except DriveGoneError as error:
        return Refusal(facts=planned, reasons=error.messages)
    except SilentDriveError:
        return Refusal(facts=planned, reasons=(_silent(planned.node, ANSWER_SECONDS),))
    facts = as_planned((await survey(drives, [address]))[0], planned)
    commanded = any(item.may_be_running or item.leaves_it_closed for item in job.stages.items)
    if commanded:
        # Its own command worker may still hold it, and lets whoever has the job's folder in.
        facts = replace(facts, obstacles=tuple(item for item in facts.obstacles if item.id not in _HELD))
    refusals = merge(check([facts], protected), already_running([facts], running))
    own = planned.tells_own_size
    if refusals and (commanded or own):
        refusals = _besides(refusals[0], _UNSAID if commanded else NO_SIZE)
    if refusals:
        return refusals[0]
    try:
        # What it is held for says whom to ask for the size: where it was the drive itself, it is again.
        claim = await hold(drives, replace(facts, sizes=planned.sizes) if own else facts)
    except DriveGoneError as error:
        return Refusal(facts=facts, reasons=error.messages)
    try:
        problems = await _differences(claim, planned)
    except BaseException:
        claim.release()
        raise
    if any(item.starts for item in job.stages.items if item.kind.commands_the_drive):
        tolerated = _RESHAPED | (_UNSAID if commanded else frozenset())
        problems = tuple(problem for problem in problems if problem.id not in tolerated)
    if problems:
        claim.release()
        return Refusal(facts=facts, reasons=problems)
    return claim


def _besides(refusal: Refusal, ids: frozenset[str]) -> tuple[Refusal, ...]:
    reasons = tuple(reason for reason in refusal.reasons if reason.id not in ids)
    return (Refusal(facts=refusal.facts, reasons=reasons),) if reasons else ()


def expected(job: Evidence) -> DriveFacts:
    """The drive of a job as planned, or as its stages have changed it."""
    return replace(job.plan.facts, identity=job.stages.identity, logical_sector=job.sector)


def already_running(facts: Iterable[DriveFacts], running: Sequence[Evidence]) -> tuple[Refusal, ...]:
    """Refusals for drives that a running job holds, or that could be the same drive."""
    return tuple(
        Refusal(facts=one, reasons=(say("drive-being-erased", address=one.address, job=evidence.job),))
        for one in facts
        for evidence in running
        if one.identity.may_be_same_drive(evidence.plan.facts.identity)
    )


def merge(*groups: Iterable[Refusal]) -> tuple[Refusal, ...]:
    """One refusal a drive, with all its reasons."""
    reasons: dict[str, tuple[DriveFacts, tuple[Message, ...]]] = {}
    for refusal in (refusal for group in groups for refusal in group):
        facts, known = reasons.get(refusal.facts.address, (refusal.facts, ()))
        reasons[facts.address] = (facts, (*known, *refusal.reasons))
    return tuple(Refusal(facts=facts, reasons=known) for facts, known in reasons.values())


async def _differences(claim: ClaimedDrive, planned: DriveFacts) -> tuple[Message, ...]:
    try:
        now = await answer(claim.facts, ANSWER_SECONDS)
    except DriveGoneError as error:
        return error.messages
    except SilentDriveError:
        return (_silent(planned.node, ANSWER_SECONDS),)
    return unchanged(planned, now)
