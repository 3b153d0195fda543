"""The verification page in Debian's Chromium: as a reader uses it, and its modules for the tests to call."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import Any, TypeAlias

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, Request, expect, sync_playwright

from ui.verifier.build import build_page, modules
from ui.verifier.bundle import bundled

CHROMIUM = "chromium"
Files = dict[str, bytes]
Call: TypeAlias = Callable[[str, Any], Any]
"""Runs one of the functions of `PROBE`: its name, its argument, what it gives."""

PROBE = """
import { fromBase64, utf8 } from "./bytes.js";
import { checkDocument, toneOf } from "./document.js";
import { Failure } from "./failure.js";
import { canonical, readObject } from "./json.js";
import { Known } from "./known.js";
import { extendsTree, includes } from "./merkle.js";
import { Texts } from "./texts.js";

const bytes = fromBase64;

async function known(references) {
  const made = new Known();
  for (const [name, kind, content] of references) await made.add(name, kind, bytes(content));
  return made;
}

async function report(content, given) {
  const found = await checkDocument("file", content, given);
  const checks = found.checks.map(({ subject, outcome, message }) => [subject, outcome, message.id]);
  return { overall: found.overall, tone: toneOf(found), checks };
}

globalThis.probe = {
  async check([content, references]) {
    return report(bytes(content), await known(references));
  },
  async taken([content, kind]) {
    const made = await known([["file", kind, content]]);
    return made.items.map(({ outcome, message }) => [outcome, message.id])[0];
  },
  async flipped([content, references, places, mask]) {
    const [whole, given, found] = [bytes(content), await known(references), []];
    for (const place of places) {
      whole[place] ^= mask;
      found.push((await report(whole, given)).overall);
      whole[place] ^= mask;
    }
    return found;
  },
  read(contents) {
    return contents.map((content) => {
      try {
        return ["read", canonical(readObject(bytes(content)))];
      } catch (error) {
        if (error instanceof Failure) return ["refused", error.id];
        throw error;
      }
    });
  },
  async included(cases) {
    const found = [];
    for (const [root, size, index, leaf, path] of cases) {
      found.push(await includes(bytes(root), size, index, bytes(leaf), path.map(bytes)));
    }
    return found;
  },
  async extended(cases) {
    const found = [];
    for (const [oldRoot, oldSize, root, size, path] of cases) {
      found.push(await extendsTree(bytes(oldRoot), oldSize, bytes(root), size, path.map(bytes)));
    }
    return found;
  },
  said([language, patterns, sentences]) {
    const texts = new Texts(language, patterns);
    return sentences.map(([id, params]) => texts.say(id, params));
  },
};
"""


@dataclass(frozen=True)
class Seen:
    """What the page shows of one document."""

    overall: str
    tone: str
    title: str
    sentence: str
    checks: dict[str, tuple[str, str]]
    """Subject to outcome and message id."""
    text: str

    def failed(self) -> dict[str, str]:
        """Subject to message id, of the checks that failed."""
        return {subject: said for subject, (outcome, said) in self.checks.items() if outcome == "failed"}


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium; the test is skipped where there is none."""
    path = which(CHROMIUM)
    if path is None:
        pytest.skip("needs chromium")
    with sync_playwright() as playwright:
        # Root may not use Chromium's sandbox; what it is shown here is ours.
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield chromium
        finally:
            chromium.close()


class VerifierPage:
    """The page as a reader has it in a window."""

    def __init__(self, context: BrowserContext, file: Path, requested: list[str]) -> None:
        self.errors: list[str] = []
        self.requested = requested
        self.page: Page = context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda said: self.errors.append(said.text))
        self.page.on("dialog", lambda dialog: self.errors.append(f"dialog {dialog.message}"))
        self.page.goto(file.as_uri())
        self.page.wait_for_selector("html[data-ready]")

    def give(self, documents: Files | None = None, references: Files | None = None) -> list[Seen]:
        """Choose files by the two buttons, and read what the page says of each document."""
        reports, items = self.page.locator("article.report").count(), self.page.locator("#items > li").count()
        if references:
            self.page.set_input_files("#references", [_payload(*item) for item in references.items()])
            self.settled(reports, items + len(references))
        if documents:
            self.page.set_input_files("#documents", [_payload(*item) for item in documents.items()])
            self.settled(reports + len(documents), items + len(references or {}))
        return self.seen()

    def settled(self, reports: int, items: int) -> None:
        """Wait until so many documents and references are shown."""
        expect(self.page.locator("#items > li")).to_have_count(items)
        expect(self.page.locator("article.report")).to_have_count(reports)

    def seen(self) -> list[Seen]:
        """What the page shows of each document."""
        return [
            Seen(
                overall=card.get_attribute("data-overall") or "",
                tone=card.get_attribute("data-tone") or "",
                title=card.locator("h2").inner_text(),
                sentence=card.locator(".sentence").inner_text(),
                checks={
                    item.get_attribute("data-subject") or "": (
                        item.get_attribute("data-outcome") or "",
                        item.get_attribute("data-message") or "",
                    )
                    for item in card.locator(".checks > li").all()
                },
                text=card.inner_text(),
            )
            for card in self.page.locator("article.report").all()
        ]

    def items(self) -> list[tuple[str, str]]:
        """Outcome and message id of each thing given from the workshop."""
        return [
            (item.get_attribute("data-outcome") or "", item.get_attribute("data-message") or "")
            for item in self.page.locator("#items > li").all()
        ]


@contextmanager
def opened(
    chromium: Browser, folder: Path, *, file: Path | None = None, init: str = "", **options: Any
) -> Iterator[VerifierPage]:
    """The page from a file, in French unless `locale` says otherwise; `init` is script run before it."""
    if file is None:
        file = folder / "verify.html"
        file.write_text(build_page(), encoding="utf-8")
    context = chromium.new_context(**{"locale": "fr-FR", **options})
    requested: list[str] = []

    def note(request: Request) -> None:
        requested.append(request.url)

    context.on("request", note)
    if init:
        context.add_init_script(init)
    try:
        yield VerifierPage(context, file, requested)
    finally:
        context.close()


@contextmanager
def probe(chromium: Browser, folder: Path) -> Iterator[Call]:
    """The page's modules in a blank page: `call(name, argument)` runs one of the functions of `PROBE`."""
    file = folder / "probe.html"
    script = bundled({**modules(), "probe": PROBE.lstrip()}, "probe")
    file.write_text(f'<!DOCTYPE html><meta charset="utf-8"><script type="module">{script}</script>', encoding="utf-8")
    page = chromium.new_page()
    try:
        page.goto(file.as_uri())
        yield lambda name, argument: page.evaluate(f"(argument) => globalThis.probe.{name}(argument)", argument)
    finally:
        page.close()


def b64(content: bytes) -> str:
    """As the probe's functions take bytes."""
    return base64.b64encode(content).decode()


def references(**given: bytes) -> Sequence[tuple[str, str, str]]:
    """As the probe takes what a reader has: kind to content."""
    return [(kind, kind, b64(content)) for kind, content in given.items()]


def _payload(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def check(call: Call, document: bytes, **known: bytes) -> tuple[str, dict[str, tuple[str, str]]]:
    """What the page's modules make of a document: overall outcome, and subject to outcome and message id."""
    found = call("check", [b64(document), references(**known)])
    return found["overall"], {subject: (outcome, said) for subject, outcome, said in found["checks"]}
