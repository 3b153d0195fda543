from __future__ import annotations

import random
from dataclasses import replace

import pytest

from bench.catalogue import built_in
from bench.drive import Medium
from bench.messages import BenchError, Message, say
from bench.methods import Method, PassTemplate
from bench.plan import DrivePlan, EraseRequest, Level, Refusal, Verify, VerifyKind
from bench.planner import MAX_ROUNDS, plan
from support.evidence_samples import facts
from ui.formats import Language
from ui.texts import texts

METHODS = built_in()
ONE = facts(serial="ONE")
TWO = replace(facts(serial="TWO"), node="/dev/sdy")


def request(method: str = "zero", **changes: object) -> EraseRequest:
    return replace(EraseRequest(addresses=("/dev/sdz",), method=method), **changes)  # type: ignore[arg-type] # any field


def warnings(made: DrivePlan) -> list[str]:
    """Ids of the warnings, each of which can be said in both languages."""
    for warning in made.warnings:
        assert all(texts(language).text(warning) for language in Language)
    return [warning.id for warning in made.warnings]


def only_plan(asked: EraseRequest, medium: Medium = Medium.ROTATING) -> DrivePlan:
    (made,) = plan(asked, [replace(ONE, medium=medium)], [], METHODS).plans
    return made


def test_a_plan_is_resolved_to_the_last_pattern() -> None:
    rng = random.Random(1).randrange
    asked = request("dod-522022m", rounds=2, blank=True, operator="OP7")
    (made,) = plan(asked, [ONE], [], METHODS, rng).plans
    assert (made.facts, made.method, made.rounds, made.operator) == (ONE, "dod-522022m", 2, "OP7")
    assert made.method_title == METHODS["dod-522022m"].name
    assert made.method_source == METHODS["dod-522022m"].source
    assert made.level_asked is Level.CLEAR
    assert len(made.passes) == 15
    first, second = made.passes[:7], made.passes[7:14]
    assert int(first[0].pattern, 16) ^ int(first[1].pattern, 16) == 0xFF
    assert [item.pattern for item in first] != [item.pattern for item in second]
    assert made.passes[14].pattern == "00"


def test_every_drive_draws_its_own_bytes() -> None:
    rng = random.Random(2).randrange
    first, second = plan(request("dod-522022m"), [ONE, TWO], [], METHODS, rng).plans
    assert first.passes != second.passes


def test_refused_drives_have_no_plan_and_keep_their_reasons() -> None:
    refusal = Refusal(facts=ONE, reasons=(say("drive-mounted"),))
    made = plan(request(), [ONE, TWO], [refusal], METHODS)
    assert [item.facts for item in made.plans] == [TWO]
    assert made.refusals == (refusal,)


def test_plans_keep_the_order_of_the_drives() -> None:
    assert [item.facts for item in plan(request(), [TWO, ONE], [], METHODS).plans] == [TWO, ONE]


def test_a_site_method_is_planned_as_such() -> None:
    own = Method(key="own", name="Ours", source="us", steps=(PassTemplate(content="00"),), site=True)
    (made,) = plan(request("own"), [ONE], [], {**METHODS, "own": own}).plans
    assert made.site_method
    assert made.method_title == "Ours"


@pytest.mark.parametrize(
    ("asked", "medium", "expected"),
    [
        (request(), Medium.ROTATING, []),
        (request(), Medium.FILE, []),
        (request(), Medium.FLASH, ["plan-warning-flash"]),
        (request(), Medium.UNKNOWN, ["plan-warning-medium-unknown"]),
        (request(verify=Verify(kind=VerifyKind.NONE, permille=0)), Medium.ROTATING, ["plan-warning-not-verified"]),
        (request(verify=Verify(kind=VerifyKind.SAMPLE, permille=25)), Medium.ROTATING, ["plan-warning-sampled"]),
        (request("gutmann"), Medium.ROTATING, ["plan-warning-several-passes"]),
        (request(rounds=2), Medium.ROTATING, ["plan-warning-several-passes"]),
        (request(blank=True), Medium.ROTATING, ["plan-warning-several-passes"]),
    ],
)
def test_the_operator_is_warned(asked: EraseRequest, medium: Medium, expected: list[str]) -> None:
    assert warnings(only_plan(asked, medium)) == expected


@pytest.mark.parametrize("rounds", [0, -1, MAX_ROUNDS + 1])
def test_rounds_beyond_reason_are_refused(rounds: int) -> None:
    assert refused(request(rounds=rounds)) == say("plan-rounds-out-of-range", rounds=rounds, max=MAX_ROUNDS)


def test_an_unknown_method_is_refused() -> None:
    assert refused(request("gutman")).id == "methods-unknown-close"


def refused(asked: EraseRequest) -> Message:
    with pytest.raises(BenchError) as caught:
        plan(asked, [ONE], [], METHODS)
    (message,) = caught.value.messages
    assert all(texts(language).text(message) for language in Language)
    return message
