"""`tablerase ledger verify|head|prove|consistency`: the ledger checked, and its proofs for people elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from bench import keys
from ui.cli import params, proofs
from ui.cli.app import App, Status, cell
from ui.cli.local import LocalCommand, LocalGroup
from ui.cli.trusted import trust_of
from ui.texts import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyOptions:
    """What was typed after `verify`."""

    key: tuple[str, ...]
    head: Path | None
    as_json: bool


def command(t: Texts) -> click.Command:
    """The group."""
    key = params.value(t, "--key", "key", metavar="cli-metavar-file", about="cli-option-key", many=True)
    head = params.file(t, "--head", "head", "cli-option-head")
    return LocalGroup(
        t,
        "ledger",
        [
            LocalCommand(t, "ledger-verify", run_verify, VerifyOptions, [key, head, params.as_json(t)]),
            *proofs.commands(t),
        ],
    )


def run_verify(app: App, options: VerifyOptions) -> Status:
    """Check every record, signature, head and the events behind them."""
    onlooker = app.onlooker()
    known = trust_of(app, options.key).publics() if options.key else onlooker.keys()
    known_head = None if options.head is None else proofs.read_note(options.head)
    report = onlooker.audit(known, known_head)
    if options.as_json:
        app.put_json(
            {
                "intact": not report.findings,
                "records": report.records,
                "superseded": report.superseded,
                "head": report.head,
                "key": keys.fingerprint(known[0]),
                "keys": [keys.fingerprint(public) for public in known],
                "findings": app.sentences(report.findings),
            }
        )
    else:
        for finding in report.findings:
            app.put(cell(f"✗ {app.texts.text(finding)}", "bold red"))
        message = "cli-ledger-altered" if report.findings else "cli-ledger-intact"
        style = "bold red" if report.findings else "bold green"
        app.put(cell(app.texts.say(message, records=report.records, findings=len(report.findings)), style))
        if report.superseded:
            app.put(app.texts.say("cli-ledger-superseded", count=report.superseded))
        for public in known:
            app.put(app.texts.say("cli-key-fingerprint", fingerprint=keys.grouped(keys.fingerprint(public))))
    return Status.NOT_ALL if report.findings else Status.DONE
