"""The Merkle tree of RFC 9162, section 2.1: roots, inclusion paths, consistency paths.

Leaves are given by their hashes (32 bytes each, `leaf_hash` of the entry's bytes); a tree is the sequence of its
leaf hashes. Verification follows the algorithms of sections 2.1.3.2 and 2.1.4.2 and never raises on hostile input
of the right types.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

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
        completed = self.completed_by(leaf)
        kept = len(self.peaks) - (len(completed) - 1)
        return Frontier(size=self.size + 1, peaks=(*self.peaks[:kept], completed[-1]))

    def completed_by(self, leaf: bytes) -> tuple[bytes, ...]:
        """Roots of the perfect subtrees that the next leaf completes: the one of 2**n leaves is entry n."""
        roots, remaining = [leaf], self.size
        for peak in reversed(self.peaks):
            if not remaining & 1:
                break
            roots.append(node_hash(peak, roots[-1]))
            remaining >>= 1
        return tuple(roots)

    @property
    def root(self) -> bytes:
        """Root of the tree."""
        return _joined(self.peaks) if self.peaks else EMPTY_ROOT

    @property
    def path_of_next(self) -> tuple[bytes, ...]:
        """Inclusion path of the leaf appended next, in the tree that it completes; no other leaf is needed."""
        return self.peaks[::-1]


def root_of(leaf_hashes: Sequence[bytes]) -> bytes:
    """Root of a whole tree."""
    return Frontier.of(leaf_hashes).root


Nodes: TypeAlias = Callable[[int, int], bytes]
"""Gives, for (level, place), the root of the perfect subtree over leaves place * 2**level up to (place + 1) * 2**level.

With these at hand a path takes O(log n) of them; no leaf is hashed again.
"""


def nodes_of(leaf_hashes: Sequence[bytes]) -> Nodes:
    """The subtrees of a tree whose leaves are all at hand."""
    return lambda level, place: root_of(leaf_hashes[place << level : (place + 1) << level])


def frontier_of(nodes: Nodes, size: int) -> Frontier:
    """The frontier of the first `size` leaves."""
    return Frontier(size=size, peaks=_peaks(nodes, 0, size))


def inclusion_path(leaf_hashes: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Sibling hashes from leaf `index` up to the root. `IndexError` if there is no such leaf."""
    return inclusion_path_within(nodes_of(leaf_hashes), len(leaf_hashes), index)


def inclusion_path_within(nodes: Nodes, size: int, index: int) -> tuple[bytes, ...]:
    """`inclusion_path` in the tree of the first `size` leaves. `IndexError` if there is no such leaf."""
    if not 0 <= index < size:
        raise IndexError(f"leaf {index} of a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_joined(_peaks(nodes, middle, end)))
            end = middle
        else:
            path.append(_joined(_peaks(nodes, start, middle)))
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


def _peaks(nodes: Nodes, start: int, end: int) -> tuple[bytes, ...]:
    """The perfect subtrees from leaf `start` to `end`, largest first; the largest of them may begin at `start`."""
    peaks: list[bytes] = []
    count = end - start
    for level in reversed(range(count.bit_length())):
        if count >> level & 1:
            peaks.append(nodes(level, start >> level))
            start += 1 << level
    return tuple(peaks)


def _joined(peaks: Sequence[bytes]) -> bytes:
    """The root over perfect subtrees that stand side by side, largest first."""
    node = peaks[-1]
    for peak in reversed(peaks[:-1]):
        node = node_hash(peak, node)
    return node


def _split(count: int) -> int:
    """The largest power of two below `count`, which is at least 2."""
    return 1 << ((count - 1).bit_length() - 1)
