"""`tablerase keys password`: the password that a drive may be locked with after a breakdown."""

from __future__ import annotations

from dataclasses import dataclass

import click

from bench.messages import BenchError, say
from bench.state import read_security_password
from ui.cli import params
from ui.cli.app import App, Status
from ui.cli.local import LocalCommand
from ui.texts import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was typed."""

    as_json: bool


def command(t: Texts) -> click.Command:
    """The command."""
    return LocalCommand(t, "keys-password", run, Options, [params.as_json(t)])


def run(app: App, options: Options) -> Status:
    """Show it. `BenchError` where the state folder was never used, or is not ours to read."""
    app.folder.require()
    try:
        password = read_security_password(app.folder)
    except OSError as error:
        raise BenchError(say("state-unusable", folder=str(app.folder.root), why=str(error))) from error
    if options.as_json:
        app.put_json({"ata_password": password or None})
    elif password:
        app.put(app.texts.say("cli-keys-password", password=password))
    else:
        app.put(app.texts.say("cli-keys-none"))
    return Status.DONE
