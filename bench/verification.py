"""Checking a certificate file, by anyone who holds the station's public key.

It tells where the document comes from and whether it was altered since; never more. Each check is reported, so that
a reader sees what was looked at; hostile input ends in a report like any other.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import ValidationError

from bench.certificate import Proof, Signature
from bench.key_list import KeyList
from bench.keys import fingerprint, grouped
from bench.ledger import merkle, note
from bench.messages import BenchError, Message, say
from bench.record.base import Absent
from bench.record.model import Record
from bench.record.reading import JsonObject, UnreadableError, read_object
from bench.trust import Confidence, Trust


class Subject(StrEnum):
    """What a check looks at, in the order of the report."""

    READABLE = "readable"
    """The file is JSON with a record, a signature and a proof."""
    FORM = "form"
    """It is written in the one canonical way."""
    SCHEMA = "schema"
    """The record's fields are those of its format."""
    SIGNATURE = "signature"
    KEY = "key"
    """The signing key is one that the verifier knows."""
    LEAF = "leaf"
    """The proof is about this record."""
    INCLUSION = "inclusion"
    """The record is in the ledger that the head describes."""
    HEAD = "head"
    """The head is signed by the same key, or by another of the station's."""


class PageSubject(StrEnum):
    """What is looked at besides, where the certificate file came in a PDF; see `ui.paper.verify`."""

    PDF = "pdf"
    """It is a PDF with one certificate file attached."""
    SEAL = "seal"
    """Its seal covers all of it, and nothing changed since."""
    SEALED_BY = "sealed-by"
    """The seal is the one that the signed record names."""
    STAMP = "stamp"
    """A time-stamping authority says when it was sealed, at the latest."""


class Outcome(StrEnum):
    """How one check ended."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """Neither: shown in amber."""
    SKIPPED = "skipped"
    """Not made: an earlier one failed, or there is nothing to look at, which is no fault."""


class Overall(StrEnum):
    """What the file is worth as a document."""

    INTACT = "intact"
    ALTERED = "altered"
    UNKNOWN_KEY = "unknown-key"
    DOUBTFUL_KEY = "doubtful-key"
    """Amber: the key was revoked or replaced, and the date alone speaks for the document, or against it."""
    REVOKED_KEY = "revoked-key"
    """Red: the key was revoked before the document's own date."""
    UNKNOWN_PAGES = "unknown-pages"
    """Amber: the attached file is intact, but nothing shows whose pages are around it."""
    UNREADABLE = "unreadable"


_KEY_OUTCOMES = {
    Confidence.KNOWN: Outcome.PASSED,
    Confidence.UNKNOWN: Outcome.UNKNOWN,
    Confidence.DOUBTFUL: Outcome.UNKNOWN,
    Confidence.REVOKED: Outcome.FAILED,
}
_BY_KEY = {
    Confidence.UNKNOWN: Overall.UNKNOWN_KEY,
    Confidence.DOUBTFUL: Overall.DOUBTFUL_KEY,
    Confidence.REVOKED: Overall.REVOKED_KEY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check, its outcome and the sentence that says what was found."""

    subject: Subject | PageSubject
    outcome: Outcome
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationReport:
    """Every check in order, the overall outcome and its sentence; `record` where it could be read."""

    overall: Overall
    message: Message
    checks: tuple[Check, ...]
    record: Record | None = None


def verify(text: bytes, keys: Collection[Ed25519PublicKey], key_list: KeyList | None = None) -> VerificationReport:
    """Check a certificate file against the public keys that the verifier got by another way.

    `key_list` is the station's, read by `read_key_list`: it tells of keys before and after those. `KeyListError` if it
    holds none of them.
    """
    trust = Trust(pinned=keys, key_list=key_list)
    try:
        raw = read_object(text)
        signature, proof = _envelope(raw)
    except UnreadableError as error:
        failed = Check(subject=Subject.READABLE, outcome=Outcome.FAILED, message=error.messages[0])
        skipped = [_check(subject, Outcome.SKIPPED) for subject in Subject if subject is not Subject.READABLE]
        return _report((failed, *skipped), None, Confidence.UNKNOWN)
    content = rfc8785.dumps(raw["record"])
    record, schema = _check_schema(content)
    public = Ed25519PublicKey.from_public_bytes(note.decode_base64(signature.public_key))
    leaf = merkle.leaf_hash(content)
    weighed = trust.weigh(public, record.document.issued if record is not None else None)
    checks = (
        _check(Subject.READABLE, Outcome.PASSED),
        _check(Subject.FORM, _passed(rfc8785.dumps(raw) == text)),
        schema,
        _check(Subject.SIGNATURE, _passed(_is_signed(content, signature, public))),
        Check(subject=Subject.KEY, outcome=_KEY_OUTCOMES[weighed.confidence], message=weighed.message),
        _check(Subject.LEAF, _passed(leaf.hex() == proof.leaf_hash)),
        _check(Subject.INCLUSION, _passed(_is_included(proof, leaf))),
        _check_head(proof, public, trust),
    )
    return _report(checks, record, weighed.confidence)


def _envelope(raw: JsonObject) -> tuple[Signature, Proof]:
    """Signature and proof of the file. `UnreadableError` where they, or the record, are not what they should be."""
    try:
        if set(raw) != {"record", "signature", "proof"} or not isinstance(raw["record"], dict):
            raise UnreadableError(say("unreadable-not-a-certificate"))
        signature = Signature.model_validate_json(rfc8785.dumps(raw["signature"]))
        proof = Proof.model_validate_json(rfc8785.dumps(raw["proof"]))
        rfc8785.dumps(raw["record"])
        note.decode_base64(signature.public_key)
        note.decode_base64(signature.value)
    except ValueError:  # pydantic's, rfc8785's (lone surrogates) and base64's errors alike
        raise UnreadableError(say("unreadable-not-a-certificate")) from None
    return signature, proof


def _check_schema(content: bytes) -> tuple[Record | None, Check]:
    try:
        record = Record.model_validate_json(content)
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors(include_url=False, include_input=False)[0]["loc"])
        message = say("check-schema-failed", place=place or "record", count=error.error_count())
        return None, Check(subject=Subject.SCHEMA, outcome=Outcome.FAILED, message=message)
    return record, _check(Subject.SCHEMA, Outcome.PASSED)


def _is_signed(content: bytes, signature: Signature, public: Ed25519PublicKey) -> bool:
    if fingerprint(public) != signature.key:
        return False
    try:
        public.verify(note.decode_base64(signature.value), content)
    except InvalidSignature:
        return False
    return True


def _is_included(proof: Proof, leaf: bytes) -> bool:
    try:
        head = note.read_head(proof.head)
    except BenchError:
        return False
    path = [bytes.fromhex(item) for item in proof.path]
    return head.size == proof.tree_size and merkle.includes(head.root, head.size, proof.index, leaf, path)


def _check_head(proof: Proof, public: Ed25519PublicKey, trust: Trust) -> Check:
    """The head is signed by the record's key, or by another of the station's: a proof may be renewed after years."""
    try:
        head = note.open_head(proof.head, public)
    except note.HeadError as error:
        return _check_later_head(proof, trust) or Check(
            subject=Subject.HEAD, outcome=Outcome.FAILED, message=error.messages[0]
        )
    message = say("check-head-passed", origin=head.origin, size=head.size, at=head.time)
    return Check(subject=Subject.HEAD, outcome=Outcome.PASSED, message=message)


def _check_later_head(proof: Proof, trust: Trust) -> Check | None:
    for other in trust.publics():
        try:
            head = note.open_head(proof.head, other)
        except note.HeadError:
            continue
        if trust.weigh(other, head.time).confidence is Confidence.KNOWN:
            shown = grouped(fingerprint(other))
            message = say(
                "check-head-passed-other", origin=head.origin, size=head.size, at=head.time, fingerprint=shown
            )
            return Check(subject=Subject.HEAD, outcome=Outcome.PASSED, message=message)
    return None


def _passed(holds: bool) -> Outcome:  # noqa: FBT001 - the very point is to name a condition's outcome
    return Outcome.PASSED if holds else Outcome.FAILED


def _check(subject: Subject, outcome: Outcome) -> Check:
    """A check whose sentence needs no parameter."""
    name = "check-skipped" if outcome is Outcome.SKIPPED else f"check-{subject.value}-{outcome.value}"
    return Check(subject=subject, outcome=outcome, message=say(name))


def _report(checks: tuple[Check, ...], record: Record | None, confidence: Confidence) -> VerificationReport:
    overall = _overall({check.subject: check.outcome for check in checks}, confidence)
    message = say(f"certificate-{overall.value}")
    if record is not None and overall in {Overall.INTACT, *_BY_KEY.values()}:
        message = _declaration(record, overall)
    return VerificationReport(overall=overall, message=message, checks=checks, record=record)


def _overall(outcomes: dict[Subject | PageSubject, Outcome], confidence: Confidence) -> Overall:
    failed = {subject for subject, outcome in outcomes.items() if outcome is Outcome.FAILED} - {Subject.KEY}
    # A record whose signature holds but whose fields are not known may come from a later version of the format.
    if Subject.READABLE in failed or failed == {Subject.SCHEMA}:
        return Overall.UNREADABLE
    if failed:
        return Overall.ALTERED
    return _BY_KEY.get(confidence, Overall.INTACT)


def _declaration(record: Record, overall: Overall) -> Message:
    identity = record.drive.identity
    return say(
        f"certificate-{overall.value}",
        station=record.custody.station,
        number=record.document.number,
        model=_or_dash(identity.model),
        serial=_or_dash(identity.serial),
        verdict=record.result.verdict.value,
        simulated="yes" if record.simulated else "no",
    )


def _or_dash(value: str | Absent) -> str:
    return value if isinstance(value, str) else "–"
