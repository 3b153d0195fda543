"""The Merkle tree of RFC 9162, section 2.1: roots, inclusion paths, consistency paths.

Leaves are given by their hashes (32 bytes each, `leaf_hash` of the entry's bytes); a tree is the sequence of its
leaf hashes. Verification follows the algorithms of sections 2.1.3.2 and 2.1.4.2 and never raises on hostile input
of the right types.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256().digest()
"""The root of a tree without leaves."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash of a leaf: the prefix keeps an entry from passing for an inner node."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node over its two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontier:
    """What must be remembered of a tree to append to it: O(log n) hashes.

    `peaks` are the roots of the perfect subtrees that make up the tree, largest (leftmost) first: one for each bit
    set in `size`.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.peaks) != self.size.bit_count():
            raise ValueError(f"a tree of {self.size} leaves does not have {len(self.peaks)} peaks")

    @classmethod
    def of(cls, leaf_hashes: Sequence[bytes]) -> Frontier:
        """The frontier of a whole tree."""
        frontier = cls()
        for leaf in leaf_hashes:
            frontier = frontier.append(leaf)
        return frontier

    def append(self, leaf: bytes) -> Frontier:
        """The tree with one more leaf; at most log2(size) hashes are computed."""
        peaks = list(self.peaks)
        node = leaf
        remaining = self.size
        while remaining & 1:
            node = node_hash(peaks.pop(), node)
            remaining >>= 1
        return Frontier(size=self.size + 1, peaks=(*peaks, node))

    @property
    def root(self) -> bytes:
        """Root of the tree."""
        if not self.peaks:
            return EMPTY_ROOT
        node = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            node = node_hash(peak, node)
        return node

    @property
    def path_of_next(self) -> tuple[bytes, ...]:
        """Inclusion path of the leaf appended next, in the tree that it completes; no other leaf is needed."""
        return self.peaks[::-1]


def root_of(leaf_hashes: Sequence[bytes]) -> bytes:
    """Root of a whole tree."""
    return Frontier.of(leaf_hashes).root


def inclusion_path(leaf_hashes: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Sibling hashes from leaf `index` up to the root. `IndexError` if there is no such leaf."""
    if not 0 <= index < len(leaf_hashes):
        raise IndexError(f"leaf {index} of a tree of {len(leaf_hashes)}")
    path: list[bytes] = []
    start, end = 0, len(leaf_hashes)
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(root_of(leaf_hashes[middle:end]))
            end = middle
        else:
            path.append(root_of(leaf_hashes[start:middle]))
            start = middle
    return tuple(reversed(path))


def includes(root: bytes, size: int, index: int, leaf: bytes, path: Sequence[bytes]) -> bool:
    """Whether `path` proves that `leaf` is number `index` of the tree of `size` leaves with this `root`."""
    if not 0 <= index < size:
        return False
    node, last, computed = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if node & 1 or node == last:
            computed = node_hash(sibling, computed)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            computed = node_hash(computed, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and hmac.compare_digest(computed, root)


def consistency_path(leaf_hashes: Sequence[bytes], old_size: int) -> tuple[bytes, ...]:
    """Hashes that prove the tree of the first `old_size` leaves to be a beginning of the whole one.

    `IndexError` if the old tree is empty or larger than the whole.
    """
    if not 0 < old_size <= len(leaf_hashes):
        raise IndexError(f"no tree of {old_size} leaves within one of {len(leaf_hashes)}")
    path: list[bytes] = []
    start, end = 0, len(leaf_hashes)
    whole_old_tree = True
    while old_size != end:
        middle = start + _split(end - start)
        if old_size <= middle:
            path.append(root_of(leaf_hashes[middle:end]))
            end = middle
        else:
            path.append(root_of(leaf_hashes[start:middle]))
            start = middle
            whole_old_tree = False
    if not whole_old_tree:
        path.append(root_of(leaf_hashes[start:end]))
    return tuple(reversed(path))


def extends(old_root: bytes, old_size: int, root: bytes, size: int, path: Sequence[bytes]) -> bool:
    """Whether `path` proves that the tree of `size` leaves only appended to the one of `old_size` leaves."""
    if not 0 < old_size <= size:
        return False
    if old_size == size:
        return not path and hmac.compare_digest(old_root, root)
    hashes = list(path)
    if old_size.bit_count() == 1:
        hashes.insert(0, old_root)
    if not hashes:
        return False
    node, last = old_size - 1, size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and hmac.compare_digest(old, old_root) and hmac.compare_digest(new, root)


def _split(count: int) -> int:
    """The largest power of two below `count`, which is at least 2."""
    return 1 << ((count - 1).bit_length() - 1)
