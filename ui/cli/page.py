"""`tablerase certificate page`: writes the verification page, for donors to check documents with a browser alone."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import click

from bench.messages import BenchError, say
from ui.cli import params
from ui.cli.app import App, Status
from ui.cli.local import LocalCommand
from ui.texts import Texts
from ui.verifier.build import build_page

FILE_NAME = "verifier.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was typed."""

    to: Path


def command(t: Texts) -> click.Command:
    """The command."""
    metavar, about = "cli-metavar-file", "cli-option-page-to"
    to = params.value(t, "--to", "to", metavar=metavar, about=about, convert=Path, default=FILE_NAME)
    return LocalCommand(t, "certificate-page", run, Options, [to])


def run(app: App, options: Options) -> Status:
    """Write the page; needs no bench."""
    write_page(options.to)
    app.put(app.texts.say("cli-page-written", file=str(options.to.absolute())))
    return Status.DONE


def write_page(path: Path) -> None:
    """The page in a file, whole or not at all. `BenchError` if it cannot be written."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_text(build_page(), encoding="utf-8", newline="\n")
        part.replace(path)
    except OSError as error:
        raise BenchError(say("cli-page-unwritable", file=str(path), why=error.strerror or str(error))) from error
