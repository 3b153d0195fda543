"""The station's Ed25519 key: made once, kept from other readers, named by its fingerprint.

The private half is `PATH` (PKCS #8 PEM, mode 0600), the public half `PATH.pub` beside it, for donors.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from bench.key_files import KeyFileError, read_private, read_public, replace, write_once
from bench.messages import say


@dataclass(frozen=True, slots=True, kw_only=True)
class StationKey:
    """The key with which this station signs records and tree heads."""

    private: Ed25519PrivateKey

    @property
    def public(self) -> Ed25519PublicKey:
        """The half that donors are given."""
        return self.private.public_key()

    @property
    def fingerprint(self) -> str:
        """`fingerprint` of the public half."""
        return fingerprint(self.public)


def fingerprint(public: Ed25519PublicKey) -> str:
    """SHA-256 of the raw 32-byte public key: 64 lower-case hexadecimal digits."""
    return hashlib.sha256(public.public_bytes_raw()).hexdigest()


def grouped(digest: str) -> str:
    """A hexadecimal digest in groups of four, for reading aloud and comparing."""
    return " ".join(digest[i : i + 4] for i in range(0, len(digest), 4))


def public_path(path: Path) -> Path:
    """Where the public half of the key at `path` lies."""
    return path.with_name(f"{path.name}.pub")


def load_or_create(path: Path) -> StationKey:
    """The station's key, made if there is none yet, with its public half beside it.

    Safe at any crash: a key appears whole or not at all, an existing one is never replaced, and a public file
    that is missing or cut short is written again from the private one.
    """
    try:
        key = load(path)
    except FileNotFoundError:
        key = create(path)
    pem = public_pem(key.public)
    target = public_path(path)
    if not target.exists() or target.read_bytes() != pem:
        replace(target, pem, mode=0o644)
    return key


def create(path: Path) -> StationKey:
    """Make a new key at `path`. `KeyFileError` if there is a file already."""
    key = StationKey(private=Ed25519PrivateKey.generate())
    write_once(path, private_pem(key), mode=0o600)
    return key


def load(path: Path) -> StationKey:
    """Read the key. `FileNotFoundError` if there is none, `KeyFileError` if it may not or cannot be used."""
    pem = read_private(path)
    try:
        private = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyFileError(say("key-unreadable", path=str(path))) from None
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyFileError(say("key-not-ed25519", path=str(path)))
    return StationKey(private=private)


def load_public(path: Path) -> Ed25519PublicKey:
    """Read a public key (PEM). `KeyFileError` if there is none or it is of another kind."""
    pem = read_public(path)
    try:
        public = serialization.load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        raise KeyFileError(say("key-unreadable", path=str(path))) from None
    if not isinstance(public, Ed25519PublicKey):
        raise KeyFileError(say("key-not-ed25519", path=str(path)))
    return public


def public_pem(public: Ed25519PublicKey) -> bytes:
    """The public key as donors get it: SubjectPublicKeyInfo, PEM."""
    return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def private_pem(key: StationKey) -> bytes:
    """The private key as it lies in its file: PKCS #8, PEM, without a password."""
    return key.private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
