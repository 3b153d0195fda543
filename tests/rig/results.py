"""What became of each scenario, from what the guest told while it lived."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from rig.boots import Boot
from rig.found import Scenario
from rig.machine import Ending, Machine

RESULTS = "results.jsonl"
"""Written by `rig.guest.reporter`, which says what its lines are."""

SECONDS = "seconds in the guest"
"""The property of pytest's report under which a scenario's duration is kept."""


class Outcome(StrEnum):
    """Of one scenario."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    WITHOUT_KERNEL = "without-kernel"
    """Debian has no such kernel for this release, or not here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """`text` says why, where it did not pass; `seconds` how long it took in the guest, as far as that is known."""

    outcome: Outcome
    text: str = ""
    seconds: float = 0.0


@dataclass(slots=True)
class _Told:
    ended: dict[str, Result] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)
    running: str = ""


def read(boot: Boot, scenarios: Sequence[Scenario], machine: Machine, ending: Ending) -> dict[str, Result]:
    """Results by the scenarios' ids. What the guest did not tell of is a failure, shown with what it wrote last."""
    told = _told(machine.share / RESULTS)
    if told.running and boot.cut and ending is Ending.CUT:
        # Who pulls the plug cannot tell of it; that the plug was pulled is what it was to do.
        told.ended[told.running] = Result(outcome=Outcome.PASSED)
    return {scenario.id: _result(scenario, told, machine, ending) for scenario in scenarios}


def never_begun(scenarios: Sequence[Scenario], machine: Machine) -> list[Scenario]:
    """Those that the guest did not live to begin."""
    told = _told(machine.share / RESULTS)
    begun = {name.partition("[")[0] for name in (*told.ended, told.running)}
    return [scenario for scenario in scenarios if scenario.id not in begun and scenario.module not in told.broken]


def _result(scenario: Scenario, told: _Told, machine: Machine, ending: Ending) -> Result:
    if scenario.module in told.broken:
        return Result(outcome=Outcome.FAILED, text=told.broken[scenario.module])
    found = [result for name, result in told.ended.items() if _is_of(name, scenario)]
    if _is_of(told.running, scenario) and told.running not in told.ended:
        return Result(outcome=Outcome.FAILED, text=f"the guest ended within it ({ending})\n{machine.last_words()}")
    if not found:
        why = f"it never ran: the guest ended before ({ending}, exit status {machine.result()})"
        return Result(outcome=Outcome.FAILED, text=f"{why}\n{machine.last_words()}")
    odd = [result for result in found if result.outcome is not Outcome.PASSED]
    failed = any(result.outcome is Outcome.FAILED for result in odd)
    outcome = Outcome.FAILED if failed else Outcome.SKIPPED if odd else Outcome.PASSED
    text = "\n".join(result.text for result in odd)
    why = f"{text}\nkept: {machine.folder}" if failed else text
    return Result(outcome=outcome, text=why, seconds=sum(result.seconds for result in found))


def _is_of(name: str, scenario: Scenario) -> bool:
    """Whether the guest's id is the scenario or one of its parameters' cases."""
    return name.partition("[")[0] == scenario.id


def _told(path: Path) -> _Told:
    told = _Told()
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        try:
            fields: dict[str, Any] = json.loads(line)
        except json.JSONDecodeError:
            break  # the guest died within this line
        if "begun" in fields:
            told.running = fields["begun"]
        elif "broken" in fields:
            told.broken[fields["broken"]] = fields["text"]
        else:
            told.ended[fields["ended"]] = Result(
                outcome=Outcome(fields["outcome"]), text=fields["text"], seconds=fields["seconds"]
            )
            told.running = ""
    return told
