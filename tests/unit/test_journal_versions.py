"""A journal of an earlier version, and one that is closed: each says what it is instead of an error from below."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database

from bench.journal import log
from bench.journal.journal import read
from bench.journal.schema import migrations
from bench.journal.writer import JournalWriter, connect
from bench.messages import BenchError
from bench.state import StateFolder
from support.benches import open_local


def earlier(path: Path, before: str) -> None:
    """A journal as the version before this migration left it."""
    migrations.apply(Database(sqlite3.connect(path)), stop_before=before)


@pytest.mark.parametrize("before", ["corrections_and_hashes", "seals"])
def test_who_only_reads_says_what_brings_an_older_journal_up_to_date(tmp_path: Path, before: str) -> None:
    folder = StateFolder(tmp_path)
    folder.create()
    earlier(folder.journal, before)
    content = folder.journal.read_bytes()
    with pytest.raises(BenchError) as raised:
        read(folder, lambda database: log.jobs(database, open_only=False))
    assert [message.id for message in raised.value.messages] == ["journal-older"]
    assert folder.journal.read_bytes() == content
    connect(folder.journal).close()
    assert read(folder, lambda database: log.jobs(database, open_only=False)) == ()


def test_what_is_no_journal_is_unreadable_and_not_older(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path)
    folder.create()
    sqlite3.connect(folder.journal).close()
    with pytest.raises(BenchError) as raised:
        read(folder, lambda database: log.jobs(database, open_only=False))
    assert [message.id for message in raised.value.messages] == ["journal-unreadable"]


def test_a_closed_journal_takes_nothing_more(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path / "journal.db")
    writer.close()
    writer.close()
    with pytest.raises(RuntimeError, match="closed"):
        writer.submit(lambda _: None)


async def test_a_bench_is_closed_twice_without_hanging(tmp_path: Path) -> None:
    bench = open_local(tmp_path / "state")
    await bench.recover()
    async with asyncio.timeout(10):
        await bench.close()
        await bench.close()
