"""`tablerase drives`: what is connected, and what may be erased; reasons in full where it may not."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import click
from rich import box
from rich.table import Table
from rich.text import Text

from bench.drive import DriveFacts
from bench.facade import DriveReport
from ui.cli import capabilities, params
from ui.cli.app import App, Status, cell
from ui.cli.local import LocalArgument, LocalCommand, LocalOption
from ui.cli.progress import SIMULATION_STYLE
from ui.texts import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was typed."""

    addresses: tuple[str, ...]
    as_json: bool
    verbose: bool


def command(t: Texts) -> click.Command:
    """The command."""
    metavar, about = t.say("cli-metavar-addresses"), t.say("cli-argument-addresses")
    addresses = LocalArgument("addresses", metavar=metavar, about=about, many=True, required=False)
    return LocalCommand(t, "drives", run, Options, [addresses, _verbose(t), params.as_json(t)])


def _verbose(t: Texts) -> click.Parameter:
    return LocalOption(["-v", "--verbose", "verbose"], is_flag=True, help=t.say("cli-option-drives-verbose"))


def run(app: App, options: Options) -> Status:
    """Look, and change nothing. With `-v` each drive is asked what it can do."""
    reports = asyncio.run(app.onlooker().drives(options.addresses, ask=options.verbose))
    if options.as_json:
        for item in reports:
            asked = {"capabilities": capabilities.to_json(app, item)} if options.verbose else {}
            app.put_json({**to_json(app, item), **asked})
    elif not reports:
        app.say("cli-no-drives")
    else:
        app.out.print(_table(app, reports))
        for item in reports if options.verbose else ():
            capabilities.put(app, item)
    return Status.DONE


def to_json(app: App, item: DriveReport) -> dict[str, Any]:
    """One drive for scripts."""
    facts = item.facts
    return {
        "device": facts.address,
        "node": facts.node,
        "model": facts.identity.model,
        "serial": facts.identity.serial,
        "wwn": facts.identity.wwn,
        "size": facts.identity.size,
        "identity_source": facts.identity.source,
        "vendor": facts.vendor,
        "firmware": facts.firmware,
        "interface": facts.interface.value,
        "medium": facts.medium.value,
        "logical_sector": facts.logical_sector,
        "physical_sector": facts.physical_sector,
        "simulated": facts.simulated,
        "may_be_erased": not item.reasons,
        "reasons": app.sentences(item.reasons),
        "notes": app.sentences(facts.notes),
    }


def describe(app: App, facts: DriveFacts) -> Text:
    """A drive as people recognise it: where it is, its serial whole, its model, and what it is."""
    t = app.texts
    lines = [cell(facts.address, "bold")]
    if facts.identity.source:
        lines += [
            cell(t.say("cli-serial", serial=facts.identity.serial or t.say("cli-none"))),
            cell(facts.identity.model or t.say("cli-none")),
            cell(t.say("cli-size", size=facts.identity.size)),
            cell(t.say("cli-kind", interface=facts.interface.value, medium=facts.medium.value), "dim"),
        ]
    if facts.simulated:
        lines.append(cell(t.say("cli-simulated"), SIMULATION_STYLE))
    return Text("\n").join(lines)


def _table(app: App, reports: tuple[DriveReport, ...]) -> Table:
    table = Table(box=box.HORIZONTALS, show_lines=True, expand=True)
    table.add_column(app.texts.say("cli-column-drive"), overflow="fold", ratio=2)
    table.add_column(app.texts.say("cli-column-erasable"), overflow="fold", ratio=3)
    for item in reports:
        table.add_row(describe(app, item.facts), _answer(app, item))
    return table


def _answer(app: App, item: DriveReport) -> Text:
    lines = [cell(f"• {app.texts.text(reason)}") for reason in item.reasons]
    lines.insert(0, cell(app.texts.say("cli-not-erasable"), "bold red") if lines else _yes(app))
    lines += [cell(app.texts.text(note), "dim") for note in item.facts.notes]
    return Text("\n").join(lines)


def _yes(app: App) -> Text:
    return cell(app.texts.say("cli-erasable"), "bold green")
