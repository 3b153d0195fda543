"""Who holds a virtual drive, and each NVMe namespace of it: one connection and those it shares with."""

from __future__ import annotations

import errno
import os
import secrets
import select
import socket
import threading


class Claims:
    """As with `O_EXCL`, for each namespace by itself. A claim lasts until the last of those who share it closes."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._holders: dict[int, list[socket.socket]] = {}
        self._tokens: dict[str, frozenset[int]] = {}

    def take(self, connection: socket.socket, namespace: int) -> None:
        """Hold a namespace. Raises EBUSY while another connection does."""
        with self._changed:
            while (holders := self._holders.get(namespace)) and connection not in holders:
                if not all(hung_up(holder, timeout_ms=0) for holder in holders):
                    raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))
                # What the last holder sent may still be on its way: it must not land under the next claim.
                self._changed.wait()
            self._holders.setdefault(namespace, [connection])

    def share(self, connection: socket.socket) -> str:
        """A token for `join`, good until a claim of this connection ends. Raises EACCES where it holds nothing."""
        with self._changed:
            held = frozenset(namespace for namespace, holders in self._holders.items() if connection in holders)
            if not held:
                raise OSError(errno.EACCES, "only who holds the drive can share it: claim it first")
            known = next((token for token, shared in self._tokens.items() if shared == held), "")
            token = known or secrets.token_hex(16)
            self._tokens[token] = held
            return token

    def join(self, connection: socket.socket, token: str) -> None:
        """Hold with the others what the token is for. Raises EACCES."""
        with self._changed:
            pairs = self._tokens.items()
            shared = next((held for known, held in pairs if secrets.compare_digest(known.encode(), token.encode())), ())
            if not shared:
                raise OSError(errno.EACCES, "this token is of no claim that lasts")
            for namespace in shared:
                if connection not in self._holders[namespace]:
                    self._holders[namespace].append(connection)

    def holds(self, connection: socket.socket) -> bool:
        """Whether this connection has a share in any claim: an NVMe command through one namespace reaches all."""
        with self._changed:
            return any(connection in holders for holders in self._holders.values())

    def drop(self, connection: socket.socket) -> None:
        """End this connection's part in the claims."""
        with self._changed:
            for namespace, holders in list(self._holders.items()):
                if connection not in holders:
                    continue
                holders.remove(connection)
                if not holders:
                    del self._holders[namespace]
                    self._tokens = {token: held for token, held in self._tokens.items() if namespace not in held}
            self._changed.notify_all()


def hung_up(connection: socket.socket, *, timeout_ms: int | None) -> bool:
    """Whether all copies of the other end are closed, waiting so long (None: as long as it takes)."""
    poll = select.poll()
    poll.register(connection, 0)  # a hang-up is reported unasked
    return bool(poll.poll(timeout_ms))
