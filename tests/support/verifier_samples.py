"""Documents to be verified by strangers: issued by a station with a fixed key and seal, and everything done to them."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import rfc8785
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID

from bench import events as ev
from bench import key_history
from bench.certificate import assemble
from bench.evidence import Evidence
from bench.key_list import KeyList
from bench.keys import StationKey
from bench.ledger.merkle import Frontier, leaf_hash
from bench.ledger.note import TreeHead, origin_of, sign_head
from bench.record.schema import canonical
from bench.seal_key import STATION_KEY_URN, SealKey
from support import evidence_samples as sample
from ui.formats import Language
from ui.paper import seal
from ui.paper.pdf import render_pdf

KEY = sample.KEY
STRANGER = sample.OTHER_KEY
SUCCESSOR = StationKey(private=Ed25519PrivateKey.from_private_bytes(bytes(range(2, 34))))
STATION = sample.CONTEXT.station
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = seal.SealWords(field="Sceau", reason="Essai", location=STATION)


def seal_key(number: int, owner: StationKey, begin: datetime = BEGIN) -> SealKey:
    """A seal for a station's key, the same bytes whenever it is made."""
    private = derive_private_key(number, SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, STATION)])
    urn = x509.UniformResourceIdentifier(f"{STATION_KEY_URN}{owner.fingerprint}")
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(number)
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=7305))
        .add_extension(x509.SubjectAlternativeName([urn]), critical=False)
        .sign(private, hashes.SHA256(), ecdsa_deterministic=True)
    )
    return SealKey(private=private, certificate=certificate)


SEAL = seal_key(1001, KEY)
STRANGERS_SEAL = seal_key(2002, STRANGER)
SUCCESSORS_SEAL = seal_key(3003, SUCCESSOR, BEGIN + timedelta(days=200))


def leaves_of(count: int) -> list[bytes]:
    """Leaves of other records, the same ones for every ledger."""
    return [leaf_hash(f"entry {number}".encode()) for number in range(count)]


def head_of(leaves: Sequence[bytes], key: StationKey = KEY, origin: str = origin_of(STATION)) -> str:
    """The signed head of a ledger with these leaves."""
    head = TreeHead(origin=origin, size=len(leaves), root=Frontier.of(leaves).root, time=sample.ISSUED)
    return sign_head(head, key.private)


def issued(
    evidence: Evidence | None = None,
    *,
    key: StationKey = KEY,
    seal_digest: str = SEAL.digest,
    number: str = "TR-ABCDEF-000001",
    correction: ev.Corrected | None = None,
    before: int = 3,
    after: int = 2,
) -> bytes:
    """A certificate file that names the seal of its pages; its record stands after and before other leaves."""
    content = canonical(
        sample.record(evidence or sample.erased(), number=number, seal=seal_digest, correction=correction)
    )
    leaves = leaves_of(before + 1 + after)
    leaves[before] = leaf_hash(content)
    proof = sample.prove(leaves, before, head_of(leaves, key))
    return assemble(content, key.private.sign(content), key.public, proof)


def signed(content: bytes) -> bytes:
    """A certificate file around any canonical JSON object, of whatever format it is, alone in its ledger."""
    leaf = leaf_hash(content)
    proof = sample.prove([leaf], 0, head_of([leaf]))
    signature = {
        "algorithm": "Ed25519",
        "key": KEY.fingerprint,
        "public_key": base64.b64encode(KEY.public.public_bytes_raw()).decode(),
        "value": base64.b64encode(KEY.private.sign(content)).decode(),
    }
    whole = {"proof": proof.model_dump(mode="json"), "record": json.loads(content), "signature": signature}
    return rfc8785.dumps(whole)


def first_list() -> KeyList:
    """The key list of the station before it ever changed its key."""
    return key_history.first_list(STATION, KEY, SEAL)


def sealed(pdf: bytes, key: SealKey = SEAL) -> bytes:
    """A PDF under the seal of a station."""
    prepared = seal.prepare(pdf, at=datetime.fromisoformat(sample.ISSUED), words=WORDS)
    return prepared.filled(seal.sign(key, prepared.digest))


def sealed_pages(certificate: bytes, language: Language = Language.FR, key: SealKey = SEAL) -> bytes:
    """The sealed pages of a certificate file."""
    return sealed(render_pdf(certificate, language), key)
