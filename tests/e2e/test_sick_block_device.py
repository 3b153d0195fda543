"""A real block device that fails: a loop device over a sparse file for which its file system has too little room."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.evidence import Evidence
from bench.plan import EraseRequest
from bench.verdict import Verdict
from bench.work import Action, Outcome
from support.benches import MIB, open_local, until_ended
from support.loops import loop_device

pytestmark = pytest.mark.root
SIZE = 12 * MIB
ROOM = 5 * MIB


@contextmanager
def cramped(folder: Path) -> Iterator[Path]:
    """A file system in memory with too little room for what will be written to it."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


async def erased(state: Path, node: str, method: str) -> Evidence:
    bench = open_local(state)
    try:
        plans = await bench.plan(EraseRequest(addresses=(node,), method=method))
        assert not plans.refusals, plans.refusals
        stream = bench.updates()
        jobs = await bench.start(plans, "a test")
        await until_ended(stream, jobs)
        (evidence,) = await bench.jobs()
    finally:
        await bench.close()
    return evidence


async def test_what_the_kernel_could_not_write_is_named_to_the_sector(tmp_path: Path) -> None:
    with cramped(tmp_path / "cramped") as room, loop_device(room / "backing", SIZE) as node:
        evidence = await erased(tmp_path / "state", node, "random")
        backing = (room / "backing").stat().st_blocks * 512
    assert evidence.concluded is not None
    assert evidence.concluded.verdict == Verdict.FAILED
    assert evidence.anomalies == ()
    (item,) = evidence.passes
    unwritten = sum(end - start for start, end in item.unwritten)
    # What is allocated was written, and what was not is in the evidence: pages of 4096 bytes, no more and no less.
    assert unwritten == SIZE - backing
    assert 0 < unwritten < SIZE
    assert all(start % 4096 == 0 and end % 4096 == 0 for start, end in item.unwritten)
    faults = [fault for fault in item.faults if fault.action is Action.WRITE]
    assert {fault.outcome for fault in faults} == {Outcome.LASTING}
    assert {fault.errno for fault in faults} <= {5, 28}
    reasons = {reason.id: reason for reason in evidence.concluded.reasons}
    assert reasons["reason-unwritten"].params["count"] == unwritten // 512
    assert "reason-mismatch" in reasons, "the holes read as zeros"


async def test_a_device_with_room_enough_is_erased(tmp_path: Path) -> None:
    with cramped(tmp_path / "cramped") as room, loop_device(room / "backing", ROOM - MIB) as node:
        evidence = await erased(tmp_path / "state", node, "random")
    assert evidence.concluded is not None
    assert evidence.concluded.verdict == Verdict.ERASED
