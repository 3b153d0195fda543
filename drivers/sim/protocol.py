"""The frames between a virtual drive and those who use it, on a Unix stream socket; integers are big-endian.

    request: magic, op, namespace, tag, offset, length, payload size   then the payload (data to write, or JSON)
    reply:   magic, tag, error number or 0, value, payload size   then the payload (data read, or JSON)

The namespace is an NVMe namespace identifier; 0 is the one that the connection claimed first, else the drive's own.

The tag of a reply is its request's. A process may be killed at any byte while others hold copies of its
connection; tags, and on the drive's side the kernel's word on who sent which bytes, let the next one carry on.
"""

from __future__ import annotations

import json
import socket
import struct
from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import Any

from bench.drive import Medium
from drivers.sim.commands.spec import Personality
from drivers.sim.documents import DocumentError, as_object, read
from drivers.sim.folder import Power

MAX_PAYLOAD = 32 * 1024 * 1024
"""Bytes that one request or reply may carry."""

_MAGIC = b"TRd1"
_REQUEST = struct.Struct("!4sBBxxQQII")
_REPLY_MARK = struct.Struct("!4sQ")
_REPLY = struct.Struct("!4sQIII")

REQUEST_SIZE = _REQUEST.size
REPLY_SIZE = _REPLY.size


class Op(IntEnum):
    """What can be asked of a drive."""

    INFO = 1
    CLAIM = 2
    RELEASE = 3
    READ = 4
    WRITE = 5
    FLUSH = 6
    CONTROL = 7
    COMMAND = 8
    SHARE = 9
    JOIN = 10


class FrameError(Exception):
    """Bytes that are no frame of this protocol: the connection that carried them is of no more use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The head of a request. `length` is what a READ asks for, `payload` what follows."""

    op: Op
    tag: int
    offset: int = 0
    length: int = 0
    payload: int = 0
    namespace: int = 0

    def pack(self) -> bytes:
        """As bytes on the wire."""
        return _REQUEST.pack(_MAGIC, self.op, self.namespace, self.tag, self.offset, self.length, self.payload)

    @classmethod
    def unpack(cls, data: bytes | bytearray | memoryview) -> Request:
        """From `REQUEST_SIZE` bytes. Raises `FrameError`."""
        magic, op, namespace, tag, offset, length, payload = _REQUEST.unpack(data)
        if magic != _MAGIC or op not in {*Op} or max(length, payload) > MAX_PAYLOAD:
            raise FrameError(f"no request: {bytes(data).hex()}")
        return cls(op=Op(op), tag=tag, offset=offset, length=length, payload=payload, namespace=namespace)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The head of a reply. `value` is the number of bytes read or written; `payload` is what follows.

    With an error number, a payload is a sentence (UTF-8) that says more than the number does.
    """

    tag: int
    errno: int = 0
    value: int = 0
    payload: int = 0

    def pack(self) -> bytes:
        """As bytes on the wire."""
        return _REPLY.pack(_MAGIC, self.tag, self.errno, self.value, self.payload)

    @classmethod
    def unpack(cls, data: bytes | bytearray | memoryview) -> Reply:
        """From `REPLY_SIZE` bytes. Raises `FrameError`."""
        magic, tag, errno, value, payload = _REPLY.unpack(data)
        if magic != _MAGIC or payload > MAX_PAYLOAD:
            raise FrameError(f"no reply: {bytes(data).hex()}")
        return cls(tag=tag, errno=errno, value=value, payload=payload)


def reply_mark(tag: int) -> bytes:
    """The bytes with which the reply to request `tag` starts."""
    return _REPLY_MARK.pack(_MAGIC, tag)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamespaceInfo:
    """One of several NVMe namespaces of a drive. Bytes."""

    nsid: int
    size: int
    sector: int
    wwn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DriveInfo:
    """What a drive says of itself. Sizes are bytes; `sizes` has one answer per way of asking, by its name.

    `namespaces` are all of an NVMe drive that has more than one, its own first.
    """

    model: str
    serial: str
    wwn: str
    firmware: str
    vendor: str
    size: int
    sizes: tuple[tuple[str, int], ...]
    logical_sector: int
    physical_sector: int
    medium: Medium
    power_cycles: int
    personality: Personality = Personality.NONE
    power: Power = Power.SWITCHED
    namespaces: tuple[NamespaceInfo, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The JSON form that `parse` reads."""
        return {**asdict(self), "sizes": dict(self.sizes)}

    @classmethod
    def parse(cls, document: object) -> DriveInfo:
        """Read the answer to INFO. Raises `DocumentError`."""
        rest = dict(as_object(document, "drive info"))
        sizes = as_object(rest.pop("sizes", None), "drive info: field 'sizes'")
        if not all(type(size) is int for size in sizes.values()):
            raise DocumentError(f"drive info: field 'sizes': integers are expected, not {sizes!r}")
        listed = rest.pop("namespaces", [])
        if not isinstance(listed, list):
            raise DocumentError(f"drive info: field 'namespaces': a list is expected, not {listed!r}")
        namespaces = tuple(read(NamespaceInfo, item, "drive info: field 'namespaces'") for item in listed)
        return read(cls, rest, "drive info", sizes=tuple(sizes.items()), namespaces=namespaces)


def encode(document: object) -> memoryview:
    """A JSON payload."""
    return memoryview(json.dumps(document).encode())


def decode(payload: bytes | bytearray | memoryview) -> object:
    """The document in a JSON payload. Raises `DocumentError`."""
    try:
        document: object = json.loads(bytes(payload))
    except ValueError as error:
        raise DocumentError(f"payload: not JSON: {error}") from error
    return document


def send_all(connection: socket.socket, head: bytes, payload: memoryview) -> None:
    """Send a frame whole, without joining its parts. Raises `OSError`."""
    sent = connection.sendmsg([head, payload])
    if sent < len(head):
        connection.sendall(head[sent:])
        sent = len(head)
    if sent - len(head) < len(payload):
        connection.sendall(payload[sent - len(head) :])
