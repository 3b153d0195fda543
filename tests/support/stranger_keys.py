"""A stranger's checker, sections 3 and 6 of docs/verify.md: what is known of the station's keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from support.stranger_basics import BrokenError, canonical, from_base64, is_signed, members, read, sha256


@dataclass
class Known:
    """What the reader has by another way."""

    keys: list[bytes] = field(default_factory=list)
    fingerprints: set[str] = field(default_factory=set)
    lists: list[dict[str, Any]] = field(default_factory=list)

    def take(self, content: bytes) -> None:
        if content.startswith(b"-----BEGIN PUBLIC KEY-----"):
            key = load_pem_public_key(content)
            assert isinstance(key, Ed25519PublicKey)
            self.keys.append(key.public_bytes_raw())
            self.fingerprints.add(sha256(self.keys[-1]).hex())
        elif content.startswith(b"{"):
            self.lists.append(read_key_list(content))
        else:
            self.fingerprints.add(re.sub(r"\s", "", content.decode()).lower())

    def ours(self) -> list[dict[str, Any]]:
        return [
            item
            for item in self.lists
            if not self.fingerprints or self.fingerprints & {key["fingerprint"] for key in item["keys"]}
        ]

    def is_borne(self, item: dict[str, Any]) -> bool:
        if not self.fingerprints:
            return True
        for key in reversed(item["keys"]):
            if key["status"] == "revoked":
                return False
            if key["fingerprint"] in self.fingerprints:
                return True
        return False

    def judge(self, fingerprint: str, issued: str) -> str:
        for item in self.ours():
            for key in item["keys"]:
                if key["fingerprint"] != fingerprint:
                    continue
                before = isinstance(key["until"], str) and (
                    datetime.fromisoformat(issued) < datetime.fromisoformat(key["until"])
                )
                if key["status"] == "revoked":
                    return "doubtful-key" if before else "revoked-key"
                if self.is_borne(item):
                    return "doubtful-key" if key["status"] == "retired" and not before else "known"
        return "known" if fingerprint in self.fingerprints else "unknown-key"

    def all_keys(self) -> Iterator[bytes]:
        yield from self.keys
        for item in self.ours():
            if self.is_borne(item):
                yield from (from_base64(key["public_key"]) for key in item["keys"])

    def seal_of(self, fingerprint: str) -> str | None:
        for item in self.ours():
            for key in item["keys"]:
                if key["fingerprint"] == fingerprint and self.is_borne(item):
                    seal = key["seal_certificate"]
                    return sha256(from_base64(seal)).hex() if isinstance(seal, str) else None
        return None


def read_key_list(content: bytes) -> dict[str, Any]:
    value = members(read(content, 1024 * 1024), "format", "keys", "signature", "station")
    if canonical(value) != content or value["format"] != "tablerase-keys-1":
        raise BrokenError("the list's form")
    names = ("fingerprint", "from", "public_key", "reason", "seal_certificate", "status", "succession", "until")
    keys = [members(key, *names) for key in value["keys"]]
    if not keys or len({key["fingerprint"] for key in keys}) != len(keys):
        raise BrokenError("no key, or one listed twice")
    before = b""
    for place, key in enumerate(keys):
        public = from_base64(key["public_key"], 32)
        seal = from_base64(key["seal_certificate"]) if isinstance(key["seal_certificate"], str) else b""
        last = place == len(keys) - 1
        ended, explained = isinstance(key["until"], str), isinstance(key["reason"], str)
        sound = not (ended or explained) if last else ended and (explained or key["status"] == "retired")
        if sha256(public).hex() != key["fingerprint"] or not sound or (key["status"] == "current") is not last:
            raise BrokenError("a key's row")
        if seal and not is_seal_of(seal, key["fingerprint"]):
            raise BrokenError("a seal that is not the key's")
        lines = [
            "tablerase-succession",
            value["station"],
            key["fingerprint"],
            sha256(seal).hex() if seal else "-",
            key["from"],
        ]
        text = "".join(f"{line}\n" for line in lines).encode()
        vouched = isinstance(key["succession"], str)
        if vouched is not bool(before) or (vouched and not is_signed(before, from_base64(key["succession"], 64), text)):
            raise BrokenError("a succession")
        before = public
    signature = members(value["signature"], "algorithm", "key", "value")
    unsigned = canonical({name: item for name, item in value.items() if name != "signature"})
    if signature["key"] != keys[-1]["fingerprint"] or signature["algorithm"] != "Ed25519":
        raise BrokenError("the list's signature")
    if not is_signed(before, from_base64(signature["value"], 64), unsigned):
        raise BrokenError("the list's signature")
    return value


def is_seal_of(der: bytes, fingerprint: str) -> bool:
    certificate = x509.load_der_x509_certificate(der)
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    uris = names.get_values_for_type(x509.UniformResourceIdentifier)
    try:
        certificate.verify_directly_issued_by(certificate)
    except (InvalidSignature, ValueError):
        return False
    return f"urn:tablerase:station-key:{fingerprint}" in uris and p256_of(certificate) is not None


def p256_of(certificate: x509.Certificate) -> EllipticCurvePublicKey | None:
    key = certificate.public_key()
    return key if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1) else None
