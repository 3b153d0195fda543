"""The seal on a PDF: PAdES baseline B-B, or B-T with a time stamp, in an invisible signature field.

A seal is a CMS signature (ETSI.CAdES.detached, ECDSA P-256 over SHA-256) over every byte of the file but itself. It is
made in steps, so that a time stamp can be asked for in between and the finished seal can be kept apart from the file:

    prepared = prepare(pdf, at=…, words=…)      the file with room for the seal, and the digest to sign
    seal = sign(key, prepared.digest)           the CMS signature, without a time stamp
    seal = stamped(seal, token)                 with the token that an authority gave for `imprint(seal)`
    sealed = prepared.filled(seal)

Nothing here is left to chance: the nonce is that of RFC 6979, the times are the record's own and the file's second
identifier is a digest of the first revision. The same file, key and stamp give the same bytes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Protocol

from asn1crypto import cms, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import as_signing_certificate_v2, simple_cms_attribute
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from bench.messages import BenchError, say
from bench.seal_key import SealKey

FIELD = "Seal"
ROOM = 12 * 1024
"""Bytes kept for a seal: its certificate and its time stamp, with the certificates that come in that. It may not
depend on the stamp, as what is stamped depends on it."""
_DIGEST = "sha256"
_SHA256 = cms.DigestAlgorithm({"algorithm": _DIGEST})
_ECDSA = cms.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SealWords:
    """What viewers show of a seal, in the document's language: the field's name, the reason and the place."""

    field: str
    reason: str
    location: str


class Sealer(Protocol):
    """Signs with the station's seal."""

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the seal's certificate, as in a record's `document.seal`."""
        ...

    def sign(self, digest: bytes) -> bytes:
        """A seal without time stamp (CMS, DER) over a file whose SHA-256 is `digest`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StationSealer:
    """Implements `Sealer` with the key in hand."""

    key: SealKey

    @property
    def digest(self) -> str:
        """See `Sealer.digest`."""
        return self.key.digest

    def sign(self, digest: bytes) -> bytes:
        """See `Sealer.sign`."""
        return sign(self.key, digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A PDF with room for its seal: `content[start:end]` is `<000…0>`, `digest` the SHA-256 of all other bytes."""

    content: bytes
    start: int
    end: int
    digest: bytes

    def require_room(self, seal: bytes) -> None:
        """`BenchError` if a seal is larger than its room."""
        room = (self.end - self.start) // 2 - 1
        if len(seal) > room:
            raise BenchError(say("seal-too-large", size=len(seal), limit=room))

    def filled(self, seal: bytes) -> bytes:
        """The sealed PDF. `BenchError` if the seal is larger than its room."""
        self.require_room(seal)
        digits = seal.hex().encode().ljust(self.end - self.start - 2, b"0")
        return b"".join((self.content[: self.start + 1], digits, self.content[self.end - 1 :]))


class _Revision(IncrementalPdfFileWriter):
    """A second revision that adds the seal and changes nothing else: metadata stay as archived, nothing is drawn."""

    @classmethod
    def _handle_id(cls, prev: PdfFileReader) -> generic.ArrayObject:
        first = prev.trailer["/ID"][0]
        prev.stream.seek(0)
        return generic.ArrayObject([first, generic.ByteStringObject(hashlib.sha256(prev.stream.read()).digest()[:16])])

    def _update_meta(self) -> None:
        """Keep the first revision's metadata, which PDF/A and PDF/UA rely on; pyHanko would write the current time."""


def prepare(pdf: bytes, *, at: datetime, words: SealWords) -> Prepared:
    """Add an invisible signature field to a tagged PDF as typst makes it, with room for the seal.

    `at` is the time stated in the signature dictionary. The original bytes stay as they are, at the beginning.
    """
    writer = _Revision(BytesIO(pdf))
    spec = SigFieldSpec(
        sig_field_name=FIELD,
        readable_field_name=words.field,
        # PDF/A demands that every annotation is printed and none hidden; this one has no extent.
        invis_sig_settings=InvisSigSettings(set_print_flag=True, set_hidden_flag=False),
    )
    embedding = PdfCMSEmbedder(new_field_spec=spec).write_cms(field_name=FIELD, writer=writer)
    _tag(writer, next(embedding), words.field)
    placeholder = SignatureObject(
        timestamp=at.replace(microsecond=0),
        subfilter=SigSeedSubFilter.PADES,
        reason=words.reason,
        location=words.location,
        bytes_reserved=2 * ROOM,
    )
    embedding.send(SigObjSetup(sig_placeholder=placeholder))
    hole, output = embedding.send(SigIOSetup(md_algorithm=_DIGEST))
    return Prepared(
        content=output.getvalue(),
        start=hole.reserved_region_start,
        end=hole.reserved_region_end,
        digest=hole.document_digest,
    )


def sign(key: SealKey, digest: bytes) -> bytes:
    """A seal (CMS SignedData, DER) without time stamp over a file whose SHA-256, its seal left out, is `digest`."""
    certificate = x509.Certificate.load(key.certificate.public_bytes(Encoding.DER))
    attributes = signed_attributes(certificate, digest)
    # RFC 6979: the nonce comes from key and text, so that the same file is sealed with the same bytes.
    method = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
    return packaged(certificate, attributes, key.private.sign(attributes.dump(), method))


def signed_attributes(certificate: x509.Certificate, digest: bytes) -> cms.CMSAttributes:
    """What a PAdES baseline seal signs: the file's digest, which certificate signs, and by which algorithms."""
    algorithms = cms.CMSAlgorithmProtection({"digest_algorithm": _SHA256, "signature_algorithm": _ECDSA})
    values = {
        "content_type": "data",
        "message_digest": digest,
        "signing_certificate_v2": as_signing_certificate_v2(certificate),
        "cms_algorithm_protection": algorithms,
    }
    return cms.CMSAttributes([simple_cms_attribute(name, value) for name, value in values.items()])


def packaged(
    certificate: x509.Certificate, attributes: cms.CMSAttributes, signature: bytes, token: bytes | None = None
) -> bytes:
    """The one way to write a seal of these parts: CMS SignedData, DER; `token` is a time-stamp token (DER)."""
    issued = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier({"issuer_and_serial_number": cms.IssuerAndSerialNumber(issued)}),
            "digest_algorithm": _SHA256,
            "signature_algorithm": _ECDSA,
            "signed_attrs": attributes,
            "signature": signature,
        }
    )
    if token is not None:
        stamp = simple_cms_attribute("signature_time_stamp_token", cms.ContentInfo.load(token))
        signer["unsigned_attrs"] = cms.CMSAttributes([stamp])
    content = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [_SHA256],
            "encap_content_info": {"content_type": "data"},
            "certificates": [cms.CertificateChoices(name="certificate", value=certificate)],
            "signer_infos": [signer],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": content}).dump())


def imprint(seal: bytes) -> bytes:
    """What a time-stamping authority stamps: the SHA-256 of the seal's signature value (RFC 5126, 6.1.1)."""
    return hashlib.sha256(signer_of(seal)["signature"].native).digest()


def stamped(seal: bytes, token: bytes) -> bytes:
    """The seal with a time-stamp token (RFC 3161, DER) as unsigned attribute; the signature stays as it is."""
    signer = signer_of(seal)
    certificate = cms.ContentInfo.load(seal)["content"]["certificates"][0].chosen
    return packaged(certificate, signer["signed_attrs"].untag(), signer["signature"].native, token)


def is_seal_over(seal: bytes, digest: bytes) -> bool:
    """Whether a seal that was kept is one over the file with this digest."""
    attributes = signer_of(seal)["signed_attrs"]
    return [item["values"][0].native for item in attributes if item["type"].native == "message_digest"] == [digest]


def bears(pdf: bytes, seal: bytes) -> bool:
    """Whether a PDF is the very one that this seal was made for, with the seal in its place."""
    start = pdf.rfind(b"<" + seal.hex().encode().ljust(2 * ROOM, b"0") + b">") if seal else -1
    if start < 0:
        return False
    rest = hashlib.sha256(pdf[:start])
    rest.update(pdf[start + 2 * ROOM + 2 :])
    return is_seal_over(seal, rest.digest())


def signer_of(seal: bytes) -> cms.SignerInfo:
    """The seal's one signer. `ValueError` if these bytes are no seal."""
    content = cms.ContentInfo.load(seal, strict=True)
    if content["content_type"].native != "signed_data" or len(content["content"]["signer_infos"]) != 1:
        raise ValueError("no seal")
    return content["content"]["signer_infos"][0]


def _tag(writer: _Revision, field_ref: generic.IndirectObject, name: str) -> None:
    """Make the field a part of the document's structure (ISO 14289-1, 7.18.4: a widget stands in a Form element)."""
    tree = writer.root["/StructTreeRoot"]
    document_ref = tree["/K"].raw_get(0)
    document, parents, number = document_ref.get_object(), tree["/ParentTree"], tree["/ParentTreeNextKey"]
    field = field_ref.get_object()
    element = writer.add_object(
        generic.DictionaryObject(
            {
                generic.pdf_name("/Type"): generic.pdf_name("/StructElem"),
                generic.pdf_name("/S"): generic.pdf_name("/Form"),
                generic.pdf_name("/P"): document_ref,
                generic.pdf_name("/Alt"): generic.pdf_string(name),
                generic.pdf_name("/K"): generic.DictionaryObject(
                    {
                        generic.pdf_name("/Type"): generic.pdf_name("/OBJR"),
                        generic.pdf_name("/Pg"): field.raw_get("/P"),
                        generic.pdf_name("/Obj"): field_ref,
                    }
                ),
            }
        )
    )
    field[generic.pdf_name("/StructParent")] = generic.NumberObject(number)
    field[generic.pdf_name("/Contents")] = generic.pdf_string(name)
    document["/K"].append(element)
    parents["/Nums"].extend((generic.NumberObject(number), element))
    tree[generic.pdf_name("/ParentTreeNextKey")] = generic.NumberObject(number + 1)
    for changed in (document["/K"], parents["/Nums"], tree):
        writer.update_container(changed)
