"""`tablerase certificate verify`: is a document what its station issued? Needs no bench, only its public key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bench import keys
from bench.messages import BenchError, say
from bench.record.reading import MAX_BYTES
from bench.verification import Outcome, Overall, VerificationReport, verify
from ui.cli import params
from ui.cli.app import App, Status, cell
from ui.cli.local import LocalArgument, LocalCommand
from ui.cli.progress import VERDICT_STYLES
from ui.texts import Texts

_STYLES = {
    Overall.INTACT: "bold green",
    # An unknown key is amber, never green: the text may be anybody's.
    Overall.UNKNOWN_KEY: "bold yellow",
    Overall.ALTERED: "bold white on red",
    Overall.UNREADABLE: "bold red",
}
_MARKS = {Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.UNKNOWN: "?", Outcome.SKIPPED: "–"}
_MARK_STYLES = {Outcome.PASSED: "green", Outcome.FAILED: "red", Outcome.UNKNOWN: "yellow", Outcome.SKIPPED: "dim"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was typed."""

    files: tuple[str, ...]
    key: tuple[str, ...]
    as_json: bool


def command(t: Texts) -> click.Command:
    """The command."""
    files = LocalArgument("files", metavar=t.say("cli-metavar-files"), about=t.say("cli-argument-files"), many=True)
    key = params.value(t, "--key", "key", metavar="cli-metavar-file", about="cli-option-keys", many=True)
    return LocalCommand(t, "certificate-verify", run, Options, [files, key, params.as_json(t)])


def run(app: App, options: Options) -> Status:
    """Check every file and say of each what was found."""
    known = known_keys(app, options.key)
    texts = {name: _read(Path(name)) for name in dict.fromkeys(options.files)}
    reports = {name: verify(text, known) for name, text in texts.items()}
    for name, report in reports.items():
        if options.as_json:
            app.put_json(_to_json(app, name, report))
        else:
            _show(app, name, report)
    intact = all(report.overall is Overall.INTACT for report in reports.values())
    return Status.DONE if intact else Status.NOT_ALL


def known_keys(app: App, files: Sequence[str]) -> list[Ed25519PublicKey]:
    """The keys that the reader trusts: those named, else this station's own, if there is one here."""
    if files:
        return [keys.load_public(Path(name)) for name in files]
    return [app.onlooker().public_key()] if app.folder.is_used() else []


def _read(path: Path) -> bytes:
    """A file, up to just above what `verify` accepts."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise BenchError(say("cli-file-unreadable", file=str(path), why=error.strerror or str(error))) from error


def _show(app: App, name: str, report: VerificationReport) -> None:
    app.put(cell(name, "bold"))
    app.put(cell(f"  {app.texts.text(report.message)}", _style(report)))
    for check in report.checks:
        mark = cell(f"  {_MARKS[check.outcome]} ", _MARK_STYLES[check.outcome])
        app.put(mark.append_text(cell(app.texts.text(check.message))))


def _style(report: VerificationReport) -> str:
    """An intact report that a drive was not erased is not good news: its verdict's style, not green."""
    if report.overall is Overall.INTACT and report.record is not None:
        return VERDICT_STYLES[report.record.result.verdict]
    return _STYLES[report.overall]


def _to_json(app: App, name: str, report: VerificationReport) -> dict[str, Any]:
    record = report.record
    return {
        "file": name,
        "overall": report.overall.value,
        "message": app.sentences([report.message])[0],
        "checks": [
            {"subject": check.subject.value, "outcome": check.outcome.value, **app.sentences([check.message])[0]}
            for check in report.checks
        ],
        "number": record.document.number if record else None,
        "verdict": record.result.verdict.value if record else None,
        "simulated": record.simulated if record else None,
    }
