"""PDFs that somebody changed, in every way that comes to mind, shown to the verification page in Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pymupdf
import pytest
from asn1crypto import keys, x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from bench.keys import public_pem
from support import evidence_samples as sample
from support import verifier_samples as made
from support.verifier_page import VerifierPage
from ui.formats import Language
from ui.paper.pdf import render_pdf

CERTIFICATE = made.issued()
KEY = public_pem(made.KEY.public)


def stripped(pdf: bytes) -> bytes:
    """The file before its seal was added."""
    return pdf[: pdf.index(b"%%EOF") + 6]


def opened_pdf(pdf: bytes) -> Any:
    library: Any = pymupdf  # It has no type annotations.
    return library.open(stream=pdf)


def with_second_file(pdf: bytes) -> bytes:
    document = opened_pdf(pdf)
    document.embfile_add("other.json", CERTIFICATE)
    return bytes(document.tobytes())


def encrypted(pdf: bytes) -> bytes:
    document = opened_pdf(pdf)
    return bytes(document.tobytes(encryption=5, owner_pw="x", user_pw="x"))


def without_file(pdf: bytes) -> bytes:
    document = opened_pdf(pdf)
    document.embfile_del(0)
    document.xref_set_key(document.pdf_catalog(), "AF", "null")
    return bytes(document.tobytes(garbage=3))


def flipped(pdf: bytes, place: int) -> bytes:
    changed = bytearray(pdf)
    changed[place] ^= 1
    return bytes(changed)


def place_of(pdf: bytes, text: bytes, after: int = 0) -> int:
    return pdf.index(text) + len(text) + after


def sealed_twice(pdf: bytes) -> bytes:
    """With a stranger's signature beside the seal, as any PDF program adds one."""
    strangers = made.STRANGERS_SEAL
    key = strangers.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    store: Any = SimpleCertificateStore  # It has no type annotations.
    signer = signers.SimpleSigner(
        signing_cert=x509.Certificate.load(strangers.certificate.public_bytes(Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(key),
        cert_registry=store(),
    )
    metadata = signers.PdfSignatureMetadata(field_name="Other", md_algorithm="sha256")
    with ThreadPoolExecutor(1) as pool:  # Of its own, as pyHanko runs an event loop and Playwright has one here.
        revision = IncrementalPdfFileWriter(BytesIO(pdf))
        written = pool.submit(signers.sign_pdf, revision, metadata, signer=signer).result()
    return bytes(written.getvalue())


def sealed_digits(pdf: bytes) -> bytes:
    digits: list[bytes] = re.findall(rb"<([0-9a-fA-F]{1000,})>", pdf)
    return max(digits, key=len)


PDF_CHANGES: dict[str, tuple[Callable[[bytes], bytes], str, str]] = {
    "a byte of a page": (lambda pdf: flipped(pdf, place_of(pdf, b"/MediaBox", 3)), "altered", "verifier-seal-changed"),
    "a byte behind it": (lambda pdf: pdf + b"\n", "altered", "verifier-seal-appended"),
    "a later revision": (
        lambda pdf: pdf + b"\n% more\nstartxref\n" + re.findall(rb"startxref\n(\d+)", pdf)[-1] + b"\n%%EOF\n",
        "altered",
        "verifier-seal-appended",
    ),
    "no seal": (stripped, "altered", "verifier-seal-missing"),
    "a stranger's seal": (
        lambda _: made.sealed_pages(CERTIFICATE, key=made.STRANGERS_SEAL),
        "altered",
        "verifier-seal-other",
    ),
    "two seals": (sealed_twice, "altered", "verifier-seal-several"),
    "a seal over less": (
        lambda pdf: re.sub(rb"/ByteRange \[0 (\d)", rb"/ByteRange [1 \1", pdf),
        "altered",
        "verifier-seal-range",
    ),
    "a shorter range": (
        lambda pdf: re.sub(rb"(/ByteRange \[0 \d+ \d+ )(\d+)\]", lambda it: it[1] + b"%d]" % (int(it[2]) - 1), pdf),
        "altered",
        "verifier-seal-appended",
    ),
    "another seal value": (
        lambda pdf: re.sub(rb"0(>\n?/ByteRange)", rb"1\1", pdf),
        "altered",
        "verifier-seal-unreadable",
    ),
    "digits in both cases": (
        lambda pdf: pdf.replace(sealed_digits(pdf), sealed_digits(pdf).replace(b"a", b"A", 1)),
        "altered",
        "verifier-seal-unreadable",
    ),
    "two files in it": (with_second_file, "unreadable", "verifier-pdf-attachments"),
    "no file in it": (without_file, "unreadable", "verifier-pdf-no-attachment"),
    "encrypted": (encrypted, "unreadable", "verifier-pdf-encrypted"),
    "cut short": (lambda pdf: pdf[:-600], "altered", "verifier-seal-missing"),
    "no PDF at all": (lambda _: b"%PDF-1.7\nnothing", "unreadable", "verifier-pdf-broken"),
    "another's certificate in it": (
        lambda _: made.sealed(render_pdf(made.issued(sample.failed()), Language.FR), made.STRANGERS_SEAL),
        "altered",
        "verifier-seal-other",
    ),
}


@pytest.mark.parametrize("name", list(PDF_CHANGES))
def test_an_altered_pdf_is_red_and_says_why(page: VerifierPage, pages: dict[Language, bytes], name: str) -> None:
    change, overall, reason = PDF_CHANGES[name]
    changed = change(pages[Language.FR])
    assert changed != pages[Language.FR]
    (report,) = page.give({"a.pdf": changed}, {"k": KEY})
    assert reason in report.failed().values()
    assert (report.overall, report.tone) == (overall, "bad")


def test_pages_that_no_seal_covers_are_amber(page: VerifierPage) -> None:
    unnamed = made.issued(seal_digest="")
    documents = {
        "unsealed": render_pdf(unnamed, Language.FR),
        "sealed": made.sealed_pages(unnamed),
    }
    unsealed, sealed = page.give(documents, {"k": KEY})
    assert (unsealed.overall, unsealed.tone) == ("unknown-pages", "doubt")
    assert unsealed.checks["seal"] == ("unknown", "verifier-seal-none")
    assert sealed.checks["seal"] == ("unknown", "verifier-seal-unknown")
    assert "lisez l’enregistrement ci-dessous, pas les pages" in unsealed.sentence
