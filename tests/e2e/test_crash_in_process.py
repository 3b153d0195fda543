"""A crash before and after every single effect of a job: commits, orders to the worker, its reports, documents.

From the crash on nothing has any effect any more, as if the process were gone; then a new bench recovers from what is
on disk. Wherever it happened: one record, a verdict that the evidence bears, no planted data.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from bench import keys
from bench.audit import audit
from bench.canaries import Place
from bench.capabilities import Capabilities
from bench.drive import DriveFacts, DriveIdentity
from bench.events import Logged
from bench.firmware_work import CommandReport, Order, PowerSeen
from bench.journal.journal import Journal, read
from bench.local import LocalBench
from bench.messages import Message
from bench.outbox import waiting
from bench.plan import EraseRequest
from bench.ports import ClaimedDrive, Commander, Draft, Drives, Eraser, PowerSwitch
from bench.stage_events import StatusReading
from bench.state import StateFolder
from bench.techniques import Technique
from bench.verdict import Verdict
from bench.work import Algorithm, Report, Task
from drivers.machine import MachineDrives
from drivers.sim import launch
from drivers.sim.commands.spec import Personality
from support.benches import JsonDraft, open_local, planted_drives, start, survives, until_ended
from support.firmware import Made, firmware_drives, made, only, order, purge
from support.firmware import start as start_firmware
from support.wrapped import WrappedDrive

METHOD = "dod-short"
ENOUGH = 500


class CrashError(Exception):
    """The process is gone."""


class Fuse:
    """Blows at the n-th effect; from then on every effect blows."""

    def __init__(self, at: int) -> None:
        self._at = at
        self.burnt = 0

    @property
    def blown(self) -> bool:
        return self.burnt >= self._at

    def burn(self) -> None:
        self.burnt += 1
        if self.blown:
            raise CrashError


class FusedJournal(Journal):
    """A journal whose process may crash before and after each commit."""

    fuse: Fuse

    async def do(self, work: Callable[[Database], Any]) -> Any:
        self.fuse.burn()
        result = await super().do(work)
        self.fuse.burn()
        return result


class FusedEraser:
    """A worker that dies with its station, before an order and at every report."""

    def __init__(self, eraser: Eraser, fuse: Fuse) -> None:
        self._eraser = eraser
        self._fuse = fuse

    async def run(self, task: Task) -> AsyncIterator[Report]:
        self._burn()
        async for report in self._eraser.run(task):
            self._burn()
            yield report

    def _burn(self) -> None:
        try:
            self._fuse.burn()
        except CrashError:
            self._eraser.kill()
            raise

    def stop(self) -> None:
        self._eraser.stop()

    async def close(self) -> None:
        await self._eraser.close()

    def kill(self) -> None:
        self._eraser.kill()


class FusedDrive(WrappedDrive):
    def __init__(self, drive: ClaimedDrive, fuse: Fuse) -> None:
        super().__init__(drive)
        self._fuse = fuse

    def facts(self) -> DriveFacts:
        self._fuse.burn()
        return self._drive.facts()

    async def eraser(self) -> Eraser:
        self._fuse.burn()
        return FusedEraser(await self._drive.eraser(), self._fuse)

    def commander(self) -> Commander:
        return FusedCommander(self._drive.commander(), self._fuse)

    def power(self) -> PowerSwitch:
        return FusedPower(self._drive.power(), self._fuse)


class FusedCommander:
    """Commands whose process lives on when the station is gone."""

    def __init__(self, commander: Commander, fuse: Fuse) -> None:
        self._commander = commander
        self._fuse = fuse

    async def capabilities(self) -> Capabilities:
        self._fuse.burn()
        return await self._commander.capabilities()

    def mark(self, technique: Technique) -> int | None:
        return self._commander.mark(technique)

    async def status(self, technique: Technique | None) -> StatusReading:
        self._fuse.burn()
        return await self._commander.status(technique)

    async def run(self, order: Order) -> AsyncIterator[CommandReport]:
        self._fuse.burn()
        async for report in self._commander.run(order):
            self._fuse.burn()
            yield report

    async def adopt(self, order: Order) -> AsyncIterator[CommandReport]:
        async for report in self._commander.adopt(order):
            yield report

    def is_at_work(self, order: Order) -> bool:
        return self._commander.is_at_work(order)

    async def leave_failure_mode(self) -> None:
        await self._commander.leave_failure_mode()

    async def plant(self, blocks: Mapping[Place, bytes]) -> None:
        self._fuse.burn()
        await self._commander.plant(blocks)
        self._fuse.burn()

    async def read(self, where: Iterable[Place]) -> Mapping[Place, bytes | None]:
        self._fuse.burn()
        return await self._commander.read(where)


class FusedPower:
    def __init__(self, power: PowerSwitch, fuse: Fuse) -> None:
        self._power = power
        self._fuse = fuse

    async def cycle(self, drive: DriveIdentity, reason: Message, tell: Callable[[Message], None]) -> PowerSeen:
        self._fuse.burn()
        seen = await self._power.cycle(drive, reason, tell)
        self._fuse.burn()
        return seen


class FusedDrives:
    def __init__(self, drives: Drives, fuse: Fuse) -> None:
        self._drives = drives
        self._fuse = fuse

    def discover(self) -> Sequence[str]:
        return self._drives.discover()

    def survey(self, address: str) -> DriveFacts:
        return self._drives.survey(address)

    def claim(self, facts: DriveFacts) -> ClaimedDrive:
        self._fuse.burn()
        return FusedDrive(self._drives.claim(facts), self._fuse)

    def claim_to_ask(self, facts: DriveFacts) -> ClaimedDrive:
        self._fuse.burn()
        return FusedDrive(self._drives.claim_to_ask(facts), self._fuse)

    def find(self, identity: DriveIdentity, hint: str) -> str:
        return self._drives.find(identity, hint)

    def preferred_stream(self) -> Algorithm:
        return self._drives.preferred_stream()


PAGE = "page.pdf"


class FusedDraft:
    """A certificate file and one page, whose new seal is never the same twice: only one that was kept is."""

    def __init__(self, number: str, document: bytes, kept: Mapping[str, bytes], fuse: Fuse) -> None:
        self._files = JsonDraft(number, document)
        self._kept = kept
        self._new = {} if kept else {f"{number}.{PAGE}": secrets.token_bytes(16)}
        self._fuse = fuse

    @property
    def imprints(self) -> Mapping[str, bytes]:
        return self._new

    def seal(self, stamps: Mapping[str, bytes]) -> Mapping[str, bytes]:
        self._fuse.burn()
        return {**self._kept, **{name: seal + stamps[name] for name, seal in self._new.items()}}

    def write(self, folder: Path, seals: Mapping[str, bytes]) -> None:
        self._fuse.burn()
        self._files.write(folder, seals)
        self._fuse.burn()
        for name, seal in seals.items():
            (folder / name).write_bytes(seal)
        self._fuse.burn()


class FusedPublisher:
    def __init__(self, fuse: Fuse) -> None:
        self._fuse = fuse

    def draft(self, number: str, document: bytes, seals: Mapping[str, bytes]) -> Draft:
        self._fuse.burn()
        return FusedDraft(number, document, seals, self._fuse)


class FusedAuthority:
    """Stamps a digest with itself, backwards."""

    def __init__(self, fuse: Fuse) -> None:
        self._fuse = fuse

    async def stamp(self, imprint: bytes) -> bytes:
        self._fuse.burn()
        return imprint[::-1]


def open_fused(state: Path, fuse: Fuse) -> LocalBench:
    drives = FusedDrives(MachineDrives(state), fuse)
    return open_local(state, drives=drives, publisher=FusedPublisher(fuse), authority=FusedAuthority(fuse))


async def run_until_the_fuse_blows(state: Path, drive: Path, fuse: Fuse, wanted: EraseRequest | None = None) -> None:
    bench = open_fused(state, fuse)
    journal = bench._journal
    journal.__class__ = FusedJournal
    assert isinstance(journal, FusedJournal)
    journal.fuse = fuse
    try:
        stream = bench.updates()
        jobs = await (start(bench, [drive], METHOD) if wanted is None else start_firmware(bench, wanted))
        await until_ended(stream, jobs)
        await bench._outbox.finish()
    except CrashError:
        pass
    finally:
        # What a process's end does: its descriptors close. Nothing is halted, logged or finished.
        writing = [bench._outbox._follower] if bench._outbox._follower else []
        tasks = [*(running.task for running in bench._running.values()), *writing]
        await asyncio.gather(*tasks, return_exceptions=True)
        journal.close()


async def recover(state: Path) -> LocalBench:
    bench = open_fused(state, Fuse(ENOUGH))
    await bench.recover()
    stream = bench.updates()
    resumption = await bench.resume()
    assert not resumption.refused, resumption.refused
    await until_ended(stream, resumption.resumed)
    await bench._outbox.finish()
    return bench


async def test_a_crash_at_every_effect_boundary(tmp_path: Path) -> None:
    for at in range(1, ENOUGH):
        folder = tmp_path / str(at)
        folder.mkdir()
        fuse = Fuse(at)
        with planted_drives(folder, size=1 << 20) as (drive,):
            await run_until_the_fuse_blows(folder / "state", drive, fuse)
            bench = await recover(folder / "state")
            try:
                await check(bench, folder / "state", drive, at)
            finally:
                await bench.close()
        if not fuse.blown:
            break
    assert 60 < at < ENOUGH, "the fuse has reached the end of the job, after a plausible number of effects"


FIRMWARE = {
    "it goes on by itself": (made(Personality.ATA_SSD, erase_ms=150), Technique.ATA_SANITIZE_BLOCK),
    "it keeps a mark": (made(Personality.NVME, erase_ms=150), Technique.NVME_SANITIZE_BLOCK),
    "it must not be cut": (made(Personality.ATA_DISK, erase_ms=150), Technique.ATA_SECURE_ERASE_ENHANCED),
}


@pytest.mark.parametrize("name", FIRMWARE)
@pytest.mark.slow
async def test_a_crash_at_every_effect_boundary_of_an_erasure_by_the_drive(tmp_path: Path, name: str) -> None:
    await crash_everywhere(tmp_path, *FIRMWARE[name], step=1)


@pytest.mark.parametrize("name", FIRMWARE)
async def test_a_crash_at_some_effect_boundaries_of_an_erasure_by_the_drive(tmp_path: Path, name: str) -> None:
    await crash_everywhere(tmp_path, *FIRMWARE[name], step=11)


async def crash_everywhere(tmp_path: Path, drive_made: Made, technique: Technique, step: int) -> None:
    for at in range(1, ENOUGH, step):
        folder = tmp_path / str(at)
        folder.mkdir()
        fuse = Fuse(at)
        with firmware_drives(folder, drive_made) as drives:
            wanted = order(drives, policy=only(technique, canaries=16))
            await run_until_the_fuse_blows(folder / "state", drives[0], fuse, wanted)
            bench = await recover(folder / "state")
            try:
                if technique.survives_power_loss or not await unproven_and_redone(bench, wanted):
                    await check(bench, folder / "state", drives[0], at)
            finally:
                await bench.close()
        if not fuse.blown:
            break
    assert 30 < at < ENOUGH, "the fuse has reached the end of the job, after a plausible number of effects"


async def unproven_and_redone(bench: LocalBench, wanted: EraseRequest) -> bool:
    """Whether the erasure had to be given twice, which nothing proves where no status shows it: then a new job does."""
    jobs = await bench.jobs()
    concluded = jobs[0].concluded if jobs else None
    if concluded is None or Verdict(concluded.verdict).proves_erasure:
        return False
    assert [reason.id for reason in concluded.reasons] == ["reason-stage-given-twice"]
    (evidence,) = await purge(bench, wanted)
    assert evidence.concluded is not None
    assert Verdict(evidence.concluded.verdict).proves_erasure
    return True


async def check(bench: LocalBench, state: Path, drive: Path, at: int) -> None:
    found = await bench.jobs()
    records = await bench.records()
    if not found:
        assert survives(drive), f"effect {at}: written to before anything was journalled"
        assert records == ()
        return
    (evidence,) = found
    assert evidence.anomalies == (), f"effect {at}"
    assert evidence.concluded is not None, f"effect {at}"
    assert Verdict(evidence.concluded.verdict).proves_erasure, f"effect {at}: {evidence.concluded}"
    assert len(records) == 1, f"effect {at}"
    number = records[0].number
    assert (state / "certificates" / f"{number}.json").read_bytes() == await bench.certificate(number)
    check_page(state, number, at)
    launch.power_cut(drive)
    assert not survives(drive), f"effect {at}: planted data is back after a power cut"
    folder = StateFolder(state)
    report = read(folder, lambda database: audit(database, [keys.load(folder.key).public]))
    assert report.findings == (), f"effect {at}"
    written = [item for item in await events_of(bench, evidence.job) if item.event.TYPE == "concluded"]
    assert len(written) == 1, f"effect {at}"


def check_page(state: Path, number: str, at: int) -> None:
    """The page bears its seal; there was never another, and it was stamped once it was kept."""
    kept = read(StateFolder(state), lambda database: list(database.table("seals").rows))
    assert [row["file"] for row in kept] == [f"{number}.{PAGE}"], f"effect {at}: sealed more than once, or never"
    seal = bytes(kept[0]["seal"])
    assert (state / "certificates" / f"{number}.{PAGE}").read_bytes() == seal, f"effect {at}"
    assert seal[:16] == seal[16:][::-1], f"effect {at}: stamped for another seal"
    assert read(StateFolder(state), waiting) == (), f"effect {at}"


async def events_of(bench: LocalBench, job: str) -> list[Logged]:
    found: list[Logged] = []
    stream = bench.updates(after=0)
    async for update in stream:
        if isinstance(update, Logged) and update.job == job:
            found.append(update)
            if update.event.TYPE == "concluded":
                break
    return found
