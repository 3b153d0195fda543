"""The station's seal: a P-256 key and its self-signed X.509 certificate, with which its PDFs are sealed (PAdES).

`seal.key` is the private half (PKCS #8 PEM, mode 0600), `seal.crt` the certificate (PEM), which goes into every PDF.
The certificate names the Ed25519 key beside which it was made; records name the certificate by its SHA-256. Nobody
vouches for it but the station itself.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.x509.oid import NameOID, ObjectIdentifier

from bench.key_files import KeyFileError, read_private, read_public, replace, write_once
from bench.messages import say

KEY_NAME = "seal.key"
CERTIFICATE_NAME = "seal.crt"
STATION_KEY_URN = "urn:tablerase:station-key:"
"""Followed by the fingerprint of the station's Ed25519 key, in the certificate's subjectAltName."""
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
"""Extended key usage of RFC 9336."""
VALIDITY = timedelta(days=20 * 365 + 5)
_LONGEST_NAME = 64
"""In bytes: X.520 allows no longer common or organisation name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealKey:
    """The private key that seals PDFs, and the certificate that goes into them."""

    private: EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def digest(self) -> str:
        """`certificate_digest` of the certificate: what a record's `document.seal` holds."""
        return certificate_digest(self.certificate)


def load_or_create_seal(
    folder: Path, *, station: str, fingerprint: str, organisation: str = "", at: datetime
) -> SealKey:
    """The seal in a folder of keys, made if there is none yet.

    `station` and `organisation` become the certificate's subject, `fingerprint` (64 hexadecimal digits) names the
    station's Ed25519 key, and validity begins at `at`. Safe at any crash: key and certificate each appear whole or
    not at all, an existing one is never replaced, a key left without certificate by a crash gets one.
    `KeyFileError` if what is there may not or cannot be used.
    """
    path, certificate_path = folder / KEY_NAME, folder / CERTIFICATE_NAME
    try:
        private = load_private(path)
    except FileNotFoundError:
        if certificate_path.exists():
            raise KeyFileError(say("seal-key-missing", path=str(path))) from None
        private = generate_private_key(SECP256R1())
        write_once(path, private_pem(private), mode=0o600)
    if not certificate_path.exists():
        made = self_signed(private, station=station, fingerprint=fingerprint, organisation=organisation, at=at)
        replace(certificate_path, certificate_pem(made), mode=0o644)
    return load_seal(folder)


def load_seal(folder: Path) -> SealKey:
    """The seal in a folder of keys. `FileNotFoundError` if there is no private key, `KeyFileError` otherwise."""
    private = load_private(folder / KEY_NAME)
    certificate = load_certificate(folder / CERTIFICATE_NAME)
    if certificate.public_key() != private.public_key():
        raise KeyFileError(say("seal-mismatch", path=str(folder / CERTIFICATE_NAME), key=str(folder / KEY_NAME)))
    return SealKey(private=private, certificate=certificate)


def new_seal(*, station: str, fingerprint: str, organisation: str, at: datetime) -> SealKey:
    """A new seal, in memory; see `load_or_create_seal`."""
    private = generate_private_key(SECP256R1())
    certificate = self_signed(private, station=station, fingerprint=fingerprint, organisation=organisation, at=at)
    return SealKey(private=private, certificate=certificate)


def self_signed(
    private: EllipticCurvePrivateKey, *, station: str, fingerprint: str, organisation: str, at: datetime
) -> x509.Certificate:
    """A certificate for twenty years from `at` (whole seconds, UTC), good for signing documents and nothing else."""
    names = [(NameOID.ORGANIZATION_NAME, organisation), (NameOID.COMMON_NAME, station)]
    subject = x509.Name([x509.NameAttribute(kind, _within(text)) for kind, text in names if text])
    begin, public = at.astimezone(UTC).replace(microsecond=0), private.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + VALIDITY)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_SIGNING_ONLY, critical=True)
        .add_extension(x509.ExtendedKeyUsage([DOCUMENT_SIGNING]), critical=False)
        .add_extension(
            x509.SubjectAlternativeName([x509.UniformResourceIdentifier(f"{STATION_KEY_URN}{fingerprint}")]),
            critical=False,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
        .sign(private, hashes.SHA256())
    )


_SIGNING_ONLY = x509.KeyUsage(
    digital_signature=True,
    content_commitment=True,  # What X.509 used to call nonRepudiation.
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)


def certificate_digest(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate's DER: 64 lower-case hexadecimal digits."""
    return hashlib.sha256(certificate.public_bytes(serialization.Encoding.DER)).hexdigest()


def is_seal_of(certificate: x509.Certificate, fingerprint: str) -> bool:
    """Whether a certificate is self-signed with a P-256 key and names the station's key of this fingerprint."""
    try:
        public = certificate.public_key()
        certificate.verify_directly_issued_by(certificate)
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    # Everything that the library may find in a certificate from anywhere.
    except (
        ValueError,
        TypeError,
        InvalidSignature,
        UnsupportedAlgorithm,
        x509.ExtensionNotFound,
        x509.DuplicateExtension,
        x509.UnsupportedGeneralNameType,
    ):
        return False
    is_p256 = isinstance(public, EllipticCurvePublicKey) and isinstance(public.curve, SECP256R1)
    return is_p256 and names.get_values_for_type(x509.UniformResourceIdentifier) == [f"{STATION_KEY_URN}{fingerprint}"]


def load_private(path: Path) -> EllipticCurvePrivateKey:
    """Read a seal's private key. `FileNotFoundError` if there is none, `KeyFileError` if it cannot be used."""
    pem = read_private(path)
    try:
        private = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyFileError(say("key-unreadable", path=str(path))) from None
    if not isinstance(private, EllipticCurvePrivateKey) or not isinstance(private.curve, SECP256R1):
        raise KeyFileError(say("seal-not-p256", path=str(path)))
    return private


def load_certificate(path: Path) -> x509.Certificate:
    """Read a seal's certificate (PEM). `KeyFileError` if it is none."""
    try:
        return x509.load_pem_x509_certificate(read_public(path))
    except ValueError:
        raise KeyFileError(say("seal-certificate-unreadable", path=str(path))) from None


def private_pem(private: EllipticCurvePrivateKey) -> bytes:
    """The private key as it lies in its file: PKCS #8, PEM, without a password."""
    return private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def certificate_pem(certificate: x509.Certificate) -> bytes:
    """The certificate as it lies in its file."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def _within(name: str) -> str:
    content = name.encode()
    if len(content) <= _LONGEST_NAME:
        return name
    return content[: _LONGEST_NAME - len("…".encode())].decode(errors="ignore") + "…"
