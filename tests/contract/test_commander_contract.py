"""What every `Commander` and `PowerSwitch` promises, on virtual drives of each kind."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.canaries import Place
from bench.capabilities import CommandSet, HiddenKind
from bench.drive import DriveFacts
from bench.firmware_work import Accepted, Ended, NotTaken, PowerSeen
from bench.messages import BenchError, Message, say
from bench.ports import DriveGoneError
from bench.stage_events import PowerWitness
from bench.techniques import ErasureState, Technique
from drivers.machine import MachineDrives
from drivers.power_hand import OperatorsHand
from drivers.sim import launch
from drivers.sim.client import SimConnection
from drivers.sim.command_faults import CommandHang, SanitizeFailure
from drivers.sim.commands.spec import CommandSpec, Personality
from support.commanding import bay, commander, erase, restore, run
from support.virtual_drives import MIB

P, S, T = Personality, ErasureState, Technique
KINDS = {
    P.ATA_DISK: (CommandSet.ATA, T.ATA_SANITIZE_OVERWRITE),
    P.ATA_SSD: (CommandSet.ATA, T.ATA_SANITIZE_BLOCK),
    P.SAS_DISK: (CommandSet.SCSI, T.SCSI_SANITIZE_OVERWRITE),
    P.NVME: (CommandSet.NVME, T.NVME_SANITIZE_BLOCK),
}
PLACES = (Place(0, 0, 512), Place(0, 4096, 512), Place(0, MIB - 512, 512))


@pytest.fixture(params=sorted(KINDS))
def drive(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, DriveFacts, Personality]]:
    kind = Personality(request.param)
    with bay(tmp_path / "drive", kind) as facts:
        yield tmp_path / "state", facts, kind


async def test_it_asks_a_drive_with_few_commands(drive: tuple[Path, DriveFacts, Personality]) -> None:
    state, facts, kind = drive
    with commander(state, facts) as found:
        capabilities = await found.capabilities()
        assert capabilities.command_set is KINDS[kind][0]
        assert KINDS[kind][1] in capabilities.firmware_erase
        assert 0 < capabilities.commands <= 25


async def test_canaries_are_planted_read_and_gone_after_an_erasure(
    drive: tuple[Path, DriveFacts, Personality],
) -> None:
    state, facts, kind = drive
    blocks = {place: bytes([number + 1]) * place.length for number, place in enumerate(PLACES)}
    technique = KINDS[kind][1]
    with commander(state, facts) as found:
        await found.plant(blocks)
        assert await found.read(PLACES) == blocks
        before = await found.status(technique)
        reports = await run(found, erase(technique))
        end = reports[-1]
        assert isinstance(reports[0], Accepted)
        assert isinstance(end, Ended)
        assert end.reading.state is S.DONE
        assert end.reading.mark == found.mark(technique)
        assert before.state is not S.DONE
        after = await found.read(PLACES)
        assert all(after[place] not in {None, data} for place, data in blocks.items())
        assert (await found.status(None)).state in {S.DONE, S.UNKNOWN}  # an idle SCSI drive says nothing


async def test_what_cannot_be_read_is_none(tmp_path: Path) -> None:
    with (
        bay(tmp_path / "drive", P.ATA_SSD, SanitizeFailure(progress=100)) as facts,
        commander(tmp_path / "state", facts) as found,
    ):
        end = (await run(found, erase(T.ATA_SANITIZE_BLOCK)))[-1]
        assert isinstance(end, Ended)
        assert end.reading.state is S.FAILED
        assert await found.read(PLACES[:1]) == {PLACES[0]: None}
        with pytest.raises(DriveGoneError):
            await found.plant({PLACES[0]: bytes(512)})
        with pytest.raises(BenchError, match="erase-failure-mode-stays"):
            await found.leave_failure_mode()


@pytest.mark.parametrize("personality", [P.ATA_SSD, P.SAS_SSD, P.NVME])
async def test_a_drive_that_leaves_its_failure_mode_can_be_written_again(
    tmp_path: Path, personality: Personality
) -> None:
    technique = {
        P.ATA_SSD: T.ATA_SANITIZE_BLOCK,
        P.SAS_SSD: T.SCSI_SANITIZE_BLOCK,
        P.NVME: T.NVME_SANITIZE_BLOCK,
    }[personality]
    with (
        bay(tmp_path / "drive", personality, SanitizeFailure(progress=100, opens=True)) as facts,
        commander(tmp_path / "state", facts) as found,
    ):
        end = (await run(found, erase(technique)))[-1]
        assert isinstance(end, Ended)
        assert end.reading.state is S.FAILED
        await found.leave_failure_mode()
        await found.plant({PLACES[0]: bytes(512)})
        assert await found.read(PLACES[:1]) == {PLACES[0]: bytes(512)}


async def test_other_namespaces_are_out_of_reach(tmp_path: Path) -> None:
    with bay(tmp_path / "drive", P.NVME) as facts, commander(tmp_path / "state", facts) as found:
        assert await found.read([Place(1, 0, 512), Place(2, 0, 512)]) == {
            Place(1, 0, 512): bytes(512),
            Place(2, 0, 512): None,
        }
        with pytest.raises(DriveGoneError, match="erase-namespace-out-of-reach"):
            await found.plant({Place(2, 0, 512): bytes(512)})


async def test_a_drive_that_went_away_is_gone(drive: tuple[Path, DriveFacts, Personality]) -> None:
    state, facts, kind = drive
    with commander(state, facts) as found:
        await found.capabilities()
        launch.power_cut(Path(facts.address.removeprefix("sim:")))
        with pytest.raises(DriveGoneError):
            await found.status(KINDS[kind][1])
        with pytest.raises(DriveGoneError):
            await found.plant({PLACES[0]: bytes(512)})


async def test_a_mark_that_is_not_the_commands_is_refused(tmp_path: Path) -> None:
    order = erase(T.NVME_SANITIZE_BLOCK)
    wrong = type(order)(stage=order.stage, key=order.key, secret="", mark=5)
    with (
        bay(tmp_path / "drive", P.NVME) as facts,
        commander(tmp_path / "state", facts) as found,
        pytest.raises(ValueError, match="mark 5"),
    ):
        await run(found, wrong)


async def test_a_hidden_area_is_opened_by_a_worker(tmp_path: Path) -> None:
    spec = CommandSpec(hpa_size=MIB // 2)
    with bay(tmp_path / "drive", P.ATA_DISK, spec=spec) as facts, commander(tmp_path / "state", facts) as found:
        assert isinstance((await run(found, restore(HiddenKind.HPA)))[-1], Ended)
        area = next(item for item in (await found.capabilities()).hidden if item.kind is HiddenKind.HPA)
        assert area.in_use == "no"


async def test_a_command_that_hangs_does_not_keep_the_bench(tmp_path: Path) -> None:
    with (
        bay(tmp_path / "drive", P.NVME, CommandHang(opcode=0x80)) as facts,
        commander(tmp_path / "state", facts) as found,
    ):
        reports = found.run(erase(T.NVME_FORMAT_CRYPTO))
        assert isinstance(await anext(reports), Accepted)  # at work for all that can be known
        launch.power_cut(tmp_path / "drive")
        with pytest.raises(Exception, match="went away"):
            await anext(reports)


async def test_a_virtual_drive_is_cycled_and_counts_it(drive: tuple[Path, DriveFacts, Personality]) -> None:
    told: list[Message] = []
    state, facts, _ = drive
    claim = MachineDrives(state).claim(facts)
    try:
        seen = await claim.power().cycle(facts.identity, say("stage-power-cycle-thaw"), told.append)
    finally:
        claim.release()
    assert seen == PowerSeen(witness=PowerWitness.COUNTER, before=1, after=2)


@dataclass
class SimPresence:
    """A drive on the bench that an operator switches off and on by hand."""

    where: Path
    counts: bool = True
    off: bool = False

    def is_here(self) -> bool:
        return launch.is_running(self.where)

    def is_back(self) -> bool:
        return launch.is_running(self.where)

    def stranger(self) -> str:
        return ""

    def count(self) -> int | None:
        if not self.counts:
            return None
        with SimConnection.connect(self.where) as connection:
            return connection.info().power_cycles


async def by_hand(where: Path) -> None:
    await asyncio.sleep(0.05)
    await asyncio.to_thread(launch.stop, where)
    await asyncio.sleep(0.1)
    await asyncio.to_thread(launch.start, where)


@pytest.mark.parametrize("counts", [True, False])
async def test_an_operator_cuts_the_power_and_the_drive_shows_it(tmp_path: Path, counts: bool) -> None:
    told: list[Message] = []
    with bay(tmp_path / "drive", P.ATA_DISK) as facts:
        hand = OperatorsHand(SimPresence(tmp_path / "drive", counts=counts), patience=10, look=0.01)
        acting = asyncio.create_task(by_hand(tmp_path / "drive"))
        seen = await hand.cycle(facts.identity, say("stage-power-cycle-thaw"), told.append)
        await acting
        wanted = PowerWitness.COUNTER if counts else PowerWitness.VANISHED
        assert seen == PowerSeen(witness=wanted, before=1 if counts else None, after=2 if counts else None)


async def test_an_operators_word_alone_shows_nothing(tmp_path: Path) -> None:
    told: list[Message] = []
    with bay(tmp_path / "drive", P.ATA_DISK) as facts:
        hand = OperatorsHand(SimPresence(tmp_path / "drive"), patience=0.2, look=0.01)
        with pytest.raises(DriveGoneError, match="erase-power-not-seen"):
            await hand.cycle(facts.identity, say("stage-power-cycle-thaw"), told.append)
        launch.stop(tmp_path / "drive")
        gone = OperatorsHand(SimPresence(tmp_path / "drive", counts=False), patience=0.2, look=0.01)
        with pytest.raises(DriveGoneError, match="erase-power-not-back"):
            await gone.cycle(facts.identity, say("stage-power-cycle-thaw"), told.append)


class OnlyTheCable(SimPresence):
    """Its cable is pulled and put back; the drive keeps its power."""

    def is_here(self) -> bool:
        return False


async def test_a_pulled_cable_is_no_power_cut(tmp_path: Path) -> None:
    told: list[Message] = []
    with bay(tmp_path / "drive", P.ATA_DISK) as facts:
        hand = OperatorsHand(OnlyTheCable(tmp_path / "drive"), patience=1, look=0.01)
        with pytest.raises(DriveGoneError, match="erase-power-not-counted"):
            await hand.cycle(facts.identity, say("stage-power-cycle-thaw"), told.append)


async def test_sixteen_drives_are_asked_at_once_with_few_commands(tmp_path: Path) -> None:
    kinds = sorted(KINDS)
    with ExitStack() as stack:
        bays = [
            stack.enter_context(bay(tmp_path / f"d{number}" / "drive", kinds[number % 4], serial=f"S{number}"))
            for number in range(16)
        ]
        drives = MachineDrives(tmp_path / "state")
        facts = await asyncio.gather(*(asyncio.to_thread(drives.survey, item.address) for item in bays))
        claims = [stack.enter_context(commander(tmp_path / "state", item)) for item in facts]
        found = await asyncio.gather(*(claim.capabilities() for claim in claims))
    assert all(item.commands <= 25 for item in found)
    assert {item.command_set for item in found} == {CommandSet.ATA, CommandSet.SCSI, CommandSet.NVME}


async def test_a_refusal_carries_the_drives_reason(tmp_path: Path) -> None:
    spec = CommandSpec(frozen_at_power_on=True)
    with bay(tmp_path / "drive", P.ATA_DISK, spec=spec) as facts, commander(tmp_path / "state", facts) as found:
        (report,) = await run(found, erase(T.ATA_SECURE_ERASE))
        assert isinstance(report, NotTaken)
        assert report.reason == say("erase-security-frozen")
