"""`tablerase keys init|show|rotate|revoke|password`: the station's keys and the list that donors are given."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click

from bench import key_ring, outbox
from bench.journal.journal import read
from bench.key_list import KeyList, KeyStatus, ListedKey
from bench.key_ring import KeyRing
from bench.keys import grouped
from bench.messages import BenchError, say
from bench.parties import MAX_REASON, checked_line
from bench.settings import Settings
from bench.state import StateFolder, StateLock
from ui import compose
from ui.cli import key_backup, params, station_password
from ui.cli.app import App, Status
from ui.cli.keys_view import put_keys
from ui.cli.local import LocalArgument, LocalCommand, LocalGroup
from ui.cli.running import settings_of
from ui.texts import Texts

_SHORTEST_NAME = 8
"""Digits by which a key may be named: enough that two of a station's do not share them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InitOptions:
    """What was typed after `init`."""

    station: str | None
    settings_file: Path | None
    as_json: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowOptions:
    """What was typed after `show`."""

    as_json: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RotateOptions:
    """What was typed after `rotate`."""

    reason: str
    settings_file: Path | None
    as_json: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeOptions:
    """What was typed after `revoke`."""

    fingerprint: str
    reason: str
    since: datetime | None
    rotate: bool
    settings_file: Path | None
    as_json: bool


def command(t: Texts) -> click.Command:
    """The group."""
    station = params.value(
        t, "--station", "station", metavar="cli-metavar-text", about="cli-option-keys-station", convert=_reason
    )
    reason = params.value(
        t,
        "--reason",
        "reason",
        metavar="cli-metavar-text",
        about="cli-option-keys-reason",
        convert=_reason,
        required=True,
    )
    since = params.value(
        t, "--since", "since", metavar="cli-metavar-date", about="cli-option-keys-since", convert=_moment
    )
    named = LocalArgument(
        "fingerprint", metavar=t.say("cli-metavar-fingerprint"), about=t.say("cli-argument-fingerprint")
    )
    rotating = params.flag(t, "--rotate", "rotate", "cli-option-keys-rotate")
    settings, as_json = params.settings(t), params.as_json(t)
    return LocalGroup(
        t,
        "keys",
        [
            LocalCommand(t, "keys-init", run_init, InitOptions, [station, settings, as_json]),
            LocalCommand(t, "keys-show", run_show, ShowOptions, [as_json]),
            LocalCommand(t, "keys-rotate", run_rotate, RotateOptions, [reason, settings, as_json]),
            LocalCommand(
                t, "keys-revoke", run_revoke, RevokeOptions, [named, reason, since, rotating, settings, as_json]
            ),
            *key_backup.commands(t),
            station_password.command(t),
        ],
    )


def run_init(app: App, options: InitOptions) -> Status:
    """Make the keys of a new station. `BenchError` if there are any."""
    app.folder.create()
    with _held(app.folder):
        if key_ring.has_keys(app.folder.key.parent):
            raise BenchError(say("keys-exist", folder=str(app.folder.key.parent)))
        name = app.folder.station_name(options.station or compose.host_name())
        if options.station is not None and name != options.station:
            raise BenchError(say("keys-station-named", name=name, asked=options.station))
        ring = compose.station_keys(app.folder, settings_of(options.settings_file, None))
    put_keys(app, ring.listed, as_json=options.as_json)
    for step in ("backup", "sheet", "donors"):
        app.say(f"keys-next-{step}")
    return Status.DONE


def run_show(app: App, options: ShowOptions) -> Status:
    """Tell of the keys in force and of those before them."""
    put_keys(app, listed_keys(app.folder), as_json=options.as_json)
    return Status.DONE


def run_rotate(app: App, options: RotateOptions) -> Status:
    """Replace both keys. `BenchError` while documents wait that only the old seal may seal."""
    with _held(app.folder):
        ring = compose.station_keys(app.folder, settings_of(options.settings_file, None))
        _require_written_documents(app.folder)
        ring = _rotate(app, ring, options.reason, settings_of(options.settings_file, None))
    return _changed(app, ring, as_json=options.as_json)


def run_revoke(app: App, options: RevokeOptions) -> Status:
    """Revoke an earlier key, or the current one by replacing it at once."""
    with _held(app.folder):
        ring = compose.station_keys(app.folder, settings_of(options.settings_file, None))
        found, now = _named(ring.listed, options.fingerprint), compose.clock().now()
        if options.since is not None and options.since > now:
            raise BenchError(say("keys-since-future", since=options.since.isoformat(timespec="seconds")))
        if found.status is not KeyStatus.CURRENT:
            since = _text_of(options.since) or str(found.until)
            ring = key_ring.revoke(app.folder.key.parent, ring, found.fingerprint, reason=options.reason, since=since)
        elif options.rotate:
            _require_written_documents(app.folder)
            since = _text_of(options.since or now)
            ring = _rotate(app, ring, options.reason, settings_of(options.settings_file, None), revoked_since=since)
        else:
            raise BenchError(say("keys-revoke-current", fingerprint=grouped(found.fingerprint)))
    if found.status is KeyStatus.CURRENT:
        return _changed(app, ring, as_json=options.as_json)
    put_keys(app, ring.listed, as_json=options.as_json)
    app.say("keys-next-list")
    return Status.DONE


def listed_keys(folder: StateFolder) -> KeyList:
    """The key list of a state folder, to look at. `BenchError` if there are no keys."""
    listed = key_ring.read_list(folder.key.parent)
    if listed is None:
        raise BenchError(say("keys-none", folder=str(folder.root)))
    return listed


@contextmanager
def _held(folder: StateFolder) -> Iterator[None]:
    """The state folder held while its keys change. `BenchError` if there is none, or a bench works there."""
    if not folder.key.parent.is_dir():
        raise BenchError(say("keys-none", folder=str(folder.root)))
    lock = StateLock(folder)
    try:
        yield
    finally:
        lock.close()


def _rotate(app: App, ring: KeyRing, reason: str, settings: Settings, *, revoked_since: str | None = None) -> KeyRing:
    return key_ring.rotate(
        app.folder.key.parent,
        ring,
        organisation=settings.workshop.name,
        reason=reason,
        at=compose.clock().now(),
        revoked_since=revoked_since,
    )


def _changed(app: App, ring: KeyRing, *, as_json: bool) -> Status:
    """After a rotation: the new keys, and what has to follow."""
    put_keys(app, ring.listed, as_json=as_json)
    for step in ("rotated", "backup", "sheet", "list"):
        app.say(f"keys-next-{step}")
    return Status.DONE


def _require_written_documents(folder: StateFolder) -> None:
    waiting = read(folder, outbox.waiting) if folder.is_used() else ()
    if waiting:
        raise BenchError(say("keys-documents-waiting", count=len(waiting), number=waiting[0]))


def _named(listed: KeyList, typed: str) -> ListedKey:
    """The one key whose fingerprint begins with what was typed, spaces left out."""
    digits = "".join(typed.split()).lower()
    found = [item for item in listed.keys if item.fingerprint.startswith(digits)]
    if len(digits) < _SHORTEST_NAME or len(found) != 1:
        raise BenchError(say("keys-not-found", typed=typed, least=_SHORTEST_NAME, count=len(found)))
    return found[0]


def _reason(text: str) -> str:
    line = checked_line(text, MAX_REASON)
    if not line:
        raise BenchError(say("keys-reason-empty"))
    return line


def _moment(text: str) -> datetime:
    """A date or a time, with the machine's own offset unless one is given."""
    try:
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError):
        raise BenchError(say("keys-not-a-moment", found=text)) from None


def _text_of(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat(timespec="milliseconds")
