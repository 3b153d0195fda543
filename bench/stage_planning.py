"""From a set of plans to what the drives themselves can do in it: each is held for a moment, asked, and planned for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bench.attend import SilentDriveError, answer
from bench.capabilities import Capabilities
from bench.drive import DriveFacts, Kin
from bench.evidence import Evidence
from bench.guard import lacks_only_a_size, with_own_size
from bench.kinship import shares, together
from bench.levels import Level
from bench.messages import Message, say
from bench.plan import DrivePlan, EraseRequest, PlanSet, Question, Refusal
from bench.policy import Policy
from bench.policy_file import shipped
from bench.ports import DriveGoneError, Drives
from bench.stage_case import Circumstances
from bench.stage_planner import plan_stages, with_stages
from bench.stages import NeedsConsent
from bench.techniques import ErasureState

ASK_SECONDS = 60.0
"""A drive that has not answered by then is left alone, and refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a drive answered, or why it did not."""

    capabilities: Capabilities | None = None
    problem: Message | None = None


def policy_of(request: EraseRequest) -> tuple[Level, Policy] | None:
    """The level and the policy that a request comes to; None where the host is to overwrite as ever."""
    if request.policy is not None:
        return request.level or request.policy.level, request.policy
    if request.level is not None:
        return request.level, shipped(request.level)
    return None


def as_ordered(request: EraseRequest, facts: Sequence[DriveFacts]) -> tuple[DriveFacts, ...]:
    """The drives of an order. Where drives may erase themselves, the namespaces of one are one drive.

    The host overwrites an address and nothing else: for that each is judged for itself.
    """
    return tuple(facts) if policy_of(request) is None else together(facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSizes:
    """The facts with the sizes that drives themselves gave; who gave none, and why; what was answered, by address."""

    facts: tuple[DriveFacts, ...]
    without: tuple[Refusal, ...]
    answers: Mapping[str, Asked]


async def own_sizes(
    drives: Drives, request: EraseRequest, facts: Sequence[DriveFacts], refusals: Sequence[Refusal]
) -> OwnSizes:
    """Ask drives for their size themselves, where the host cannot read their sectors.

    Only drives are asked against which nothing speaks but their size, and only where they may be erased by their own
    means: a level or a policy. The guard judges the set again afterwards.
    """
    unsized = [refusal.facts for refusal in refusals if lacks_only_a_size(refusal)]
    if policy_of(request) is None:
        advice = tuple(Refusal(facts=one, reasons=(say("guard-size-ask-level"),)) for one in unsized)
        return OwnSizes(facts=tuple(facts), without=advice, answers={})
    sized: dict[str, DriveFacts] = {}
    without: list[Refusal] = []
    answers = await ask_all(drives, unsized)
    for one, asked in zip(unsized, answers, strict=True):
        formats = asked.capabilities.formats if asked.capabilities is not None else ()
        found = with_own_size(one, formats[0]) if formats else one
        if found.tells_own_size:
            sized[one.address] = found
        else:
            without.append(Refusal(facts=one, reasons=(_why_sizeless(one, asked),)))
    return OwnSizes(
        facts=tuple(sized.get(one.address, one) for one in facts),
        without=tuple(without),
        answers={one.address: asked for one, asked in zip(unsized, answers, strict=True)},
    )


def _why_sizeless(facts: DriveFacts, asked: Asked) -> Message:
    """Why a drive did not give its size. While it sanitizes itself, no drive has one."""
    if asked.capabilities is not None and asked.capabilities.sanitize.state is ErasureState.RUNNING:
        return say("guard-sanitize-running", node=facts.node)
    return asked.problem or say("guard-own-size-none", node=facts.node)


async def plan_set(
    drives: Drives,
    request: EraseRequest,
    plans: PlanSet,
    known: Sequence[Evidence],
    answers: Mapping[str, Asked],
) -> PlanSet:
    """The set with each drive's stages, further refusals, and what has to be agreed to.

    `known` is all that the journal knows about jobs. Whose answer is among `answers` is not asked again. A request
    without level and policy comes back as it is.
    """
    wanted = policy_of(request)
    if wanted is None:
        return plans
    level, policy = wanted
    unasked = [item.facts for item in plans.plans if item.facts.address not in answers]
    found = {one.address: asked for one, asked in zip(unasked, await ask_all(drives, unasked), strict=True)}
    every = {**answers, **found}
    done: list[DrivePlan] = []
    refusals, questions = [*plans.refusals], list[Question]()
    for item in plans.plans:
        asked = every[item.facts.address]
        if asked.capabilities is None:
            reasons = (asked.problem,) if asked.problem is not None else ()
            refusals.append(Refusal(facts=item.facts, reasons=reasons))
            continue
        beside = circumstances(item.facts, request.psids, known)
        match plan_stages(level, policy, item.facts, asked.capabilities, beside):
            case Refusal() as refusal:
                refusals.append(refusal)
            case NeedsConsent() as needs:
                questions.append(Question(address=item.facts.address, needs=needs))
                done.append(with_stages(item, needs.lesser))
            case stages:
                done.append(with_stages(item, stages))
    return PlanSet(plans=tuple(done), refusals=tuple(refusals), questions=tuple(questions))


def circumstances(facts: DriveFacts, psids: Mapping[str, str], known: Iterable[Evidence]) -> Circumstances:
    """What is known about a drive beside its own answers: from its label, and from this station's journal."""
    own_password, own_job = False, ""
    for evidence in known:
        if not shares(evidence.plan.facts, facts):
            continue
        for item in evidence.stages.items:
            own_password = own_password or item.password_chosen
            if evidence.is_open and item.may_be_running and item.resumes_by_itself:
                own_job = evidence.job
    return Circumstances(
        psid=facts.identity.serial in psids,
        own_password=own_password,
        own_job=own_job,
        siblings=tuple(item.node for item in facts.siblings if item.kin is Kin.NAMESPACE and not item.named),
        units=tuple(item.node for item in facts.siblings if item.kin is Kin.UNIT),
        held=(facts.unit, *(item.unit for item in facts.together)) if facts.siblings else (),
    )


async def ask_all(drives: Drives, facts: Sequence[DriveFacts]) -> tuple[Asked, ...]:
    """Ask drives what they can do, all at once; none is held afterwards."""
    return tuple(await asyncio.gather(*(_ask(drives, one) for one in facts)))


async def _ask(drives: Drives, facts: DriveFacts) -> Asked:
    try:
        claim = await answer(lambda: drives.claim_to_ask(facts), ASK_SECONDS)
    except DriveGoneError as error:
        return Asked(problem=error.messages[0])
    except SilentDriveError:
        return Asked(problem=say("drive-not-answering", node=facts.node, seconds=round(ASK_SECONDS)))
    try:
        asking = claim.commander().capabilities()
        return Asked(capabilities=await asyncio.wait_for(asking, ASK_SECONDS))
    except DriveGoneError as error:
        return Asked(problem=error.messages[0])
    except TimeoutError:
        return Asked(problem=say("drive-not-answering", node=facts.node, seconds=round(ASK_SECONDS)))
    finally:
        await asyncio.to_thread(claim.release)
