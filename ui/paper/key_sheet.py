"""The *feuille de secours*: a station's keys on paper, encrypted, to be kept apart from the station.

A4, archival and accessible. It carries the lines of a backup as text and as QR codes, beside each other, and never the
passphrase.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

import typst

from bench.key_backup import compact
from bench.key_list import KeyList
from bench.keys import grouped
from ui.formats import Language
from ui.paper.legible import legible
from ui.paper.qr import qr_svg
from ui.texts import Texts, texts

LINES_A_CODE = 12
"""What a QR code of moderate size holds, and what stands beside it."""


def render_key_sheet(listed: KeyList, lines: Sequence[str], language: Language, made: str) -> bytes:
    """The sheet as PDF, for the lines of `bench.key_backup.backup_lines`; `made` is RFC 3339."""
    pdf = typst.compile(
        _template(),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"view": json.dumps(_view(listed, lines, texts(language), made), ensure_ascii=False)},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=datetime.fromisoformat(made).replace(microsecond=0),
    )
    if not isinstance(pdf, bytes):
        raise TypeError("typst gave pages instead of one PDF")
    return pdf


def _view(listed: KeyList, lines: Sequence[str], t: Texts, made: str) -> dict[str, Any]:
    """Everything that stands on the sheet, in words."""
    current = listed.current
    return {
        "language": t.language.value,
        "title": t.say("sheet-title"),
        "page": t.say("sheet-page"),
        "station": legible(listed.station),
        "purpose": t.say("sheet-purpose"),
        "facts": [
            {"label": t.say("sheet-station"), "value": legible(listed.station), "mono": False},
            {"label": t.say("sheet-made"), "value": t.say("cli-date", at=made), "mono": False},
            {"label": t.say("sheet-fingerprint"), "value": grouped(current.fingerprint), "mono": True},
            {"label": t.say("sheet-seal"), "value": grouped(current.seal_digest), "mono": True},
        ],
        "sections": [
            {"title": t.say(f"sheet-{name}-title"), "items": [t.say(f"sheet-{name}-{n}") for n in range(1, count + 1)]}
            for name, count in (("keep", 3), ("use", 4), ("void", 2))
        ],
        "by_hand": {
            "title": t.say("sheet-by-hand-title"),
            "fields": [t.say(f"sheet-by-hand-{name}") for name in ("printed", "place", "holder", "checked")],
        },
        "backup": {
            "title": t.say("sheet-backup-title"),
            "about": t.say("sheet-backup-about", count=len(lines)),
            "blocks": [_block(lines[i : i + LINES_A_CODE], i + 1, t) for i in range(0, len(lines), LINES_A_CODE)],
        },
    }


def _block(lines: Sequence[str], first: int, t: Texts) -> dict[str, Any]:
    caption = t.say("sheet-code", first=first, last=first + len(lines) - 1)
    return {"lines": list(lines), "code": qr_svg(compact(lines)), "caption": caption}


@cache
def _template() -> bytes:
    return files("config").joinpath("key-sheet.typ").read_bytes()
