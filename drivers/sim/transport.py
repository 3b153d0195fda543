"""Commands to a virtual drive: `drivers.commands.transport.Transport` over its socket."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Self

from drivers.commands.transport import NvmeReply, NvmeRequest, ScsiReply, ScsiRequest, TransportError
from drivers.sim.client import SimConnection
from drivers.sim.commands.frames import OpalReply, OpalRequest, Reply, Request, pack_request, unpack_reply
from drivers.sim.documents import DocumentError


class SimTransport:
    """Implements `Transport`. Commands that change something need the drive's claim, or a share in it (EACCES).

    The connection may carry reads and writes too. It is the caller's: it is not closed here, but after a time-out or
    a lost answer it is of no more use where the drive hangs.
    """

    def __init__(self, connection: SimConnection) -> None:
        self._connection = connection

    @classmethod
    def connect(cls, folder: Path, token: str = "") -> Self:
        """A connection of its own, joined to the claim whose `token` is given. Raises `TransportError`."""
        try:
            connection = SimConnection.connect(folder)
            if token:
                connection.join(token)
        except OSError as error:
            raise TransportError(str(error), error.errno or 0) from error
        return cls(connection)

    def close(self) -> None:
        """Close the connection, and end its share in a claim."""
        self._connection.close()

    def scsi(self, request: ScsiRequest) -> ScsiReply:
        """See `Transport`."""
        reply = self._command(request)
        if not isinstance(reply, ScsiReply):
            raise TransportError(f"a SCSI command was answered with {reply!r}", errno.EPROTO)
        return reply

    def nvme(self, request: NvmeRequest) -> NvmeReply:
        """See `Transport`."""
        reply = self._command(request)
        if not isinstance(reply, NvmeReply):
            raise TransportError(f"an NVMe command was answered with {reply!r}", errno.EPROTO)
        return reply

    def opal_psid_revert(self, psid: bytes, timeout: float = 60.0) -> int:
        """As the kernel's ioctl of that name: a TCG status, 0 done, 1 not authorized. Raises `TransportError`."""
        reply = self._command(OpalRequest(psid=psid, timeout=timeout))
        if not isinstance(reply, OpalReply):
            raise TransportError(f"a PSID revert was answered with {reply!r}", errno.EPROTO)
        return reply.status

    def _command(self, request: Request) -> Reply:
        try:
            return unpack_reply(self._connection.command(pack_request(request), timeout=request.timeout))
        except DocumentError as error:
            raise TransportError(str(error), errno.EPROTO) from error
        except OSError as error:
            raise TransportError(str(error), error.errno or 0) from error
