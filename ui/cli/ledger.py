"""`tablerase ledger verify|head`: the whole ledger checked with the public key, and its latest signed head."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from bench import keys
from bench.ledger.note import read_head
from bench.messages import BenchError, say
from ui.cli import params
from ui.cli.app import App, Status, cell, put_bytes
from ui.cli.local import LocalCommand, LocalGroup
from ui.texts import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyOptions:
    """What was typed after `verify`."""

    key: Path | None
    head: Path | None
    as_json: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadOptions:
    """What was typed after `head`."""

    as_json: bool


def command(t: Texts) -> click.Command:
    """The group."""
    key = params.file(t, "--key", "key", "cli-option-key")
    head = params.file(t, "--head", "head", "cli-option-head")
    return LocalGroup(
        t,
        "ledger",
        [
            LocalCommand(t, "ledger-verify", run_verify, VerifyOptions, [key, head, params.as_json(t)]),
            LocalCommand(t, "ledger-head", run_head, HeadOptions, [params.as_json(t)]),
        ],
    )


def run_verify(app: App, options: VerifyOptions) -> Status:
    """Check every record, signature, head and the events behind them."""
    onlooker = app.onlooker()
    public = onlooker.public_key() if options.key is None else keys.load_public(options.key)
    known_head = None if options.head is None else _read(options.head)
    report = onlooker.audit(public, known_head)
    fingerprint = keys.grouped(keys.fingerprint(public))
    if options.as_json:
        app.put_json(
            {
                "intact": not report.findings,
                "records": report.records,
                "head": report.head,
                "key": keys.fingerprint(public),
                "findings": app.sentences(report.findings),
            }
        )
    else:
        for finding in report.findings:
            app.put(cell(f"✗ {app.texts.text(finding)}", "bold red"))
        message = "cli-ledger-altered" if report.findings else "cli-ledger-intact"
        style = "bold red" if report.findings else "bold green"
        app.put(cell(app.texts.say(message, records=report.records, findings=len(report.findings)), style))
        app.put(app.texts.say("cli-key-fingerprint", fingerprint=fingerprint))
    return Status.NOT_ALL if report.findings else Status.DONE


def run_head(app: App, options: HeadOptions) -> Status:
    """The signed note as it is, ready for a file that a donor keeps."""
    note = app.onlooker().head()
    if not note:
        raise BenchError(say("cli-ledger-empty"))
    if options.as_json:
        head = read_head(note)
        app.put_json(
            {"origin": head.origin, "size": head.size, "root": head.root.hex(), "time": head.time, "note": note}
        )
    else:
        put_bytes(note.encode())
    return Status.DONE


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BenchError(say("cli-file-unreadable", file=str(path), why=str(error))) from error
