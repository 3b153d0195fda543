"""The verification page for everybody: by keyboard, by screen reader, narrow, dark, and on paper."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from bench.keys import public_pem
from support import evidence_samples as sample
from support import verifier_samples as made
from support.verifier_page import Files, opened

LONG = sample.facts(model="M" * 40, serial="S" * 60, wwn="")
DOCUMENTS: Files = {
    "good.json": made.issued(),
    "failed.json": made.issued(sample.given_up()),
    "unnamed.json": made.issued(sample.remarked()),
    "stranger.json": made.issued(sample.erased(LONG), key=made.STRANGER),
    f"{'long-name-' * 20}.json": made.issued()[:-1],
}
REFERENCES: Files = {"station.key.pub": public_pem(made.KEY.public), "nothing.pub": b"-----BEGIN nothing"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing(chromium: Browser, tmp_path: Path, scheme: str, width: int) -> None:
    with opened(chromium, tmp_path, color_scheme=scheme, viewport={"width": width, "height": 900}) as page:
        for given in (False, True):
            if given:
                page.give(DOCUMENTS, REFERENCES)
                page.page.locator("details").evaluate_all("all => all.forEach(item => { item.open = true; })")
            options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
            found = Axe().run(page.page, options=options).response
            told = [(item["id"], [node["html"][:200] for node in item["nodes"]]) for item in found["violations"]]
            assert told == []
            assert len(found["passes"]) > 15


@pytest.mark.parametrize("width", [320, 768])
def test_nothing_is_cut_off_on_a_narrow_screen(chromium: Browser, tmp_path: Path, width: int) -> None:
    with opened(chromium, tmp_path, viewport={"width": width, "height": 640}) as page:
        page.give(DOCUMENTS, REFERENCES)
        page.page.locator("details").evaluate_all("all => all.forEach(item => { item.open = true; })")
        assert page.page.evaluate("document.documentElement.scrollWidth") <= width
        wide = page.page.evaluate(
            "width => [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > width)"
            ".map(e => e.outerHTML.slice(0, 100))",
            width,
        )
        assert wide == []


def test_all_of_it_can_be_done_by_keyboard(chromium: Browser, tmp_path: Path) -> None:
    with opened(chromium, tmp_path) as page:
        # From now on choosers are caught: asked for only when the key is pressed, that may come too late.
        page.page.on("filechooser", lambda _: None)
        focused = []
        for _ in range(6):
            page.page.keyboard.press("Tab")
            focused.append(
                page.page.evaluate("document.activeElement.dataset.language ?? document.activeElement.id")
                or page.page.evaluate("document.activeElement.type")
            )
        assert focused == ["fr", "en", "documents", "references", "fingerprint", "submit"]
        page.page.locator("#documents").focus()
        with page.page.expect_file_chooser() as chooser:
            page.page.keyboard.press("Enter")
        chooser.value.set_files({"name": "a.json", "mimeType": "application/json", "buffer": DOCUMENTS["good.json"]})
        page.settled(1, 0)
        page.page.locator("#fingerprint").focus()
        page.page.keyboard.type(made.KEY.fingerprint)
        page.page.keyboard.press("Enter")
        expect(page.page.locator("article.tone-good")).to_have_count(1)


def test_what_came_of_it_is_announced(chromium: Browser, tmp_path: Path) -> None:
    with opened(chromium, tmp_path) as page:
        status = page.page.get_by_role("status")
        assert status.get_attribute("aria-live") == "polite"
        page.give({"good.json": DOCUMENTS["good.json"]}, REFERENCES)
        expect(status).to_contain_text("Contrôle terminé. Document inchangé depuis son émission par atelier-1")
        assert page.page.get_by_role("heading", level=2, name="Document inchangé").count() == 1
        for item in page.page.locator(".checks > li").all():
            assert item.inner_text().strip()
            assert item.locator("svg").get_attribute("aria-hidden") == "true"


def test_a_printed_report_has_everything_and_no_buttons(chromium: Browser, tmp_path: Path) -> None:
    with opened(chromium, tmp_path) as page:
        page.give(DOCUMENTS, REFERENCES)
        target = tmp_path / "printed.pdf"
        page.page.pdf(path=target, format="A4")
        text = subprocess.run(["pdftotext", "-layout", target, "-"], capture_output=True, check=True, text=True).stdout
        assert text.count("Ce que dit l’enregistrement signé") == 4
        assert text.count("Flux aléatoire, une passe") == 4
        assert "À DÉTRUIRE" in text
        for button in ("Choisir des documents", "Ajouter", "English"):
            assert button not in text
