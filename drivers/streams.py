"""What a drive should hold, byte for byte: repeated patterns and seekable keystreams.

Keystreams are addressed by absolute offset, so that writing, verifying and resuming may start anywhere on a 16-byte
(AES) or 64-byte (ChaCha20) boundary, which every sector is:

- `aes-256-ctr`: AES-256 in counter mode (NIST SP 800-38A), the 128-bit big-endian counter block is offset / 16.
- `chacha20`: RFC 8439, block counter (offset mod 256 GiB) / 64, nonce the little-endian 96-bit number of the 256 GiB
  segment: the counter has 32 bits and may not wrap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes

from bench.work import Algorithm, Content
from drivers.buffers import aligned_buffers

KEY_BYTES = 32
_CHACHA_SEGMENT = 1 << 38
_AES_BLOCK = 16
_CHACHA_BLOCK = 64
_ZEROS = memoryview(bytes(1 << 20))
"""What keystreams are added to. Never written to, it is the kernel's one page of zeros all over: it takes no cache, and
a chunk is generated in one go, without asking for the interpreter lock in between."""


class Source(Protocol):
    """Gives the content of the drive at any offset."""

    def at(self, offset: int, scratch: memoryview) -> memoryview:
        """The bytes from `offset`, as many as `scratch` holds: in `scratch` itself, or in a constant buffer."""
        ...

    def origin(self, data: memoryview, offset: int, end: int) -> int | None:
        """Where `data`, a sector found at `offset` though it does not belong there, belongs; None if unknown.

        Only places from `offset` to `end` are looked for: a drive that has less room than it says overwrites its
        beginning with what was meant for its end.
        """
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
            buffer = self._phases[phase] = aligned_buffers(1, self._chunk)[0]
            rotated = self._pattern[phase:] + self._pattern[:phase]
            buffer[:] = (rotated * (self._chunk // len(rotated) + 1))[: self._chunk]
        return buffer[: len(scratch)]

    def origin(self, data: memoryview, offset: int, end: int) -> None:  # noqa: ARG002 - see `Source`
        """See `Source`: a pattern is the same everywhere."""
        return


class StreamSource:
    """A keystream generated into the caller's buffer. Where a request begins where the last one ended, it goes on."""

    def __init__(self, cipher: _StreamCipher) -> None:
        self._cipher = cipher
        self._stream: CipherContext | None = None
        self._position = 0

    def at(self, offset: int, scratch: memoryview) -> memoryview:
        """See `Source`; fills `scratch`."""
        done, end = 0, len(scratch)
        while done < end:
            position = offset + done
            length = min(end - done, self._cipher.segment - position % self._cipher.segment)
            stream = self._stream_at(position)
            # Whatever interrupts this leaves a stream of which nobody knows where it stands.
            self._stream = None
            _fill(stream, scratch[done : done + length])
            self._stream, self._position = stream, position + length
            done += length
        return scratch

    def _stream_at(self, position: int) -> CipherContext:
        goes_on = position == self._position and position % self._cipher.segment != 0
        return self._stream if self._stream is not None and goes_on else self._cipher.at(position)

    def origin(self, data: memoryview, offset: int, end: int) -> int | None:
        """See `Source`: what a keystream gives is found nowhere else by chance."""
        scratch = memoryview(bytearray(len(data)))
        for place in self._cipher.candidates(bytes(data[:_AES_BLOCK]), offset, end):
            if offset < place <= end - len(data) and place % len(data) == 0 and self.at(place, scratch) == data:
                return place
        return None


def _fill(stream: CipherContext, scratch: memoryview) -> None:
    for begin in range(0, len(scratch), len(_ZEROS)):
        part = scratch[begin : begin + len(_ZEROS)]
        stream.update_into(_ZEROS[: len(part)], part)


class _StreamCipher(Protocol):
    """A keystream cipher under one key: `at` any offset, each `segment` bytes with a counter of their own."""

    segment: int

    def at(self, offset: int) -> CipherContext: ...

    def candidates(self, block: bytes, offset: int, end: int) -> Iterator[int]:
        """Offsets whose content might begin with `block`."""
        ...


class _Aes:
    segment = 1 << 64

    def __init__(self, key: bytes) -> None:
        self._key = key

    def at(self, offset: int) -> CipherContext:
        counter, rest = divmod(offset, _AES_BLOCK)
        if rest:
            raise ValueError(f"offset {offset} is not a multiple of {_AES_BLOCK}")
        return Cipher(algorithms.AES(self._key), modes.CTR(counter.to_bytes(16, "big"))).encryptor()

    def candidates(self, block: bytes, offset: int, end: int) -> Iterator[int]:  # noqa: ARG002 - see the protocol
        # The keystream is the encrypted counter: decrypting a block of it gives its place.
        counter = Cipher(algorithms.AES(self._key), modes.ECB()).decryptor().update(block)  # noqa: S305 - one block
        yield int.from_bytes(counter, "big") * _AES_BLOCK


class _ChaCha:
    segment = _CHACHA_SEGMENT

    def __init__(self, key: bytes) -> None:
        self._key = key

    def at(self, offset: int) -> CipherContext:
        segment, inside = divmod(offset, _CHACHA_SEGMENT)
        counter, rest = divmod(inside, _CHACHA_BLOCK)
        if rest:
            raise ValueError(f"offset {offset} is not a multiple of {_CHACHA_BLOCK}")
        nonce = counter.to_bytes(4, "little") + segment.to_bytes(12, "little")
        return Cipher(algorithms.ChaCha20(self._key, nonce), mode=None).encryptor()

    def candidates(self, block: bytes, offset: int, end: int) -> Iterator[int]:  # noqa: ARG002 - see the protocol
        # ChaCha20 cannot be run backwards. A drive that wraps around keeps the last of what was meant for a place:
        # tried for every real size that is a power of two.
        for power in range(9, end.bit_length()):
            yield offset + ((end - 1 - offset) >> power << power)


_CIPHERS: Mapping[Algorithm, Callable[[bytes], _StreamCipher]] = {
    Algorithm.AES_256_CTR: _Aes,
    Algorithm.CHACHA20: _ChaCha,
}


def source_for(content: Content, chunk: int) -> Source:
    """The source of `content` for requests of at most `chunk` bytes."""
    if content.algorithm is None:
        return PatternSource(bytes.fromhex(content.pattern), chunk)
    key = bytes.fromhex(content.key)
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes, not {len(key)}")
    return StreamSource(_CIPHERS[content.algorithm](key))
