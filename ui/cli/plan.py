"""`tablerase plan`: what would be done to each drive and why, or every reason why not. Nothing is written."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bench.catalogue import catalogue, find
from bench.facade import DriveReport
from bench.levels import Level
from bench.methods import Method
from bench.plan import DrivePlan, EraseRequest, PlanSet, Verify
from ui.cli import drives, params, passes, stages
from ui.cli.app import App, Status, cell
from ui.cli.local import LocalCommand
from ui.cli.methods import passes_table
from ui.texts import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was typed."""

    devices: tuple[str, ...]
    method: str
    verify: Verify
    rounds: int
    blank: bool
    methods_file: Path | None
    as_json: bool
    level: Level | None
    policy_file: Path | None
    psid: tuple[str, ...]

    def request(self) -> EraseRequest:
        """What is asked of the bench."""
        return params.request(
            self.devices,
            method=self.method,
            verify=self.verify,
            rounds=self.rounds,
            blank=self.blank,
            level=self.level,
            policy_file=self.policy_file,
            psid=self.psid,
        )


def command(t: Texts) -> click.Command:
    """The command."""
    return LocalCommand(t, "plan", run, Options, [params.devices(t), *params.erasure(t), params.as_json(t)])


def run(app: App, options: Options) -> Status:
    """Plan, and show it."""
    methods = catalogue(options.methods_file)
    request = options.request()
    plans = asyncio.run(app.onlooker().plan(request, methods))
    if options.as_json:
        _put_json(app, plans, request, methods)
    else:
        if plans.plans:
            show(app, plans, request, find(methods, request.method))
        if plans.refusals:
            app.out.print(_refused(app, plans))
            app.put(cell(app.texts.say("cli-plan-refused"), "bold red"))
    return Status.REFUSED if plans.refusals else Status.DONE


def show(app: App, plans: PlanSet, request: EraseRequest, method: Method) -> None:
    """The drives of a set, then what each does itself, and what is written on every one that is overwritten."""
    app.out.print(drives_table(app, plans.plans))
    put_stages(app, plans, app.out)
    if not any(item.passes for item in plans.plans):
        return
    for line in summary(app, request, method):
        app.put(line)
    stretches = passes.stretches(method, rounds=request.rounds, blank=request.blank, verify=request.verify)
    app.out.print(passes_table(app, stretches))
    app.put(app.texts.say("cli-plan-bytes", size=sum(item.bytes_to_move for item in plans.plans)))


def put_stages(app: App, plans: PlanSet, out: Console) -> None:
    """What each drive does itself and why, what was passed over and why, and what its operator has to agree to."""
    questions = {asked.address: asked.needs.question for asked in plans.questions}
    for item in plans.plans:
        if item.stage_plan is None:
            continue
        out.print(cell(stages.heading(app.texts, item.facts, item.stage_plan), "bold"))
        for note in item.facts.notes:
            out.print(cell(app.texts.text(note), "dim"))
        if item.stage_plan.stages:
            out.print(stages.stages_table(app.texts, item.stage_plan))
        out.print(stages.decisions_table(app.texts, item.stage_plan))
        for remark in item.stage_plan.remarks:
            out.print(cell(f"• {app.texts.text(remark)}", "yellow"))
        if item.facts.address in questions:
            out.print(cell(app.texts.text(questions[item.facts.address]), "bold yellow"))


def summary(app: App, request: EraseRequest, method: Method) -> list[Text]:
    """Whose drives these are, method, its source, the level it reaches, and how the result is checked."""
    t, handover = app.texts, request.handover
    named = [
        cell(t.say("cli-plan-donor", name=handover.donor.name)) if handover.donor.is_given else None,
        cell(t.say("cli-plan-lot", lot=handover.lot)) if handover.lot else None,
    ]
    return [
        *(line for line in named if line is not None),
        cell(t.text(method.title), "bold"),
        cell(t.say("cli-method-source", name=method.name, source=method.source)),
        cell(t.say("cli-plan-rounds", count=request.rounds)),
        cell(t.say("cli-plan-level", level=t.say("level-clear"))),
        cell(t.say("cli-plan-check", kind=request.verify.kind.value, permille=request.verify.permille)),
    ]


def drives_table(app: App, plans: tuple[DrivePlan, ...]) -> Table:
    """Each drive with what its operator should know before arming."""
    table = Table(box=box.HORIZONTALS, show_lines=True, expand=True)
    table.add_column(app.texts.say("cli-column-drive"), overflow="fold", ratio=2)
    table.add_column(app.texts.say("cli-column-warnings"), overflow="fold", ratio=3)
    for item in plans:
        warnings = [cell(f"• {app.texts.text(warning)}", "yellow") for warning in item.warnings]
        table.add_row(drives.describe(app, item.facts), Text("\n").join(warnings or [cell(app.texts.say("cli-none"))]))
    return table


def _refused(app: App, plans: PlanSet) -> Table:
    table = Table(box=box.HORIZONTALS, show_lines=True, expand=True)
    table.add_column(app.texts.say("cli-column-drive"), overflow="fold", ratio=2)
    table.add_column(app.texts.say("cli-column-refusal"), overflow="fold", ratio=3)
    for refusal in plans.refusals:
        reasons = Text("\n").join([cell(f"• {app.texts.text(reason)}", "red") for reason in refusal.reasons])
        table.add_row(drives.describe(app, refusal.facts), reasons)
    return table


def _put_json(app: App, plans: PlanSet, request: EraseRequest, methods: Mapping[str, Method]) -> None:
    method = find(methods, request.method)
    stretches = passes.stretches(method, rounds=request.rounds, blank=request.blank, verify=request.verify)
    questions = {asked.address: asked.needs.question for asked in plans.questions}
    for item in plans.plans:
        app.put_json(
            {
                **drives.to_json(app, DriveReport(facts=item.facts, reasons=())),
                "method": item.method,
                "method_source": item.method_source,
                "site_method": item.site_method,
                "rounds": request.rounds,
                "verify": str(request.verify),
                "level_asked": item.level_asked.value,
                "passes": [passes.to_json(stretch) for stretch in stretches] if item.passes else [],
                "bytes_to_move": item.bytes_to_move,
                "warnings": app.sentences(item.warnings),
                "firmware": None if item.stage_plan is None else stages.to_json(app, item.stage_plan),
                "consent_needed": app.sentences([questions[item.facts.address]])
                if item.facts.address in questions
                else [],
            }
        )
    for refusal in plans.refusals:
        app.put_json(drives.to_json(app, DriveReport(facts=refusal.facts, reasons=refusal.reasons)))
