"""What checking a PDF says of genuine ones, of every kind of tampering, and of files that mean harm."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable
from io import BytesIO

import pytest
from asn1crypto import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.crypt import SecurityHandler, StandardSecurityHandler
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

from bench.record.reading import MAX_BYTES
from bench.verification import Outcome, Overall, PageSubject, VerificationReport, verify
from support import evidence_samples as sample
from support import sealed_samples as samples
from ui.paper import seal
from ui.paper.check import check_seal
from ui.paper.examiner import Examiner
from ui.paper.seal_report import MAX_PDF, PdfState, SealReport, SealState, StampState
from ui.paper.verify import verify_pdf

KNOWN = [sample.KEY.public]
SEALED = samples.sealed(samples.page())


def judged(pdf: bytes, *listed: str) -> VerificationReport:
    return verify_pdf(check_seal(pdf), lambda text: verify(text, KNOWN), listed)


def ids(report: VerificationReport) -> set[str]:
    return {check.message.id for check in report.checks if isinstance(check.subject, PageSubject)}


def test_a_genuine_pdf_is_intact() -> None:
    found = check_seal(SEALED)
    assert found == SealReport(
        pdf=PdfState.READABLE,
        name=f"{samples.NUMBER}.json",
        attachment=samples.certificate(),
        seal=SealState.INTACT,
        certificate=samples.KEY.digest,
        owner="atelier-1",
    )
    report = judged(SEALED)
    assert report.overall is Overall.INTACT
    assert report.message.id == "certificate-intact"
    assert ids(report) == {"check-pdf-passed", "check-seal-passed", "check-sealed-by-passed", "check-stamp-none"}


def test_the_report_of_the_attached_file_comes_first() -> None:
    unknown = verify_pdf(check_seal(SEALED), lambda text: verify(text, []))
    assert unknown.overall is Overall.UNKNOWN_KEY
    assert "check-seal-passed" in ids(unknown)
    forged = samples.certificate().replace(b"SN-0001", b"SN-0002")
    altered = verify_pdf(check_seal(SEALED), lambda _: verify(forged, KNOWN))
    assert altered.overall is Overall.ALTERED
    assert altered.message.id == "certificate-altered"


def changed(pdf: bytes, *places: tuple[int, bytes]) -> bytes:
    found = bytearray(pdf)
    for at, new in places:
        found[at : at + len(new)] = new
    return bytes(found)


def malformed() -> dict[str, bytes]:
    start, end = samples.hole_of(SEALED)
    letter = next(at for at in range(start, end) if SEALED[at] in b"abcdef")
    at = SEALED.rindex(b"/ByteRange [")
    close = SEALED.index(b"]", at)
    numbers = SEALED[at:close].replace(b"[0 ", b"[1 ")
    return {
        "an upper-case digit": changed(SEALED, (letter, bytes([SEALED[letter]]).upper())),
        "a padding that is not zero": changed(SEALED, (end - 2, b"1")),
        "a seal that is cut": changed(SEALED, (start + 200, b"0" * 2000)),
        "a range that leaves out the beginning": changed(SEALED, (at, numbers)),
        "another kind of signature": SEALED.replace(b"/ETSI.CAdES.detached", b"/adbe.pkcs7.detached"),
    }


@pytest.mark.parametrize("kind", sorted(malformed()))
def test_a_seal_that_is_written_otherwise_is_named(kind: str) -> None:
    assert check_seal(malformed()[kind]).seal is SealState.MALFORMED
    report = judged(malformed()[kind])
    assert report.overall is Overall.ALTERED
    assert report.message.id == "certificate-pages-altered"


def test_a_changed_byte_before_or_behind_the_seal_is_an_altered_pdf() -> None:
    for at in (1500, len(SEALED) - 3):
        found = changed(SEALED, (at, bytes([SEALED[at] ^ 1])))
        assert check_seal(found).seal in {SealState.ALTERED, SealState.NONE}
        assert judged(found).overall in {Overall.ALTERED, Overall.UNREADABLE}


def test_a_change_of_what_is_sealed_is_told_from_one_of_the_seal() -> None:
    found = changed(SEALED, (SEALED.rindex(b"20260504182030Z"), b"2025"))
    assert check_seal(found).seal is SealState.ALTERED
    assert "check-seal-altered" in ids(judged(found))


def test_anothers_seal_is_not_the_one_that_the_record_names() -> None:
    found = samples.sealed(samples.page(), samples.OTHER_KEY)
    assert check_seal(found).seal is SealState.INTACT
    report = judged(found, samples.OTHER_KEY.digest)
    assert report.overall is Overall.ALTERED
    assert "check-sealed-by-failed" in ids(report)


def test_a_certificate_with_anothers_signature_is_forged() -> None:
    prepared = seal.prepare(samples.page(), at=samples.AT, words=samples.WORDS)
    genuine = seal.sign(samples.KEY, prepared.digest)
    signer, other = seal.signer_of(genuine), seal.signer_of(seal.sign(samples.OTHER_KEY, prepared.digest))
    certificate = x509.Certificate.load(samples.KEY.certificate.public_bytes(Encoding.DER))
    forged = seal.packaged(certificate, signer["signed_attrs"].untag(), other["signature"].native)
    assert check_seal(prepared.filled(forged)).seal is SealState.FORGED
    assert check_seal(prepared.filled(genuine)).seal is SealState.INTACT


def test_a_removed_seal_is_missed() -> None:
    report = judged(samples.page())
    assert report.overall is Overall.ALTERED
    assert {"check-seal-none", "check-sealed-by-missing"} <= ids(report)


def test_a_record_without_seal_leaves_the_pages_unknown() -> None:
    for found in (samples.page(named=False), samples.sealed(samples.page(named=False))):
        report = judged(found)
        assert report.overall is Overall.UNKNOWN_PAGES
        assert "check-sealed-by-unknown" in ids(report)
    report = judged(samples.sealed(samples.page(named=False)), samples.KEY.digest)
    assert report.overall is Overall.INTACT


@pytest.mark.parametrize("appended", [b"\n", b"x", b"%%EOF\n", b"\0" * 5000])
def test_bytes_behind_the_seal_are_counted(appended: bytes) -> None:
    found = check_seal(SEALED + appended)
    assert (found.seal, found.appended) == (SealState.INTACT, len(appended))
    report = judged(SEALED + appended)
    assert report.overall is Overall.ALTERED
    assert "check-seal-appended" in ids(report)


def with_a_second_seal(pdf: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    fields = writer.root["/AcroForm"]["/Fields"]
    fields.append(writer.add_object(generic.DictionaryObject(dict(fields[0].items()))))
    writer.update_container(fields)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def with_its_seal_hidden(pdf: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    del writer.root["/AcroForm"]
    writer.update_root()
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "change", [samples.updated, samples.with_second_attachment, with_a_second_seal, with_its_seal_hidden]
)
def test_a_later_revision_is_told_from_a_change_of_what_is_sealed(change: Callable[[bytes], bytes]) -> None:
    updated = change(SEALED)
    found = check_seal(updated)
    assert (found.seal, found.appended) == (SealState.INTACT, len(updated) - len(SEALED))
    assert found.attachment == samples.certificate()
    report = judged(updated)
    assert report.overall is Overall.ALTERED
    assert "check-seal-appended" in ids(report)


def test_two_signatures_in_one_revision_are_not_as_issued() -> None:
    twice = with_a_second_seal(SEALED.replace(b"%%EOF", b"%%EOf", 1))
    assert check_seal(twice).seal is SealState.SEVERAL
    assert judged(twice).overall is Overall.ALTERED


def test_a_file_that_turns_in_circles_ends() -> None:
    assert judged(turning_in_circles(samples.page())).overall is Overall.ALTERED


def encrypted() -> bytes:
    reader = PdfFileReader(BytesIO(samples.page()))
    writer = copy_into_new_writer(reader)
    handler: SecurityHandler = StandardSecurityHandler.build_from_pw("secret", "secret")
    writer.security_handler = handler
    writer._encrypt = writer.add_object(handler.as_pdf_object())
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def without_attachment() -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(samples.page()))
    del writer.root["/Names"]
    del writer.root["/AF"]
    writer.update_root()
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def with_a_bomb() -> bytes:
    """An attachment of 64 MB in 64 kB."""
    writer = IncrementalPdfFileWriter(BytesIO(samples.page()))
    specification = writer.root["/Names"]["/EmbeddedFiles"]["/Names"][1]
    stream = specification["/EF"]["/F"]
    stream._data = None
    stream._encoded_data = zlib.compress(bytes(4 * MAX_BYTES), 9)
    stream[generic.pdf_name("/Filter")] = generic.pdf_name("/FlateDecode")
    writer.update_container(stream)
    writer.mark_update(specification["/EF"].raw_get("/F"))
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def with_an_endless_tree() -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(samples.page()))
    node = generic.DictionaryObject()
    reference = writer.add_object(node)
    node[generic.pdf_name("/Kids")] = generic.ArrayObject([reference, reference])
    writer.root["/Names"][generic.pdf_name("/EmbeddedFiles")] = reference
    writer.update_root()
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def turning_in_circles(pdf: bytes) -> bytes:
    """With a cross-reference section that is its own predecessor."""
    at = pdf.rindex(b"startxref")
    place = int(pdf[at + 9 : at + 30].split()[0])
    return pdf.replace(b"trailer\n<<", b"trailer\n<</Prev " + str(place).encode() + b" ")


HOSTILE = {
    "nothing": (b"", PdfState.NOT_A_PDF),
    "a text": (b"Bonjour", PdfState.NOT_A_PDF),
    "the certificate file": (samples.certificate(), PdfState.NOT_A_PDF),
    "a mark and no more": (b"%PDF-1.7", PdfState.DAMAGED),
    "a mark and noise": (b"%PDF-1.7\n" + bytes(range(256)) * 100, PdfState.DAMAGED),
    "half a file": (SEALED[: len(SEALED) // 2], PdfState.DAMAGED),
    "brackets without end": (b"%PDF-1.7\n1 0 obj\n" + b"[" * 100_000, PdfState.DAMAGED),
    "encrypted": (encrypted(), PdfState.ENCRYPTED),
    "no attachment": (without_attachment(), PdfState.NO_ATTACHMENT),
    "two attachments": (samples.with_second_attachment(samples.page()), PdfState.SEVERAL_ATTACHMENTS),
    "two associated files": (samples.with_second_attachment(samples.page(), "/AF"), PdfState.SEVERAL_ATTACHMENTS),
    "a bomb": (with_a_bomb(), PdfState.DAMAGED),
    "an endless tree": (with_an_endless_tree(), PdfState.DAMAGED),
    "too large": (b"%PDF-1.7\n" + bytes(MAX_PDF), PdfState.TOO_LARGE),
}


@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_hostile_files_end_in_a_clear_report(kind: str) -> None:
    pdf, expected = HOSTILE[kind]
    begun = time.monotonic()
    found = check_seal(pdf)
    assert time.monotonic() - begun < 10
    assert found.pdf is expected
    report = verify_pdf(found, lambda text: verify(text, KNOWN))
    assert report.overall is Overall.UNREADABLE
    assert report.checks[0].message.id == f"check-pdf-{expected.value}"
    assert {check.outcome for check in report.checks[1:]} == {Outcome.SKIPPED}


def test_an_attached_file_that_is_no_certificate_is_named() -> None:
    report = verify_pdf(
        SealReport(pdf=PdfState.READABLE, attachment=b"{}", seal=SealState.INTACT), lambda text: verify(text, KNOWN)
    )
    assert report.overall is Overall.UNREADABLE
    assert "check-skipped" in ids(report)


def test_a_time_stamp_that_does_not_hold_makes_an_altered_pdf() -> None:
    found = check_seal(SEALED).model_copy(update={"stamp": StampState.ALTERED})
    report = verify_pdf(found, lambda text: verify(text, KNOWN))
    assert report.overall is Overall.ALTERED


def test_the_examiner_says_the_same_in_a_process_of_its_own() -> None:
    with Examiner() as examiner:
        assert examiner.examine(SEALED) == check_seal(SEALED)
        assert examiner.examine(b"").pdf is PdfState.NOT_A_PDF
        assert examiner.examine(samples.page()) == check_seal(samples.page())


def test_a_pdf_that_takes_for_ever_is_given_up_and_the_next_one_examined() -> None:
    with Examiner(patience=3.0) as examiner:
        assert examiner.examine(SEALED).seal is SealState.INTACT
        begun = time.monotonic()
        slow = b"%PDF-1.7\n1 0 obj\n" + b"<" + b"0 " * (MAX_PDF // 2 - 10_000) + b">\nendobj\n"
        at = len(slow)
        slow += b"xref\n0 2\n0000000000 65535 f \n0000000009 00000 n \ntrailer\n<</Size 2/Root 1 0 R>>\n"
        slow += b"startxref\n" + str(at).encode() + b"\n%%EOF\n"
        assert examiner.examine(slow).pdf is PdfState.TIMED_OUT
        assert time.monotonic() - begun < 10
        assert examiner.examine(SEALED).seal is SealState.INTACT
