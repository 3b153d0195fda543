"""Which keys a reader of documents trusts: files of public keys and a key list, or the station's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bench import key_ring, keys
from bench.key_list import MAX_LIST, read_key_list
from bench.messages import BenchError, say
from bench.trust import Trust
from ui.cli.app import App


def trust_of(app: App, files: Sequence[str]) -> Trust:
    """Trust in the keys of these files; in this station's own, if there is one here, where none is named.

    A file is a public key (PEM) or a key list. With both, the list must lead forward from one of the keys. `BenchError`
    if a file is neither, or there are two lists: a document is of one station.
    """
    if not files:
        return _own(app)
    contents = {Path(name): _read(Path(name)) for name in files}
    lists = [read_key_list(content) for content in contents.values() if _is_list(content)]
    if len(lists) > 1:
        raise BenchError(say("keys-one-list", count=len(lists)))
    pinned = tuple(keys.load_public(path) for path, content in contents.items() if not _is_list(content))
    return Trust(pinned=pinned, key_list=lists[0] if lists else None)


def _own(app: App) -> Trust:
    if (listed := key_ring.read_list(app.folder.key.parent)) is not None:
        return Trust(key_list=listed)
    return Trust(pinned=(app.onlooker().public_key(),) if app.folder.is_used() else ())


def _is_list(content: bytes) -> bool:
    return content.lstrip().startswith(b"{")


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_LIST + 1)
    except OSError as error:
        raise BenchError(say("cli-file-unreadable", file=str(path), why=error.strerror or str(error))) from error
