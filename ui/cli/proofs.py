"""`tablerase ledger head|prove|consistency`: what somebody without the ledger can keep, and check by other means.

Every `--json` holds all that a checker needs, keys included; docs/verify.md says how to check it.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bench import keys
from bench.consistency import Consistency, SignedState, State
from bench.ledger.note import MAX_NOTE, TreeHead, read_head
from bench.messages import BenchError, say
from ui.cli import params
from ui.cli.app import App, Status, cell, put_bytes
from ui.cli.local import LocalArgument, LocalCommand
from ui.texts import Texts

_LONGEST_SIZE = 15
"""Digits of a size; a longer number is no ledger's, and is said to be none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadOptions:
    """What was typed after `head`."""

    size: int | None
    to: Path | None
    as_json: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProveOptions:
    """What was typed after `prove`."""

    record: str
    size: int | None
    to: Path | None
    as_json: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsistencyOptions:
    """What was typed after `consistency`."""

    old: str
    new: str | None
    as_json: bool


def commands(t: Texts) -> list[click.Command]:
    """The commands."""
    size, head, proof = "cli-option-size", "cli-option-head-to", "cli-option-prove-to"
    record = LocalArgument("record", metavar=t.say("cli-metavar-record"), about=t.say("cli-argument-record"))
    old = LocalArgument("old", metavar=t.say("cli-metavar-old"), about=t.say("cli-argument-old"))
    new = LocalArgument("new", metavar=t.say("cli-metavar-new"), about=t.say("cli-argument-new"), required=False)
    return [
        LocalCommand(
            t,
            "ledger-head",
            run_head,
            HeadOptions,
            [params.count(t, "--size", "size", size), params.file(t, "--to", "to", head), params.as_json(t)],
        ),
        LocalCommand(
            t,
            "ledger-prove",
            run_prove,
            ProveOptions,
            [record, params.count(t, "--size", "size", size), params.file(t, "--to", "to", proof), params.as_json(t)],
        ),
        LocalCommand(t, "ledger-consistency", run_consistency, ConsistencyOptions, [old, new, params.as_json(t)]),
    ]


def run_head(app: App, options: HeadOptions) -> Status:
    """The signed note as it is, ready for a file that a donor keeps."""
    onlooker = app.onlooker()
    note = onlooker.head(options.size)
    if options.to is not None:
        _write(options.to, note.encode())
    if options.as_json:
        app.put_json({**_head_to_json(read_head(note)), "note": note, "keys": _keys_to_json(onlooker.keys())})
    elif options.to is None:
        put_bytes(note.encode())
    else:
        app.put(app.texts.say("cli-head-written", file=str(options.to), size=read_head(note).size))
    return Status.DONE


def run_prove(app: App, options: ProveOptions) -> Status:
    """A record's place in the ledger, proven; with `--to`, as a certificate file whose proof is renewed."""
    onlooker = app.onlooker()
    entry = onlooker.record(options.record)
    proof = onlooker.proof(entry, options.size)
    if options.to is not None:
        _write(options.to, onlooker.certificate(entry.number, size=proof.tree_size))
    if options.as_json:
        proven = {"number": entry.number, "proof": proof.model_dump(mode="json")}
        app.put_json({**proven, "keys": _keys_to_json(onlooker.keys())})
        return Status.DONE
    head = read_head(proof.head)
    told = app.texts.say("cli-proven", number=entry.number, place=proof.index + 1, size=head.size, at=head.time)
    app.put(cell(told, "bold green"))
    if options.to is None:
        for label, value in (("leaf", proof.leaf_hash), *(("path", item) for item in proof.path)):
            app.put(f"  {app.texts.say('cli-fact', label=app.texts.say(f'cli-proof-{label}'))} {value}")
        app.put()
        put_bytes(proof.head.encode())
    else:
        app.put(app.texts.say("cli-proof-written", file=str(options.to)))
    return Status.DONE


def run_consistency(app: App, options: ConsistencyOptions) -> Status:
    """Whether the ledger only grew between two states, each a size or a file with a head that somebody kept."""
    onlooker = app.onlooker()
    found = onlooker.consistency(_state(options.old), None if options.new is None else _state(options.new))
    if options.as_json:
        app.put_json(
            {
                "consistent": not found.findings,
                "old": _state_to_json(found.old),
                "new": _state_to_json(found.new),
                "path": [item.hex() for item in found.path],
                "findings": app.sentences(found.findings),
                "keys": _keys_to_json(onlooker.keys()),
            }
        )
    else:
        _show(app, found)
    return Status.NOT_ALL if found.findings else Status.DONE


def read_note(path: Path) -> str:
    """The text of a head that somebody kept. `BenchError` if it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_NOTE + 1).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BenchError(say("cli-file-unreadable", file=str(path), why=str(error))) from error


def _show(app: App, found: Consistency) -> None:
    old, new = found.old.head, found.new.head
    if found.findings:
        for finding in found.findings:
            app.put(cell(f"✗ {app.texts.text(finding)}", "bold red"))
        app.put(cell(app.texts.say("cli-inconsistent"), "bold red"))
        return
    message = "cli-consistent" if old.size < new.size else "cli-consistent-same"
    told = app.texts.say(message, old=old.size, old_at=old.time, new=new.size, new_at=new.time)
    app.put(cell(told, "bold green"))


def _state(text: str) -> State:
    """A size where it is written as a number, else the content of a file."""
    if text.isascii() and text.isdigit() and not Path(text).exists():
        return int(text[:_LONGEST_SIZE])
    return read_note(Path(text))


def _state_to_json(state: SignedState) -> dict[str, Any]:
    return {**_head_to_json(state.head), "note": state.note}


def _head_to_json(head: TreeHead) -> dict[str, Any]:
    return {"origin": head.origin, "size": head.size, "root": head.root.hex(), "time": head.time}


def _keys_to_json(known: Sequence[Ed25519PublicKey]) -> list[dict[str, str]]:
    return [
        {
            "fingerprint": keys.fingerprint(public),
            "public_key": base64.b64encode(public.public_bytes_raw()).decode(),
        }
        for public in known
    ]


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise BenchError(say("cli-file-unwritable", file=str(path), why=error.strerror or str(error))) from error
