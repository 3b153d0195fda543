"""From verdict to sealed and stamped documents, exactly once, whoever is killed, silent or in the way."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bench.authorities import load_authorities
from bench.facade import DocumentFailed
from bench.journal.journal import read
from bench.local import LocalBench
from bench.outbox import kept_seals, unstamped, waiting
from bench.settings import Settings
from bench.stamping import StampSettings, WithoutStamp
from bench.state import StateFolder
from support import evidence_samples as sample
from support import outbox_station
from support.time_authority import Authority, time_authority
from ui.compose import open_bench
from ui.paper import seal
from ui.paper.check import check_seal
from ui.paper.seal_report import SealState, StampState

KINDS = ("json", "fr.pdf", "en.pdf")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with time_authority(tmp_path_factory.mktemp("tsa") / "tsa") as authority:
        yield authority


@pytest.fixture
def authority(running: Authority) -> Authority:
    running.answer, running.asked = "stamp", 0
    return running


def settings(authority: Authority | None = None, **changes: Any) -> Settings:
    paper = StampSettings(tsa=authority.url, tsa_timeout=2.0) if authority else StampSettings()
    return Settings(paper=replace(paper, **changes))


async def conclude(bench: LocalBench, job: str = "job-1", serial: str = "SN-0001") -> str:
    """A verdict whose documents are due; its number."""
    log = sample.JobLog(sample.plan(sample.facts(serial=serial)), job=job)
    log.start(0).written(0).verify_start(0).verified(0)
    await bench._journal.append(job, *(item.event for item in log.logged))
    return (await bench._journal.conclude(job)).entry.number


@pytest.fixture(scope="module")
def due(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A state folder whose station ended right after a verdict, and the number of its record."""
    state = tmp_path_factory.mktemp("due") / "state"

    async def until_the_verdict() -> str:
        bench = await open_bench(state, settings=Settings())
        number = await conclude(bench)
        bench._journal.close()
        return number

    return state, asyncio.run(until_the_verdict())


@pytest.fixture
def state(due: tuple[Path, str], tmp_path: Path) -> Path:
    return Path(shutil.copytree(due[0], tmp_path / "state"))


async def run_once(state: Path, manner: Settings) -> list[DocumentFailed]:
    """Open a bench and close it; what it says about documents."""
    bench = await open_bench(state, settings=manner)
    stream, told = bench.updates(), list[DocumentFailed]()

    async def listen() -> None:
        async for update in stream:
            if isinstance(update, DocumentFailed):
                told.append(update)

    listener = asyncio.create_task(listen())
    await asyncio.sleep(0)
    await bench.close()
    await listener
    return told


def documents(state: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(StateFolder(state).certificates.iterdir())}


def check_once(state: Path, number: str) -> dict[str, bytes]:
    """All documents are there, sealed by the one seal that each has ever had; nothing else is. Their bytes."""
    folder = StateFolder(state)
    found = documents(state)
    assert set(found) == {f"{number}.{kind}" for kind in KINDS}
    rows = read(folder, lambda database: list(database.table("seals").rows))
    assert sorted(row["file"] for row in rows) == sorted(set(found) - {f"{number}.json"})
    for name, kept in read(folder, lambda database: kept_seals(database, number)).items():
        assert seal.bears(found[name], kept)
    assert read(folder, waiting) == ()
    return found


def run_station(state: Path, kill_at: int, tsa: str = "") -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-W", "error", str(outbox_station.__file__), str(state), str(kill_at), tsa]
    return subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)


def test_documents_that_are_due_are_written_at_the_next_start(due: tuple[Path, str], state: Path) -> None:
    done = run_station(state, 0)
    assert done.returncode == 0, done.stderr
    made = check_once(state, due[1])
    assert asyncio.run(run_once(state, settings())) == []
    assert check_once(state, due[1]) == made


def kill_everywhere(due: tuple[Path, str], where: Path, tsa: str, step: int) -> int:
    """Kill a station before every `step`-th effect, and let the next one finish; how many were killed."""
    begin, number = due
    reference = where / "reference"
    shutil.copytree(begin, reference)
    done = run_station(reference, 0, tsa)
    assert done.returncode == 0, done.stderr
    effects, expected = int(done.stdout), check_once(reference, number)
    for at in range(1, effects + 1, step):
        state = Path(shutil.copytree(begin, where / str(at)))
        assert run_station(state, at, tsa).returncode == -9, f"effect {at}"
        before = {name: content for name, content in documents(state).items() if not name.endswith(".part")}
        asyncio.run(run_once(state, Settings(paper=StampSettings(tsa=tsa))))
        after = check_once(state, number)
        assert {name: after[name] for name in before} == before, f"effect {at}: a finished document changed"
        if not tsa:
            assert after == expected, f"effect {at}"
    assert effects > 12
    return effects


def test_a_station_killed_now_and_then_makes_each_document_once(due: tuple[Path, str], tmp_path: Path) -> None:
    kill_everywhere(due, tmp_path, "", 7)


@pytest.mark.slow
def test_a_station_killed_before_any_effect_makes_each_document_once(due: tuple[Path, str], tmp_path: Path) -> None:
    kill_everywhere(due, tmp_path, "", 1)


@pytest.mark.slow
def test_the_same_with_time_stamps(due: tuple[Path, str], tmp_path: Path, authority: Authority) -> None:
    effects = kill_everywhere(due, tmp_path, authority.url, 1)
    assert authority.asked >= effects // 2


async def test_documents_are_stamped_once_and_rebuilt_with_the_same_stamps(
    due: tuple[Path, str], state: Path, authority: Authority
) -> None:
    assert await run_once(state, settings(authority)) == []
    made = check_once(state, due[1])
    assert authority.asked == 2
    trusted = load_authorities(authority.ca)
    for name in made:
        if name.endswith(".pdf"):
            found = await asyncio.to_thread(check_seal, made[name], trusted)
            assert (found.seal, found.stamp, found.authority) == (SealState.INTACT, StampState.TRUSTED, "Essai TSA")
    for path in StateFolder(state).certificates.iterdir():
        path.unlink()
    bench = await open_bench(state, settings=settings(authority))
    assert await bench.rebuild([due[1]]) == {}
    await bench.close()
    assert check_once(state, due[1]) == made
    assert authority.asked == 2


async def test_a_silent_authority_delays_documents_and_nothing_else(state: Path, authority: Authority) -> None:
    authority.answer = "hang"
    manner = settings(authority, tsa_timeout=0.3, tsa_wait=10**7, without_stamp=WithoutStamp.WAIT)
    begun = time.monotonic()
    bench = await open_bench(state, settings=manner)
    number = await conclude(bench, "job-2", "SN-0002")
    await bench._outbox.follow()
    assert time.monotonic() - begun < 1.0
    assert documents(state) == {}
    await bench.close()
    assert time.monotonic() - begun < 5.0
    assert documents(state) == {}
    authority.answer = "stamp"
    await run_once(state, manner)
    assert f"{number}.fr.pdf" in documents(state)
    assert len(documents(state)) == 6
    assert read(StateFolder(state), unstamped) == {}


async def test_documents_are_issued_without_a_stamp_after_the_wait_and_say_so(
    due: tuple[Path, str], state: Path, authority: Authority
) -> None:
    authority.answer = "fail"
    told = await run_once(state, settings(authority, tsa_wait=0.0))
    assert [(item.number, item.problem.id) for item in told] == [(due[1], "document-unstamped")]
    made = check_once(state, due[1])
    assert read(StateFolder(state), unstamped) == {due[1]: "stamp-unreachable"}
    assert check_seal(made[f"{due[1]}.fr.pdf"]).stamp is StampState.NONE
    authority.answer = "stamp"
    asked = authority.asked
    assert await run_once(state, settings(authority)) == []
    assert check_once(state, due[1]) == made
    assert authority.asked == asked


async def test_a_bench_that_ends_waits_as_long_as_its_settings_allow(tmp_path: Path, authority: Authority) -> None:
    authority.answer = "fail"
    manner = settings(authority, tsa_wait=1.0)
    bench = await open_bench(tmp_path / "state", settings=manner)
    number = await conclude(bench)
    begun = time.monotonic()
    await bench.close()
    assert 0.5 < time.monotonic() - begun < 4.0
    assert read(StateFolder(tmp_path / "state"), unstamped) == {number: "stamp-unreachable"}
    check_once(tmp_path / "state", number)


async def until(reached: Callable[[], bool]) -> None:
    for _ in range(500):
        if reached():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("not reached in ten seconds")


async def test_an_authority_that_comes_back_is_asked_again(
    due: tuple[Path, str], state: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bench.stamping.FIRST_PAUSE", 0.1)
    authority.answer = "fail"
    bench = await open_bench(state, settings=settings(authority, tsa_wait=10**7))
    await until(lambda: authority.asked >= 4)
    assert documents(state) == {}
    authority.answer = "stamp"
    await until(lambda: not read(StateFolder(state), waiting))
    check_once(state, due[1])
    await bench.close()


async def test_what_cannot_be_written_stays_and_is_told(due: tuple[Path, str], state: Path) -> None:
    in_the_way = StateFolder(state).certificates / f".{due[1]}.en.pdf.part"
    in_the_way.mkdir()
    told = await run_once(state, settings())
    assert {item.problem.id for item in told} == {"document-unwritable"}
    in_the_way.rmdir()
    assert await run_once(state, settings()) == []
    check_once(state, due[1])
