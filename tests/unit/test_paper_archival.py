"""Archival and accessible: independent checkers find no fault in any sample, and do find those that are put there."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from support import paper_samples as samples
from support.pdf_checks import accessibility_faults, all_faults, archival_faults, syntax_faults
from ui.formats import Language
from ui.texts import texts

FR, EN = Language.FR, Language.EN


@pytest.mark.parametrize("name", sorted(samples.SAMPLES))
def test_no_fault_is_found(name: str) -> None:
    assert all_faults(samples.pdf_of(name, FR)) == []


@pytest.mark.parametrize("name", ["ordinary", "failed", "many-passes"])
def test_nor_in_english(name: str) -> None:
    assert all_faults(samples.pdf_of(name, EN)) == []


def changed(change: Callable[[Pdf], None]) -> bytes:
    out = io.BytesIO()
    with Pdf.open(io.BytesIO(samples.pdf_of("ordinary", FR))) as document:
        change(document)
        document.save(out)
    return out.getvalue()


def of_type(document: Pdf, kind: str) -> list[pikepdf.Object]:
    return [item for item in document.objects if isinstance(item, Dictionary) and item.get("/Type") == Name(kind)]


def without_metadata(document: Pdf) -> None:
    del document.Root["/Metadata"]


def at_level_b(document: Pdf) -> None:
    text = document.Root.Metadata.read_bytes()
    document.Root.Metadata.write(text.replace(b"conformance>A<", b"conformance>B<"))


def with_an_unknown_property(document: Pdf) -> None:
    text = document.Root.Metadata.read_bytes()
    added = b'<rdf:Description rdf:about="" xmlns:x="http://example.org/x/" x:y="z"/></rdf:RDF>'
    document.Root.Metadata.write(text.replace(b"</rdf:RDF>", added))


def untagged(document: Pdf) -> None:
    document.Root.MarkInfo.Marked = False


def without_language(document: Pdf) -> None:
    del document.Root["/Lang"]


def without_characters(document: Pdf) -> None:
    del next(font for font in of_type(document, "/Font") if "/ToUnicode" in font)["/ToUnicode"]


def without_font_file(document: Pdf) -> None:
    del of_type(document, "/FontDescriptor")[0]["/FontFile3"]


def with_a_script(document: Pdf) -> None:
    document.Root.OpenAction = document.make_indirect(Dictionary(S=Name.JavaScript, JS="1"))


def with_a_hidden_note(document: Pdf) -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([0, 0, 9, 9]), F=2, Contents="x")
    document.pages[0].Annots = document.make_indirect(Array([document.make_indirect(note)]))


def with_a_loose_attachment(document: Pdf) -> None:
    del document.Root["/AF"]


def without_relationship(document: Pdf) -> None:
    del of_type(document, "/Filespec")[0]["/AFRelationship"]


def in_device_colour(document: Pdf) -> None:
    if "/OutputIntents" in document.Root:
        del document.Root["/OutputIntents"]
    document.pages[0].contents_add(b"1 0 0 rg")


def asking_for_appearances(document: Pdf) -> None:
    document.Root.AcroForm = Dictionary(Fields=Array(), NeedAppearances=True)


@pytest.mark.parametrize(
    ("change", "clause"),
    [
        (without_metadata, "6.6.2.1"),
        (at_level_b, "6.6.4"),
        (with_an_unknown_property, "6.6.2.3"),
        (untagged, "6.7.2.2"),
        (without_language, "6.7.4"),
        (without_characters, "6.2.11.7.2"),
        (without_font_file, "6.2.11.4.1"),
        (with_a_script, "6.5.1"),
        (with_a_hidden_note, "6.3.2"),
        (with_a_loose_attachment, "6.8"),
        (without_relationship, "6.8"),
        (in_device_colour, "6.2.4.3"),
        (asking_for_appearances, "6.4.1"),
    ],
)
def test_what_breaks_the_archival_form_is_found(change: Callable[[Pdf], None], clause: str) -> None:
    assert any(fault.startswith(clause) for fault in archival_faults(changed(change)))


def test_saving_anew_is_no_fault() -> None:
    assert archival_faults(changed(lambda _: None)) == []


def test_what_follows_the_end_is_found() -> None:
    pdf = samples.pdf_of("ordinary", FR)
    assert any(fault.startswith("6.1.3") for fault in archival_faults(pdf + b"\nmore"))


def silent_pictures(document: Pdf) -> None:
    for item in document.objects:
        if isinstance(item, Dictionary) and item.get("/S") == Name.Figure and "/Alt" in item:
            del item["/Alt"]


def deep_first_heading(document: Pdf) -> None:
    for item in document.objects:
        if isinstance(item, Dictionary) and item.get("/S") == Name.H1:
            item.S = Name.H3


@pytest.mark.parametrize(
    ("change", "rule"), [(silent_pictures, "FIG-001"), (deep_first_heading, "HDG-002"), (untagged, "DOC-001")]
)
def test_what_shuts_readers_out_is_found(change: Callable[[Pdf], None], rule: str) -> None:
    assert any(fault.startswith(rule) for fault in accessibility_faults(changed(change)))


def test_broken_syntax_is_found() -> None:
    pdf = samples.pdf_of("ordinary", FR)
    assert syntax_faults(pdf[: len(pdf) // 2]) != []


@pytest.mark.parametrize("name", ["ordinary", "many-passes", "interrupted"])
def test_tables_have_headers_for_their_columns(name: str) -> None:
    with Pdf.open(io.BytesIO(samples.pdf_of(name, FR))) as document:
        cells = [item for item in document.objects if isinstance(item, Dictionary) and "/S" in item and "/P" in item]
        tables = [item for item in cells if item.get("/S") == Name.Table]
        headers = [item for item in cells if item.S == Name.TH]
        assert len(tables) >= 3
        assert len(headers) >= 5 * len(tables)
        for header in headers:
            described = header.A if isinstance(header.A, Array) else [header.A]
            assert any(item.get("/Scope") == Name.Column for item in described)


@pytest.mark.parametrize("language", list(Language))
def test_pictures_are_described(language: Language) -> None:
    with Pdf.open(io.BytesIO(samples.pdf_of("seven-passes", language))) as document:
        figures = [item for item in document.objects if isinstance(item, Dictionary) and item.get("/S") == Name.Figure]
        described = [str(item.Alt) for item in figures]
    say = texts(language).say
    assert say("paper-qr") in described
    assert any("73" in text and "500" in text for text in described)  # zones, and the drive's size
    assert len(described) == 3
