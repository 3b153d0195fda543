"""What stands on which page: one page and an annex for an ordinary drive; parties, corrections, names."""

from __future__ import annotations

import json
import resource
import time
from typing import Any

import pytest
import typst

from bench.certificate import Certificate
from bench.record.base import Absent
from support import paper_samples as samples
from support.pages import open_pdf, page_texts, unspaced
from ui.formats import Language
from ui.paper.pdf import _template, render_pdf
from ui.paper.view import view_of
from ui.texts import texts

FR, EN = Language.FR, Language.EN
MOST_BYTES, MOST_SECONDS = 150_000, 0.3
ORDINARY = ["ordinary", "seven-passes", "sampled", "simulated", "corrected", "no-serial", "unproven", "aborted"]


def view(name: str, language: Language = FR) -> dict[str, Any]:
    return view_of(Certificate.model_validate_json(samples.file_of(name)), texts(language))


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_drive_has_one_page_and_an_annex(name: str, language: Language) -> None:
    say = texts(language).say
    first, annex = page_texts(samples.pdf_of(name, language))
    for part in ("drive", "parties", "process", "result", "not-covered", "validation", "origin", "ledger-root"):
        assert say(f"paper-{part}") in first
    assert say("paper-annex") in annex
    assert say("paper-surface") in annex
    assert say("paper-tools") in annex


@pytest.mark.parametrize("name", sorted(samples.SAMPLES))
def test_pages_are_numbered(name: str) -> None:
    pages = page_texts(samples.pdf_of(name, FR))
    assert all(f"page {number}/{len(pages)}" in page for number, page in enumerate(pages, start=1))


@pytest.mark.parametrize("name", sorted(samples.SAMPLES))
def test_typst_settles_and_warns_of_nothing(name: str) -> None:
    inputs = {"view": json.dumps(view(name)), "original": samples.file_of(name).decode()}
    _, warnings = typst.compile_with_warnings(
        _template(), format="pdf", ignore_system_fonts=True, sys_inputs=inputs, pdf_standards=["a-3a", "ua-1"]
    )
    assert [str(item) for item in warnings] == []


@pytest.mark.parametrize("name", sorted(samples.SAMPLES))
def test_no_line_leaves_the_page(name: str) -> None:
    with open_pdf(stream=samples.pdf_of(name, FR)) as document:
        for page in document:
            lines = [line for block in page.get_text("dict")["blocks"] for line in block.get("lines", [])]
            level = [line for line in lines if line["dir"] == (1, 0)]  # all but the watermark
            assert level
            assert all(line["bbox"][0] >= 40 and line["bbox"][2] <= page.rect.width - 40 for line in level)
            assert all(line["bbox"][3] <= page.rect.height - 15 for line in level)


def test_columns_do_not_run_into_each_other() -> None:
    with open_pdf(stream=samples.pdf_of("longest-names", FR)) as document:
        page = document[0]
        parties = page.search_for("Parties")[0]
        left = [word for word in page.get_text("words") if word[0] < parties.x0 - 5 and parties.y1 < word[1] < 300]
    assert max(word[2] for word in left) < parties.x0 - 5


def test_parties_are_told_with_their_roles() -> None:
    first = unspaced(page_texts(samples.pdf_of("ordinary", FR))[0])
    for expected in (
        "Région Hauts-de-France",
        "151, avenue du Président-Hoover, 59555 Lille Cedex",
        "SIRET 200 053 742 00017",
        "référence Inventaire 2026-114",
        "responsable de traitement",
        "sous-traitant",
        "BR-2026-017",
        "OP-07",
    ):
        assert unspaced(expected) in first


def test_what_nobody_gave_is_said_calmly() -> None:
    rows = view("no-serial")["parties"]["rows"]
    assert [(row["value"], row["faint"]) for row in rows[:3]] == [("non renseigné", True)] * 3
    drive = view("no-serial")["drive"]["rows"]
    assert [row["value"] for row in drive[:3]] == ["non communiqué par le disque"] * 3


def test_a_correction_says_what_it_replaces_and_why() -> None:
    for language, line in (
        (FR, "Remplace le n° TR-ABCDEF-000001 : Donateur mal saisi."),
        (EN, "Replaces no. TR-ABCDEF-000001: Donateur mal saisi."),
    ):
        first = page_texts(samples.pdf_of("corrected", language))[0]
        assert unspaced(line) in unspaced(first)
        assert "TR-ABCDEF-000002" in first
    assert "Remplace" not in page_texts(samples.pdf_of("ordinary", FR))[0]


def test_interruptions_are_counted_first_and_listed_in_the_annex() -> None:
    assert [row[0] for row in view("interrupted")["annex"]["interruptions"]["rows"]] == [str(at) for at in range(1, 13)]
    first, *rest = page_texts(samples.pdf_of("interrupted", FR))
    assert "12, détaillées en annexe" in first
    annex = " ".join(rest)
    assert annex.count("banc arrêté (coupure ou panne)") == 4
    assert annex.count("programme d’écriture perdu") == 4
    assert annex.count("arrêt par l’opérateur") == 4


def test_names_of_many_scripts_stand_as_they_are() -> None:
    first = page_texts(samples.pdf_of("many-scripts", FR))[0]
    for name in (
        "Δήμος Ηρακλείου Κρήτης",
        "Αγίου Τίτου 1",
        "Şükrü İğdır Işık",
        "Майстерня «Ґанок» – Їжакевич",
        "Хрещатик",
    ):
        assert unspaced(name) in unspaced(first)
    assert "<U+65E5><U+672C>" in first


def test_serials_can_be_copied_whole() -> None:
    with open_pdf(stream=samples.pdf_of("longest-names", FR)) as document:
        raw = document[0].get_text()
    assert "2CK9R7ND-0123456789AB" in raw
    assert "eui.6479a77f8af0123456789abcdef01234" in raw


def test_parts_of_the_annex_with_nothing_to_tell_are_left_out() -> None:
    annex = page_texts(samples.pdf_of("ordinary", FR))[1]
    for part in ("paper-interruptions-title", "paper-passes", "paper-unwritten"):
        assert texts(FR).say(part) not in annex
    assert view("fake")["annex"]["surface"] is None


def test_what_was_measured_stands_beneath_the_pictures() -> None:
    rows = view("interrupted", EN)["annex"]["surface"]["rows"]
    assert [row[0] for row in rows] == ["writing, pass 1", "reading back, pass 1"]
    record = Certificate.model_validate_json(samples.file_of("interrupted")).record
    table = record.process.passes[0].surface
    assert not isinstance(table, Absent)
    assert rows[0][-2:] == [str(sum(table.slow)), str(sum(table.retried))]


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("name", sorted(samples.SAMPLES))
def test_a_document_is_small(name: str, language: Language) -> None:
    assert len(samples.pdf_of(name, language)) <= MOST_BYTES


@pytest.mark.parametrize("name", ["ordinary", "hopeless", "many-passes"])
def test_rendering_takes_little_time(name: str) -> None:
    file = samples.file_of(name)
    render_pdf(file, FR)
    spent = []
    for _ in range(3):
        start = time.process_time()
        render_pdf(file, FR)
        spent.append(time.process_time() - start)
    assert min(spent) < MOST_SECONDS


def test_memory_does_not_grow_with_the_number_of_documents() -> None:
    file = samples.file_of("ordinary")
    for _ in range(10):
        render_pdf(file, FR)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(60):
        render_pdf(file, FR)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000  # KiB
