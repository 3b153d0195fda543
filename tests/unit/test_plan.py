from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import sampling
from bench.methods import Pass
from bench.plan import Verify, VerifyKind
from support.evidence_samples import MIB, STREAM, ZEROS, facts, plan

NONE = Verify(kind=VerifyKind.NONE, permille=0)


@pytest.mark.parametrize(
    ("text", "kind", "permille"),
    [
        ("full", VerifyKind.FULL, 1000),
        ("none", VerifyKind.NONE, 0),
        ("sample:5%", VerifyKind.SAMPLE, 50),
        ("sample:5", VerifyKind.SAMPLE, 50),
        ("sample:0.1%", VerifyKind.SAMPLE, 1),
        ("sample:2,5%", VerifyKind.SAMPLE, 25),
        ("sample:100%", VerifyKind.SAMPLE, 1000),
    ],
)
def test_verification_is_read_as_typed(text: str, kind: VerifyKind, permille: int) -> None:
    assert Verify.parse(text) == Verify(kind=kind, permille=permille)


@pytest.mark.parametrize(
    "text",
    [
        "", "FULL", "sample", "sample:", "sample:0%", "sample:0.0%", "sample:100.1%", "sample:-5%", "sample:5.55%",
        "sample:5e1%", "sample:५%", "sample:5.५%", "sample:5%%", "half", "full:5%", "sample: 5%",
    ],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Verify.parse(text)


@given(st.integers(1, 1000))
def test_a_sample_is_written_as_it_is_read(permille: int) -> None:
    verify = Verify(kind=VerifyKind.SAMPLE, permille=permille)
    assert Verify.parse(str(verify)) == verify


@pytest.mark.parametrize(
    ("kind", "permille"),
    [
        (VerifyKind.FULL, 999),
        (VerifyKind.FULL, 0),
        (VerifyKind.NONE, 1000),
        (VerifyKind.SAMPLE, 0),
        (VerifyKind.SAMPLE, 1001),
        (VerifyKind.SAMPLE, -1),
    ],
)
def test_a_share_that_its_kind_cannot_have_is_refused(kind: VerifyKind, permille: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        Verify(kind=kind, permille=permille)


def test_a_plan_that_would_write_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one pass"):
        plan(passes=())
    with pytest.raises(ValueError, match="at least one byte"):
        plan(facts(size=0))


def test_the_final_pass_is_verified_as_asked_and_others_as_the_method_says() -> None:
    asked = Verify(kind=VerifyKind.SAMPLE, permille=50)
    made = plan(passes=[STREAM, ZEROS, Pass(pattern="FF", verify=True)], verify=asked)
    assert [made.verifies(index) for index in range(3)] == [Verify(), NONE, asked]


def test_every_byte_to_move_is_counted() -> None:
    size = 100 * MIB
    assert plan(facts(size=size), passes=[ZEROS]).bytes_to_move == 2 * size
    assert plan(facts(size=size), passes=[ZEROS], verify=NONE).bytes_to_move == size
    assert plan(facts(size=size), passes=[STREAM, ZEROS, ZEROS], verify=NONE).bytes_to_move == 4 * size
    sampled = plan(facts(size=size), passes=[ZEROS], verify=Verify(kind=VerifyKind.SAMPLE, permille=50))
    assert sampled.bytes_to_move == size + sampling.total(size, 50, 512)[1]
