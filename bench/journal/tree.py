"""The ledger's tree as it is kept: the root of every perfect subtree, so that a proof takes a few rows and no hashing.

It is worked out from the records alone and believed by nobody: what it gives is checked against a signed head.
"""

from __future__ import annotations

from sqlite_utils import Database

from bench.ledger.merkle import Frontier, Nodes
from bench.messages import BenchError, say


def nodes(database: Database) -> Nodes:
    """The stored subtrees. Asked for one that is not there, `BenchError`: the journal was damaged or altered."""

    def stored(level: int, place: int) -> bytes:
        asked = "SELECT hash FROM hashes WHERE level = ? AND place = ?"
        row = database.execute(asked, [level, place]).fetchone()
        if row is None:
            raise BenchError(say("ledger-damaged"))
        return bytes(row[0])

    return stored


def store(database: Database, frontier: Frontier, leaf: bytes) -> None:
    """Keep what the next leaf completes, of the tree that ends at `frontier`."""
    completed = frontier.completed_by(leaf)
    rows = [(level, frontier.size >> level, node) for level, node in enumerate(completed)]
    database.conn.executemany("INSERT INTO hashes (level, place, hash) VALUES (?, ?, ?)", rows)


def holds(database: Database, frontier: Frontier, leaf: bytes) -> bool:
    """Whether what is kept is what the next leaf completes."""
    completed = frontier.completed_by(leaf)
    asked = "SELECT hash FROM hashes WHERE level = ? AND place = ?"
    rows = (database.execute(asked, [level, frontier.size >> level]).fetchone() for level in range(len(completed)))
    return all(row is not None and row[0] == node for row, node in zip(rows, completed, strict=True))
