"""`tablerase keys backup|restore|sheet`: keys kept outside the station, encrypted, as a file and on paper."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from bench import key_backup, key_restore, key_ring
from bench.key_list import KeyList
from bench.key_ring import KeyRing
from bench.keys import grouped
from bench.messages import BenchError, say
from bench.settings import Settings
from bench.state import StateLock
from ui import compose
from ui.cli import params
from ui.cli.app import App, Status
from ui.cli.keys_view import put_keys
from ui.cli.local import LocalArgument, LocalCommand
from ui.paper.key_sheet import render_key_sheet
from ui.texts import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOptions:
    """What was typed after `backup` or `sheet`."""

    to: Path
    passphrase_file: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreOptions:
    """What was typed after `restore`."""

    file: str
    passphrase_file: Path | None
    as_json: bool


def commands(t: Texts) -> Sequence[click.Command]:
    """The three commands."""
    passphrase = params.file(t, "--passphrase-file", "passphrase_file", "cli-option-passphrase-file")
    to = params.value(
        t, "--to", "to", metavar="cli-metavar-file", about="cli-option-keys-to", convert=Path, required=True
    )
    file = LocalArgument("file", metavar=t.say("cli-metavar-file"), about=t.say("cli-argument-backup"))
    return (
        LocalCommand(t, "keys-backup", run_backup, WriteOptions, [to, passphrase]),
        LocalCommand(t, "keys-restore", run_restore, RestoreOptions, [file, passphrase, params.as_json(t)]),
        LocalCommand(t, "keys-sheet", run_sheet, WriteOptions, [to, passphrase]),
    )


def run_backup(app: App, options: WriteOptions) -> Status:
    """Write the encrypted backup, and read it back before saying so."""
    ring, passphrase = _keys_and_passphrase(app, options)
    lines = key_backup.backup_lines(ring, passphrase)
    text = "".join(f"{line}\n" for line in (*_remarks(app, ring.listed), *lines))
    _write_new(options.to, text.encode())
    key_backup.open_backup(_read(options.to), passphrase)
    app.put(app.texts.say("keys-backed-up", file=str(options.to.absolute())))
    app.say("keys-backup-advice")
    return Status.DONE


def run_sheet(app: App, options: WriteOptions) -> Status:
    """Write the page to print."""
    ring, passphrase = _keys_and_passphrase(app, options)
    lines = key_backup.backup_lines(ring, passphrase)
    made = compose.clock().now().isoformat(timespec="seconds")
    _write_new(options.to, render_key_sheet(ring.listed, lines, app.texts.language, made))
    app.put(app.texts.say("keys-sheet-written", file=str(options.to.absolute())))
    app.say("keys-sheet-advice")
    return Status.DONE


def run_restore(app: App, options: RestoreOptions) -> Status:
    """Put the keys of a backup into a state folder that has none, or lost some of them."""
    text = _read(Path(options.file))
    passphrase = _passphrase(app, options.passphrase_file, twice=False)
    backup = key_backup.open_backup(text, passphrase)
    app.folder.create()
    lock = StateLock(app.folder)
    try:
        ring = key_restore.restore(app.folder, backup)
    finally:
        lock.close()
    put_keys(app, ring.listed, as_json=options.as_json)
    app.say("keys-restored")
    return Status.DONE


def _keys_and_passphrase(app: App, options: WriteOptions) -> tuple[KeyRing, str]:
    """The keys in force, and a passphrase that is asked for twice where it is typed."""
    if not key_ring.has_keys(app.folder.key.parent):
        raise BenchError(say("keys-none", folder=str(app.folder.root)))
    if options.to.exists():
        raise BenchError(say("keys-file-exists", file=str(options.to)))
    passphrase = _passphrase(app, options.passphrase_file, twice=True)
    lock = StateLock(app.folder)
    try:
        return compose.station_keys(app.folder, Settings()), passphrase
    finally:
        lock.close()


def _passphrase(app: App, file: Path | None, *, twice: bool) -> str:
    if file is not None:
        lines = _read(file).splitlines()
        passphrase = lines[0] if lines else ""
    elif not (sys.stdin.isatty() and app.err.is_terminal):
        raise BenchError(say("keys-passphrase-needed"))
    else:
        passphrase = getpass.getpass(f"{app.texts.say('keys-passphrase')} ")
        if twice and getpass.getpass(f"{app.texts.say('keys-passphrase-again')} ") != passphrase:
            raise BenchError(say("keys-passphrase-differs"))
    if twice:
        key_backup.check_passphrase(passphrase)
    return passphrase


def _remarks(app: App, listed: KeyList) -> Sequence[str]:
    made, fingerprint = compose.clock().now().isoformat(timespec="seconds"), grouped(listed.current.fingerprint)
    return (
        f"# {app.texts.say('keys-backup-title', station=listed.station, at=made)}",
        f"# {app.texts.say('cli-key-fingerprint', fingerprint=fingerprint)}",
        f"# {app.texts.say('keys-backup-use')}",
    )


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(key_backup.MAX_TEXT).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BenchError(say("cli-file-unreadable", file=str(path), why=str(error))) from error


def _write_new(path: Path, content: bytes) -> None:
    """A new file, synced, for its owner only. `BenchError` if it exists or cannot be written."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor, opened with O_EXCL and its mode
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise BenchError(say("keys-file-exists", file=str(path))) from None
    except OSError as error:
        raise BenchError(say("keys-file-unwritable", file=str(path), why=error.strerror or str(error))) from error
