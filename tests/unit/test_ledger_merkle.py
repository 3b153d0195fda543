"""The Merkle tree against the recursive definition of RFC 9162, section 2.1, and against known roots."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.ledger.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_path,
    extends,
    includes,
    inclusion_path,
    leaf_hash,
    root_of,
)

# The entries and roots that implementations of RFC 6962 have long compared themselves by.
KNOWN_ENTRIES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
KNOWN_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
SIZES = st.integers(min_value=1, max_value=70)


def leaves(size: int) -> list[bytes]:
    return [leaf_hash(f"entry {number}".encode()) for number in range(size)]


def reference_root(hashes: Sequence[bytes]) -> bytes:
    """MTH of the RFC, over leaf hashes."""
    if not hashes:
        return hashlib.sha256().digest()
    if len(hashes) == 1:
        return hashes[0]
    split = reference_split(len(hashes))
    return hashlib.sha256(b"\x01" + reference_root(hashes[:split]) + reference_root(hashes[split:])).digest()


def reference_split(size: int) -> int:
    split = 1
    while split * 2 < size:
        split *= 2
    return split


def reference_path(index: int, hashes: Sequence[bytes]) -> list[bytes]:
    """PATH of the RFC."""
    if len(hashes) == 1:
        return []
    split = reference_split(len(hashes))
    if index < split:
        return [*reference_path(index, hashes[:split]), reference_root(hashes[split:])]
    return [*reference_path(index - split, hashes[split:]), reference_root(hashes[:split])]


def reference_consistency(old: int, hashes: Sequence[bytes], *, whole: bool = True) -> list[bytes]:
    """SUBPROOF of the RFC."""
    if old == len(hashes):
        return [] if whole else [reference_root(hashes)]
    split = reference_split(len(hashes))
    if old <= split:
        return [*reference_consistency(old, hashes[:split], whole=whole), reference_root(hashes[split:])]
    return [*reference_consistency(old - split, hashes[split:], whole=False), reference_root(hashes[:split])]


@pytest.mark.parametrize("size", range(1, 9))
def test_known_roots(size: int) -> None:
    assert root_of([leaf_hash(entry) for entry in KNOWN_ENTRIES[:size]]).hex() == KNOWN_ROOTS[size - 1]


def test_an_empty_tree_has_the_hash_of_nothing() -> None:
    assert Frontier().root == EMPTY_ROOT == reference_root([])


@given(SIZES)
def test_root_is_the_reference_root(size: int) -> None:
    assert root_of(leaves(size)) == reference_root(leaves(size))


@given(st.integers(min_value=0, max_value=70))
def test_the_path_of_the_next_leaf_needs_no_other_leaf(size: int) -> None:
    frontier = Frontier.of(leaves(size))
    grown = frontier.append(leaves(size + 1)[-1])
    assert frontier.path_of_next == inclusion_path(leaves(size + 1), size)
    assert includes(grown.root, grown.size, size, leaves(size + 1)[-1], frontier.path_of_next)


def test_the_frontier_stays_small() -> None:
    frontier = Frontier.of(leaves(1500))
    assert len(frontier.peaks) == (1500).bit_count()


def test_a_frontier_with_the_wrong_number_of_peaks_is_refused() -> None:
    with pytest.raises(ValueError, match="peaks"):
        Frontier(size=3, peaks=(b"x" * 32,))


@given(SIZES, st.data())
def test_inclusion(size: int, data: st.DataObject) -> None:
    hashes = leaves(size)
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_path(hashes, index)
    root = root_of(hashes)
    assert list(path) == reference_path(index, hashes)
    assert includes(root, size, index, hashes[index], path)
    assert not includes(root, size, index, leaf_hash(b"another"), path)
    assert not includes(root, size, index, hashes[index], (*path, root))
    assert not includes(root, size, size, hashes[index], path)
    assert not includes(root, size, -1, hashes[index], path)
    if path:
        assert not includes(root, size, index, hashes[index], path[:-1])
        wrong = data.draw(st.integers(0, size - 1).filter(lambda other: other != index))
        assert not includes(root, size, wrong, hashes[index], path)
        place = data.draw(st.integers(0, len(path) - 1))
        assert not includes(root, size, index, hashes[index], (*path[:place], leaf_hash(b"x"), *path[place + 1 :]))


def test_a_root_does_not_pass_for_that_of_a_larger_tree() -> None:
    (leaf,) = leaves(1)
    assert includes(leaf, 1, 0, leaf, ())
    assert not includes(leaf, 2, 0, leaf, ())
    old, grown = leaves(4), leaves(6)
    path = consistency_path(grown, 4)
    assert extends(root_of(old), 4, root_of(grown), 6, path)
    assert not extends(root_of(old), 4, root_of(grown), 12, path)


@pytest.mark.parametrize("index", [-1, 5])
def test_no_path_for_a_leaf_that_is_not_there(index: int) -> None:
    with pytest.raises(IndexError, match="tree of 5"):
        inclusion_path(leaves(5), index)


@given(SIZES, st.data())
def test_consistency(size: int, data: st.DataObject) -> None:
    hashes = leaves(size)
    old = data.draw(st.integers(1, size))
    path = consistency_path(hashes, old)
    old_root, root = root_of(hashes[:old]), root_of(hashes)
    assert list(path) == reference_consistency(old, hashes)
    assert extends(old_root, old, root, size, path)
    rewritten = [leaf_hash(b"rewritten"), *hashes[1:]]
    assert not extends(root_of(rewritten[:old]), old, root, size, path)
    assert not extends(old_root, old, root_of(rewritten), size, path)
    assert not extends(old_root, old, root, size, (*path, root))
    assert not extends(old_root, size + 1, root, size, path)
    if path:
        assert not extends(old_root, old, root, size, path[:-1])


@pytest.mark.parametrize("old", [0, 6])
def test_no_consistency_with_a_tree_that_was_never_there(old: int) -> None:
    with pytest.raises(IndexError, match="within one of 5"):
        consistency_path(leaves(5), old)
