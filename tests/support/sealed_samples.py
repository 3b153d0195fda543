"""Certificates sealed as a station seals them, and ways to change the PDF afterwards."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from bench.evidence import Evidence
from bench.seal_key import SealKey, new_seal
from support import evidence_samples as sample
from ui.formats import Language
from ui.paper import seal
from ui.paper.pdf import render_pdf
from ui.paper.publisher import DocumentPublisher, SealedDraft
from ui.paper.seal import SealWords, StationSealer

NUMBER = "TR-ABCDEF-000001"
AT = datetime.fromisoformat(sample.ISSUED)
WORDS = SealWords(field="Sceau électronique", reason="Essai de scellement", location="Station atelier-1")
_BORN = datetime(2026, 1, 2, tzinfo=UTC)


def _made(station: str) -> SealKey:
    return new_seal(station=station, fingerprint=sample.KEY.fingerprint, organisation="", at=_BORN)


KEY = _made("atelier-1")
OTHER_KEY = _made("atelier-2")


@cache
def certificate(*, named: bool = True) -> bytes:
    """A certificate file whose record names `KEY`'s certificate as its pages' seal, or none."""
    return sample.certificate(sample.erased(), seal=KEY.digest if named else "")


@cache
def page(*, named: bool = True, language: Language = Language.FR) -> bytes:
    """The page without a seal."""
    return render_pdf(certificate(named=named), language)


def sealed(pdf: bytes, key: SealKey = KEY, token: bytes | None = None) -> bytes:
    """A PDF with a seal, and with a time stamp if there is a token."""
    prepared = seal.prepare(pdf, at=AT, words=WORDS)
    made = seal.sign(key, prepared.digest)
    return prepared.filled(made if token is None else seal.stamped(made, token))


def draft(evidence: Evidence | None = None, key: SealKey = KEY, named: str | None = None) -> SealedDraft:
    """Documents of a record that names `key`'s seal, or another."""
    document = sample.certificate(evidence or sample.erased(), seal=key.digest if named is None else named)
    return DocumentPublisher(sealer=StationSealer(key=key)).draft(NUMBER, document, {})


def files(made: SealedDraft, folder: Path) -> dict[str, bytes]:
    """The files that a draft comes to without time stamps."""
    made.write(folder, made.seal({}))
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def write_key(folder: Path, key: SealKey = KEY) -> tuple[Path, Path]:
    """A seal's key and certificate as PEM files."""
    private, certificate = folder / "seal.key", folder / "seal.crt"
    pkcs8, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    private.touch(mode=0o600)
    private.write_bytes(key.private.private_bytes(Encoding.PEM, pkcs8, plain))
    certificate.write_bytes(key.certificate.public_bytes(Encoding.PEM))
    return private, certificate


def hole_of(pdf: bytes) -> tuple[int, int]:
    """Where the seal is: from its `<` up to behind its `>`."""
    start = pdf.rindex(b"/Contents <") + len(b"/Contents ")
    return start, pdf.index(b">", start) + 1


def seal_in(pdf: bytes) -> bytes:
    """The seal (CMS, DER), without its padding."""
    start, end = hole_of(pdf)
    raw = bytes.fromhex(pdf[start + 1 : end - 1].decode())
    return raw[: 4 + int.from_bytes(raw[2:4], "big")]


def updated(pdf: bytes) -> bytes:
    """With a revision appended that changes the first page's size: what an editor does."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    page[generic.pdf_name("/Rotate")] = generic.NumberObject(90)
    writer.update_container(page)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def with_second_attachment(pdf: bytes, where: str = "/Names") -> bytes:
    """With another file in its tree of names, or in `/AF`."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    names = writer.root["/Names"]["/EmbeddedFiles"]["/Names"]
    again = writer.add_object(generic.DictionaryObject(dict(names[1].items())))
    if where == "/Names":
        names.extend((generic.pdf_string("zz.json"), again))
        writer.update_container(names)
    else:
        writer.root["/AF"].append(again)
        writer.update_root()
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
