"""What IDENTIFY DEVICE data say about erasing, and what they do not say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.capabilities import Answer, HiddenKind
from bench.techniques import Technique
from drivers.commands import identify, identify_features
from drivers.commands.identify import AtaIdentity, IdentifyError
from support.identify import identify as sector
from support.identify import seal

YES, NO, OPEN = Answer.YES, Answer.NO, Answer.INDETERMINATE


def disk(changes: dict[int, int] | None = None, *, model: str = "TR TEST DISK", checksum: bool = True) -> AtaIdentity:
    return identify.parse(sector(changes, model=model, checksum=checksum))


def test_who_it_is() -> None:
    found = disk({108: 0x5000, 109: 0xC500, 110: 0xA1B2, 111: 0xC3D4, 87: 0x6163 | 0x4100})
    assert (found.model, found.serial, found.firmware, found.wwn) == (
        "TR TEST DISK",
        "TR-0001",
        "1.0",
        "naa.5000c500a1b2c3d4",
    )
    assert (found.size, found.sector, found.sectors, found.sealed) == (512_000_000, 512, 1_000_000, True)


@pytest.mark.parametrize("data", [bytes(512), b"\xff" * 512, bytes(511), bytes(513), b""])
def test_a_blank_buffer_is_no_disk(data: bytes) -> None:
    with pytest.raises(IdentifyError):
        identify.parse(data)


def test_incomplete_data_are_refused() -> None:
    with pytest.raises(IdentifyError, match="incomplete"):
        disk({0: 0x0044})


def test_48_bit_counts_need_their_mark() -> None:
    assert identify.parse(sector({83: 0x7D61}, sectors=1 << 30)).sectors == 1 << 30
    assert identify.parse(sector({83: 0x3D61}, sectors=1 << 30)).sectors == (1 << 28) - 1


def test_security_of_an_ordinary_disk() -> None:
    found = identify_features.security(disk())
    assert (found.supported, found.enabled, found.locked, found.frozen, found.expired, found.enhanced) == (
        *(YES, NO, NO, NO, NO),
        YES,
    )
    assert (found.erase_minutes, found.enhanced_minutes) == (170, 170)


def test_security_states() -> None:
    found = identify_features.security(disk({85: 0x746B, 128: 0x013F}))
    assert (found.enabled, found.locked, found.frozen, found.expired) == (YES, YES, YES, YES)


@pytest.mark.parametrize(
    "changes",
    [
        {128: 0x0000},  # word 82 says supported
        {128: 0x0023},  # enabled, word 85 says not
        {128: 0xFFFF},
        {128: 0x8021},
        {83: 0x3D61, 128: 0x0021},  # word 82 without its mark
        {82: 0x7469, 128: 0x0021},  # not supported, word 128 says it is
    ],
)
def test_words_that_disagree_about_security_say_nothing(changes: dict[int, int]) -> None:
    found = identify_features.security(disk(changes))
    assert {found.supported, found.enabled, found.locked, found.frozen, found.expired} == {OPEN}


def test_no_security_is_no_lock() -> None:
    found = identify_features.security(disk({82: 0x7469, 85: 0x7469, 128: 0}))
    assert {found.supported, found.enabled, found.locked, found.frozen, found.enhanced} == {NO}


@pytest.mark.parametrize(
    ("word", "minutes"),
    [
        (0, None),
        (1, 2),
        (254, 508),
        (255, None),
        (0x7F05, 10),  # bits 14:8 are reserved in the short form
        (0x8000, None),
        (0x8001, 2),
        (0x80FF, 510),  # 255 is a time in the long form
        (0xFFFE, 65532),
        (0xFFFF, None),
    ],
)
def test_erase_times(word: int, minutes: int | None) -> None:
    assert identify_features.minutes(word) == minutes


def test_sanitize_bits() -> None:
    assert identify_features.sanitize(disk({59: 0xF000})) == (
        YES,
        (Technique.ATA_SANITIZE_CRYPTO, Technique.ATA_SANITIZE_BLOCK, Technique.ATA_SANITIZE_OVERWRITE),
    )
    assert identify_features.sanitize(disk({59: 0x5000})) == (YES, (Technique.ATA_SANITIZE_OVERWRITE,))
    assert identify_features.sanitize(disk({59: 0x9000})) == (YES, (Technique.ATA_SANITIZE_BLOCK,))
    assert identify_features.sanitize(disk({59: 0x3000})) == (YES, (Technique.ATA_SANITIZE_CRYPTO,))
    assert identify_features.sanitize(disk({59: 0xE000})) == (NO, ())  # kinds without the feature set
    assert identify_features.sanitize(disk({59: 0xFFFF})) == (OPEN, ())


def test_sanitize_is_not_read_from_data_without_a_checksum() -> None:
    assert identify_features.sanitize(disk({59: 0xF000}, checksum=False)) == (OPEN, ())


def test_ways_of_hiding() -> None:
    assert [identify_features.hides(disk(), kind) for kind in HiddenKind] == [YES, YES, NO]
    modern = disk({82: 0x7069, 83: 0x7561, 119: 0x411C})
    assert [identify_features.hides(modern, kind) for kind in HiddenKind] == [NO, NO, YES]
    unmarked = disk({83: 0x3D61})
    assert [identify_features.hides(unmarked, kind) for kind in HiddenKind] == [OPEN, OPEN, NO]
    assert identify_features.hides(disk({119: 0}), HiddenKind.AMA) is NO
    assert identify_features.hides(disk({119: 0x811C}), HiddenKind.AMA) is OPEN


def test_trusted_computing_and_logs() -> None:
    assert identify_features.trusted(disk({48: 0x4001})) is YES
    assert identify_features.trusted(disk({48: 0x4000})) is NO
    assert identify_features.trusted(disk({48: 0})) is NO
    assert identify_features.trusted(disk({48: 0x0001})) is OPEN
    assert identify_features.has_logs(disk()) is YES
    assert identify_features.has_logs(disk({84: 0x4143})) is NO
    assert identify_features.has_logs(disk({84: 0x0163})) is OPEN


@pytest.mark.parametrize(
    ("changes", "model", "answer"),
    [
        ({}, "ST2000DM008-2FR102", NO),
        ({78: 0x0200}, "ST2000DM008-2FR102", YES),
        ({78: 0x0200, 76: 0}, "ST2000DM008-2FR102", NO),  # word 78 means nothing without word 76
        ({214: 0x0010}, "ST2000DM008-2FR102", YES),
        ({}, "ST1000LM014-1EJ164", YES),
        ({}, "ST750LX003-1AC154", YES),
        ({}, "ST2000DX001-1CM164", YES),
        ({}, "WDC WD10J31X-00BU9T0", YES),
        ({217: 1}, "ST1000LM014-1EJ164", NO),  # flash all through
        ({217: 0}, "TR TEST DISK", OPEN),
    ],
)
def test_hybrids(changes: dict[int, int], model: str, answer: Answer) -> None:
    assert identify_features.hybrid(disk(changes, model=model)) is answer


def test_zones() -> None:
    assert [identify_features.zoned(disk({69: value})) for value in range(4)] == [NO, YES, YES, NO]
    assert identify_features.zoned(disk({69: 1}, checksum=False)) is OPEN


def test_everything_offered_is_in_the_standards_order() -> None:
    found = disk({59: 0xF000})
    security, sanitizes = identify_features.security(found), identify_features.sanitize(found)[1]
    assert identify_features.offered(security, sanitizes) == (
        Technique.ATA_SANITIZE_CRYPTO,
        Technique.ATA_SANITIZE_BLOCK,
        Technique.ATA_SANITIZE_OVERWRITE,
        Technique.ATA_SECURE_ERASE,
        Technique.ATA_SECURE_ERASE_ENHANCED,
    )


@given(st.dictionaries(st.integers(0, 254), st.integers(0, 0xFFFF), max_size=40))
def test_any_word_may_be_anything(changes: dict[int, int]) -> None:
    try:
        found = identify.parse(seal(sector(changes)))
    except IdentifyError:
        return
    security = identify_features.security(found)
    if security.supported is YES:
        assert found.marked(83)
    if security.enabled is YES:
        assert found.words[128] & 3 == 3
