"""What a drive does itself, as planned: for people as tables, for scripts as JSON. Reasons are always there."""

from __future__ import annotations

from typing import Any

from rich import box
from rich.table import Table

from bench.drive import DriveFacts
from bench.levels import SOURCES, TITLES
from bench.stages import Choice, PlannedStage, StagePlan
from bench.techniques import Technique
from ui.cli.app import App, cell
from ui.texts import Texts


def heading(t: Texts, facts: DriveFacts, plan: StagePlan) -> str:
    """Which drive, by which policy, and the level that is to be reached."""
    return t.say(
        "cli-stages-heading",
        device=facts.address,
        policy=plan.policy,
        level=t.say(f"level-{plan.level.value}"),
        overwriting=plan.overwriting.value,
    )


def name(t: Texts, stage: PlannedStage) -> str:
    """What a stage does, and by which technique."""
    kind = t.say(f"stage-kind-{stage.kind.value}")
    return kind if stage.technique is None else t.say("cli-stage-by", kind=kind, technique=title(t, stage.technique))


def title(t: Texts, technique: Technique) -> str:
    """What a technique is called: commands keep their standard's name."""
    return t.say("cli-technique-overwrite") if technique is Technique.OVERWRITE else TITLES[technique]


def stages_table(t: Texts, plan: StagePlan) -> Table:
    """The stages in their order, each with its reason."""
    table = _table(t, "cli-column-stage", "cli-column-because")
    for number, stage in enumerate(plan.stages, start=1):
        table.add_row(cell(f"{number}. {name(t, stage)}", "bold"), cell(t.text(stage.reason)))
    return table


def decisions_table(t: Texts, plan: StagePlan) -> Table:
    """Every technique considered: chosen, or passed over, and why."""
    table = _table(t, "cli-column-technique", "cli-column-because")
    for item in plan.decisions:
        style = "bold green" if item.choice is Choice.CHOSEN else "dim"
        table.add_row(cell(title(t, item.technique), style), cell(t.text(item.reason)))
    return table


def to_json(app: App, plan: StagePlan) -> dict[str, Any]:
    """The plan for scripts, complete."""
    return {
        "policy": plan.policy,
        "level_asked": plan.level_asked.value,
        "level": plan.level.value,
        "overwriting": plan.overwriting.value,
        "basis": plan.basis or None,
        "stages": [
            {
                "kind": stage.kind.value,
                "technique": stage.technique.value if stage.technique else None,
                "hidden_area": stage.hidden.value if stage.hidden else None,
                "canaries": stage.count or None,
                "permille": stage.permille or None,
                "reason": app.sentences([stage.reason])[0],
            }
            for stage in plan.stages
        ],
        "decisions": [
            {
                "technique": item.technique.value,
                "choice": item.choice.value,
                "source": SOURCES[item.technique],
                "reason": app.sentences([item.reason])[0],
            }
            for item in plan.decisions
        ],
        "remarks": app.sentences(plan.remarks),
        "consent": app.sentences(plan.consent),
    }


def _table(t: Texts, first: str, second: str) -> Table:
    table = Table(box=box.SIMPLE, expand=True, show_edge=False)
    table.add_column(t.say(first), overflow="fold", ratio=2)
    table.add_column(t.say(second), overflow="fold", ratio=3)
    return table
