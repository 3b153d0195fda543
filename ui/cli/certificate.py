"""`tablerase certificate list|show|export`: the documents of this station's ledger."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click
from rich import box
from rich.table import Table
from rich.text import Text

from bench.certificate import Certificate
from bench.record.base import Absent
from bench.record.model import Record
from bench.standing import Standing, standings
from ui.cli import correction, issued, page, params, standing, verification
from ui.cli.app import App, Status, cell, put_bytes
from ui.cli.local import LocalArgument, LocalCommand, LocalGroup
from ui.cli.progress import SIMULATION_STYLE, VERDICT_STYLES
from ui.paper.legible import ZERO_WIDTH_SPACE
from ui.paper.view import view_of
from ui.texts import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOptions:
    """What was typed after `list`."""

    as_json: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowOptions:
    """What was typed after `show`."""

    number: str
    as_json: bool


def command(t: Texts) -> click.Command:
    """The group."""
    number = LocalArgument("number", metavar=t.say("cli-metavar-number"), about=t.say("cli-argument-number"))
    return LocalGroup(
        t,
        "certificate",
        [
            LocalCommand(t, "certificate-list", run_list, ListOptions, [params.as_json(t)]),
            LocalCommand(t, "certificate-show", run_show, ShowOptions, [number, params.as_json(t)]),
            *issued.commands(t),
            verification.command(t),
            page.command(t),
            correction.command(t),
        ],
    )


def run_list(app: App, options: ListOptions) -> Status:
    """All records, oldest first."""
    records = [entry.record for entry in app.onlooker().records()]
    places = standings(records)
    unstamped = app.onlooker().unstamped()
    if options.as_json:
        for record in records:
            number = record.document.number
            stamp = {"unstamped": unstamped.get(number)}
            app.put_json({**brief(record), **standing.to_json(places[number]), **stamp})
    elif records:
        app.out.print(_table(app, records, places, unstamped))
    else:
        app.say("cli-no-records")
    return Status.DONE


def run_show(app: App, options: ShowOptions) -> Status:
    """One document: as people read it, or the signed file itself, byte for byte."""
    document = app.onlooker().certificate(options.number)
    certificate = Certificate.model_validate_json(document)
    told = standing.sentence(app.texts, standing.standing_of(app, certificate.record))
    if told:
        # Beside the result: the signed file itself stays as it was issued.
        app.err.print(cell(told, standing.STYLE))
    if options.as_json:
        put_bytes(document)
        return Status.DONE
    for line in _page(app.texts, view_of(certificate, app.texts), certificate.record):
        app.put(line)
    return Status.DONE


def brief(record: Record) -> dict[str, Any]:
    """A record in a line, for scripts."""
    identity, supersedes = record.drive.identity, record.document.supersedes
    return {
        "number": record.document.number,
        "kind": record.kind.value,
        "issued": record.document.issued,
        "model": _or_none(identity.model),
        "serial": _or_none(identity.serial),
        "size": identity.size_bytes,
        "verdict": record.result.verdict.value,
        "level_achieved": record.process.level_achieved.value,
        "simulated": record.simulated,
        "version": record.document.version,
        "supersedes": None if isinstance(supersedes, Absent) else supersedes.model_dump(mode="json"),
    }


def _or_none(value: str | Absent) -> str | None:
    return None if isinstance(value, Absent) else value


def _table(app: App, records: Sequence[Record], places: Mapping[str, Standing], unstamped: Mapping[str, str]) -> Table:
    table = Table(box=box.HORIZONTALS, show_lines=True, expand=True)
    table.add_column(app.texts.say("cli-column-number"), no_wrap=True)
    table.add_column(app.texts.say("cli-column-drive"), overflow="fold", ratio=3)
    table.add_column(app.texts.say("cli-column-verdict"), overflow="fold", ratio=4)
    none = app.texts.say("cli-none")
    for record in records:
        identity, verdict = record.drive.identity, record.result.verdict
        drive = [cell(_or_none(identity.serial) or none, "bold"), cell(_or_none(identity.model) or none)]
        if record.simulated:
            drive.append(cell(app.texts.say("cli-simulated"), SIMULATION_STYLE))
        result = [
            cell(app.texts.say(f"verdict-{verdict.value}"), VERDICT_STYLES[verdict]),
            cell(app.texts.say("cli-issued", at=record.document.issued), "dim"),
        ]
        told = standing.sentence(app.texts, places[record.document.number])
        if told:
            result.append(cell(told, standing.STYLE))
        if record.document.number in unstamped:
            result.append(cell(app.texts.say("cli-unstamped"), standing.STYLE))
        table.add_row(cell(record.document.number), Text("\n").join(drive), Text("\n").join(result))
    return table


def _page(texts: Texts, view: Mapping[str, Any], record: Record) -> Iterator[Text]:
    """The paper's words in its order; what only paper needs (page, validation) left out."""
    verdict = record.result.verdict
    yield cell(f"{view['title']} {view['number']}", "bold")
    yield cell(view["issued"], "dim")
    if view["notice"]:
        yield cell(view["notice"], SIMULATION_STYLE)
    if view["warning"]:
        yield cell(view["warning"], VERDICT_STYLES[verdict])
    if view["supersedes"]:
        yield cell(view["supersedes"])
    yield cell(texts.say(f"verdict-{verdict.value}"), VERDICT_STYLES[verdict])
    yield cell(view["consequence"])
    yield cell(view["declaration"])
    for part in ("drive", "parties", "process"):
        yield from _facts(texts, view[part])
    annex = view["annex"]
    yield from _table_rows(annex["interruptions"])
    yield from _table_rows(annex["passes"] if annex["passes"]["rows"] else view["passes"])
    yield from _facts(texts, view["result"])
    yield from _list(view["result"]["heading"], view["result"]["items"] or [view["result"]["none"]])
    not_covered = [f"{item['what']} – {item['why']}" for item in view["not_covered"]["items"]]
    yield from _list(view["not_covered"]["title"], not_covered)
    yield from _facts(texts, annex["journal"])
    yield from _table_rows(annex["tools"])
    yield from _facts(texts, view["origin"])
    yield cell(_whole(view["origin"]["meaning"]), "dim")


def _facts(texts: Texts, part: Mapping[str, Any]) -> Iterator[Text]:
    yield Text()
    yield cell(part["title"], "bold")
    for row in itertools.chain(part.get("rows", []), *part.get("columns", [])):
        label = cell(f"  {texts.say('cli-fact', label=row['label'])} ", "dim")
        yield label.append_text(cell(_whole(row["value"])))
        for more in row.get("more", []):
            yield cell(f"    {_whole(more)}")


def _table_rows(part: Mapping[str, Any]) -> Iterator[Text]:
    """A table's rows as lines; nothing where it has none."""
    if part["rows"]:
        yield from _list(part["title"], [" · ".join(row) for row in part["rows"]])


def _list(title: str, items: Sequence[str]) -> Iterator[Text]:
    yield Text()
    if title:
        yield cell(title, "bold")
    for item in items:
        yield cell(f"  • {_whole(item)}")


def _whole(text: str) -> str:
    """Without the breaks that paper needs in long words: a fingerprint is copied from the screen as it is."""
    return text.replace(ZERO_WIDTH_SPACE, "")
