"""The pages look as they did when somebody last looked at them.

Digests and the QR code are left out of the comparison: they change with every record.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PIL import Image

from support import paper_samples as samples
from support.pages import blanked, difference, grey, without_digests
from ui.formats import Language
from ui.paper.pdf import render_pdf

FR, EN = Language.FR, Language.EN
FOLDER = Path(__file__).parent.parent / "golden"
BUILD = Path(__file__).parent.parent.parent / "build" / "golden"
RENEW = "TABLERASE_RENEW_GOLDENS"
DPI = 60
MOST = 0.0004
"""Share of a page that may look different: some hundred places of a third of a million, less than a word."""
GREYS = 16
PICTURES, PICTURES_DPI = Path(__file__).parent.parent.parent / "docs" / "pictures", 90
PICTURED = [
    ("certificate", "simulated", FR, 1),
    ("annex", "simulated", FR, 2),
    ("failure-report", "simulated-failure", EN, 1),
]
PAGES = [
    ("ordinary", FR, 1),
    ("ordinary", EN, 2),
    ("seven-passes", EN, 1),
    ("many-passes", FR, 2),
    ("longest-names", FR, 1),
    ("many-scripts", EN, 1),
    ("failed", FR, 1),
    ("failed", EN, 2),
    ("hopeless", FR, 3),
    ("interrupted", FR, 2),
    ("aborted", EN, 1),
    ("simulated-failure", FR, 2),
    ("simulated", FR, 1),
    ("corrected", EN, 1),
]


def few_greys(picture: Image.Image) -> Image.Image:
    """As it is stored."""
    return picture.quantize(GREYS).convert("L")


def compare(golden: Path, now: Image.Image, before: Image.Image) -> None:
    """Fail, and leave the picture and the difference to be looked at, if two pictures do not look the same."""
    share, where = difference(before, now)
    if share > MOST:
        BUILD.mkdir(parents=True, exist_ok=True)
        now.save(BUILD / golden.name)
        where.save(BUILD / f"{golden.stem}.difference.png")
        pytest.fail(
            f"{share:.2%} of the page looks different: see {BUILD / golden.name} and the difference beside it. "
            f"If it is meant to, renew all with {RENEW}=1 .venv/bin/python -m pytest tests/unit/test_paper_goldens.py"
        )


@pytest.mark.parametrize(("name", "language", "number"), PAGES)
def test_the_page_looks_as_before(name: str, language: Language, number: int) -> None:
    now = few_greys(without_digests(samples.pdf_of(name, language), number, DPI))
    golden = FOLDER / f"{name}.{language.value}.{number}.png"
    if os.environ.get(RENEW):
        FOLDER.mkdir(exist_ok=True)
        now.quantize(GREYS).save(golden, optimize=True)
    with Image.open(golden) as before:
        compare(golden, now, before.convert("L"))


@pytest.mark.parametrize(("picture", "name", "language", "number"), PICTURED)
def test_pictures_in_the_documents_show_todays_pages(picture: str, name: str, language: Language, number: int) -> None:
    pdf = samples.pdf_of(name, language)
    now = few_greys(grey(pdf, number, PICTURES_DPI))
    shown = PICTURES / f"{picture}.png"
    if os.environ.get(RENEW):
        PICTURES.mkdir(exist_ok=True)
        now.quantize(GREYS).save(shown, optimize=True)
    with Image.open(shown) as before:
        pages = [blanked(page, pdf, number, PICTURES_DPI) for page in (now, before.convert("L"))]
    compare(shown, *pages)


def test_goldens_are_few_and_small() -> None:
    found = {path.name for path in FOLDER.iterdir()}
    assert found == {f"{name}.{language.value}.{number}.png" for name, language, number in PAGES}
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 600_000


@pytest.mark.parametrize("other", ["corrected", "no-serial", "sampled", "simulated"])
def test_another_page_is_seen_to_differ(other: str) -> None:
    pages = [without_digests(samples.pdf_of(name, FR), 1, DPI) for name in ("ordinary", other)]
    assert difference(*pages)[0] > MOST


def test_a_word_more_is_seen() -> None:
    page = without_digests(samples.pdf_of("ordinary", FR), 1, DPI)
    changed = page.copy()
    changed.paste(0, (200, 480, 240, 484))
    assert difference(page, changed)[0] > MOST


def test_other_rounding_and_other_digests_are_not_seen() -> None:
    page = without_digests(samples.pdf_of("ordinary", FR), 1, DPI)
    assert difference(page, page.point(lambda value: max(0, value - 6)))[0] == 0
    evidence = samples.measured_passes(samples.job()).evidence
    other = render_pdf(samples.certificate(evidence, seal="0f" * 32), FR)
    assert difference(page, without_digests(other, 1, DPI))[0] < MOST
    assert difference(grey(samples.pdf_of("ordinary", FR), 1, DPI), grey(other, 1, DPI))[0] > MOST
