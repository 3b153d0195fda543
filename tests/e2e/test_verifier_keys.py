"""What the page makes of key lists and kept heads, in Chromium, held against the bench and the stranger."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import rfc8785

from bench.key_history import first_list, with_revocation, with_successor
from bench.key_list import KeyList, KeyListError, key_list_bytes, read_key_list
from bench.keys import public_pem
from bench.ledger import merkle
from bench.verification import verify
from support import stranger_basics, stranger_keys
from support import verifier_samples as made
from support.verifier_page import Call, b64, check

CERTIFICATE = made.issued()
KEY = public_pem(made.KEY.public)


FIRST = first_list(made.STATION, made.KEY, made.SEAL)


def rotated(days: int) -> KeyList:
    since = (made.BEGIN + timedelta(days=days)).isoformat()
    return with_successor(FIRST, made.KEY, made.SUCCESSOR, made.SUCCESSORS_SEAL, reason="Usure", since=since)


ROTATED, RETIRED_EARLY = rotated(200), rotated(30)
EARLY_REVOKED = with_revocation(
    ROTATED, made.SUCCESSOR, made.KEY.fingerprint, "Clé copiée", "2026-03-01T00:00:00+00:00"
)
LATE_REVOKED = with_revocation(ROTATED, made.SUCCESSOR, made.KEY.fingerprint, "Clé copiée", "2026-09-01T00:00:00+00:00")
NEW = made.issued(key=made.SUCCESSOR, seal_digest=made.SUCCESSORS_SEAL.digest)
PUBLIC = {public_pem(key.public): key.public for key in (made.KEY, made.SUCCESSOR)}
FIRST_KEY, NEW_KEY, STRANGERS = (public_pem(key.public) for key in (made.KEY, made.SUCCESSOR, made.STRANGER))


@pytest.mark.parametrize(
    ("document", "key_list", "key", "overall", "said"),
    [
        (CERTIFICATE, FIRST, None, "intact", "check-key-passed"),
        (CERTIFICATE, FIRST, FIRST_KEY, "intact", "check-key-passed"),
        (CERTIFICATE, FIRST, STRANGERS, "unknown-key", "check-key-unknown"),
        (CERTIFICATE, ROTATED, None, "intact", "check-key-retired"),
        (CERTIFICATE, ROTATED, FIRST_KEY, "intact", "check-key-retired"),
        (NEW, ROTATED, FIRST_KEY, "intact", "check-key-passed"),
        (NEW, ROTATED, NEW_KEY, "intact", "check-key-passed"),
        (NEW, FIRST, None, "unknown-key", "check-key-unknown"),
        (CERTIFICATE, RETIRED_EARLY, None, "doubtful-key", "check-key-retired-late"),
        (CERTIFICATE, EARLY_REVOKED, None, "revoked-key", "check-key-revoked"),
        (CERTIFICATE, LATE_REVOKED, None, "doubtful-key", "check-key-revoked-later"),
        (NEW, LATE_REVOKED, None, "intact", "check-key-passed"),
        (NEW, LATE_REVOKED, NEW_KEY, "intact", "check-key-passed"),
        (NEW, LATE_REVOKED, FIRST_KEY, "unknown-key", "check-key-behind-revoked"),
    ],
)
def test_key_lists_say_what_a_key_is_worth(
    call: Call, document: bytes, key_list: KeyList, key: bytes | None, overall: str, said: str
) -> None:
    content = key_list_bytes(key_list)
    read_key_list(content)
    given_ = {"keys": content} if key is None else {"keys": content, "key": key}
    found, checks = check(call, document, **given_)
    assert (found, checks["key"][1]) == (overall, said)
    if key != STRANGERS:  # The bench refuses the list of another station; the page says so and goes on without.
        pinned = [PUBLIC[key]] if key else []
        assert verify(document, pinned, key_list).overall.value == overall


def test_a_proof_may_be_renewed_by_a_later_key(call: Call) -> None:
    fields = json.loads(CERTIFICATE)
    leaves = made.leaves_of(6)
    leaves[3] = merkle.leaf_hash(rfc8785.dumps(fields["record"]))
    fields["proof"]["head"] = made.head_of(leaves, made.SUCCESSOR)
    renewed = rfc8785.dumps(fields)
    overall, checks = check(call, renewed, key=FIRST_KEY, keys=key_list_bytes(ROTATED))
    assert (overall, checks["head"]) == ("intact", ("passed", "check-head-passed-other"))
    overall, checks = check(call, renewed, key=FIRST_KEY)
    assert (overall, checks["head"]) == ("altered", ("failed", "ledger-head-other-key"))


def test_a_seal_that_the_record_does_not_name_may_be_named_by_the_list(call: Call) -> None:
    content = key_list_bytes(FIRST)
    unnamed = made.issued(seal_digest="")
    assert check(call, made.sealed_pages(unnamed), keys=content)[1]["seal"] == ("passed", "verifier-seal-passed")
    strange = made.sealed_pages(unnamed, key=made.STRANGERS_SEAL)
    assert check(call, strange, keys=content)[1]["seal"] == ("failed", "verifier-seal-other")


def test_every_changed_byte_of_a_key_list_is_noticed(call: Call) -> None:
    content = key_list_bytes(ROTATED)
    for place in range(0, len(content), 23):
        changed = bytearray(content)
        changed[place] ^= 1
        overall, _ = check(call, CERTIFICATE, keys=bytes(changed))
        assert overall == "unknown-key", place


def resigned(change: Callable[[dict[str, Any]], object]) -> bytes:
    """The rotated list, changed by the thief of the current key."""
    fields = json.loads(key_list_bytes(ROTATED))
    change(fields)
    unsigned = {name: value for name, value in fields.items() if name != "signature"}
    value = made.SUCCESSOR.private.sign(rfc8785.dumps(unsigned))
    fields["signature"]["value"] = base64.b64encode(value).decode()
    return rfc8785.dumps(fields)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda it: it["keys"][1].update(succession=it["signature"]["value"]), "key-list-succession"),
        (lambda it: it["keys"][1].update(succession={"absent": "not-applicable"}), "key-list-succession"),
        (lambda it: it["keys"][1].update({"from": "2026-01-02T00:00:00+00:00"}), "key-list-succession"),
        (lambda it: it.update(station="atelier-2"), "key-list-succession"),
        (lambda it: it["keys"][0].update(public_key=it["keys"][1]["public_key"]), "key-list-key"),
        (lambda it: it["keys"][1].update(seal_certificate=it["keys"][0]["seal_certificate"]), "key-list-seal"),
        (lambda it: it["keys"][0].update(status="current"), "key-list-status"),
        (lambda it: it["keys"][0].update(status="revoked", reason={"absent": "not-recorded"}), "key-list-status"),
        (lambda it: it["keys"][1].update(reason="Usure"), "key-list-status"),
        (lambda it: it["keys"][0].update(more=1), "key-list-unreadable"),
        (lambda it: it.update(format="tablerase-keys-2"), "key-list-unreadable"),
        (lambda it: it.update(keys=[]), "key-list-unreadable"),
    ],
)
def test_a_key_list_that_does_not_hold_together_is_refused_as_by_the_bench(
    call: Call, change: Callable[[dict[str, Any]], object], reason: str
) -> None:
    content = resigned(change)
    with pytest.raises(KeyListError) as refused:
        read_key_list(content)
    assert refused.value.messages[0].id == reason
    assert call("taken", [b64(content), "keys"]) == ["failed", reason]
    with pytest.raises((stranger_basics.BrokenError, stranger_basics.UnreadableError)):
        stranger_keys.read_key_list(content)


def test_kept_heads_are_compared(call: Call) -> None:
    head = json.loads(CERTIFICATE)["proof"]["head"]
    leaves = made.leaves_of(6)
    rewritten = made.head_of(leaves)
    assert check(call, CERTIFICATE, key=KEY, head=head.encode())[1]["kept"] == ("passed", "verifier-kept-passed")
    overall, checks = check(call, CERTIFICATE, key=KEY, head=rewritten.encode())
    assert (overall, checks["kept"]) == ("contradicted", ("failed", "verifier-kept-failed"))
    forged = made.head_of(leaves, made.STRANGER)
    assert check(call, CERTIFICATE, key=KEY, head=forged.encode())[1]["kept"] == ("skipped", "verifier-kept-other")
    smaller = made.head_of(leaves[:3])
    overall, checks = check(call, CERTIFICATE, key=KEY, head=smaller.encode())
    assert (overall, checks["kept"]) == ("intact", ("skipped", "verifier-kept-size"))


def test_a_consistency_proof_joins_heads_of_different_sizes(call: Call) -> None:
    head = json.loads(CERTIFICATE)["proof"]["head"]
    content = rfc8785.dumps(json.loads(CERTIFICATE)["record"])
    leaves = made.leaves_of(6)
    leaves[3] = merkle.leaf_hash(content)
    kept = made.head_of(leaves[:4])
    path = [item.hex() for item in merkle.consistency_path(leaves, 4)]
    proof = {"consistent": True, "old": {"note": kept}, "new": {"note": head}, "path": path}
    given_ = {"key": KEY, "head": kept.encode()}
    found = check(call, CERTIFICATE, **given_, consistency=json.dumps(proof).encode())
    assert found[1]["kept"] == ("passed", "verifier-kept-grown")
    proof["path"] = path[::-1] if len(path) > 1 else ["00" * 32]
    found = check(call, CERTIFICATE, **given_, consistency=json.dumps(proof).encode())
    assert found[1]["kept"] == ("skipped", "verifier-kept-size")
