"""The tree as it is kept: the same paths as from all leaves, by few rows, and never believed against a signed head."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_mock import MockerFixture
from sqlite_utils import Database

from bench.journal import book, tree
from bench.journal.journal import read
from bench.journal.schema import migrations
from bench.ledger import merkle
from bench.ledger.merkle import Frontier, inclusion_path, inclusion_path_within, leaf_hash, nodes_of, root_of
from bench.messages import BenchError
from bench.onlooker import Onlooker
from bench.state import StateFolder
from drivers.machine import MachineDrives
from support import ledgers, rfc9162

SIZE = 77


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of `SIZE` records."""
    return ledgers.filled(tmp_path_factory.mktemp("ledger"), SIZE)


@pytest.fixture
def onlooker(state: Path) -> Onlooker:
    return Onlooker(StateFolder(state), MachineDrives(state))


def leaves(size: int) -> list[bytes]:
    return [leaf_hash(f"entry {number}".encode()) for number in range(size)]


@given(st.integers(1, 200), st.data())
def test_paths_from_subtrees_are_the_paths_from_leaves(size: int, data: st.DataObject) -> None:
    hashes = leaves(size)
    index = data.draw(st.integers(0, size - 1))
    within = data.draw(st.integers(index + 1, size))
    path = inclusion_path_within(nodes_of(hashes), within, index)
    assert path == inclusion_path(hashes[:within], index)
    assert rfc9162.is_included(hashes[index], index, within, path, root_of(hashes[:within]))


@given(st.integers(0, 130))
@settings(max_examples=30)
def test_what_a_leaf_completes_is_every_subtree_that_ends_with_it(size: int) -> None:
    hashes = leaves(size + 1)
    completed = Frontier.of(hashes[:size]).completed_by(hashes[-1])
    for level, node in enumerate(completed):
        assert node == root_of(hashes[size + 1 - (1 << level) :])
    assert (size + 1) % (1 << len(completed)) != 0


def test_the_stored_tree_is_that_of_the_records(state: Path) -> None:
    def compare(database: Database) -> None:
        hashes = [entry.leaf for entry in book.each(database)]
        stored, fresh = tree.nodes(database), nodes_of(hashes)
        count = database.table("hashes").count
        expected = [(level, place) for level in range(7) for place in range(SIZE >> level)]
        assert count == len(expected)
        assert all(stored(level, place) == fresh(level, place) for level, place in expected)

    read(StateFolder(state), compare)


@pytest.mark.parametrize("place", [1, 2, 64, 65, 76, 77])
@pytest.mark.parametrize("size", [None, 77])
def test_every_record_is_provable_in_the_first_tree_and_in_the_latest(
    onlooker: Onlooker, place: int, size: int | None
) -> None:
    entry = onlooker.record(str(place))
    proof = onlooker.proof(entry, size)
    assert (proof.index, proof.tree_size, proof.head) == (place - 1, SIZE, onlooker.head())
    first = onlooker.proof(entry, place)
    assert first.tree_size == place


def test_proving_takes_few_hashes(onlooker: Onlooker, mocker: MockerFixture) -> None:
    entry = onlooker.record("3")
    counted = mocker.spy(merkle, "node_hash")
    onlooker.proof(entry)
    assert 0 < counted.call_count <= 2 * SIZE.bit_length()


async def test_appending_takes_few_hashes_even_after_a_restart(tmp_path: Path, mocker: MockerFixture) -> None:
    with ledgers.journal(tmp_path) as journal:
        await ledgers.add(journal, 63)
    counted = mocker.spy(merkle, "node_hash")
    with ledgers.journal(tmp_path) as journal:
        await ledgers.add(journal, 1, first=63)
    assert 0 < counted.call_count <= 4 * (64).bit_length()


def test_a_head_from_before_the_record_proves_nothing(onlooker: Onlooker) -> None:
    with pytest.raises(BenchError) as refused:
        onlooker.proof(onlooker.record("9"), 8)
    assert refused.value.messages[0].id == "ledger-head-too-old"


@pytest.mark.parametrize("place", ["0", "78", "999999999", "TR-000000-000001", "-1", "²"])
def test_a_record_that_is_not_there_is_said_so(onlooker: Onlooker, place: str) -> None:
    with pytest.raises(BenchError) as refused:
        onlooker.record(place)
    assert refused.value.messages[0].id == "record-unknown"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE hashes SET hash = zeroblob(32) WHERE level = 2 AND place = 1",
        "DELETE FROM hashes WHERE level = 2 AND place = 1",
    ],
)
async def test_a_damaged_tree_gives_no_proof_and_takes_no_record(tmp_path: Path, change: str) -> None:
    with ledgers.journal(tmp_path) as journal:
        numbers = await ledgers.add(journal, 9)
    ledgers.tamper(tmp_path, lambda database: database.execute(change))
    folder = StateFolder(tmp_path)
    onlooker = Onlooker(folder, MachineDrives(tmp_path))
    with pytest.raises(BenchError) as refused:
        onlooker.proof(onlooker.record(numbers[0]))
    assert refused.value.messages[0].id == "ledger-damaged"
    assert [item.id for item in onlooker.audit().findings] == ["audit-tree-differs"]


async def test_nothing_is_signed_over_a_ledger_that_contradicts_its_last_head(tmp_path: Path) -> None:
    with ledgers.journal(tmp_path) as journal:
        await ledgers.add(journal, 9)
    change = "UPDATE hashes SET hash = zeroblob(32) WHERE level = 3 AND place = 0"
    ledgers.tamper(tmp_path, lambda database: database.execute(change))
    with ledgers.journal(tmp_path) as journal:
        with pytest.raises(BenchError) as refused:
            await ledgers.add(journal, 1, first=9)
        assert refused.value.messages[0].id == "ledger-damaged"
        assert await journal.do(book.size) == 9


def test_an_older_state_folder_gets_its_tree_when_it_is_opened(state: Path) -> None:
    rows = read(StateFolder(state), lambda database: list(database.table("records").rows))
    with closing(Database(memory=True)) as older:
        migrations.apply(older, stop_before="corrections_and_hashes")
        older.table("records").insert_all(rows)
        migrations.apply(older)
        frontier = merkle.frontier_of(tree.nodes(older), SIZE)
    assert frontier == Frontier.of([leaf_hash(row["canonical"]) for row in rows])
