"""`tablerase certificate export|rebuild`: documents as they were issued, given out and written again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bench.messages import BenchError, Message, say
from bench.onlooker import Onlooker
from bench.state import StateLock
from ui.cli import params
from ui.cli.app import App, Status
from ui.cli.local import LocalArgument, LocalCommand
from ui.cli.running import Session, settings_of
from ui.texts import Texts

if TYPE_CHECKING:
    from ui.paper.issued import Issued


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """What was typed after `export`."""

    numbers: tuple[str, ...]
    to: Path
    as_json: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuildOptions:
    """What was typed after `rebuild`."""

    numbers: tuple[str, ...]
    jobs: int | None
    settings_file: Path | None
    as_json: bool


def commands(t: Texts) -> list[click.Command]:
    """The two commands."""
    metavar, about = t.say("cli-metavar-numbers"), t.say("cli-argument-numbers")
    numbers = LocalArgument("numbers", metavar=metavar, about=about, many=True, required=False)
    folder = params.value(
        t, "--to", "to", metavar="cli-metavar-dir", about="cli-option-to", convert=Path, required=True
    )
    jobs = params.count(t, "--jobs", "jobs", "cli-option-jobs")
    own = [numbers, jobs, params.settings(t), params.as_json(t)]
    return [
        LocalCommand(t, "certificate-export", run_export, ExportOptions, [numbers, folder, params.as_json(t)]),
        LocalCommand(t, "certificate-rebuild", run_rebuild, RebuildOptions, own),
    ]


def run_export(app: App, options: ExportOptions) -> Status:
    """Copy the files of some records, or of all, into a folder: those that were issued, never others made anew."""
    numbers = _numbers(app.onlooker(), options.numbers)
    for issued in _issued(app.onlooker(), numbers):
        try:
            files = issued.copy(app.folder.certificates, options.to)
        except OSError as error:
            raise _unwritable(options.to, error) from error
        if options.as_json:
            app.put_json({"number": issued.number, "files": [str(path) for path in sorted(files)]})
    if not options.as_json:
        app.put(app.texts.say("cli-exported", count=len(numbers), folder=str(options.to.absolute())))
    return Status.DONE


def run_rebuild(app: App, options: RebuildOptions) -> Status:
    """Write again what is not in the bench's folder as it was issued."""
    onlooker = app.onlooker()
    numbers = _numbers(onlooker, options.numbers)
    lock = StateLock(app.folder)
    try:
        damaged = [issued.number for issued in _issued(onlooker, numbers) if issued.damaged(app.folder.certificates)]
        left = _rewrite(app, onlooker, damaged, options.jobs)
    except OSError as error:
        raise _unwritable(app.folder.certificates, error) from error
    finally:
        lock.close()
    problems: dict[str, Message] = {}
    if left:
        with Session(app, settings_of(options.settings_file, None)) as session:
            problems.update(session.do(session.bench.rebuild(left)))
    app.complain(problems.values())
    counts = {"count": len(damaged) - len(problems), "intact": len(numbers) - len(damaged)}
    if options.as_json:
        rebuilt = [number for number in damaged if number not in problems]
        failed = [{"number": number, **app.sentences([why])[0]} for number, why in problems.items()]
        app.put_json({"rebuilt": rebuilt, "intact": counts["intact"], "failed": failed})
    else:
        app.put(app.texts.say("cli-rebuilt", **counts))
    return Status.NOT_ALL if problems else Status.DONE


def _numbers(onlooker: Onlooker, asked: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(asked or [entry.number for entry in onlooker.records()]))


def _issued(onlooker: Onlooker, numbers: Sequence[str]) -> Iterator[Issued]:
    from ui.paper.issued import Issued  # noqa: PLC0415 - a fifth of a second that no other command should take

    for number in numbers:
        yield Issued(number=number, document=onlooker.certificate(number), seals=onlooker.seals(number))


def _rewrite(app: App, onlooker: Onlooker, numbers: Sequence[str], jobs: int | None) -> list[str]:
    """Write documents again with their kept seals; the numbers of those that need new ones."""
    from ui.paper.issued import rewrite_all  # noqa: PLC0415 - as above

    results = rewrite_all(_issued(onlooker, numbers), len(numbers), app.folder.certificates, jobs)
    return [number for number, done in results if not done]


def _unwritable(folder: Path, error: OSError) -> BenchError:
    return BenchError(say("document-unwritable", folder=str(folder), why=str(error)))
