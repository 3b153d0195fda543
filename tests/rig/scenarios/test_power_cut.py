"""A bench that goes dark in the middle of everything, twice, and takes up its work over the same state folder.

Boot "cut": the bench alone loses its power, and the drives go on by themselves. Boot "resume": it takes up its work,
and then the whole workshop goes dark, bench and drives. Boot "again": `tablerase resume` brings it all to its end.
Each time the station's own disk loses what was not flushed.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bench.events import Logged
from bench.evidence import Evidence
from bench.facade import Update
from bench.local import LocalBench
from bench.progress import Activity, JobProgress, StageProgress
from bench.settings import Settings
from bench.stage_events import CommandAccepted, ErasureAdopted
from bench.stages import StageKind
from bench.techniques import Technique
from drivers.sim.faults import Slowness
from drivers.sim.folder import MIB
from rig.guest import card, kernel_drive, station
from rig.guest.bays import Bay
from rig.hand import BayHand, HandClient
from rig.layout import Layout
from rig.places import GUEST_SHARE
from support import firmware
from support.commanding import erases
from ui import compose

Plug = Callable[[str], Bay]
SANITIZED = {"nvme-2": Technique.NVME_SANITIZE_BLOCK, "sas-2": Technique.SCSI_SANITIZE_OVERWRITE}
ERASED = {**SANITIZED, "ata-4": Technique.ATA_SECURE_ERASE}
"""Each takes ten minutes of the drive's own clock."""
OVERWRITTEN = "usb-1"
ALL = (*ERASED, OVERWRITTEN)
CARD = "card-1"
SLOW = Slowness(bytes_per_second=256 * 1024)
"""A pass of the overwritten drive takes a minute: longer than the others need to get to work."""
FURTHER_S = 100.0
"""How much of their ten minutes each evening gives the drives."""
TO_THE_END_S = 700.0
EVENING_S = 240.0
"""Patience for a busy machine: an idle one needs a tenth of it."""
NOT_ALL = 1
"""Exit status where one drive is not proven to be erased."""
SETTINGS = Settings(checkpoint=0.5, rewind=MIB, window=MIB, stall=60.0)


@pytest.mark.boot("cut")
def test_the_bench_goes_dark_in_the_middle_of_everything(bay: Plug, hand: HandClient) -> None:
    for name in ALL:
        fill(BayHand(hand, name))
    card.make(bay(CARD))
    bay(OVERWRITTEN).sim.arm(SLOW)
    with card.mounted(bay(CARD)) as disk:
        asyncio.run(first_evening(disk / "state", bay, hand))


async def first_evening(state: Path, bay: Plug, hand: HandClient) -> None:
    async with opened(state) as bench:
        (own,) = await bench.drives([f"{bay(CARD).node()}"])
        assert "guard-state" in {reason.id for reason in own.reasons}
        stream = bench.updates()
        policy = firmware.only(*ERASED.values(), canaries=16, power_cycle=False, read_back=station.READ_BACK_PERMILLE)
        order = station.asking([bay(name).node() for name in ERASED], policy=policy)
        jobs = dict(zip(await firmware.start(bench, order), map(bay, ERASED), strict=True))
        (job,) = await firmware.start(bench, station.overwriting([bay(OVERWRITTEN).node()]))
        await all_in_their_middle(stream, {**jobs, job: bay(OVERWRITTEN)}, beyond=2 * MIB)
        hand.kill_bench(CARD)


@pytest.mark.boot("resume")
def test_it_takes_up_its_work_and_the_whole_workshop_goes_dark(bay: Plug, hand: HandClient, layout: Layout) -> None:
    BayHand(hand, CARD).start()
    with card.mounted(bay(CARD)) as disk:
        asyncio.run(second_evening(disk / "state", bay, hand, layout))


async def second_evening(state: Path, bay: Plug, hand: HandClient, layout: Layout) -> None:
    for name in (*SANITIZED, OVERWRITTEN):
        bay(name)
    async with opened(state) as bench:
        unfinished = by_bay(await bench.jobs(), layout)
        assert set(unfinished) == set(ALL)
        stream = bench.updates()
        absent = await bench.resume()
        refused = {job: [reason.id for reason in refusal.reasons] for job, refusal in absent.refused}
        assert refused == {unfinished["ata-4"].job: ["guard-not-found"]}
        await until_its_own_end("ata-4", bay, hand)
        assert (await bench.resume(list(refused))).refused == ()
        await all_in_their_middle(stream, {unfinished[name].job: bay(name) for name in ALL}, beyond=3 * MIB)
        # The sanitizes were found at work. Of SECURITY ERASE nobody could tell how it ended: only that was given again.
        assert {name: erasures(bay(name).sim) for name in ERASED} == {"nvme-2": 1, "sas-2": 1, "ata-4": 2}
        resumed = by_bay(await bench.jobs(), layout)
        assert {name: adoptions(resumed[name]) for name in ERASED} == {"nvme-2": 1, "sas-2": 1, "ata-4": 0}
        goes_on = resumed[OVERWRITTEN].passes[0]
        assert (goes_on.starts, goes_on.restarts) == (2, 0)
        assert goes_on.started_at > 0
        hand.kill_bench(CARD, *ALL)


async def until_its_own_end(name: str, bay: Plug, hand: HandClient) -> None:
    """A drive in the middle of SECURITY ERASE has kept its power and answers nobody, until it is done."""
    sim = BayHand(hand, name)
    assert sim.control("progress")["kind"] == "security-erase"
    plugging = asyncio.create_task(asyncio.to_thread(bay, name))
    await asyncio.sleep(1)
    assert not plugging.done()
    assert erasures(sim) == 1
    sim.skip(TO_THE_END_S)
    await plugging
    assert sim.control("progress")["kind"] == "none"


@pytest.mark.boot("again")
def test_everything_comes_to_its_end_by_command_line(bay: Plug, hand: HandClient, layout: Layout) -> None:
    for name in ALL:
        sim = BayHand(hand, name)
        sim.start()
        sim.control("record")
    BayHand(hand, CARD).start()
    BayHand(hand, OVERWRITTEN).disarm("slowness")
    assert "\tlocked" in kernel_drive.output("hdparm", "-I", f"{bay('ata-4').node()}")
    with card.mounted(bay(CARD)) as disk:
        told = resume(disk / "state", [bay(name) for name in ALL])
        verdicts = {bay_of(layout, item["serial"]): item["verdict"] for item in told}
        # What has no status of its own is proven by canaries, which the first attempt may have destroyed.
        assert verdicts == {**dict.fromkeys(ALL, "erased-with-remarks"), "ata-4": "unproven"}
        tablerase(disk / "state", "ledger", "verify")
        papers = {path.name for path in (disk / "state" / "certificates").iterdir()}
        numbers = [item["certificate"] or item["failure_report"] for item in told]
        assert papers == {f"{number}{end}" for number in numbers for end in (".json", ".fr.pdf", ".en.pdf")}
    assert {name: erasures(bay(name).sim) for name in ERASED} == {"nvme-2": 0, "sas-2": 0, "ata-4": 1}
    security = kernel_drive.output("hdparm", "-I", f"{bay('ata-4').node()}")
    assert "not\tenabled" in security
    assert "not\tlocked" in security
    assert {name: station.traces(bay(name)) for name in ALL} == dict.fromkeys(ALL, 0)


def fill(sim: BayHand) -> None:
    """Before a drive is plugged in: data on it that must not survive, and a log of what it is told."""
    sim.stop()
    sim.plant()
    sim.start()
    sim.control("record")


def erasures(sim: BayHand) -> int:
    """How often a drive was told to erase itself since its log began, by that log."""
    return sum(erases(op) for op, _, _ in sim.control("recorded"))


@asynccontextmanager
async def opened(state: Path) -> AsyncIterator[LocalBench]:
    """The product's own bench, recovered."""
    bench = await compose.open_bench(state, settings=SETTINGS)
    try:
        yield bench
    finally:
        await bench.close()


async def all_in_their_middle(stream: AsyncIterator[Update], bays: Mapping[str, Bay], *, beyond: int) -> None:
    """Return once each drive is in the middle, as the bench tells it: what is overwritten, `beyond` so many bytes.

    Drives that erase themselves get a part of their time, once the bench knows that they do.
    """
    middle: dict[str, bool] = dict.fromkeys(bays, False)
    async with asyncio.timeout(EVENING_S):
        async for update in stream:
            station.note(update, bays)
            match update:
                case Logged(job=job, event=CommandAccepted() | ErasureAdopted()) if job in bays:
                    await asyncio.to_thread(bays[job].sim.skip, FURTHER_S)
                    middle[job] = bays[job].name not in SANITIZED
                case StageProgress(job=job, kind=StageKind.ERASE, permille=int(permille)) if job in bays:
                    middle[job] = 150 < permille < 950
                case JobProgress(job=job, activity=Activity.WRITING, offset=offset, size=size) if job in bays:
                    middle[job] = beyond < offset < size - MIB
                case _:
                    pass
            if all(middle.values()):
                return


def by_bay(jobs: tuple[Evidence, ...], layout: Layout) -> dict[str, Evidence]:
    """Jobs by the bay whose drive they are about."""
    return {bay_of(layout, item.plan.facts.identity.serial): item for item in jobs}


def bay_of(layout: Layout, serial: str) -> str:
    """The bay of a drive."""
    return next(bay.name for bay in layout.bays if bay.drive.serial == serial)


def adoptions(evidence: Evidence) -> int:
    """How often the erasure of a job was found at work."""
    return sum(item.adoptions for item in evidence.stages.items)


def resume(state: Path, bays: list[Bay]) -> list[dict[str, str]]:
    """`tablerase resume`, as an operator types it; drives that erase themselves get their time. What it tells of each.

    Its progress goes into the guest's log.
    """
    log = (GUEST_SHARE / "out.log").open("a", encoding="utf-8")
    with (
        log,
        subprocess.Popen(
            command("resume", "--json"),
            env=environment(state),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        try:
            hurry(process, bays)
        finally:
            process.kill()
        assert process.stdout is not None
        told = [json.loads(line) for line in process.stdout]
    assert process.returncode == NOT_ALL, told
    return told


def hurry(process: subprocess.Popen[str], bays: list[Bay]) -> None:
    """Give each drive that erases itself the time for it, until the process has ended."""
    give_up = time.monotonic() + EVENING_S
    while process.poll() is None:
        assert time.monotonic() < give_up, "tablerase resume does not end"
        for bay in bays:
            if bay.sim.control("progress")["kind"] != "none":
                bay.sim.skip(TO_THE_END_S)
        time.sleep(0.5)


def tablerase(state: Path, *words: str) -> str:
    """What the command prints; it ends well."""
    done = subprocess.run(
        command(*words), env=environment(state), check=False, capture_output=True, text=True, timeout=EVENING_S
    )
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
    return done.stdout


def command(*words: str) -> list[str]:
    return [str(Path(sys.executable).with_name("tablerase")), *words]


def environment(state: Path) -> dict[str, str]:
    return {**os.environ, "TABLERASE_STATE": f"{state}"}
