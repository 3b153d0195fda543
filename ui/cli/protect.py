"""`tablerase protect`: the never-erase list."""

from __future__ import annotations

from dataclasses import dataclass

import click
from rich import box
from rich.table import Table

from bench.messages import BenchError, say
from ui.cli import params
from ui.cli.app import App, Status, cell
from ui.cli.local import LocalArgument, LocalCommand
from ui.cli.running import Session
from ui.texts import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was typed."""

    name: str | None
    why: str
    listing: bool
    remove: str | None
    as_json: bool


def command(t: Texts) -> click.Command:
    """The command."""
    metavar, about = t.say("cli-metavar-drive-name"), t.say("cli-argument-drive-name")
    return LocalCommand(
        t,
        "protect",
        run,
        Options,
        [
            LocalArgument("name", metavar=metavar, about=about, required=False),
            params.value(t, "--why", "why", metavar="cli-metavar-text", about="cli-option-why", default=""),
            params.flag(t, "--list", "listing", "cli-option-protect-list"),
            params.value(t, "--remove", "remove", metavar="cli-metavar-drive-name-one", about="cli-option-remove"),
            params.as_json(t),
        ],
    )


def run(app: App, options: Options) -> Status:
    """Add a drive, take one off, or list them: one at a time."""
    asked = [options.name is not None, options.listing, options.remove is not None]
    if sum(asked) != 1:
        raise BenchError(say("cli-protect-one-of"))
    if options.listing:
        return _list(app, as_json=options.as_json)
    with Session(app) as session:
        if options.remove is not None:
            session.do(session.bench.unprotect(options.remove))
            app.say("cli-unprotected", name=options.remove)
        elif options.name is not None:
            why = options.why or app.texts.say("cli-none")
            session.do(session.bench.protect(options.name, why))
            app.say("cli-protected", name=options.name)
    return Status.DONE


def _list(app: App, *, as_json: bool) -> Status:
    entries = app.onlooker().protected()
    if as_json:
        for entry in entries:
            app.put_json({"name": entry.name, "why": entry.why, "since": entry.since})
        return Status.DONE
    if not entries:
        app.say("cli-nothing-protected")
        return Status.DONE
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column(app.texts.say("cli-column-name"), overflow="fold")
    table.add_column(app.texts.say("cli-column-since"))
    table.add_column(app.texts.say("cli-column-why"), overflow="fold")
    for entry in entries:
        since = app.texts.say("cli-date", at=entry.since)
        table.add_row(cell(entry.name, "bold"), cell(since), cell(entry.why))
    app.out.print(table)
    return Status.DONE
