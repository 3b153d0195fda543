"""Checking certificate files: the honest, the altered, the strangers and the hostile."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

import pytest
import rfc8785

from bench.certificate import Certificate, assemble
from bench.evidence import Evidence
from bench.keys import fingerprint
from bench.ledger.merkle import leaf_hash
from bench.ledger.note import TreeHead, sign_head
from bench.record.reading import MAX_BYTES, MAX_DEPTH
from bench.record.schema import canonical
from bench.verdict import judge
from bench.verification import Outcome, Overall, PageSubject, Subject, VerificationReport, verify
from support import evidence_samples as sample

CERTIFICATE = sample.certificate(sample.erased())
KNOWN = [sample.KEY.public]


def failed(report: VerificationReport) -> set[Subject | PageSubject]:
    return {check.subject for check in report.checks if check.outcome is Outcome.FAILED}


@pytest.mark.parametrize(
    "make",
    [sample.erased, sample.remarked, sample.sick, sample.failed, sample.given_up, sample.unproven, sample.aborted],
)
def test_what_was_issued_is_intact(make: Callable[[], Evidence]) -> None:
    report = verify(sample.certificate(make()), KNOWN)
    assert report.overall is Overall.INTACT
    assert [check.subject for check in report.checks] == list(Subject)
    assert {check.outcome for check in report.checks} == {Outcome.PASSED}
    assert report.record == sample.record(make())
    assert report.message.id == "certificate-intact"
    assert report.message.params["verdict"] == judge(make()).verdict.value


@pytest.mark.parametrize("part", range(4))
def test_every_changed_byte_is_noticed(part: int) -> None:
    for place in range(part, len(CERTIFICATE), 4):
        changed = bytearray(CERTIFICATE)
        changed[place] ^= 1
        report = verify(bytes(changed), KNOWN)
        assert report.overall in {Overall.ALTERED, Overall.UNREADABLE}, (place, bytes(changed[place - 20 : place + 20]))


def test_every_missing_byte_is_noticed() -> None:
    for place in range(0, len(CERTIFICATE), 7):
        report = verify(CERTIFICATE[:place] + CERTIFICATE[place + 1 :], KNOWN)
        assert report.overall in {Overall.ALTERED, Overall.UNREADABLE}


def test_the_first_and_last_of_a_ledger_are_provable() -> None:
    for before, after in ((0, 0), (0, 6), (6, 0)):
        report = verify(sample.certificate(sample.erased(), before=before, after=after), KNOWN)
        assert report.overall is Overall.INTACT


def test_an_unknown_key_is_neither_good_nor_bad() -> None:
    for keys in ([], [sample.OTHER_KEY.public]):
        report = verify(CERTIFICATE, keys)
        assert report.overall is Overall.UNKNOWN_KEY
        assert failed(report) == set()
        assert {check.outcome for check in report.checks if check.subject is Subject.KEY} == {Outcome.UNKNOWN}


def test_a_record_signed_again_by_a_stranger_is_of_an_unknown_key() -> None:
    assert verify(sample.certificate(sample.erased(), key=sample.OTHER_KEY), KNOWN).overall is Overall.UNKNOWN_KEY


def test_the_signature_and_the_proof_of_another_record_do_not_fit() -> None:
    mine, other = json.loads(CERTIFICATE), json.loads(sample.certificate(sample.failed()))
    report = verify(rfc8785.dumps(mine | {"signature": other["signature"]}), KNOWN)
    assert failed(report) == {Subject.SIGNATURE}
    report = verify(rfc8785.dumps(mine | {"proof": other["proof"]}), KNOWN)
    assert failed(report) == {Subject.LEAF, Subject.INCLUSION}


def test_a_head_signed_by_another_key_is_noticed() -> None:
    mine, other = json.loads(CERTIFICATE), json.loads(sample.certificate(sample.erased(), key=sample.OTHER_KEY))
    mine["proof"]["head"] = other["proof"]["head"]
    report = verify(rfc8785.dumps(mine), KNOWN)
    assert failed(report) == {Subject.HEAD}
    assert report.overall is Overall.ALTERED


def test_another_public_key_under_the_same_fingerprint_is_noticed() -> None:
    mine = json.loads(CERTIFICATE)
    mine["signature"]["public_key"] = base64.b64encode(sample.OTHER_KEY.public.public_bytes_raw()).decode()
    assert mine["signature"]["key"] == fingerprint(sample.KEY.public)
    assert Subject.SIGNATURE in failed(verify(rfc8785.dumps(mine), KNOWN))


def test_a_rewritten_file_is_named_as_such() -> None:
    report = verify(json.dumps(json.loads(CERTIFICATE), indent=2).encode(), KNOWN)
    assert failed(report) == {Subject.FORM}
    assert report.overall is Overall.ALTERED


def test_a_format_that_is_not_known_is_unreadable_and_not_altered() -> None:
    fields = json.loads(CERTIFICATE)
    fields["record"]["format"] = "tablerase-record-2"
    content = rfc8785.dumps(fields["record"])
    leaf = leaf_hash(content)
    head = TreeHead(origin="tablerase/atelier-1", size=1, root=leaf, time=sample.ISSUED)
    fields["signature"]["value"] = base64.b64encode(sample.KEY.private.sign(content)).decode()
    fields["proof"] = sample.prove([leaf], 0, sign_head(head, sample.KEY.private)).model_dump(mode="json")
    report = verify(rfc8785.dumps(fields), KNOWN)
    assert failed(report) == {Subject.SCHEMA}
    assert report.overall is Overall.UNREADABLE
    assert report.record is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"", "unreadable-not-json"),
        (b"\xff\xfe{}", "unreadable-not-utf8"),
        (CERTIFICATE.decode().encode("utf-16"), "unreadable-not-utf8"),
        (b"[1]", "unreadable-not-an-object"),
        (b"{}", "unreadable-not-a-certificate"),
        (b'{"a":1,"a":1}', "unreadable-duplicate-name"),
        (b'{"a":1.0}', "unreadable-number"),
        (b'{"a":1e3}', "unreadable-number"),
        (b'{"a":NaN}', "unreadable-number"),
        (b'{"a":-Infinity}', "unreadable-number"),
        (b'{"a":9007199254740992}', "unreadable-number"),
        (b'{"a":' + b"9" * 10_000 + b"}", "unreadable-number"),
        (b'{"a":' * 500 + b"1" + b"}" * 500, "unreadable-too-deep"),
        (b'{"a":' + b"[" * 200_000, "unreadable-too-deep"),
        (b" " * (MAX_BYTES + 1), "unreadable-too-large"),
        (b'{"record":{},"signature":{},"proof":{}}', "unreadable-not-a-certificate"),
        (b'{"record":{"a":"\\ud800"},"signature":{},"proof":{}}', "unreadable-not-a-certificate"),
        (CERTIFICATE.replace(b'"record":{', b'"record":{"\\udfff":1,'), "unreadable-not-a-certificate"),
        (CERTIFICATE.replace(b'"signature":{', b'"signature":{"x":1,'), "unreadable-not-a-certificate"),
        (CERTIFICATE + b"x", "unreadable-not-json"),
    ],
)
def test_hostile_input_ends_in_a_report(text: bytes, expected: str) -> None:
    report = verify(text, KNOWN)
    assert report.overall is Overall.UNREADABLE
    assert report.checks[0].message.id == expected
    assert {check.outcome for check in report.checks[1:]} == {Outcome.SKIPPED}
    assert report.message.id == "certificate-unreadable"


def test_a_duplicate_name_anywhere_is_refused() -> None:
    doubled = CERTIFICATE.replace(b'"kind":', b'"kind":"failure-report","kind":')
    assert verify(doubled, KNOWN).checks[0].message.id == "unreadable-duplicate-name"


def test_certificates_are_less_deep_than_readers_allow() -> None:
    def depth(value: object) -> int:
        children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        return 1 + max((depth(child) for child in children), default=0)

    assert depth(json.loads(sample.certificate(sample.given_up()))) * 2 < MAX_DEPTH


def test_only_a_canonical_record_is_assembled() -> None:
    parsed = Certificate.model_validate_json(CERTIFICATE)
    content = canonical(parsed.record)
    signature = sample.KEY.private.sign(content)
    assert assemble(content, signature, sample.KEY.public, parsed.proof) == CERTIFICATE
    with pytest.raises(ValueError, match="canonical"):
        assemble(b" " + content, signature, sample.KEY.public, parsed.proof)
    with pytest.raises(ValueError, match="Table Rase record"):
        assemble(b"{}", signature, sample.KEY.public, parsed.proof)
