"""What a virtual drive makes of TCG packets, whole, broken and senseless; without a drive around it."""

from __future__ import annotations

import contextlib
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.sim.commands import tcg_session
from drivers.sim.commands.core import Core, Io
from drivers.sim.commands.eraser import Eraser
from drivers.sim.commands.memory import Memory
from drivers.sim.commands.tcg_tokens import Mark, TcgError, unpacked
from drivers.sim.folder import Counters, DriveSpec, DriveState
from drivers.sim.health import Health
from support.tcg_packets import (
    END_OF_SESSION,
    HOST,
    LOCKING_SP,
    PSID,
    QUICK,
    REVERT,
    SID,
    packet,
    payload,
    starting,
    status,
)
from support.virtual_drives import MIB


class Erasing:
    """Stands for the eraser: counts what it is asked for."""

    def __init__(self) -> None:
        self.count = 0

    def run(self, _: object, timeout: float) -> bool:
        self.count += timeout > 0
        return True


def locked() -> tuple[Core, Erasing]:
    """A locked drive's innards without a drive around them, and what is done to its medium."""
    drive, eraser = DriveSpec(size=MIB, model="M", serial="S", commands=QUICK), Erasing()
    core = Core(
        drive=drive,
        memory=Memory(),
        health=Health(drive, DriveState(power_cycles=1, died_of="", counters=Counters(), sicknesses=())),
        eraser=cast(Eraser, eraser),
        io=cast(Io, None),
        power_cycles=1,
    )
    core.tcg.enabled = core.tcg.locked = True
    return core, eraser


def exchanged(core: Core, data: bytes) -> bytes:
    """Send, and fetch whatever there is, which must be one well-formed packet."""
    tcg_session.protocol_out(core, 1, 0x07FE, data, 1.0)
    answer = tcg_session.protocol_in(core, 1, 0x07FE, 2048)
    assert answer is not None
    assert not core.tcg.answer
    return payload(answer)


def test_atoms_of_every_length_are_read() -> None:
    message = unpacked(packet(b"\x05\x81\x41\x82\x10\x01\xa1Z\xd0\x01Z\xe2\x00\x00\x01Z\xff\xf0", 7, 9), 0x07FE)
    assert (message.tper, message.host) == (7, 9)
    assert message.tokens == (5, 0x41, 0x1001, b"Z", b"Z", b"Z", Mark.LIST)


@pytest.mark.parametrize(
    "tokens",
    [
        b"\x45",
        b"\x91\x01",
        b"\xb1Z",
        b"\xe3\x00\x00\x01Z",
        b"\x80",
        b"\x89" + bytes(9),
        b"\xe4",
        b"\xf4",
        b"\xa8" + bytes(7),
    ],
    ids=["tiny sign", "sign", "continued", "long continued", "no digits", "long", "reserved", "unknown", "cut off"],
)
def test_what_is_no_token_is_not_read(tokens: bytes) -> None:
    with pytest.raises(TcgError):
        unpacked(packet(tokens), 0x07FE)


@given(st.binary(max_size=200))
def test_any_bytes_are_no_packet_or_one(data: bytes) -> None:
    with contextlib.suppress(TcgError):
        unpacked(data, 0x07FE)
    core, eraser = locked()
    exchanged(core, data)
    assert (eraser.count, core.tcg.locked, core.tcg.session) == (0, True, 0)


@given(st.binary(max_size=40), st.booleans())
def test_any_tokens_are_answered_with_a_status_or_not_at_all(tokens: bytes, inside: bool) -> None:
    core, eraser = locked()
    numbers = (0, 0)
    if inside:
        exchanged(core, packet(starting(PSID)))
        numbers = (core.tcg.session, HOST)
    answer = exchanged(core, packet(tokens, *numbers))
    assert answer in {b"", b"\xfa"} or 0 < status(answer) < 0x20
    assert (eraser.count, core.tcg.locked) == (0, True)


_NUMBERS = st.sampled_from([(0, 0), (4097, HOST), (4098, HOST), (4097, HOST + 1)])
"""A drive's first session is 4097."""
_WRONG = st.binary(max_size=255).filter(lambda secret: secret != PSID).map(starting)
_TOKENS = st.one_of(
    st.sampled_from([REVERT, END_OF_SESSION, starting(PSID, LOCKING_SP), starting(PSID, authority=SID)]),
    _WRONG,
    st.binary(max_size=40),
)
_PACKETS = st.builds(lambda tokens, numbers: packet(tokens, *numbers), _TOKENS, _NUMBERS)


@given(_WRONG, st.lists(_PACKETS, max_size=4), st.integers(0, 150), st.integers(0, 7))
def test_nothing_reverts_a_drive_without_its_psid(wrong: bytes, others: list[bytes], at: int, bit: int) -> None:
    core, eraser = locked()
    begun = packet(wrong)
    broken = begun[:at] + bytes([begun[at] ^ 1 << bit]) + begun[at + 1 :]
    for data in (broken, begun, *others, packet(REVERT, 4097, HOST)):
        exchanged(core, data)
    assert (eraser.count, core.tcg.locked) == (0, True)


@given(st.integers(0, 2047))
def test_a_packet_that_is_cut_off_is_not_taken(size: int) -> None:
    core, _ = locked()
    data = packet(starting(PSID))
    whole = len(data.rstrip(b"\0"))
    taken = tcg_session.protocol_out(core, 1, 0x07FE, data[:size], 1.0)
    assert taken == (size >= whole)
    assert (core.tcg.session > 0) == taken
