"""Checks of RFC 9162, written from its text alone (sections 2.1.3.2 and 2.1.4.2) and importing nothing of ours."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def hash_children(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def is_included(leaf_hash: bytes, leaf_index: int, tree_size: int, path: Sequence[bytes], root_hash: bytes) -> bool:
    """Section 2.1.3.2."""
    if leaf_index >= tree_size:
        return False
    fn, sn, r = leaf_index, tree_size - 1, leaf_hash
    for p in path:
        if sn == 0:
            return False
        if fn % 2 == 1 or fn == sn:
            r = hash_children(p, r)
            if fn % 2 == 0:
                while fn % 2 == 0 and fn != 0:
                    fn, sn = fn >> 1, sn >> 1
        else:
            r = hash_children(r, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == root_hash


def is_consistent(first: int, first_hash: bytes, second: int, second_hash: bytes, path: Sequence[bytes]) -> bool:
    """Section 2.1.4.2, with the trivial case of equal sizes beside it."""
    if first == second:
        return first_hash == second_hash and not path
    path = list(path)
    if not path:
        return False
    if first & (first - 1) == 0:
        path.insert(0, first_hash)
    fn, sn = first - 1, second - 1
    while fn % 2 == 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return False
        if fn % 2 == 1 or fn == sn:
            fr, sr = hash_children(c, fr), hash_children(c, sr)
            while fn % 2 == 0 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = hash_children(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == first_hash and sr == second_hash


def opened_head(note: str, keys: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """Size and root of a C2SP checkpoint that one of these keys signed; an exception if it is none."""
    body, _, signatures = note.rpartition("\n\n")
    origin, size, root, *_ = body.split("\n")
    text = f"{body}\n".encode()
    for line in signatures.splitlines():
        dash, name, encoded = line.split(" ")
        assert (dash, name) == ("—", origin)
        value = base64.b64decode(encoded, validate=True)
        for key in keys:
            raw = base64.b64decode(key["public_key"], validate=True)
            assert hashlib.sha256(raw).hexdigest() == key["fingerprint"]
            if hashlib.sha256(f"{name}\n".encode() + b"\x01" + raw).digest()[:4] == value[:4]:
                Ed25519PublicKey.from_public_bytes(raw).verify(value[4:], text)
                return {"origin": origin, "size": int(size), "root": base64.b64decode(root, validate=True)}
    raise AssertionError("no known key signed this head")


def check_proof(document: Mapping[str, Any]) -> None:
    """The output of `ledger prove --json`."""
    proof = document["proof"]
    head = opened_head(proof["head"], document["keys"])
    assert head["size"] == proof["tree_size"]
    path = [bytes.fromhex(item) for item in proof["path"]]
    assert is_included(bytes.fromhex(proof["leaf_hash"]), proof["index"], head["size"], path, head["root"])


def check_consistency(document: Mapping[str, Any]) -> None:
    """The output of `ledger consistency --json`."""
    old, new = (opened_head(document[which]["note"], document["keys"]) for which in ("old", "new"))
    path = [bytes.fromhex(item) for item in document["path"]]
    assert is_consistent(old["size"], old["root"], new["size"], new["root"], path)
