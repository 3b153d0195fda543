"""TCG Level 0 discovery."""

from __future__ import annotations

import pytest

from bench.capabilities import Answer, OpalKind
from bench.techniques import Technique
from drivers.commands import opal
from drivers.commands.fields import MalformedError

YES, NO, OPEN = Answer.YES, Answer.NO, Answer.INDETERMINATE
TPER = (0x0001, b"\x11" + bytes(11))


def discovery(*features: tuple[int, bytes], padding: int = 200) -> bytes:
    body = b"".join(code.to_bytes(2, "big") + b"\x10" + bytes((len(data),)) + data for code, data in features)
    return (44 + len(body)).to_bytes(4, "big") + b"\0\0\0\x01" + bytes(40) + body + bytes(padding)


def locking(flags: int) -> tuple[int, bytes]:
    return 0x0002, bytes((flags,)) + bytes(11)


OPAL2, PYRITE, ENTERPRISE, RUBY = ((code, bytes(16)) for code in (0x0203, 0x0302, 0x0100, 0x0304))


@pytest.mark.parametrize(
    ("flags", "answers"),
    [
        (0x09, (YES, NO, NO, NO)),
        (0x0B, (YES, YES, NO, NO)),
        (0x0F, (YES, YES, YES, NO)),
        (0x1B, (YES, YES, NO, YES)),  # shadow MBR on
        (0x3B, (YES, YES, NO, NO)),  # on, and done
        (0x01, (NO, NO, NO, NO)),
    ],
)
def test_locking_states(flags: int, answers: tuple[Answer, ...]) -> None:
    found = opal.level_0(discovery(TPER, locking(flags), OPAL2))
    assert found.kind is OpalKind.OPAL
    assert (found.encrypts, found.locking, found.locked, found.shadowed) == answers


@pytest.mark.parametrize(
    ("feature", "kind"),
    [
        (OPAL2, OpalKind.OPAL),
        ((0x0200, bytes(16)), OpalKind.OPAL),
        (PYRITE, OpalKind.PYRITE),
        ((0x0303, bytes(16)), OpalKind.PYRITE),
        (ENTERPRISE, OpalKind.ENTERPRISE),
        (RUBY, OpalKind.OTHER),
        ((0xC001, bytes(4)), OpalKind.OTHER),
    ],
)
def test_classes(feature: tuple[int, bytes], kind: OpalKind) -> None:
    assert opal.level_0(discovery(TPER, locking(0x09), feature)).kind is kind


def test_pyrite_encrypts_nothing_whatever_it_says() -> None:
    found = opal.level_0(discovery(TPER, locking(0x09), PYRITE))
    assert found.encrypts is NO
    assert opal.offered(found) == ()


def test_revert_is_offered_where_a_key_encrypts() -> None:
    assert opal.offered(opal.level_0(discovery(TPER, locking(0x09), OPAL2))) == (Technique.OPAL_PSID_REVERT,)
    assert opal.offered(opal.level_0(discovery(TPER, locking(0x01), OPAL2))) == ()
    assert opal.offered(opal.NOTHING) == ()


def test_block_sid() -> None:
    for state, answer in ((0x00, NO), (0x01, NO), (0x02, YES), (0x03, YES)):
        sid = (0x0402, bytes((state,)) + bytes(11))
        assert opal.level_0(discovery(TPER, locking(0x09), OPAL2, sid)).sid_blocked is answer
    assert opal.level_0(discovery(TPER, locking(0x09), OPAL2)).sid_blocked is NO


def test_without_locking_nothing_is_claimed() -> None:
    found = opal.level_0(discovery(TPER))
    assert (found.kind, found.encrypts, found.locked) == (OpalKind.OTHER, OPEN, OPEN)
    with pytest.raises(MalformedError):
        opal.level_0(discovery(TPER, OPAL2))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        bytes(2048),  # what a bridge gives that swallowed the command
        b"\xff" * 2048,
        discovery(locking(0x09), OPAL2),
        discovery(TPER, locking(0x09), OPAL2, padding=0)[:-1],
        discovery(TPER, locking(0x09), (0x0000, bytes(4))),
        discovery(TPER, (0x0203, b"")),
        discovery(padding=0),
    ],
)
def test_what_is_no_discovery_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(MalformedError):
        opal.level_0(data)
