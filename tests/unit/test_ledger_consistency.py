"""Two states of a ledger compared: proven to be one growing ledger, or the one that contradicts it named."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from bench.audit import opened
from bench.consistency import Consistency, State, compare
from bench.journal.journal import read
from bench.ledger.note import TreeHead, sign_head
from bench.messages import BenchError
from bench.state import StateFolder
from support import evidence_samples as sample
from support import ledgers, rfc9162
from ui.formats import Language
from ui.texts import texts

SIZE = 21
OTHER = sample.OTHER_KEY.private


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("ledger")

    async def fill() -> None:
        with ledgers.journal(where) as journal:
            await ledgers.add(journal, SIZE)

    asyncio.run(fill())
    return where


def compared(state: Path, old: State, new: State | None = None) -> Consistency:
    return read(StateFolder(state), lambda database: compare(database, ledgers.PUBLIC, old, new))


def refused(state: Path, old: State, new: State | None = None) -> str:
    with pytest.raises(BenchError) as refusal:
        compared(state, old, new)
    for language in Language:
        assert all(texts(language).text(message) for message in refusal.value.messages)
    return refusal.value.messages[0].id


def head(size: int, root: bytes = bytes(32)) -> str:
    """A head of this ledger that its own key signed, whatever it says."""
    return sign_head(
        TreeHead(origin="tablerase/atelier-1", size=size, root=root, time=sample.ISSUED), ledgers.KEY.private
    )


@given(st.integers(1, SIZE), st.integers(1, SIZE))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_two_states_of_one_ledger_are_proven_to_an_independent_checker(state: Path, one: int, other: int) -> None:
    old, new = sorted((one, other))
    found = compared(state, old, new)
    assert found.findings == ()
    first, second = found.old.head, found.new.head
    assert (first.size, second.size) == (old, new)
    assert rfc9162.is_consistent(old, first.root, new, second.root, found.path)
    if found.path:
        assert not rfc9162.is_consistent(old, first.root, new, second.root, (*found.path[:-1], bytes(32)))
        assert not rfc9162.is_consistent(old, bytes(32), new, second.root, found.path)


def test_a_kept_head_stands_for_its_size_and_the_latest_for_none(state: Path) -> None:
    kept = compared(state, 8).old.note
    assert compared(state, kept) == compared(state, 8, SIZE)
    assert compared(state, 8, 8).path == ()
    found = opened(ledgers.PUBLIC, kept)
    assert found is not None
    assert found.size == 8


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (head(8), None, ["ledger-state-differs 8"]),
        (8, head(9), ["ledger-state-differs 9"]),
        (head(8), head(9), ["ledger-state-differs 8", "ledger-state-differs 9"]),
        (head(22), None, ["ledger-state-removed 22"]),
        (head(SIZE), SIZE, [f"ledger-state-differs {SIZE}"]),
    ],
)
def test_the_state_that_contradicts_is_named(state: Path, old: State, new: State | None, expected: list[str]) -> None:
    found = compared(state, old, new)
    assert [f"{item.id} {item.params['size']}" for item in found.findings] == expected
    assert found.path == ()
    for language in Language:
        assert all(texts(language).text(message) for message in found.findings)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (9, 8, "ledger-states-reversed"),
        (0, None, "ledger-no-such-size"),
        (22, None, "ledger-no-such-size"),
        ("", None, "ledger-head-unreadable"),
        ("tablerase/atelier-1\n8\n", None, "ledger-head-unreadable"),
        (head(0), None, "ledger-no-such-size"),
        (
            sign_head(TreeHead(origin="tablerase/atelier-1", size=8, root=bytes(32), time=sample.ISSUED), OTHER),
            None,
            "ledger-state-of-another-key",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused(state: Path, old: State, new: State | None, expected: str) -> None:
    assert refused(state, old, new) == expected


def test_an_altered_head_is_of_no_known_key(state: Path) -> None:
    kept = compared(state, 8).old.note
    assert refused(state, kept.replace("\n8\n", "\n9\n", 1)) == "ledger-state-of-another-key"


@pytest.mark.parametrize(
    "change",
    [
        lambda database: database.execute(
            "UPDATE records SET canonical = CAST(replace(canonical, 'SN-0001', 'SN-0002') AS BLOB) WHERE position = 3"
        ),
        lambda database: database.table("records").delete_where("position = 20"),
    ],
)
async def test_a_rewritten_record_is_found_although_all_beside_it_was_left(
    tmp_path: Path, change: Callable[[Database], object]
) -> None:
    """Heads and stored hashes say what they said: the records themselves are what is compared."""
    with ledgers.journal(tmp_path) as journal:
        await ledgers.add(journal, SIZE)
    ledgers.tamper(tmp_path, change)
    assert compared(tmp_path, 8).findings
    assert compared(tmp_path, 2, 3).findings == ()


def test_an_empty_ledger_has_no_state(tmp_path: Path) -> None:
    with ledgers.journal(tmp_path):
        pass
    assert refused(tmp_path, 1) == "ledger-no-such-size"
    assert refused(tmp_path, head(8)) == "ledger-empty"
