"""How long documents wait for their time stamps, and how often a silent authority is asked. Time is the test's own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bench.messages import BenchError, say
from bench.stamping import FIRST_PAUSE, LONGEST_PAUSE, StampDelayedError, Stamping, StampSettings, WithoutStamp

ISSUED = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
IMPRINTS = {"a.pdf": b"a" * 32, "b.pdf": b"b" * 32}


class TestClock:
    """Moves when told to."""

    __test__ = False

    def __init__(self) -> None:
        self.passed = 0.0
        self.set_back = timedelta()

    def now(self) -> datetime:
        return ISSUED + timedelta(seconds=self.passed) - self.set_back

    def monotonic(self) -> float:
        return 1000.0 + self.passed


class Authority:
    def __init__(self) -> None:
        self.silent = False
        self.asked = 0

    async def stamp(self, imprint: bytes) -> bytes:
        self.asked += 1
        if self.silent:
            raise BenchError(say("stamp-unreachable", url="http://tsa", why="silent"))
        return b"token " + imprint


def made(without: WithoutStamp = WithoutStamp.ISSUE) -> tuple[TestClock, Authority, Stamping]:
    clock, authority = TestClock(), Authority()
    settings = StampSettings(tsa="http://tsa", tsa_wait=60.0, without_stamp=without)
    return clock, authority, Stamping(authority, settings, clock)


async def delay(stamping: Stamping) -> float:
    with pytest.raises(StampDelayedError) as delayed:
        await stamping.stamps(IMPRINTS, ISSUED)
    assert delayed.value.messages[0].id == "stamp-unreachable"
    return delayed.value.again


async def test_each_file_gets_its_own_token() -> None:
    _, authority, stamping = made()
    stamps = await stamping.stamps(IMPRINTS, ISSUED)
    assert stamps.tokens == {name: b"token " + digest for name, digest in IMPRINTS.items()}
    assert (stamps.unstamped, authority.asked) == ("", 2)


async def test_a_silent_authority_is_left_alone_for_a_while() -> None:
    clock, authority, stamping = made()
    authority.silent = True
    assert await delay(stamping) == FIRST_PAUSE
    asked = authority.asked
    clock.passed = FIRST_PAUSE / 2
    assert await delay(stamping) == FIRST_PAUSE / 2
    assert authority.asked == asked
    clock.passed = FIRST_PAUSE
    assert await delay(stamping) == 2 * FIRST_PAUSE
    assert authority.asked > asked


async def test_pauses_grow_to_a_limit_and_begin_anew_after_an_answer() -> None:
    clock, authority, stamping = made(WithoutStamp.WAIT)
    authority.silent = True
    pauses = []
    for _ in range(10):
        pauses.append(await delay(stamping))
        clock.passed += pauses[-1]
    assert pauses[:3] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert pauses[-1] == LONGEST_PAUSE
    authority.silent = False
    assert (await stamping.stamps(IMPRINTS, ISSUED)).tokens
    authority.silent = True
    assert await delay(stamping) == FIRST_PAUSE


async def test_after_the_wait_documents_go_without_and_say_why() -> None:
    clock, authority, stamping = made()
    authority.silent = True
    clock.passed = 58.0
    assert await delay(stamping) == pytest.approx(2.0)
    clock.passed = 60.0
    stamps = await stamping.stamps(IMPRINTS, ISSUED)
    assert (dict(stamps.tokens), stamps.unstamped) == ({}, "stamp-unreachable")


async def test_an_authority_that_answers_late_is_still_asked_first() -> None:
    clock, _, stamping = made()
    clock.passed = 10_000.0
    assert (await stamping.stamps(IMPRINTS, ISSUED)).tokens


async def test_who_waits_for_a_stamp_waits_for_ever() -> None:
    clock, authority, stamping = made(WithoutStamp.WAIT)
    authority.silent = True
    clock.passed = 10**7
    assert await delay(stamping) == FIRST_PAUSE
    assert not stamping.gives_up


async def test_a_clock_that_was_set_back_makes_nobody_wait() -> None:
    clock, authority, stamping = made()
    authority.silent = True
    clock.set_back = timedelta(days=1)
    assert (await stamping.stamps(IMPRINTS, ISSUED)).unstamped == "stamp-unreachable"
