"""What is said of a document beside its own text, where the ledger is at hand: that another took its place, and why."""

from __future__ import annotations

from bench.record.model import Record
from bench.record.schema import canonical
from bench.standing import Place, Standing
from ui.cli.app import App
from ui.texts import Texts

STYLE = "bold yellow"


def standing_of(app: App, record: Record | None) -> Standing | None:
    """What this state folder's ledger says of a record, `None` where there is neither record nor ledger."""
    if record is None or not app.folder.is_used():
        return None
    return app.onlooker().standing(record.document.number, canonical(record))


def sentence(texts: Texts, standing: Standing | None) -> str:
    """What people must know of it; empty where a document still stands or nothing is known of it here."""
    match standing:
        case Standing(place=Place.SUPERSEDED, by=by, reason=reason, latest=latest):
            told = texts.say("cli-superseded", number=by, reason=reason)
            return told if latest == by else f"{told} {texts.say('cli-superseded-latest', number=latest)}"
        case Standing(place=Place.DIFFERENT):
            return texts.say("cli-standing-different")
        case _:
            return ""


def to_json(standing: Standing | None) -> dict[str, str | None]:
    """The same for scripts: `standing` is `null` without a ledger, the others where nothing superseded it."""
    superseded = standing is not None and standing.place is Place.SUPERSEDED
    return {
        "standing": standing.place.value if standing else None,
        "superseded_by": standing.by if standing and superseded else None,
        "superseded_why": standing.reason if standing and superseded else None,
        "latest": standing.latest if standing and superseded else None,
    }
