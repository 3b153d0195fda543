"""What a sealed PDF shows by itself: its one attachment, the seal over it, and the time stamp in that.

Everything is expected as `ui.paper.seal` writes it, to the byte: a seal that could be written in two ways could be
changed without anyone noticing. Which station a seal belongs to is not said here; `ui.paper.verify` compares.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import Any

from asn1crypto import cms, core, parser
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.decode_limits import DecodeLimits, DocumentDecodeBudget, StreamDecodeLimits
from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.reader import PdfFileReader

from bench.record.reading import MAX_BYTES
from bench.timestamp import StampError, read_token
from ui.paper import seal
from ui.paper.seal_report import MAX_PDF, PdfState, SealReport, SealState, StampState, is_pdf

_MAX_TREE = 1000
_MAX_RANGES = 20
_RANGE = re.compile(rb"/ByteRange ?\[0 (\d{1,9}) (\d{1,9}) (\d{1,9})\]")
_LIMITS = DecodeLimits(
    per_stream=StreamDecodeLimits(max_output_size=2 * MAX_BYTES),
    document_budget=DocumentDecodeBudget(base_allowance=4 * MAX_BYTES, max_ratio=8),
)


def check_seal(pdf: bytes, authorities: Sequence[x509.Certificate] = ()) -> SealReport:
    """What a PDF from anywhere shows. Never raises for what is in the file, but may take long: see `ui.paper.examiner`.

    `authorities` are those whose time stamps the reader trusts.
    """
    if len(pdf) > MAX_PDF:
        return SealReport(pdf=PdfState.TOO_LARGE)
    if not is_pdf(pdf):
        return SealReport(pdf=PdfState.NOT_A_PDF)
    found = _examined(pdf, authorities)
    if found.seal is SealState.INTACT:
        return found
    # Whatever was appended may hide the seal from a reader: what is before it is looked at by itself.
    for place in islice(_RANGE.finditer(pdf), _MAX_RANGES):
        size = int(place[2]) + int(place[3])
        before = _examined(pdf[:size], authorities) if size < len(pdf) else found
        if before.seal is SealState.INTACT:
            return before.model_copy(update={"appended": len(pdf) - size})
    return found


def _examined(pdf: bytes, authorities: Sequence[x509.Certificate]) -> SealReport:
    try:
        reader = PdfFileReader(BytesIO(pdf), strict=True, decode_limits=_LIMITS)
        if reader.encrypted:
            return SealReport(pdf=PdfState.ENCRYPTED)
        files = list(_attachments(reader))
        fields = list(_signature_fields(reader))
        attachment = _content(files[0][1]) if len(files) == 1 else b""
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - pyHanko's parser ends with a hostile file in whatever its own code raises there
        return SealReport(pdf=PdfState.DAMAGED)
    if len(files) != 1:
        return SealReport(pdf=PdfState.SEVERAL_ATTACHMENTS if files else PdfState.NO_ATTACHMENT)
    found = SealReport(pdf=PdfState.READABLE, name=files[0][0], attachment=attachment)
    if len(fields) != 1:
        return found.model_copy(update={"seal": SealState.SEVERAL if fields else SealState.NONE})
    return found.model_copy(update=_check(pdf, fields[0], authorities))


def _attachments(reader: PdfFileReader) -> Iterator[tuple[str, DictionaryObject]]:
    """Name and specification of every file that the document's name tree or its `AF` names, each once."""
    seen = set[int]()
    for specification in [*_named_files(reader), *_items(reader.root, "/AF")]:
        number = specification.container_ref.idnum
        if number not in seen:
            seen.add(number)
            yield str(_at(specification, "/UF", "")), specification


def _named_files(reader: PdfFileReader) -> Iterator[DictionaryObject]:
    names = _at(_at(reader.root, "/Names", {}), "/EmbeddedFiles", None)
    level = [] if names is None else [names]
    for _ in range(_MAX_TREE):
        if not level:
            return
        node = level.pop()
        level += _items(node, "/Kids")
        yield from _items(node, "/Names")[1::2]
    raise ValueError("a tree of names without an end")


def _content(specification: DictionaryObject) -> bytes:
    if _at(specification, "/AFRelationship", "") != "/Source":
        raise ValueError("not the document's source")
    content = bytes(specification["/EF"]["/F"].data)
    if len(content) > MAX_BYTES:
        raise ValueError("larger than any certificate")
    return content


def _signature_fields(reader: PdfFileReader) -> Iterator[DictionaryObject]:
    """The signature dictionaries of all form fields, at whatever depth."""
    form = _at(reader.root, "/AcroForm", None)
    level = [] if form is None else _items(form, "/Fields")
    for _ in range(_MAX_TREE):
        if not level:
            return
        field = level.pop()
        level += _items(field, "/Kids")
        if _at(field, "/FT", "") == "/Sig" and "/V" in field:
            yield field["/V"]
    raise ValueError("a tree of fields without an end")


def _at(holder: Any, name: str, default: Any) -> Any:  # noqa: ANN401 - any PDF object
    """An entry of a dictionary, a reference followed, which pyHanko's `get` does not do."""
    return holder[name] if name in holder else default  # noqa: SIM401 - see above


def _items(holder: DictionaryObject, name: str) -> list[Any]:
    """What is in an array, references followed: pyHanko does that for single items only."""
    array = _at(holder, name, ())
    return [array[place] for place in range(len(array))]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """A seal taken apart: `signed` are its attributes in the form that is signed (DER), `written` all as found."""

    certificate: Any
    attributes: Any
    signature: bytes
    token: bytes | None
    written: bytes

    @property
    def is_canonical(self) -> bool:
        """Whether the seal is written in the one way in which these parts are."""
        again = seal.packaged(self.certificate, self.attributes, self.signature, self.token)
        return bool(again == self.written)


def _check(pdf: bytes, signature: DictionaryObject, authorities: Sequence[x509.Certificate]) -> dict[str, Any]:
    covered = _covered(pdf, signature)
    if covered is None:
        return {"seal": SealState.MALFORMED}
    digest, written, appended = covered
    try:
        parts = _parts(written)
        certificate = hashlib.sha256(parts.certificate.dump()).hexdigest()
        owner = str(parts.certificate.subject.native.get("common_name", ""))
        state = _state(parts, digest)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        return {"seal": SealState.MALFORMED, "appended": appended}
    found = {"seal": state, "appended": appended, "certificate": certificate, "owner": owner}
    return {**found, **_stamp(parts, authorities)} if state is SealState.INTACT and parts.token is not None else found


def _covered(pdf: bytes, signature: DictionaryObject) -> tuple[bytes, bytes, int] | None:
    """SHA-256 of what the seal covers, the seal's own bytes, and how many bytes follow; `None` if it leaves a gap."""
    places = [int(item) for item in _items(signature, "/ByteRange") if isinstance(item, int)]
    if len(places) != 4 or _at(signature, "/SubFilter", "") != "/ETSI.CAdES.detached":
        return None
    zero, start, end, rest = places
    if zero != 0 or not 0 < start < end <= end + rest <= len(pdf):
        return None
    hole = pdf[start:end]
    if hole[:1] != b"<" or hole[-1:] != b">":
        return None
    try:
        raw = bytes.fromhex(hole[1:-1].decode("ascii"))
        written = raw[: parser.peek(raw)]
    except ValueError:
        return None
    # Only digits in the one way they are written: an upper-case one would be a change that nobody notices.
    if hole[1:-1] != written.hex().encode().ljust(len(hole) - 2, b"0"):
        return None
    digest = hashlib.sha256(pdf[:start] + pdf[end : end + rest]).digest()
    return digest, written, len(pdf) - end - rest


def _parts(written: bytes) -> _Parts:
    """A seal taken apart. `ValueError` or one of its kin if it is none."""
    signer = seal.signer_of(written)
    certificates = cms.ContentInfo.load(written)["content"]["certificates"]
    unsigned = signer["unsigned_attrs"]
    return _Parts(
        certificate=certificates[0].chosen,
        attributes=signer["signed_attrs"].untag(),
        signature=signer["signature"].native,
        token=None if isinstance(unsigned, core.Void) else unsigned[0]["values"][0].dump(),
        written=written,
    )


def _state(parts: _Parts, digest: bytes) -> SealState:
    if not seal.is_seal_over(parts.written, digest):
        return SealState.ALTERED
    signed = seal.signed_attributes(parts.certificate, digest).dump()
    if parts.attributes.dump() != signed:
        return SealState.MALFORMED
    public = x509.load_der_x509_certificate(parts.certificate.dump()).public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey) or not isinstance(public.curve, ec.SECP256R1):
        return SealState.MALFORMED
    try:
        public.verify(parts.signature, signed, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return SealState.FORGED
    return SealState.INTACT if parts.is_canonical else SealState.MALFORMED


def _stamp(parts: _Parts, authorities: Sequence[x509.Certificate]) -> dict[str, Any]:
    imprint = hashlib.sha256(parts.signature).digest()
    try:
        stamp = read_token(parts.token or b"", imprint, authorities)
    except StampError:
        return {"stamp": StampState.ALTERED}
    state = StampState.TRUSTED if stamp.trusted else StampState.UNKNOWN
    return {"stamp": state, "stamped_at": stamp.at, "authority": stamp.authority}
