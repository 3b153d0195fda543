"""`tablerase keys`: the station's public key, and the password that a drive may be locked with after a breakdown."""

from __future__ import annotations

from dataclasses import dataclass

import click

from bench import keys
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
    return LocalCommand(t, "keys", run, Options, [params.as_json(t)])


def run(app: App, options: Options) -> Status:
    """Show both. `BenchError` where the state folder was never used, or is not ours to read."""
    app.folder.require()
    file = keys.public_path(app.folder.key)
    fingerprint = keys.grouped(keys.fingerprint(keys.load_public(file)))
    try:
        password = read_security_password(app.folder)
    except OSError as error:
        raise BenchError(say("state-unusable", folder=str(app.folder.root), why=str(error))) from error
    if options.as_json:
        app.put_json({"public_key": str(file), "fingerprint": fingerprint, "ata_password": password or None})
        return Status.DONE
    app.put(app.texts.say("cli-keys-public", file=str(file)))
    app.put(app.texts.say("cli-keys-fingerprint", fingerprint=fingerprint))
    app.put(app.texts.say("cli-keys-password", password=password) if password else app.texts.say("cli-keys-none"))
    return Status.DONE
