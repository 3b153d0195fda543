"""Taking turns at a drive within this process.

Whether somebody has a drive open exclusively is found out by holding it for an instant. Two threads that look at one
drive at the same time would find each other.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE_SECONDS = 10.0
"""A look takes microseconds. Who takes longer hangs with its drive, and another may have come to that node since."""

_locks: dict[str, threading.Lock] = {}
"""By node: no more than this machine has had drives."""


@contextmanager
def turn_at(node: str, patience: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Alone at this node, as far as this process goes, unless somebody has been at it for `patience` seconds."""
    lock = _locks.setdefault(node, threading.Lock())
    alone = lock.acquire(timeout=patience)
    try:
        yield
    finally:
        if alone:
            lock.release()
