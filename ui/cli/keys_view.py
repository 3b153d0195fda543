"""A station's keys on the screen: fingerprints for reading aloud, files for donors, history; or all of it as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import segno
from rich.text import Text

from bench import key_ring, keys
from bench.key_list import KeyList, ListedKey, as_json_object
from bench.keys import grouped
from ui.cli.app import App, cell

_GROUPS_A_ROW = 4
_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def put_keys(app: App, listed: KeyList, *, as_json: bool) -> None:
    """Write what there is to know of a station's keys, none of it secret."""
    if as_json:
        app.put_json(_to_json(app, listed))
        return
    t, current = app.texts, listed.current
    app.put(cell(t.say("keys-station", station=listed.station), "bold"))
    app.put(cell(t.say("keys-fingerprint"), "bold"))
    for row in fingerprint_rows(current.fingerprint):
        app.put(f"    {row}")
    for line in _seal_lines(app, current):
        app.put(line)
    app.put(cell(t.say("keys-give"), "bold"))
    for path in _for_donors(app):
        app.put(f"    {path}")
    app.put(cell(t.say("keys-history"), "bold"))
    for line in _history(app, listed):
        app.put(line)
    if app.out.is_terminal:
        app.out.print(_picture(qr_text(current.fingerprint)))


def fingerprint_rows(digest: str) -> tuple[str, ...]:
    """A fingerprint in short rows of groups of four digits."""
    groups = grouped(digest).split()
    return tuple(" ".join(groups[i : i + _GROUPS_A_ROW]) for i in range(0, len(groups), _GROUPS_A_ROW))


def qr_text(fingerprint: str) -> str:
    """What a QR code of a station's key says."""
    return f"TABLERASE:KEY:1:{fingerprint.upper()}"


def _seal_lines(app: App, current: ListedKey) -> Iterator[str | Text]:
    if (seal := current.seal) is None:
        return
    yield cell(app.texts.say("keys-seal"), "bold")
    for row in fingerprint_rows(current.seal_digest):
        yield f"    {row}"
    yield app.texts.say(
        "keys-seal-validity",
        subject=seal.subject.rfc4514_string(),
        begin=seal.not_valid_before_utc.isoformat(),
        end=seal.not_valid_after_utc.isoformat(),
    )


def _for_donors(app: App) -> list[str]:
    folder = app.folder.key.parent
    return [str(folder / key_ring.LIST_NAME), str(keys.public_path(app.folder.key))]


def _history(app: App, listed: KeyList) -> Iterator[Text]:
    """Every key, the newest first: since when, until when and why not any more."""
    for item in reversed(listed.keys):
        sentence = app.texts.say(
            f"keys-history-{item.status.value}",
            fingerprint=" ".join(grouped(item.fingerprint).split()[:_GROUPS_A_ROW]),
            since=item.since,
            until=item.until if isinstance(item.until, str) else "",
            reason=item.reason if isinstance(item.reason, str) else "–",
        )
        yield cell(f"    {sentence}")


def _picture(content: str) -> Text:
    """A QR code in half blocks, black on white whatever the terminal's colours."""
    matrix = [[bool(dark) for dark in row] for row in segno.make(content, error="m").matrix_iter(border=2)]
    matrix += [[False] * len(matrix[0])] * (len(matrix) % 2)
    pairs = (zip(upper, lower, strict=True) for upper, lower in zip(matrix[::2], matrix[1::2], strict=True))
    rows = ["".join(_HALVES[pair] for pair in row) for row in pairs]
    return Text("\n").join(Text(row, style="black on white", no_wrap=True) for row in rows)


def _to_json(app: App, listed: KeyList) -> dict[str, Any]:
    current, seal = listed.current, listed.current.seal
    return {
        "station": listed.station,
        "fingerprint": current.fingerprint,
        "seal": None
        if seal is None
        else {
            "sha256": current.seal_digest,
            "subject": seal.subject.rfc4514_string(),
            "begin": seal.not_valid_before_utc.isoformat(),
            "end": seal.not_valid_after_utc.isoformat(),
        },
        "files": _for_donors(app),
        "list": as_json_object(listed),
    }
