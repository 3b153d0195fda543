"""What a TCG conversation is made of: tokens (Core 2.01 3.2.2.3) in packets (3.2.3), one of each kind in another.

A reader for what hosts send, which takes nothing that it does not know, and a writer for what a drive answers.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

_COM_PACKET = struct.Struct(">4xHHIII")
"""ComID, its extension, outstanding data, minimum transfer, length."""
_PACKET = struct.Struct(">II12xI")
"""The TPer's and the host's session number; sequence and acknowledgement, which nobody uses; length."""
_SUB_PACKET = struct.Struct(">6xHI")
"""Kind (0: data), length without padding to four bytes."""
_SHORT, _MEDIUM, _LONG = 0x80, 0xC0, 0xE0
_EMPTY = 0xFF


class Mark(Enum):
    """Tokens that are no values."""

    LIST = 0xF0
    END_LIST = 0xF1
    NAME = 0xF2
    END_NAME = 0xF3
    CALL = 0xF8
    END_OF_DATA = 0xF9
    END_OF_SESSION = 0xFA


Token: TypeAlias = int | bytes | Mark


class TcgError(Exception):
    """What was sent is no packet, or holds no tokens; the text says what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """The content of a packet, and the session that it belongs to: zeros for the session manager."""

    tper: int
    host: int
    tokens: tuple[Token, ...]


def unpacked(data: bytes, com_id: int) -> Message:
    """The message in a ComPacket, which may be followed by padding. Raises `TcgError`."""
    place = _COM_PACKET.size + _PACKET.size + _SUB_PACKET.size
    if len(data) < place:
        raise TcgError(f"{len(data)} bytes are no ComPacket")
    found, extension, _, _, whole = _COM_PACKET.unpack_from(data)
    tper, host, inner = _PACKET.unpack_from(data, _COM_PACKET.size)
    kind, length = _SUB_PACKET.unpack_from(data, _COM_PACKET.size + _PACKET.size)
    if (found, extension, kind) != (com_id, 0, 0):
        raise TcgError(f"ComID {found:#x} and {extension:#x}, subpacket of kind {kind}")
    padded = length + -length % 4
    if inner != padded + _SUB_PACKET.size or whole != inner + _PACKET.size or place + padded > len(data):
        raise TcgError(f"lengths {whole}, {inner} and {length} do not fit each other in {len(data)} bytes")
    return Message(tper=tper, host=host, tokens=tuple(_tokens(data[place : place + length])))


def packed(message: Message, com_id: int) -> bytes:
    """A ComPacket."""
    payload = b"".join(map(_coded, message.tokens))
    inner = payload + bytes(-len(payload) % 4)
    sub = _SUB_PACKET.pack(0, len(payload)) + inner
    packet = _PACKET.pack(message.tper, message.host, len(sub)) + sub
    return _COM_PACKET.pack(com_id, 0, 0, 0, len(packet)) + packet


def waiting(com_id: int, size: int) -> bytes:
    """A ComPacket without content: so many bytes wait for somebody who asks for more at once, or none do."""
    return _COM_PACKET.pack(com_id, 0, size, size, 0)


def listed(*tokens: Token) -> Sequence[Token]:
    """These, as a list."""
    return (Mark.LIST, *tokens, Mark.END_LIST)


def _tokens(data: bytes) -> Iterator[Token]:
    """Raises `TcgError`."""
    place = 0
    while place < len(data):
        first = data[place]
        if first < _SHORT:
            if first & 0x40:
                raise TcgError("a tiny atom with a sign")
            yield first
            place += 1
        elif first < 0xE4:
            value, place = _atom(data, place)
            yield value
        elif first == _EMPTY:
            place += 1
        else:
            yield _mark(first)
            place += 1


def _atom(data: bytes, place: int) -> tuple[int | bytes, int]:
    """A short, medium or long atom's value, and what follows it."""
    first = data[place]
    head, flags, most = (1, first >> 4, 0x0F) if first < _MEDIUM else (2, first >> 3, 0x07FF)
    if first >= _LONG:
        head, flags, most = 4, first, 0xFFFFFF
    # The flags' lowest bit is the sign of integers, and continuation of bytes; the one above tells bytes.
    length = int.from_bytes(data[place : place + head], "big") & most
    content = data[place + head : place + head + length]
    if len(data) < place + head + length or flags & 1:
        raise TcgError(f"an atom {first:#x} that is cut off, continued or signed")
    if flags & 2:
        return content, place + head + length
    if not 0 < length <= 8:
        raise TcgError(f"an integer of {length} bytes")
    return int.from_bytes(content, "big"), place + head + length


def _mark(byte: int) -> Mark:
    try:
        return Mark(byte)
    except ValueError as error:
        raise TcgError(f"token {byte:#x}") from error


def _coded(token: Token) -> bytes:
    """Integers and bytes that fit into a tiny or a short atom, as all do that a drive tells here."""
    if isinstance(token, Mark):
        return bytes([token.value])
    if isinstance(token, int) and token < 0x40:
        return bytes([token])
    kind = 0x20 if isinstance(token, bytes) else 0
    content = token if isinstance(token, bytes) else token.to_bytes((token.bit_length() + 7) // 8, "big")
    return bytes([_SHORT | kind | len(content)]) + content
