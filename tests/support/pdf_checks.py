"""Whether a PDF is what it says of itself: archival (PDF/A-3a) and accessible (PDF/UA-1). Each check gives its faults.

The reference validator, veraPDF, is to be had neither from Debian nor from PyPI or npm. In its place stand three that
know nothing of how our files are made: `qpdf --check` for the file's syntax, `outloud` for PDF/UA-1 (rules of the
Matterhorn Protocol that a machine can check), and for PDF/A-3a the conditions below, each with its clause of
ISO 19005-3:2012.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import outloud
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

SKIPPED_RULES = ("LNK-010",)
"""Not a rule of PDF/UA: that addresses in the text be links. What somebody wrote into a record becomes no link here."""
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_PDFA, _PDFUA = "http://www.aiim.org/pdfa/ns/id/", "http://www.aiim.org/pdfua/ns/id/"
_EXTENSION = "http://www.aiim.org/pdfa/ns/"
_PREDEFINED = ("http://purl.org/dc/elements/1.1/", "http://ns.adobe.com/", _PDFA, _RDF[1:-1])
_DEVICE_COLOUR = {"g", "G", "rg", "RG", "k", "K"}
_FORBIDDEN_ACTIONS = {
    *("/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide", "/SetOCGState", "/Rendition", "/Trans"),
    *("/GoTo3DView", "/JavaScript"),
}
_PRINT, _HIDING = 4, 1 | 2 | 32 | 256
"""Annotation flags: Print; Invisible, Hidden, NoView, ToggleNoView."""


def all_faults(pdf: bytes) -> list[str]:
    """The faults of all checks."""
    return [*syntax_faults(pdf), *archival_faults(pdf), *accessibility_faults(pdf)]


def syntax_faults(pdf: bytes) -> list[str]:
    """What `qpdf --check` objects to. Skips the test where qpdf is missing."""
    if shutil.which("qpdf") is None:
        pytest.skip("needs qpdf (Debian's qpdf)")
    with _file(pdf) as path:
        done = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, timeout=60, check=False)
    return [] if done.returncode == 0 else (done.stdout + done.stderr).splitlines()


def accessibility_faults(pdf: bytes) -> list[str]:
    """What `outloud` finds against PDF/UA-1, or for people to look into; also any of its rules that failed to run."""
    with _file(pdf) as path:
        result = outloud.check(str(path), skip=SKIPPED_RULES)
    faults = [f"{item.rule} ({item.severity}): {item.message} {item.evidence or ''}" for item in result.findings]
    crashed = [f"{run.rule} crashed: {run.reason}" for run in result.runs if run.status == "crashed"]
    return [*faults, *crashed, *([result.error] if result.error else [])]


def archival_faults(pdf: bytes) -> list[str]:
    """What breaks a condition of PDF/A-3a that can be checked from the file's objects."""
    with Pdf.open(BytesIO(pdf)) as document:
        return [
            *_of_file(pdf, document),
            *_of_objects(document),
            *_of_colour(document),
            *_of_fonts(document),
            *_of_annotations(document),
            *_of_metadata(document),
            *_of_structure(document),
            *_of_attachments(document),
        ]


@contextmanager
def _file(pdf: bytes) -> Iterator[Path]:
    """A PDF as a file, as long as it is needed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "document.pdf")
        path.write_bytes(pdf)
        yield path


def _of_file(pdf: bytes, document: Pdf) -> Iterator[str]:
    head = pdf.split(b"\n", 2)
    if not re.fullmatch(rb"%PDF-1\.[0-7]\r?", head[0]):
        yield "6.1.2: the first line is not %PDF-1.n"
    if not re.match(rb"%[\x80-\xff]{4}", head[1]):
        yield "6.1.2: the second line is no comment of four bytes above 127"
    if "/ID" not in document.trailer:
        yield "6.1.3: the trailer has no ID"
    if "/Encrypt" in document.trailer:
        yield "6.1.3: the file is encrypted"
    if not re.search(rb"%%EOF(\r?\n|\r)?$", pdf):
        yield "6.1.3: there is something after the last %%EOF"
    if document.Root.get("/Version", Name("/1.7")) not in {Name(f"/1.{minor}") for minor in range(8)}:
        yield "6.1.2: the catalogue names a version beyond 1.7"


def _of_objects(document: Pdf) -> Iterator[str]:
    for item in document.objects:
        if isinstance(item, Stream):
            filters: Any = item.get("/Filter", [])
            names = {str(name) for name in (filters if isinstance(filters, Array) else [filters])}
            if names & {"/LZWDecode", "/Crypt"}:
                yield f"6.1.7.2: a stream uses {names}"
            if {"/F", "/FFilter", "/FDecodeParms"} & set(item.keys()):
                yield "6.1.7.1: a stream lies outside the file"
            if item.get("/Subtype") == Name("/PS") or "/OPI" in item:
                yield "6.2.9: a PostScript or OPI object"
        if isinstance(item, Dictionary | Stream):
            if str(item.get("/S", "")) in _FORBIDDEN_ACTIONS and "/P" not in item:
                yield f"6.5.1: the action {item['/S']}"
            if item.get("/Type") == Name("/ExtGState") and {"/TR", "/HTP"} & set(item.keys()):
                yield "6.2.5: a graphics state with a transfer function or halftone phase"
            if item.get("/Type") == Name("/Catalog") and {"/AA", "/Requirements"} & set(item.keys()):
                yield "6.5.2, 6.11: the catalogue has additional actions or requirements"
    if {"/AlternatePresentations"} & set(document.Root.get("/Names", Dictionary()).keys()):
        yield "6.10: alternate presentations"
    forms = document.Root.get("/AcroForm", Dictionary())
    if forms.get("/NeedAppearances", False) or "/XFA" in forms:
        yield "6.4.1, 6.4.2: a form that needs its appearances made, or an XFA form"


def _of_colour(document: Pdf) -> Iterator[str]:
    """Colours of a device need an output intent; so does transparency without a colour space of its own."""
    intents = [item for item in document.Root.get("/OutputIntents", []) if item.get("/S") == Name("/GTS_PDFA1")]
    if intents and not all(isinstance(item.get("/DestOutputProfile"), Stream) for item in intents):
        yield "6.2.3: an output intent without a profile"
    if intents:
        return
    for number, page in enumerate(document.pages, start=1):
        streams: list[Any] = [page, *_forms(page.obj.get("/Resources", Dictionary()))]
        for stream in streams:
            used = {str(operation.operator) for operation in pikepdf.parse_content_stream(stream)}
            if used & _DEVICE_COLOUR:
                yield f"6.2.4.3: page {number} uses colours of a device, {used & _DEVICE_COLOUR}"
        images = page.obj.get("/Resources", Dictionary()).get("/XObject", Dictionary())
        if any(str(images[name].get("/ColorSpace", "")).startswith("/Device") for name in images.keys()):  # noqa: SIM118
            yield f"6.2.4.3: an image on page {number} has colours of a device"
        states = page.obj.get("/Resources", Dictionary()).get("/ExtGState", Dictionary())
        seen_through = any(float(states[name].get("/ca", 1)) < 1 for name in states.keys())  # noqa: SIM118 - no Mapping
        group = page.obj.get("/Group", Dictionary())
        if seen_through and "/CS" not in group:
            yield f"6.2.10: page {number} is transparent, in no colour space"


def _forms(resources: Object) -> Iterator[Object]:
    objects = resources.get("/XObject", Dictionary())
    for name in objects.keys():  # noqa: SIM118 - no Mapping
        found = objects[name]
        if found.get("/Subtype") == Name("/Form"):
            yield found
            yield from _forms(found.get("/Resources", Dictionary()))


def _of_fonts(document: Pdf) -> Iterator[str]:
    for font in document.objects:
        if not isinstance(font, Dictionary) or font.get("/Type") != Name("/Font"):
            continue
        name = font.get("/BaseFont", "?")
        if font.get("/Subtype") == Name("/Type0"):
            if not isinstance(font.get("/ToUnicode"), Stream):
                yield f"6.2.11.7.2: {name} does not say which characters its glyphs are"
            continue
        described = font.get("/FontDescriptor", Dictionary())
        if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(described.keys()):
            yield f"6.2.11.4.1: {name} is not embedded"
        if font.get("/Subtype") == Name("/CIDFontType2") and "/CIDToGIDMap" not in font:
            yield f"6.2.11.3.2: {name} does not say which glyphs are meant"


def _of_annotations(document: Pdf) -> Iterator[str]:
    for number, page in enumerate(document.pages, start=1):
        if "/AA" in page.obj:
            yield f"6.5.2: page {number} has additional actions"
        for note in page.obj.get("/Annots", []):
            kind, flags = str(note.get("/Subtype")), int(note.get("/F", 0))
            if kind in {"/3D", "/Sound", "/Screen", "/Movie"}:
                yield f"6.3.1: an annotation of the kind {kind}"
            if kind != "/Popup" and (not flags & _PRINT or flags & _HIDING):
                yield f"6.3.2: an annotation that is hidden or not printed, flags {flags}"
            box = [float(edge) for edge in note.get("/Rect", [0, 0, 0, 0])]
            empty = box[0] == box[2] and box[1] == box[3]
            if not empty and kind not in {"/Popup", "/Link"} and "/N" not in note.get("/AP", Dictionary()):
                yield f"6.3.3: an annotation without appearance, {kind}"
            if kind == "/Widget" and {"/A", "/AA"} & set(note.keys()):
                yield "6.4.1: a form field with an action"


def _of_metadata(document: Pdf) -> Iterator[str]:
    stream = document.Root.get("/Metadata")
    if not isinstance(stream, Stream):
        yield "6.6.2.1: no metadata"
        return
    text = stream.read_bytes()
    if re.search(rb"<\?xpacket[^>]*\b(bytes|encoding)=", text):
        yield "6.6.2.1: the packet header has attributes that it may not have"
    tree = ET.fromstring(text)  # noqa: S314 - our own file
    if (_one(tree, _PDFA, "part"), _one(tree, _PDFA, "conformance")) != ("3", "A"):
        yield "6.6.4: the metadata does not say PDF/A-3, level A"
    if _one(tree, _PDFUA, "part") != "1":
        yield "ISO 14289-1, 5: the metadata does not say PDF/UA-1"
    described = {item.text for item in tree.iter(f"{{{_EXTENSION}schema#}}namespaceURI")}
    for name in _properties(tree):
        space = name[1:].partition("}")[0]
        if not space.startswith((*_PREDEFINED, f"{_EXTENSION}extension/")) and space not in described:
            yield f"6.6.2.3: {name} is neither predefined nor described"


def _properties(tree: ET.Element) -> Iterator[str]:
    for description in tree.iter(f"{_RDF}Description"):
        if f"{_RDF}about" in description.attrib:
            yield from (name for name in description.attrib if name.startswith("{"))
            yield from (child.tag for child in description)


def _one(tree: ET.Element, space: str, name: str) -> str:
    """A property that stands as an attribute or as an element; empty if it does not stand there once."""
    tag = f"{{{space}}}{name}"
    found = [item.text or "" for item in tree.iter(tag)]
    found += [item.attrib[tag] for item in tree.iter(f"{_RDF}Description") if tag in item.attrib]
    return found[0] if len(found) == 1 else ""


def _of_structure(document: Pdf) -> Iterator[str]:
    root = document.Root
    if not root.get("/MarkInfo", Dictionary()).get("/Marked", False):
        yield "6.7.2.2: the document is not marked as tagged"
    if "/StructTreeRoot" not in root:
        yield "6.7.3.3: there is no structure tree"
    if not re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", str(root.get("/Lang", ""))):
        yield "6.7.4: no natural language"


def _of_attachments(document: Pdf) -> Iterator[str]:
    associated = {item.objgen for item in document.Root.get("/AF", [])}
    for item in document.objects:
        if not isinstance(item, Dictionary) or item.get("/Type") != Name("/Filespec"):
            continue
        name = str(item.get("/UF", item.get("/F", "?")))
        if not {"/F", "/UF"} <= set(item.keys()):
            yield f"6.8: the attachment {name} lacks one of its names"
        if "/AFRelationship" not in item or item.objgen not in associated:
            yield f"6.8: the attachment {name} is not associated with the document"
        if "/Subtype" not in item.get("/EF", Dictionary()).get("/F", Dictionary()):
            yield f"6.8: the attachment {name} has no media type"
