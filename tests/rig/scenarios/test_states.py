"""Drives in odd states, brought there by other people's tools: frozen, shortened, locked, busy; and very large or slow.

`hdparm` and `sg_sanitize` are who does it to them, and who is asked afterwards.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bench import stage_events as se
from bench.events import Logged
from bench.evidence import Evidence
from bench.facade import Update
from bench.levels import Level
from bench.policy import Policy
from bench.progress import JobProgress
from bench.stages import StageKind
from bench.techniques import ErasureState, Technique
from drivers.commands.outcome import Done
from drivers.commands.sat import AtaCommand, Protocol, send
from drivers.commands.sgio import SgTransport
from rig.devices import THROTTLED_BPS
from rig.guest import kernel_drive, station
from rig.guest.bays import Bay
from rig.layout import DRIVE_SIZE, HUGE_SIZE
from support import firmware
from support.firmware import reasons, verdict

pytestmark = pytest.mark.boot("mishaps")
Plug = Callable[[str], Bay]
T = Technique
K = StageKind
SECTORS = DRIVE_SIZE // 512
HALF = SECTORS // 2
SURE = "--yes-i-know-what-i-am-doing"
PASSWORD = "rig"  # noqa: S105 - nobody's
LONG_S = 700
"""On the own clock of a drive that takes ten minutes: longer than any erasure."""


def hdparm(bay: Bay, *options: str) -> str:
    """What hdparm prints, its spaces and tabs as one space each."""
    return " ".join(kernel_drive.output("hdparm", *options, f"{bay.node()}").split())


def rescan(node: Path) -> None:
    Path("/sys/class/block", node.name, "device", "rescan").write_text("1")


def shorten_by_overlay(bay: Bay) -> None:
    """DEVICE CONFIGURATION SET (B1h/C3h, ATA8-ACS 7.8 table 27), which hdparm has no option for."""
    block = bytearray(512)
    struct.pack_into("<HHHQ", block, 0, 2, 7, 0x7F, HALF - 1)
    block[510] = 0xA5
    block[511] = -sum(block) & 0xFF
    command = AtaCommand(
        name="DEVICE CONFIGURATION SET",
        command=0xB1,
        feature=0xC3,
        count=1,
        protocol=Protocol.PIO_OUT,
        data=bytes(block),
    )
    with kernel_drive.opened(bay.node(), 2) as fd:
        outcome = send(SgTransport(fd), command)
    assert isinstance(outcome, Done), outcome


def by_their_own_means() -> Policy:
    """Disks by secure erase, SSDs by sanitize; without the last power cut, which others try."""
    policy = firmware.only(
        T.ATA_SECURE_ERASE_ENHANCED,
        T.SCSI_SANITIZE_OVERWRITE,
        power_cycle=False,
        read_back=station.READ_BACK_PERMILLE,
    )
    return replace(policy, flash=(T.ATA_SANITIZE_BLOCK, T.NVME_SANITIZE_BLOCK))


def shorten(hidden: Bay, overlaid: Bay) -> None:
    """Half of each drive is hidden, by a host protected area and by a configuration overlay."""
    hdparm(hidden, SURE, "-N", f"p{HALF}")
    shorten_by_overlay(overlaid)
    for one in (hidden, overlaid):
        one.power_cycle()
    assert f"{HALF}/{SECTORS}, HPA is enabled" in hdparm(hidden, "-N")
    assert f"Real max sectors: {SECTORS}" in hdparm(overlaid, "--dco-identify")
    assert f"LBA48 user addressable sectors: {HALF}" in hdparm(overlaid, "-I")


def freeze(security: Bay, sanitize: Bay) -> None:
    """As firmware of computers does at power-on."""
    hdparm(security, "--security-freeze")
    hdparm(sanitize, "--sanitize-freeze-lock")
    assert "SD1 Sanitize Frozen" in hdparm(sanitize, "--sanitize-status")


def begin_to_sanitize(sizeless: Bay, busy: Bay) -> None:
    """A SAS drive, of which the kernel then knows no size, and an NVMe drive, which keeps telling its own."""
    kernel_drive.output("sg_sanitize", "--crypto", "--quick", "--early", f"{sizeless.node()}")
    kernel_drive.output(
        "nvme", "sanitize", f"{busy.node()}".removesuffix("n1"), "--sanact=2"
    )  # a block erase: of ten minutes
    rescan(sizeless.node())


@contextmanager
def put_right_after_failure(hidden: Bay, overlaid: Bay, *others: Bay) -> Iterator[None]:
    """Whatever went wrong, the drives are whole, thawed and idle for the next scenario."""
    try:
        yield
    except BaseException:
        for one in (hidden, overlaid, *others):
            one.sim.skip(LONG_S)
            one.power_cycle()
        hdparm(hidden, SURE, "-N", f"p{SECTORS}")
        hdparm(overlaid, SURE, "--dco-restore")
        for one in (hidden, overlaid):
            one.power_cycle()
        raise


async def hurried(stream: AsyncIterator[Update], *slow: Bay) -> None:
    """Put the clocks of these drives forward whenever one is seen at work."""
    async for update in stream:
        match update:
            case Logged(event=se.ErasureSeen(reading=se.StatusReading(state=ErasureState.RUNNING))):
                for bay in slow:
                    await asyncio.to_thread(bay.sim.skip, LONG_S)
            case _:
                pass


def kinds(evidence: Evidence) -> list[StageKind]:
    return [item.kind for item in evidence.stages.items]


def erased_at_last(bays: Sequence[Bay], sizeless: Bay, *slow: Bay) -> dict[str, Evidence]:
    """All in one order, once the sizeless one is done with a stranger's erasure: until then the set is refused."""

    async def night() -> tuple[Evidence, ...]:
        async with station.station() as bench:
            order = station.asking([one.node() for one in bays], policy=by_their_own_means())
            (refusal,) = (await bench.plan(order)).refusals
            assert refusal.facts.node == f"{sizeless.node()}"
            assert [reason.id for reason in refusal.reasons] == ["guard-size-zero", "guard-sanitize-running"]
            sizeless.sim.skip(LONG_S)
            rescan(sizeless.node())
            hurry = asyncio.create_task(hurried(bench.updates(), sizeless, *slow))
            found = await station.erased(bench, order, bays)
            hurry.cancel()
            return found

    return dict(zip((one.name for one in bays), asyncio.run(night()), strict=True))


def test_odd_states_are_found_put_right_and_erased(bay: Plug) -> None:
    names = ("ata-1", "ata-2", "ata-3", "ata-4", "ata-5", "sas-2", "nvme-2")
    bays = hidden, frozen, overlaid, sanitize_frozen, refrozen, sizeless, busy = [bay(name) for name in names]
    for one in (hidden, overlaid, refrozen):
        station.plant(one)
        station.tell(f"{one.name} planted")
    with put_right_after_failure(hidden, overlaid, frozen, sanitize_frozen, sizeless, busy):
        shorten(hidden, overlaid)
        station.tell("shortened")
        freeze(frozen, sanitize_frozen)
        begin_to_sanitize(sizeless, busy)
        found = erased_at_last(bays, sizeless, sanitize_frozen, busy)

    told = {name: (verdict(evidence), reasons(evidence)) for name, evidence in found.items()}
    assert told.pop("nvme-2") == ("erased-with-remarks", ["remark-foreign-sanitize"])
    done = [name for name in told if name != "ata-5"]
    assert {name: told[name] for name in done} == {name: ("erased", []) for name in done}
    assert told["ata-5"][0] == "unproven"
    assert told["ata-5"][1][-1] == "erase-security-frozen"
    assert kinds(found["ata-1"])[:2] == [K.RESTORE, K.POWER_CYCLE]
    assert kinds(found["ata-2"])[0] is kinds(found["ata-4"])[0] is kinds(found["ata-5"])[0] is K.POWER_CYCLE
    assert kinds(found["ata-3"])[:3] == [K.RESTORE, K.POWER_CYCLE, K.RESTORE]
    assert kinds(found["nvme-2"])[0] is K.WAIT
    assert kinds(found["sas-2"])[0] is K.PLANT
    assert found["ata-1"].size == found["ata-3"].size == DRIVE_SIZE == 2 * found["ata-1"].plan.facts.identity.size
    assert station.traces(hidden) == station.traces(overlaid) == 0
    assert station.traces(refrozen) > 0
    assert f"{SECTORS}/{SECTORS}, HPA is disabled" in hdparm(hidden, "-N")
    assert f"LBA48 user addressable sectors: {SECTORS}" in hdparm(overlaid, "-I")
    assert "not enabled not locked not frozen" in hdparm(frozen, "-I")


def test_a_drive_locked_by_a_stranger_is_said_to_be_and_left_alone(bay: Plug) -> None:
    dock = bay("usb-1")
    hdparm(dock, "--user-master", "u", "--security-set-pass", PASSWORD)
    dock.power_cycle()
    try:
        assert "enabled locked not frozen" in hdparm(dock, "-I")
        dock.sim.control("record")

        async def refused() -> list[str]:
            async with station.station() as bench:
                plans = await bench.plan(station.asking([dock.node()], level=Level.CLEAR))
            assert plans.plans == ()
            return [reason.id for refusal in plans.refusals for reason in refusal.reasons]

        assert asyncio.run(refused())[0] == "stage-refused-password-locked"
        sent = {str(op).removeprefix("scsi ") for op, _, _ in dock.sim.control("recorded")}
        assert not {cdb for cdb in sent if ata_of(cdb) in {0xF1, 0xF2, 0xF3, 0xF4, 0xF6, 0x35, 0xCA}}
        assert "write" not in sent
        assert "not expired" in hdparm(dock, "-I")
    finally:
        hdparm(dock, "--user-master", "u", "--security-unlock", PASSWORD)
        hdparm(dock, "--user-master", "u", "--security-disable", PASSWORD)
    assert "not enabled not locked" in hdparm(dock, "-I")


def ata_of(cdb: str) -> int | None:
    """The ATA command inside a pass-through of 16 or 12 bytes."""
    raw = bytes.fromhex(cdb) if cdb[:2] in {"85", "a1"} else b""
    return raw[14 if raw[0] == 0x85 else 9] if raw else None


def test_the_huge_and_the_slow_are_reckoned_and_stopped(bay: Plug) -> None:
    huge, slow = bay("huge-1"), bay("slow-1")

    async def started_and_stopped() -> tuple[Evidence, ...]:
        async with station.station() as bench:
            stream = bench.updates()
            order = station.overwriting([huge.node(), slow.node()])
            jobs = await firmware.start(bench, order)
            async with asyncio.timeout(90):
                last = await watched(stream, jobs)
            for job, size, pace in ((jobs[0], HUGE_SIZE, None), (jobs[1], DRIVE_SIZE, THROTTLED_BPS)):
                at = last[job]
                assert (at.size, at.total) == (size, 2 * size)
                assert at.eta is not None
                rate = pace or at.rate
                assert 0.3 < at.eta / ((at.total - at.done) / rate) < 3, at
            async with asyncio.timeout(30):
                await bench.halt()
            by_name = {evidence.job: evidence for evidence in await bench.jobs()}
            for job in jobs:
                await bench.cancel(job, "OP-07")
            return tuple(by_name[job] for job in jobs)

    for evidence in asyncio.run(started_and_stopped()):
        assert evidence.is_open
        assert evidence.is_halted
        assert 0 < evidence.passes[0].synced < evidence.size


async def watched(stream: AsyncIterator[Update], jobs: list[str]) -> dict[str, JobProgress]:
    """Each job's progress once it has moved 4 MiB."""
    last: dict[str, JobProgress] = {}
    async for update in stream:
        if isinstance(update, JobProgress) and update.done >= DRIVE_SIZE // 4:
            last[update.job] = update
        if set(jobs) <= set(last):
            break
    return last
