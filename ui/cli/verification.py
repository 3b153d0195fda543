"""`tablerase certificate verify`: is a document what its station issued? Needs no bench, only its public key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from bench.authorities import load_authorities
from bench.messages import BenchError, say
from bench.trust import Trust
from bench.verification import Outcome, Overall, VerificationReport, verify
from ui.cli import params, standing
from ui.cli.app import App, Status, cell
from ui.cli.local import LocalArgument, LocalCommand
from ui.cli.progress import VERDICT_STYLES
from ui.cli.running import settings_of
from ui.cli.trusted import trust_of
from ui.paper.examiner import Examiner
from ui.paper.seal_report import MAX_PDF, is_pdf
from ui.paper.verify import verify_pdf
from ui.texts import Texts

_STYLES = {
    Overall.INTACT: "bold green",
    # An unknown key is amber, never green: the text may be anybody's.
    Overall.UNKNOWN_KEY: "bold yellow",
    Overall.DOUBTFUL_KEY: "bold yellow",
    Overall.REVOKED_KEY: "bold white on red",
    Overall.UNKNOWN_PAGES: "bold yellow",
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
    tsa_ca: Path | None
    settings_file: Path | None
    as_json: bool

    def authorities(self) -> Path | None:
        """The file of time-stamping authorities that the reader trusts, if one is named."""
        in_settings = settings_of(self.settings_file, None).paper.tsa_ca
        return self.tsa_ca or (Path(in_settings) if in_settings else None)


def command(t: Texts) -> click.Command:
    """The command."""
    files = LocalArgument("files", metavar=t.say("cli-metavar-files"), about=t.say("cli-argument-files"), many=True)
    key = params.value(t, "--key", "key", metavar="cli-metavar-file", about="cli-option-keys", many=True)
    authorities = params.file(t, "--tsa-ca", "tsa_ca", "cli-option-tsa-ca")
    own = [files, key, authorities, params.settings(t), params.as_json(t)]
    return LocalCommand(t, "certificate-verify", run, Options, own)


def run(app: App, options: Options) -> Status:
    """Check every file and say of each what was found."""
    trust = trust_of(app, options.key)
    documents = {name: _read(Path(name)) for name in dict.fromkeys(options.files)}
    reports = _reports(documents, trust, options.authorities())
    for name, report in reports.items():
        place = standing.standing_of(app, report.record)
        if options.as_json:
            app.put_json({**_to_json(app, name, report), **standing.to_json(place)})
        else:
            _show(app, name, report)
            if told := standing.sentence(app.texts, place):
                app.put(cell(f"  {told}", standing.STYLE))
    intact = all(report.overall is Overall.INTACT for report in reports.values())
    return Status.DONE if intact else Status.NOT_ALL


def _reports(documents: Mapping[str, bytes], trust: Trust, authorities: Path | None) -> dict[str, VerificationReport]:
    """What each document is worth. PDFs are examined in a process of their own."""

    def attached(text: bytes) -> VerificationReport:
        return verify(text, trust.pinned, trust.key_list)

    seals = () if trust.key_list is None else tuple(item.seal_digest for item in trust.key_list.keys)
    with Examiner(load_authorities(authorities) if authorities else ()) as examiner:
        return {
            name: verify_pdf(examiner.examine(document), attached, seals) if is_pdf(document) else attached(document)
            for name, document in documents.items()
        }


def _read(path: Path) -> bytes:
    """A file, up to just above what is accepted of a PDF; of a certificate file it is less."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_PDF + 1)
    except OSError as error:
        raise BenchError(say("cli-file-unreadable", file=str(path), why=error.strerror or str(error))) from error


def _show(app: App, name: str, report: VerificationReport) -> None:
    app.put(cell(name, "bold"))
    app.put(cell(f"  {app.texts.text(report.message)}", _style(report)))
    if report.overall not in {Overall.ALTERED, Overall.UNREADABLE}:
        app.put(cell(f"  {app.texts.say('certificate-meaning')}", "dim"))
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
