"""Builds the verification page: `python -m ui.verifier.build FILE`.

The same sources give the same bytes, where zlib is the same. The page's words come from the same Fluent files as
everybody's. What its scripts say by id, and the families of ids that records hold, go into it; a script that says an
id which does not exist stops the build.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import sys
import zlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from ui.formats import Language
from ui.texts import sources
from ui.verifier.bundle import bundled
from ui.verifier.fluent import Choices, Pattern, patterns

ENTRY = "page"
COMPOSED = re.compile(
    r"(verifier|verdict|reason|remark|not-covered|absent|level)-.+|method-.+-title|"
    r"check-(readable|form|schema|signature|key|leaf|inclusion|head)-(passed|failed|unknown)|"
    r"certificate-(intact|altered|unknown-key|doubtful-key|revoked-key|unreadable)"
)
"""Ids that are put together at run time, from what records hold and checks find."""
_LITERAL = re.compile(r'"([a-z]+(?:-[a-z0-9]+)+)"')
_OURS = re.compile(r"(?:verifier|check|certificate|unreadable|key-list|ledger-head)-[a-z0-9-]+")
_SLOT = re.compile(r"\{\{(?:(fr|en):)?([a-z0-9-]+)\}\}")


class PageError(ValueError):
    """A page that would say something for which there are no words."""


@cache
def build_page() -> str:
    """The page's HTML. `PageError`, `BundleError` or `FluentError` where its sources do not fit together."""
    scripts = modules()
    spoken = {language: said_by(scripts, all_patterns(language)) for language in Language}
    texts = {name: [spoken[language][name] for language in Language] for name in spoken[Language.FR]}
    script = bundled(scripts, ENTRY)
    style = _source("style.css")
    policy = (
        f"default-src 'none'; script-src '{_source_hash(script)}'; style-src '{_source_hash(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    parts = {
        "policy": policy,
        "style": style,
        "script": script,
        "texts": _packed(json.dumps(compact(texts), ensure_ascii=False, separators=(",", ":"))),
        "version": version("tablerase"),
    }
    if "</script" in script or "</style" in style:
        raise PageError("a script or style that ends its own element")
    return _SLOT.sub(lambda slot: _filling(slot, parts, texts), _source("page.html"))


def modules() -> dict[str, str]:
    """The page's scripts: module name to text."""
    folder = files("ui.verifier").joinpath("script")
    return {
        item.name.removesuffix(".js"): item.read_text("utf-8") for item in folder.iterdir() if item.name.endswith(".js")
    }


def all_patterns(language: Language) -> dict[str, Pattern]:
    """Every message of a language, as the page can write it."""
    return {name: value for content in sources(language).values() for name, value in patterns(content).items()}


def said_by(scripts: Mapping[str, str], known: Mapping[str, Pattern]) -> dict[str, Pattern]:
    """The messages that the page may say. `PageError` if it names one that does not exist."""
    literals = {found for text in scripts.values() for found in _LITERAL.findall(text)}
    unknown = sorted(name for name in literals if _OURS.fullmatch(name) and name not in known)
    if unknown:
        raise PageError(f"no text for {', '.join(unknown)}")
    return {name: value for name, value in known.items() if name in literals or COMPOSED.fullmatch(name)}


def compact(texts: Mapping[str, Sequence[Pattern]]) -> dict[str, object]:
    """As `script/texts.js` reads them: `patterns` by id, in each language, and the choices that they share."""
    choices = Choices(pattern for both in texts.values() for pattern in both)
    small = {name: [choices.without(pattern) for pattern in texts[name]] for name in sorted(texts)}
    return {"patterns": small, "choices": choices.kept}


def _filling(slot: re.Match[str], parts: Mapping[str, str], texts: Mapping[str, list[Pattern]]) -> str:
    language, name = Language(slot[1] or Language.FR), slot[2]
    if name in parts:
        return parts[name]
    pattern = texts.get(name, [[], []])[list(Language).index(language)]
    if not isinstance(pattern, str):
        raise PageError(f"the page shows {name!r}, which is no plain text")
    return html.escape(pattern)


def _packed(text: str) -> str:
    """As the page unpacks it: zlib (RFC 1950), then base64. The words are the better half of the page."""
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def _source(name: str) -> str:
    return files("ui.verifier").joinpath(name).read_text("utf-8")


def _source_hash(text: str) -> str:
    """A Content-Security-Policy source: what stands between the tags, and nothing else, may run."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(build_page(), encoding="utf-8", newline="\n")
