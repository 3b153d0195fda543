"""The paper: what stands on it, what sets a failure report apart, and that it is the same every time."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pikepdf
import pytest

from bench.evidence import Evidence
from bench.methods import Pass
from bench.work import Action
from support import evidence_samples as sample
from support.pages import open_pdf, page_texts, unspaced
from ui.formats import Language
from ui.paper.legible import legible
from ui.paper.pdf import render_pdf
from ui.texts import texts

FR, EN = Language.FR, Language.EN
MANY = [Pass(pattern=f"{number:02X}" * 3) for number in range(34)]


def pages_of(evidence: Evidence, language: Language = FR) -> list[str]:
    """The text of each page."""
    return page_texts(render_pdf(sample.certificate(evidence), language))


def test_a_certificate_says_what_was_done() -> None:
    text = unspaced(" ".join(pages_of(sample.erased())))
    for expected in (
        "Attestation d’effacement",
        "EFFACÉ",
        "TR-ABCDEF-000001",
        "Example HD1000",
        "SN-0001",
        "5000c500a1b2c3d4",
        "relu à 100 %",
        "67,1 Mo (67 108 864 octets)",
        "flux aléatoire AES-256-CTR",
        "Secteurs réalloués",
        "réservé au donateur",
        "SHA-256",
    ):
        assert unspaced(expected) in text
    assert "SIMULATION" not in text


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("make", [sample.failed, sample.fake, sample.given_up, sample.unproven, sample.aborted])
def test_a_failure_report_is_no_certificate_on_any_page(make: Callable[[], Evidence], language: Language) -> None:
    say = texts(language).say
    pages = pages_of(make(), language)
    for page in pages:
        assert unspaced(say("paper-not-a-certificate")) in unspaced(page)
        assert unspaced(say("paper-title-erasure-certificate")) not in unspaced(page)
    assert say("paper-title-failure-report") in pages[0]


def test_failed_says_destroy() -> None:
    first = pages_of(sample.failed())[0]
    assert "À DÉTRUIRE" in first
    assert "PEUT CONTENIR DES DONNÉES" in first


@pytest.mark.parametrize("make", [sample.erased, sample.remarked, sample.sick])
def test_a_certificate_bears_no_mark_of_failure(make: Callable[[], Evidence]) -> None:
    assert not any("N’ATTESTE" in page for page in pages_of(make()))


@pytest.mark.parametrize("language", list(Language))
def test_every_page_of_a_simulation_says_so(language: Language) -> None:
    pages = pages_of(sample.erased(sample.facts(simulated=True), passes=[*MANY, sample.STREAM]), language)
    assert len(pages) > 1
    for page in pages:
        assert page.count("SIMULATION") >= 2  # across the page, and in the band above it


def test_pages_are_numbered_and_long_methods_flow_into_the_annex() -> None:
    pages = pages_of(sample.erased(passes=[*MANY, sample.STREAM], method="gutmann"))
    for number, page in enumerate(pages, start=1):
        assert f"page {number}/{len(pages)}" in page
    assert "passes détaillées en annexe" in pages[0]
    for item in MANY:
        assert f"motif {item.pattern}" not in pages[0]
        assert f"motif {item.pattern}" in " ".join(pages[1:])


def test_hundreds_of_passes_are_summed_up() -> None:
    pages = pages_of(sample.erased(passes=[*MANY * 10, sample.STREAM]))
    assert len(pages) == 2
    assert "1–340" in " ".join(pages)


@pytest.mark.parametrize("language", list(Language))
def test_hundreds_of_ranges_are_counted_first_and_listed_in_the_annex(language: Language) -> None:
    evidence, say = sample.given_up(400), texts(language).say
    unwritten = sample.record(evidence).result.unwritten
    blocks = sum(item.last - item.first + 1 for item in unwritten)
    pages = [unspaced(page) for page in pages_of(evidence, language)]
    extent = say("paper-ranges-listed", first=unwritten[0].first, last=unwritten[-1].last)
    assert unspaced(say("paper-ranges", blocks=blocks, count=400, places=extent)) in pages[0]
    annex = "".join(pages[1:])
    listed = [say("paper-range", first=item.first, last=item.last) for item in unwritten if item.first < item.last]
    assert len(listed) > 250
    assert all(unspaced(item) in annex for item in listed)
    assert unspaced(say("paper-ranges-title", kind=say("paper-unreadable"), count=100)) in annex
    assert len(pages) <= 4
    with open_pdf(stream=render_pdf(sample.certificate(evidence), language)) as document:
        assert document.embfile_get(0).count(b'"first"') > 400


def test_thousands_of_ranges_are_listed_as_far_as_there_is_room() -> None:
    text = unspaced(" ".join(pages := pages_of(sample.given_up(500), EN)))
    assert text.count(unspaced(texts(EN).say("paper-more", count=100))) == 1
    assert len(pages) <= 5


@pytest.mark.parametrize("language", list(Language))
def test_why_a_drive_was_given_up_stands_first(language: Language) -> None:
    evidence, t = sample.given_up(), texts(language)
    text = unspaced(" ".join(pages_of(evidence, language)))
    given_up, unwritten = sample.record(evidence).result.reasons[:2]
    at = [text.index(unspaced(t.text(item.message()))) for item in (given_up, unwritten)]
    assert at == sorted(at)


@pytest.mark.parametrize("language", list(Language))
def test_what_was_overcome_is_counted(language: Language) -> None:
    say = texts(language).say
    ways = ", ".join(say(f"paper-overcome-{way}", count=1) for way in ("retried", "cured", "rewritten"))
    assert unspaced(say("paper-overcome") + ways) in unspaced(" ".join(pages_of(sample.sick(), language)))
    assert unspaced(say("paper-overcome")) not in unspaced(" ".join(pages_of(sample.erased(), language)))
    cured = unspaced(say("paper-overcome-cured", count=100))
    assert cured in unspaced(" ".join(pages_of(sample.given_up(), language)))


def test_a_single_block_is_one_number() -> None:
    text = unspaced(" ".join(pages_of(sample.failed(), EN)))
    assert unspaced("Unexpected content one block: 4 096") in text
    assert unspaced("Not overwritten 8 blocks in one range: 2 048 to 2 055") in text


@pytest.mark.parametrize("make", [sample.failed, sample.fake, sample.given_up])
def test_a_reading_that_found_something_is_not_called_complete(make: Callable[[], Evidence]) -> None:
    assert unspaced(texts(EN).say("paper-verification-full")) not in unspaced(" ".join(pages_of(make(), EN)))


def test_what_reading_back_found_stands_in_the_table_and_above() -> None:
    text = unspaced(" ".join(pages_of(sample.failed(), EN)))
    assert unspaced("read back to the end: 4 096 bytes unreadable, 512 bytes with unexpected content") in text
    assert unspaced("512 bytes unexpected") in text


def test_only_what_was_written_and_read_is_counted_in_the_table() -> None:
    log = sample.JobLog(sample.plan(passes=[sample.STREAM])).start(0).fault(0, length=32 * sample.MIB)
    log.written(0, missed=32 * sample.MIB).verify_start(0).fault(0, action=Action.READ, length=16 * sample.MIB)
    text = unspaced(" ".join(pages_of(log.verified(0, missed=16 * sample.MIB).evidence, EN)))
    assert unspaced("33.6 MB") in text
    assert unspaced("16.8 MB not read") in text


def test_serials_are_never_cut() -> None:
    serial, model = "/srv/" + "x" * 300, "M" * 120
    text = unspaced(" ".join(pages_of(sample.erased(sample.facts(serial=serial, model=model)))))
    assert serial in text
    assert model in text


@pytest.mark.parametrize(
    "model", ["ΔΙΣΚΟΣ Τύπος 5", "ĞÜŞİÖÇ ıi", "Жёсткий диск", "#strong[x] $y$ \\ @z <a> `b` {c}", "a  b\tc", "«œ» €"]
)
def test_models_of_many_scripts_are_shown(model: str) -> None:
    shown = unspaced(legible(model))
    assert shown in unspaced(pages_of(sample.erased(sample.facts(model=model)))[0])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("שלום", "<U+05E9><U+05DC><U+05D5><U+05DD>"),
        ("日本", "<U+65E5><U+672C>"),
        ("a\u202eb", "a<U+202E>b"),
        ("a\x00\n", "a<U+0000><U+000A>"),
        ("e\u0301", "é"),
        ("🖴", "<U+1F5B4>"),
        ("soft\u00adhyphen", "soft<U+00AD>hyphen"),
    ],
)
def test_what_cannot_be_printed_is_named(text: str, shown: str) -> None:
    assert legible(text) == shown


def test_every_character_let_through_can_be_printed() -> None:
    legal = "".join(char for char in map(chr, range(0x20, 0x2200)) if legible(char) == char)
    assert len(legal) > 500
    text = unspaced(" ".join(pages_of(sample.erased(sample.facts(model=legal, serial=legal, wwn=legal)))))
    assert unspaced(legal) in text


def pdf_catalogue(pdf: bytes) -> tuple[Any, list[str], bytes]:
    with open_pdf(stream=pdf) as document:
        names = document.embfile_names()
        return document.metadata, names, document.embfile_get(names[0])


def test_the_original_is_attached() -> None:
    certificate = sample.certificate(sample.erased())
    metadata, names, attached = pdf_catalogue(render_pdf(certificate, FR))
    assert names == ["TR-ABCDEF-000001.json"]
    assert attached == certificate
    with pikepdf.open(io.BytesIO(render_pdf(certificate, FR))) as document:
        assert [item.AFRelationship for item in document.Root.AF] == [pikepdf.Name.Source]
    assert metadata["title"].startswith("Attestation d’effacement")


def test_it_is_archival_and_accessible() -> None:
    with open_pdf(stream=render_pdf(sample.certificate(sample.erased()), EN)) as document:
        xmp = document.get_xml_metadata()
        assert document.language == "en"
    assert re.search(r"pdfaid:part\W+3\b", xmp)
    assert re.search(r"pdfaid:conformance\W+A\b", xmp)
    assert re.search(r"pdfuaid:part\W+1\b", xmp)


@pytest.mark.parametrize("language", list(Language))
def test_the_same_file_gives_the_same_bytes(language: Language) -> None:
    certificate = sample.certificate(sample.remarked())
    pdf = render_pdf(certificate, language)
    time.sleep(1.1)  # another second, which nothing in the file may tell
    assert pdf == render_pdf(certificate, language)
    issued = datetime.fromisoformat(sample.ISSUED).astimezone(UTC)
    assert issued.strftime("D:%Y%m%d%H%M%S") in pdf_catalogue(pdf)[0]["creationDate"]


def test_what_is_no_certificate_is_refused() -> None:
    with pytest.raises(ValueError, match="certificate"):
        render_pdf(b'{"record": {}}', FR)


def test_a_method_that_the_texts_do_not_know_keeps_its_own_name() -> None:
    text = " ".join(pages_of(sample.erased(method="of-tomorrow")))
    assert "One random pass" in text
