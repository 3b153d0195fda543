"""`tablerase certificate correct`: issue a document that takes the place of another, with the same evidence."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from bench import parties_file
from bench.correction import Change
from bench.messages import BenchError, say
from bench.parties import MAX_REASON, checked_line
from bench.settings import Settings
from ui.cli import params
from ui.cli.app import App, Status
from ui.cli.local import LocalArgument, LocalCommand
from ui.cli.running import Session, settings_of
from ui.texts import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was typed; what is `None` stays as it is."""

    number: str
    reason: str
    operator: str | None
    donor: Path | None
    donor_reference: str | None
    lot: str | None
    corrector: str
    settings_file: Path | None
    as_json: bool

    def change(self, settings: Settings) -> Change:
        """What is to be corrected. Settings that name no workshop leave the one that is there."""
        return Change(
            reason=self.reason,
            corrector=self.corrector,
            operator=self.operator,
            donor=None if self.donor is None else parties_file.donor_in(self.donor),
            reference=self.donor_reference,
            refurbisher=settings.workshop if settings.workshop.is_given else None,
            lot=self.lot,
        )


def command(t: Texts) -> click.Command:
    """The command."""
    number = LocalArgument("number", metavar=t.say("cli-metavar-number"), about=t.say("cli-argument-number"))
    return LocalCommand(
        t,
        "certificate-correct",
        run,
        Options,
        [
            number,
            params.value(
                t,
                "--reason",
                "reason",
                metavar="cli-metavar-text",
                about="cli-option-correct-reason",
                convert=_reason,
                required=True,
            ),
            params.code(t, "--operator", "operator", "cli-option-correct-operator"),
            *params.handover(t, "cli-option-correct-donor"),
            params.code(t, "--by", "corrector", "cli-option-correct-by", default=""),
            params.file(t, "--settings", "settings_file", "cli-option-correct-settings"),
            params.as_json(t),
        ],
    )


def run(app: App, options: Options) -> Status:
    """Correct. `BenchError`, and nothing issued, if another document took its place already or nothing would change."""
    app.folder.require()
    settings = settings_of(options.settings_file, None)
    change = options.change(settings)
    with Session(app, settings) as session:
        entry = session.do(session.bench.correct(options.number, change))
    files = sorted(app.folder.certificates.glob(f"{entry.number}.*"))
    if options.as_json:
        app.put_json(
            {
                "number": entry.number,
                "version": entry.record.document.version,
                "supersedes": {"number": options.number, "reason": options.reason},
                "files": [str(path) for path in files],
            }
        )
    else:
        app.say("cli-corrected", number=options.number, new=entry.number, style="bold")
        app.say("cli-corrected-old-stays", number=options.number)
        message = "cli-documents" if files else "cli-document-waiting"
        app.say(message, **({"folder": str(app.folder.certificates)} if files else {}))
    return Status.DONE


def _reason(text: str) -> str:
    reason = checked_line(text, MAX_REASON)
    if not reason:
        raise BenchError(say("correction-without-reason"))
    return reason
