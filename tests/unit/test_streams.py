"""Keystreams and patterns: known answers, and the same bytes whatever the chunks."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st
from pytest_mock import MockerFixture

from bench.work import Algorithm, Content
from drivers.streams import source_for

KEY = bytes(range(32)).hex()
TIB = 1 << 40
CONTENTS = [
    Content(pattern="00"),
    Content(pattern="924924"),
    Content(pattern="7FFFFFFF"),
    Content(algorithm=Algorithm.AES_256_CTR, key=KEY),
    Content(algorithm=Algorithm.CHACHA20, key=KEY),
]


def bytes_at(content: Content, offset: int, length: int, chunk: int = 1 << 16) -> bytes:
    source = source_for(content, chunk)
    out = bytearray()
    while len(out) < length:
        scratch = memoryview(bytearray(min(chunk, length - len(out))))
        out += source.at(offset + len(out), scratch)
    return bytes(out)


@pytest.mark.parametrize("content", CONTENTS, ids=lambda content: content.algorithm or content.pattern)
@given(data=st.data())
def test_the_same_bytes_whatever_the_chunks(content: Content, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, 40 * TIB // 512)) * 512
    sectors = data.draw(st.integers(1, 40))
    cut = data.draw(st.integers(0, sectors)) * 512
    whole = bytes_at(content, start, sectors * 512)
    assert whole == bytes_at(content, start, cut, 512) + bytes_at(content, start + cut, sectors * 512 - cut, 4096)


@pytest.mark.parametrize("algorithm", list(Algorithm))
@given(data=st.data())
def test_a_source_that_goes_on_gives_what_a_new_one_would(algorithm: Algorithm, data: st.DataObject) -> None:
    content = Content(algorithm=algorithm, key=KEY)
    source, position = source_for(content, 1 << 16), (1 << 38) - 4 * 512
    for sectors, jump in data.draw(
        st.lists(st.tuples(st.integers(1, 5), st.sampled_from([0, 0, 0, -2, 3, -5]))), "asked"
    ):
        position += jump * 512
        found = bytes(source.at(position, memoryview(bytearray(sectors * 512))))
        assert found == bytes_at(content, position, sectors * 512)
        position += sectors * 512


def test_a_stream_that_was_interrupted_begins_anew(mocker: MockerFixture) -> None:
    def half(stream: CipherContext, scratch: memoryview) -> None:
        stream.update_into(bytes(512), scratch[:512])
        raise MemoryError

    content = Content(algorithm=Algorithm.AES_256_CTR, key=KEY)
    source = source_for(content, 1 << 16)
    source.at(0, memoryview(bytearray(512)))
    filling = mocker.patch("drivers.streams._fill", side_effect=half)
    with pytest.raises(MemoryError):
        source.at(512, memoryview(bytearray(1024)))
    mocker.stop(filling)
    assert bytes(source.at(512, memoryview(bytearray(512)))) == bytes_at(content, 512, 512)


def test_patterns_repeat_from_the_first_byte_of_the_drive() -> None:
    whole = bytes_at(Content(pattern="924924"), 0, 3 * 512)
    assert whole == bytes.fromhex("924924") * 512
    assert bytes_at(Content(pattern="924924"), 512, 512) == whole[512:1024]


def test_chacha20_gives_the_keystream_of_rfc_8439() -> None:
    # RFC 8439, appendix A.1, test vectors 1 and 2: zero key, zero nonce, counters 0 and 1.
    stream = bytes_at(Content(algorithm=Algorithm.CHACHA20, key="00" * 32), 0, 128)
    assert stream[:16].hex() == "76b8e0ada0f13d90405d6ae55386bd28"
    assert stream[64:80].hex() == "9f07e7be5551387a98ba977c732d080d"


def test_aes_counts_blocks_as_a_big_endian_number() -> None:
    content = Content(algorithm=Algorithm.AES_256_CTR, key=KEY)
    offset = 17 * TIB + 4096
    ecb = Cipher(algorithms.AES(bytes.fromhex(KEY)), modes.ECB()).encryptor()  # noqa: S305 - one block is what is checked
    assert bytes_at(content, offset, 16) == ecb.update((offset // 16).to_bytes(16, "big"))


def test_chacha20_takes_a_new_nonce_for_each_256_gib() -> None:
    content = Content(algorithm=Algorithm.CHACHA20, key=KEY)
    segment = 1 << 38
    nonce = (0).to_bytes(4, "little") + (1).to_bytes(12, "little")
    expected = Cipher(algorithms.ChaCha20(bytes.fromhex(KEY), nonce), mode=None).encryptor().update(bytes(512))
    across = bytes_at(content, segment - 512, 1024)
    assert across[512:] == expected
    assert across[:512] == bytes_at(content, segment - 512, 512)


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_no_stretch_of_a_stream_comes_twice(algorithm: Algorithm) -> None:
    content = Content(algorithm=algorithm, key=KEY)
    starts = [0, 512, 1 << 20, 1 << 38, (1 << 38) + 512, 1 << 39, 16 * TIB, 20 * TIB]
    assert len({bytes_at(content, start, 64) for start in starts}) == len(starts)


def test_a_key_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        source_for(Content(algorithm=Algorithm.CHACHA20, key="00"), 512)


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_an_offset_within_a_block_is_refused(algorithm: Algorithm) -> None:
    source = source_for(Content(algorithm=algorithm, key=KEY), 512)
    with pytest.raises(ValueError, match="not a multiple"):
        source.at(8, memoryview(bytearray(16)))
