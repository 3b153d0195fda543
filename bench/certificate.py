"""The certificate file: a signed record, and the proof of its place in the ledger beside it.

    {"proof": {…}, "record": {…}, "signature": {…}}

The whole file is canonical JSON (RFC 8785) without a final newline, so that there is one way to write it. The
signature is Ed25519 over the canonical record; the proof is no part of what is signed and may be renewed against a
later head. Both show origin and non-alteration. They do not show that an erasure happened.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Annotated, Literal, TypeAlias

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import ConfigDict, Field

from bench.keys import fingerprint
from bench.record.base import Count, NonEmpty, Ordinal, Published, Sha256
from bench.record.model import Record
from bench.record.reading import MAX_BYTES
from bench.record.schema import canonical

Base64Key: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]{43}=$")]
Base64Signature: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]{86}==$")]


class Signature(Published):
    """Who vouches for the record's text."""

    algorithm: Literal["Ed25519"]
    key: Sha256
    """Fingerprint: SHA-256 over the raw public key."""
    public_key: Base64Key
    """The raw public key, 32 bytes."""
    value: Base64Signature
    """Over the record in RFC 8785 form."""


class Proof(Published):
    """The record's place in the ledger (RFC 9162 inclusion proof)."""

    leaf_hash: Sha256
    index: Count
    tree_size: Ordinal
    path: tuple[Sha256, ...]
    """Sibling hashes, from the leaf upwards."""
    head: NonEmpty
    """The signed tree head: a C2SP tlog-checkpoint as a signed note."""


class Certificate(Published):
    """A certificate file, version 1."""

    model_config = ConfigDict(title="Table Rase certificate file, version 1")

    record: Record
    signature: Signature
    proof: Proof


def proof_of(leaf: bytes, *, index: int, size: int, path: Sequence[bytes], head: str) -> Proof:
    """The proof that the record with this leaf hash is number `index` of the tree of `size`, signed as `head`."""
    return Proof(leaf_hash=leaf.hex(), index=index, tree_size=size, path=tuple(item.hex() for item in path), head=head)


def assemble(content: bytes, signature: bytes, public: Ed25519PublicKey, proof: Proof) -> bytes:
    """The certificate file for a canonical record and its Ed25519 signature (64 bytes).

    `ValueError` if `content` is no canonical record of this version, or the file were too large for its readers.
    """
    certificate = Certificate(
        record=Record.model_validate_json(content),
        signature=Signature(
            algorithm="Ed25519",
            key=fingerprint(public),
            public_key=base64.b64encode(public.public_bytes_raw()).decode(),
            value=base64.b64encode(signature).decode(),
        ),
        proof=proof,
    )
    if canonical(certificate.record) != content:
        raise ValueError("the record is not in its canonical form")
    text = rfc8785.dumps(certificate.model_dump(mode="json"))
    if len(text) > MAX_BYTES:
        raise ValueError(f"a certificate of {len(text)} bytes is beyond the {MAX_BYTES} that readers accept")
    return text
