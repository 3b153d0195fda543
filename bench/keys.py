"""The station's Ed25519 key: made once, kept from other readers, named by its fingerprint.

The private half is `PATH` (PKCS #8 PEM, mode 0600), the public half `PATH.pub` beside it, for donors.
"""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from bench.messages import BenchError, say

_MAX_PEM = 16 * 1024


class KeyFileError(BenchError):
    """A key file that may not or cannot be used, with what to do about it."""


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
        _replace(target, pem, mode=0o644)
    return key


def create(path: Path) -> StationKey:
    """Make a new key at `path`. `KeyFileError` if there is a file already."""
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    part = _write_part(path, pem, mode=0o600)
    try:
        # A hard link, unlike a rename, never replaces a key that another process made meanwhile.
        os.link(part, path)
    except FileExistsError:
        raise KeyFileError(say("key-exists", path=str(path))) from None
    finally:
        part.unlink()
    _sync_folder(path.parent)
    return StationKey(private=private)


def load(path: Path) -> StationKey:
    """Read the key. `FileNotFoundError` if there is none, `KeyFileError` if it may not or cannot be used."""
    descriptor = _open(path)
    try:
        _require_private(path, os.fstat(descriptor).st_mode)
        pem = os.read(descriptor, _MAX_PEM)
    finally:
        os.close(descriptor)
    try:
        private = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyFileError(say("key-unreadable", path=str(path))) from None
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyFileError(say("key-not-ed25519", path=str(path)))
    return StationKey(private=private)


def load_public(path: Path) -> Ed25519PublicKey:
    """Read a public key (PEM). `KeyFileError` if there is none or it is of another kind."""
    try:
        with path.open("rb") as file:
            public = serialization.load_pem_public_key(file.read(_MAX_PEM))
    except OSError as error:
        raise KeyFileError(say("key-cannot-open", path=str(path), error=str(error.strerror))) from None
    except (ValueError, UnsupportedAlgorithm):
        raise KeyFileError(say("key-unreadable", path=str(path))) from None
    if not isinstance(public, Ed25519PublicKey):
        raise KeyFileError(say("key-not-ed25519", path=str(path)))
    return public


def public_pem(public: Ed25519PublicKey) -> bytes:
    """The public key as donors get it: SubjectPublicKeyInfo, PEM."""
    return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def _open(path: Path) -> int:
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise KeyFileError(say("key-cannot-open", path=str(path), error=str(error.strerror))) from None


def _require_private(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise KeyFileError(say("key-not-a-file", path=str(path)))
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyFileError(say("key-readable-by-others", path=str(path), mode=f"{stat.S_IMODE(mode):04o}"))


def _write_part(path: Path, content: bytes, *, mode: int) -> Path:
    """Write and sync a file beside `path` under a name of its own."""
    part = path.with_name(f"{path.name}.{os.urandom(6).hex()}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, mode)
    with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor, opened with O_EXCL and its mode
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return part


def _replace(path: Path, content: bytes, *, mode: int) -> None:
    _write_part(path, content, mode=mode).replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
