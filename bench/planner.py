"""From a request and what was found out about the drives to a plan for each, or every reason against it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence

from bench.catalogue import find
from bench.drive import DriveFacts, Medium
from bench.messages import BenchError, Message, say
from bench.methods import Method, rounds_of
from bench.plan import DrivePlan, EraseRequest, Level, PlanSet, Refusal, VerifyKind

MAX_ROUNDS = 100
"""More is a slip of the finger: days of work that prove nothing further."""


def plan(
    request: EraseRequest,
    facts: Sequence[DriveFacts],
    refusals: Sequence[Refusal],
    methods: Mapping[str, Method],
    rng: Callable[[int], int] = secrets.randbelow,
) -> PlanSet:
    """A plan for each drive that was not refused, in the order of `facts`; every drive draws its own bytes.

    `refusals` are the guard's; `rng(n)` gives a uniform integer below n. `BenchError` for a method that is not in
    `methods` or a number of rounds outside 1 to `MAX_ROUNDS`.
    """
    method = find(methods, request.method)
    if not 1 <= request.rounds <= MAX_ROUNDS:
        raise BenchError(say("plan-rounds-out-of-range", rounds=request.rounds, max=MAX_ROUNDS))
    refused = [refusal.facts for refusal in refusals]
    plans = tuple(_plan_drive(request, method, drive, rng) for drive in facts if drive not in refused)
    return PlanSet(plans=plans, refusals=tuple(refusals))


def _plan_drive(request: EraseRequest, method: Method, facts: DriveFacts, rng: Callable[[int], int]) -> DrivePlan:
    passes = rounds_of(method, request.rounds, blank=request.blank, rng=rng)
    return DrivePlan(
        facts=facts,
        method=method.key,
        method_title=method.name,
        method_source=method.source,
        site_method=method.site,
        passes=passes,
        verify=request.verify,
        rounds=request.rounds,
        operator=request.operator,
        # Overwriting by the host cannot reach further: asking for more is another kind of plan.
        level_asked=Level.CLEAR,
        warnings=_warnings(request, facts, len(passes)),
        handover=request.handover,
    )


def _warnings(request: EraseRequest, facts: DriveFacts, passes: int) -> tuple[Message, ...]:
    """What the operator should know before arming. Nothing here keeps the drive from being erased."""
    found: list[Message] = []
    if facts.medium is Medium.FLASH:
        found.append(say("plan-warning-flash"))
    elif facts.medium is Medium.UNKNOWN:
        found.append(say("plan-warning-medium-unknown"))
    match request.verify.kind:
        case VerifyKind.NONE:
            found.append(say("plan-warning-not-verified"))
        case VerifyKind.SAMPLE:
            found.append(say("plan-warning-sampled", permille=request.verify.permille))
        case VerifyKind.FULL:
            pass
    if passes > 1:
        found.append(say("plan-warning-several-passes", passes=passes))
    return tuple(found)
