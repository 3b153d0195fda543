"""`tablerase methods`: the erasure methods, or every pass of one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click
from rich import box
from rich.table import Table

from bench.catalogue import catalogue, find
from bench.methods import Method
from ui.cli import params, passes
from ui.cli.app import App, Status, cell
from ui.cli.local import LocalArgument, LocalCommand
from ui.texts import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was typed."""

    name: str | None
    methods_file: Path | None
    as_json: bool


def command(t: Texts) -> click.Command:
    """The command."""
    name = LocalArgument("name", metavar=t.say("cli-metavar-name"), about=t.say("cli-argument-name"), required=False)
    methods_file = params.file(t, "--methods-file", "methods_file", "cli-option-methods-file")
    return LocalCommand(t, "methods", run, Options, [name, methods_file, params.as_json(t)])


def run(app: App, options: Options) -> Status:
    """List all methods, or show one."""
    known = catalogue(options.methods_file)
    chosen = list(known.values()) if options.name is None else [find(known, options.name)]
    if options.as_json:
        for method in chosen:
            app.put_json(
                {
                    "key": method.key,
                    "title": app.texts.text(method.title),
                    "name": method.name,
                    "source": method.source,
                    "site": method.site,
                    "passes": [passes.to_json(item) for item in passes.stretches(method)],
                }
            )
    elif options.name is None:
        _list(app, chosen)
    else:
        _show(app, chosen[0])
    return Status.DONE


def _list(app: App, methods: list[Method]) -> None:
    table = Table(box=box.SIMPLE_HEAD, expand=False)
    table.add_column(app.texts.say("cli-column-key"), no_wrap=True)
    table.add_column(app.texts.say("cli-column-passes"), justify="right")
    table.add_column(app.texts.say("cli-column-title"))
    for method in methods:
        table.add_row(cell(method.key, "bold"), str(method.passes_per_round()), cell(app.texts.text(method.title)))
    app.out.print(table)
    app.put(app.texts.say("cli-methods-footnote"))


def _show(app: App, method: Method) -> None:
    app.put(cell(app.texts.text(method.title), "bold"))
    app.put(app.texts.say("cli-method-source", name=method.name, source=method.source))
    app.out.print(passes_table(app, passes.stretches(method)))
    app.put(app.texts.say("cli-methods-footnote"))


def passes_table(app: App, stretches: tuple[passes.Stretch, ...]) -> Table:
    """A line for each pass: its number, what it writes and how it is read back."""
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column(app.texts.say("cli-column-pass"), justify="right")
    table.add_column(app.texts.say("cli-column-content"))
    table.add_column(app.texts.say("cli-column-check"))
    for item in stretches:
        number, content = passes.number_of(item), passes.content_of(app.texts, item)
        table.add_row(number, cell(content), cell(passes.check_of(app.texts, item.verify)))
    return table
