"""A stranger's checker, section 7 of docs/verify.md: the seal of a PDF, from DER up."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA

from support.stranger_basics import BrokenError, sha256
from support.stranger_keys import p256_of
from support.stranger_pdf import Dict, Name


@dataclass
class Der:
    tag: int
    content: bytes
    whole: bytes

    def items(self) -> list[Der]:
        found, at = [], 0
        while at < len(self.content):
            found.append(der(self.content[at:]))
            at += len(found[-1].whole)
        return found

    def of(self, tag: int) -> Der:
        if self.tag != tag:
            raise BrokenError("the seal's structure")
        return self


def der(content: bytes) -> Der:
    if len(content) < 2:
        raise BrokenError("the seal's structure")
    length, at = content[1], 2
    if length & 0x80:
        count = length & 0x7F
        at += count
        length = int.from_bytes(content[2:at], "big")
        if not 1 <= count <= 4 or content[2] == 0 or length < 0x80:
            raise BrokenError("the seal's structure")
    if at + length > len(content):
        raise BrokenError("the seal's structure")
    return Der(content[0], content[at : at + length], content[: at + length])


def only(value: Der) -> Der:
    items = value.items()
    if len(items) != 1:
        raise BrokenError("one where there are more, or none")
    return items[0]


def oid(dotted: str) -> bytes:
    numbers = [int(part) for part in dotted.split(".")]
    found = bytearray([numbers[0] * 40 + numbers[1]])
    for number in numbers[2:]:
        digits = [number & 0x7F]
        while number := number >> 7:
            digits.insert(0, number & 0x7F | 0x80)
        found += bytes(digits)
    return bytes([6, len(found)]) + bytes(found)


DATA, SIGNED_DATA = oid("1.2.840.113549.1.7.1"), oid("1.2.840.113549.1.7.2")
CONTENT_TYPE, MESSAGE_DIGEST = oid("1.2.840.113549.1.9.3"), oid("1.2.840.113549.1.9.4")
SIGNING_CERTIFICATE, TIME_STAMP = oid("1.2.840.113549.1.9.16.2.47"), oid("1.2.840.113549.1.9.16.2.14")
SHA256 = oid("2.16.840.1.101.3.4.2.1")
SHA256_ALGORITHMS = {bytes([0x30, len(SHA256)]) + SHA256, bytes([0x30, len(SHA256) + 2]) + SHA256 + b"\x05\x00"}
STAMP_DIGESTS = {
    oid(f"2.16.840.1.101.3.4.2.{last}"): name for last, name in ((1, "sha256"), (2, "sha384"), (3, "sha512"))
}
ECDSA_SHA256 = bytes([0x30, 10]) + oid("1.2.840.10045.4.3.2")


def check_seal(content: bytes, signature: Dict) -> str:
    """The hex SHA-256 of the certificate that sealed the file. `BrokenError` says what does not hold."""
    if signature.get("SubFilter") != Name("ETSI.CAdES.detached"):
        raise BrokenError("1: SubFilter")
    start, end = signature.places["Contents"]
    if signature.get("ByteRange") != [0, start, end, len(content) - end]:
        raise BrokenError("2: ByteRange")
    signer, certificate = _signed_data(_structure(content[start + 1 : end - 1]))
    _, name, digest, attributes, algorithm, value, *unsigned = signer.items()
    _check_name(name, certificate)
    if digest.whole not in SHA256_ALGORITHMS or algorithm.whole != ECDSA_SHA256:
        raise BrokenError("4: algorithms")
    _check_attributes(attributes, sha256(content[:start] + content[end:]), sha256(certificate.whole))
    public = p256_of(x509.load_der_x509_certificate(certificate.whole))
    if public is None:
        raise BrokenError("6: key")
    try:
        public.verify(value.of(4).content, b"\x31" + attributes.whole[1:], ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise BrokenError("6: signature") from None
    for item in unsigned:
        _check_stamp(item, value.content)
    return sha256(certificate.whole).hex()


def _structure(digits: bytes) -> Der:
    if not re.fullmatch(rb"[0-9a-f]*|[0-9A-F]*", digits) or len(digits) % 2:
        raise BrokenError("3: Contents")
    raw = bytes.fromhex(digits.decode())
    structure = der(raw)
    if raw[len(structure.whole) :].strip(b"\0"):
        raise BrokenError("3: Contents")
    return structure


def _check_name(name: Der, certificate: Der) -> None:
    issuer, serial = name.of(0x30).items()
    body = certificate.items()[0].items()
    if body[0].tag == 0xA0:
        body = body[1:]
    if issuer.whole != body[2].whole or serial.whole != body[0].whole:
        raise BrokenError("4: signer")


def _check_attributes(attributes: Der, digest: bytes, certificate: bytes) -> None:
    found = _attributes(attributes.of(0xA0))
    if only(found[CONTENT_TYPE]).whole != DATA:
        raise BrokenError("5: content-type")
    if only(found[MESSAGE_DIGEST]).of(4).content != digest:
        raise BrokenError("5: message-digest")
    first = only(found[SIGNING_CERTIFICATE]).items()[0].items()[0].items()
    hashed = first[1] if first[0].whole in SHA256_ALGORITHMS else first[0]
    if hashed.of(4).content != certificate:
        raise BrokenError("5: signing-certificate-v2")


def _signed_data(structure: Der) -> tuple[Der, Der]:
    kind, tagged = structure.of(0x30).items()
    version, digests, content, certificates, signers = only(tagged.of(0xA0)).of(0x30).items()
    if (
        kind.whole != SIGNED_DATA
        or version.whole != b"\x02\x01\x01"
        or only(digests.of(0x31)).whole not in SHA256_ALGORITHMS
    ):
        raise BrokenError("4: SignedData")
    if only(content.of(0x30)).whole != DATA:
        raise BrokenError("4: content")
    signer = only(signers.of(0x31)).of(0x30)
    if signer.items()[0].whole != b"\x02\x01\x01":
        raise BrokenError("4: signer")
    return signer, only(certificates.of(0xA0)).of(0x30)


def _attributes(values: Der) -> dict[bytes, Der]:
    found: dict[bytes, Der] = {}
    for item in values.items():
        kind, value = item.of(0x30).items()
        if kind.whole in found:
            raise BrokenError("5: an attribute given twice")
        found[kind.whole] = value.of(0x31)
    return found


def _check_stamp(unsigned: Der, value: bytes) -> None:
    token = _attributes(unsigned.of(0xA1)).get(TIME_STAMP)
    if token is None:
        return
    signed = only(only(token).items()[1])
    info = der(only(signed.items()[2].items()[1]).of(4).content)
    algorithm, digest = info.items()[2].items()
    name = STAMP_DIGESTS.get(algorithm.items()[0].whole)
    if name is None or digest.content != hashlib.new(name, value).digest():
        raise BrokenError("time stamp")
