"""What a drive should hold, byte for byte: repeated patterns and seekable keystreams.

Keystreams are addressed by absolute offset, so that writing, verifying and resuming may start anywhere on a 16-byte
(AES) or 64-byte (ChaCha20) boundary, which every sector is:

- `aes-256-ctr`: AES-256 in counter mode (NIST SP 800-38A), the 128-bit big-endian counter block is offset / 16.
- `chacha20`: RFC 8439, block counter (offset mod 256 GiB) / 64, nonce the little-endian 96-bit number of the 256 GiB
  segment: the counter has 32 bits and may not wrap.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Mapping
from typing import Protocol

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes

from bench.work import Algorithm, Content

KEY_BYTES = 32
_CHACHA_SEGMENT = 1 << 38
_AES_BLOCK = 16
_CHACHA_BLOCK = 64


def aligned_buffer(size: int) -> memoryview:
    """A page-aligned buffer of `size` bytes, as O_DIRECT needs it."""
    return memoryview(mmap.mmap(-1, size))


class Source(Protocol):
    """Gives the content of the drive at any offset."""

    def at(self, offset: int, scratch: memoryview) -> memoryview:
        """The bytes from `offset`, as many as `scratch` holds: in `scratch` itself, or in a constant buffer."""
        ...


class PatternSource:
    """A repeated pattern, held once per phase: byte n of the drive is pattern[n mod len(pattern)].

    Each phase buffer is page-aligned, so it can be handed to O_DIRECT as it is.
    """

    def __init__(self, pattern: bytes, chunk: int) -> None:
        self._pattern = pattern
        self._chunk = chunk
        self._phases: dict[int, memoryview] = {}

    def at(self, offset: int, scratch: memoryview) -> memoryview:
        """See `Source`; `scratch` only says how many bytes are wanted, at most `chunk`."""
        phase = offset % len(self._pattern)
        buffer = self._phases.get(phase)
        if buffer is None:
            buffer = self._phases[phase] = aligned_buffer(self._chunk)
            rotated = self._pattern[phase:] + self._pattern[:phase]
            buffer[:] = (rotated * (self._chunk // len(rotated) + 1))[: self._chunk]
        return buffer[: len(scratch)]


class StreamSource:
    """A keystream generated into the caller's buffer; the cipher is made anew for each offset."""

    def __init__(self, cipher_at: Callable[[int], CipherContext], chunk: int, segment: int | None) -> None:
        self._cipher_at = cipher_at
        self._zeros = memoryview(bytes(chunk))
        self._segment = segment

    def at(self, offset: int, scratch: memoryview) -> memoryview:
        """See `Source`; fills `scratch`."""
        done, end = 0, len(scratch)
        while done < end:
            length = end - done
            if self._segment is not None:
                length = min(length, self._segment - (offset + done) % self._segment)
            self._cipher_at(offset + done).update_into(self._zeros[:length], scratch[done : done + length])
            done += length
        return scratch


def _aes_at(key: bytes) -> Callable[[int], CipherContext]:
    def at(offset: int) -> CipherContext:
        counter, rest = divmod(offset, _AES_BLOCK)
        if rest:
            raise ValueError(f"offset {offset} is not a multiple of {_AES_BLOCK}")
        return Cipher(algorithms.AES(key), modes.CTR(counter.to_bytes(16, "big"))).encryptor()

    return at


def _chacha_at(key: bytes) -> Callable[[int], CipherContext]:
    def at(offset: int) -> CipherContext:
        segment, inside = divmod(offset, _CHACHA_SEGMENT)
        counter, rest = divmod(inside, _CHACHA_BLOCK)
        if rest:
            raise ValueError(f"offset {offset} is not a multiple of {_CHACHA_BLOCK}")
        nonce = counter.to_bytes(4, "little") + segment.to_bytes(12, "little")
        return Cipher(algorithms.ChaCha20(key, nonce), mode=None).encryptor()

    return at


_CIPHERS: Mapping[Algorithm, tuple[Callable[[bytes], Callable[[int], CipherContext]], int | None]] = {
    Algorithm.AES_256_CTR: (_aes_at, None),
    Algorithm.CHACHA20: (_chacha_at, _CHACHA_SEGMENT),
}


def source_for(content: Content, chunk: int) -> Source:
    """The source of `content` for requests of at most `chunk` bytes."""
    if content.algorithm is None:
        return PatternSource(bytes.fromhex(content.pattern), chunk)
    cipher_at, segment = _CIPHERS[content.algorithm]
    key = bytes.fromhex(content.key)
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes, not {len(key)}")
    return StreamSource(cipher_at(key), chunk, segment)
