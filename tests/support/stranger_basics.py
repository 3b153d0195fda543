"""A stranger's checker, sections 1 and 4 of docs/verify.md: strict JSON, canonical form, the ledger and its heads."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class UnreadableError(Exception):
    """Not a document as the description has it."""


class BrokenError(Exception):
    """A check that fails, and why."""


def sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def from_base64(text: str, size: int = 0) -> bytes:
    value = base64.b64decode(text, validate=True)
    if base64.b64encode(value).decode() != text or (size and len(value) != size):
        raise ValueError("base64")
    return value


def from_hex(text: str) -> bytes:
    if not re.fullmatch("[0-9a-f]{64}", text):
        raise ValueError("hex")
    return bytes.fromhex(text)


def is_signed(key: bytes, signature: bytes, content: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, content)
    except InvalidSignature:
        return False
    return True


# Section 1: the file and its canonical form.


def read(content: bytes, limit: int = 16 * 1024 * 1024) -> dict[str, Any]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) != len(pairs):
            raise UnreadableError("a name given twice")
        return dict(pairs)

    def integer(digits: str) -> int:
        if len(digits) > 17 or abs(int(digits)) > 2**53 - 1:
            raise UnreadableError("a number too large")
        return int(digits)

    def refuse(_: str) -> None:
        raise UnreadableError("a number that is no integer")

    if len(content) > limit:
        raise UnreadableError("too large")
    try:
        value = json.loads(
            content.decode(), object_pairs_hook=once, parse_int=integer, parse_float=refuse, parse_constant=refuse
        )
        canonical(value)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"not JSON: {error}") from error
    if not isinstance(value, dict) or depth(value) > 24:
        raise UnreadableError("not an object, or too deep")
    return value


def depth(value: Any) -> int:
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max((depth(child) for child in children), default=0)


def canonical(value: Any) -> bytes:
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return b"{" + b",".join(canonical(name) + b":" + canonical(value[name]) for name in names) + b"}"
    if isinstance(value, list):
        return b"[" + b",".join(canonical(item) for item in value) + b"]"
    return json.dumps(value, ensure_ascii=False).encode()


def members(value: Any, *names: str) -> dict[str, Any]:
    if not isinstance(value, dict) or set(value) != set(names):
        raise UnreadableError(f"not the members {', '.join(names)}")
    return value


# Section 4: the ledger.


def leaf_of(record: bytes) -> bytes:
    return sha256(b"\x00" + record)


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right)


def root_of(leaves: Sequence[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node(root_of(leaves[:k]), root_of(leaves[k:]))


def is_included(root: bytes, size: int, index: int, leaf: bytes, path: Sequence[bytes]) -> bool:
    if not index < size:
        return False
    at, last, value = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if at % 2 == 1 or at == last:
            value = node(sibling, value)
            while at != 0 and at % 2 == 0:
                at, last = at // 2, last // 2
        else:
            value = node(value, sibling)
        at, last = at // 2, last // 2
    return last == 0 and value == root


def is_consistent(old_root: bytes, old_size: int, root: bytes, size: int, path: Sequence[bytes]) -> bool:
    if not 0 < old_size <= size:
        return False
    if old_size == size:
        return not path and old_root == root
    hashes_ = list(path)
    if old_size & (old_size - 1) == 0:
        hashes_.insert(0, old_root)
    if not hashes_:
        return False
    at, last = old_size - 1, size - 1
    while at % 2 == 1:
        at, last = at // 2, last // 2
    old = new = hashes_[0]
    for value in hashes_[1:]:
        if last == 0:
            return False
        if at % 2 == 1 or at == last:
            old, new = node(value, old), node(value, new)
            while at != 0 and at % 2 == 0:
                at, last = at // 2, last // 2
        else:
            new = node(new, value)
        at, last = at // 2, last // 2
    return last == 0 and old == old_root and new == root


@dataclass
class Head:
    origin: str
    size: int
    root: bytes
    time: str
    body: str
    signatures: list[tuple[str, bytes]]

    def is_signed_by(self, key: bytes) -> bool:
        wanted = key_id(self.origin, key)
        for name, value in self.signatures:
            if name == self.origin and value[:4] == wanted:
                return len(value) == 68 and is_signed(key, value[4:], self.body.encode())
        return False


def key_id(origin: str, key: bytes) -> bytes:
    return sha256(origin.encode() + b"\x0a\x01" + key)[:4]


def read_head(note: str) -> Head:
    body, gap, rest = note.rpartition("\n\n")
    lines, signatures = body.split("\n"), rest.split("\n")
    if not gap or len(note) > 65_536 or len(lines) != 4 or signatures.pop() != "" or not 1 <= len(signatures) <= 16:
        raise BrokenError("no head")
    origin, size, root, time = lines
    if not re.fullmatch("0|[1-9][0-9]{0,15}", size) or not time.startswith("time ") or re.search(r"[\s+]", origin):
        raise BrokenError("no head")
    found = [re.fullmatch(r"\u2014 (\S+) (\S+)", line) for line in signatures]
    try:
        values = [(match[1], from_base64(match[2])) for match in found if match]
        head = Head(origin, int(size), from_base64(root, 32), time[5:], body + "\n", values)
        datetime.fromisoformat(head.time)
    except ValueError:
        raise BrokenError("no head") from None
    if len(values) != len(signatures):
        raise BrokenError("no head")
    return head
