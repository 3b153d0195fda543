"""A virtual drive's TCG conversation, by the commands of each kind of drive."""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.sim.commands.spec import Personality, Tcg
from support.raw_commands import SECRET, SECTOR, Drive, commanded
from support.tcg_packets import (
    ADMIN_SP,
    END,
    END_OF_SESSION,
    HOST,
    LOCKING_SP,
    PSID,
    QUICK,
    REVERT,
    SID,
    STARTED,
    SYNCED,
    packet,
    payload,
    starting,
    status,
)
from support.virtual_drives import MIB

NVME, SSD, SAS = Personality.NVME, Personality.ATA_SSD, Personality.SAS_SSD


class Talk:
    """A conversation by the commands of the drive's kind."""

    def __init__(self, drive: Drive, kind: Personality) -> None:
        self._drive = drive
        self._kind = kind

    def send(self, data: bytes, com_id: int = 0x07FE) -> bool:
        """Whether the command that brought it was taken."""
        match self._kind:
            case Personality.NVME:
                return self._drive.nvme(0x81, 1 << 24 | com_id << 8, len(data), data=data).status == 0
            case Personality.ATA_SSD:
                return self._drive.ata(0x5E, feature=1, count=len(data) // SECTOR, lba=com_id << 8, data=data).ok
            case _:
                cdb = struct.pack(">BBHBxIxx", 0xB5, 1, com_id, 0x80, len(data) // SECTOR)
                return self._drive.scsi(cdb, data).status == 0

    def receive(self, length: int = 2048) -> bytes:
        """What was fetched."""
        match self._kind:
            case Personality.NVME:
                return self._drive.nvme(0x82, 1 << 24 | 0x07FE << 8, length, length=length).data
            case Personality.ATA_SSD:
                return self._drive.ata(0x5C, feature=1, count=length // SECTOR, lba=0x07FE << 8, into=length).data
            case _:
                return self._drive.scsi(struct.pack(">BBHBxIxx", 0xA2, 1, 0x07FE, 0, length), length=length).data

    def ask(self, tokens: bytes, tper: int = 0, host: int = 0) -> bytes:
        """Tokens for tokens."""
        assert self.send(packet(tokens, tper, host))
        return payload(self.receive())

    def start(self, secret: bytes = PSID) -> int:
        """The TPer's number of a session."""
        answer = self.ask(starting(secret))
        assert answer[: len(SYNCED) + 2] == SYNCED + b"\x81\x41"
        assert answer[len(SYNCED) + 2] == 0x82
        assert answer[-7:] == END
        return int.from_bytes(answer[len(SYNCED) + 3 : -7], "big")


def fill(drive: Drive) -> None:
    """Data in the medium's file, which a locked drive does not take."""
    (drive.where / "medium").write_bytes(SECRET + bytes(MIB - SECTOR))


@pytest.mark.parametrize("kind", [NVME, SSD, SAS])
def test_a_session_by_psid_reverts_the_drive(tmp_path: Path, kind: Personality) -> None:
    with commanded(tmp_path / "d", kind, spec=replace(QUICK, personality=kind)) as drive:
        fill(drive)
        talk = Talk(drive, kind)
        with pytest.raises(OSError, match=r"."):
            drive.sector(0)
        tper = talk.start()
        assert tper >= 4096
        with pytest.raises(OSError, match=r"."):
            drive.sector(0)
        assert talk.ask(REVERT, tper, HOST) == b"\xf0" + END
        assert drive.sector(0) != SECRET
        assert SECRET not in drive.medium
        assert talk.ask(REVERT, tper, HOST) == b""  # that session is over
        assert talk.start() != tper


def test_a_pyrite_drive_keeps_its_data(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", NVME, spec=replace(QUICK, tcg=Tcg.PYRITE)) as drive:
        fill(drive)
        talk = Talk(drive, NVME)
        assert talk.ask(REVERT, talk.start(), HOST) == b"\xf0" + END
        assert drive.sector(0) == SECRET


def test_wrong_psids_are_counted_whichever_way_they_come(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", NVME, spec=QUICK) as drive:
        talk = Talk(drive, NVME)
        for _ in range(4):
            answer = talk.ask(starting(b"Q" * 32))
            assert answer.startswith(SYNCED + b"\xf1")
            assert status(answer) == 1
        assert drive.transport.opal_psid_revert(b"Q" * 32) == 1
        assert status(talk.ask(starting(PSID))) == 0x12
        assert drive.transport.opal_psid_revert(PSID) == 0x12
        with pytest.raises(OSError, match=r"."):
            drive.sector(0)
        drive.cycle()
        assert Talk(drive, NVME).start()


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        (starting(PSID, authority=SID), 1),
        (starting(PSID, provider=LOCKING_SP), 0x0C),
        (STARTED + b"\x81\x41" + ADMIN_SP + b"\x01" + END, 0x0C),
        (starting(b""), 1),
    ],
    ids=["authority", "provider", "nobody", "empty"],
)
def test_no_other_session_is_started(tmp_path: Path, tokens: bytes, expected: int) -> None:
    with commanded(tmp_path / "d", NVME, spec=QUICK) as drive:
        assert status(Talk(drive, NVME).ask(tokens)) == expected


def test_one_session_at_a_time_until_it_ends_or_the_power_goes(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", NVME, spec=QUICK) as drive:
        talk = Talk(drive, NVME)
        tper = talk.start()
        assert status(talk.ask(starting(PSID))) == 7
        assert talk.ask(REVERT.replace(ADMIN_SP, LOCKING_SP), tper, HOST)[-4] == 1
        assert talk.ask(b"\xf8\xf0\xf1", tper, HOST)[-4] == 1
        assert talk.ask(b"\xf0\xf1", tper, HOST)[-4] == 0x0C
        assert talk.ask(END_OF_SESSION, tper, HOST) == b"\xfa"
        assert talk.ask(REVERT, tper, HOST) == b""
        tper = talk.start()
        drive.cycle()
        assert Talk(drive, NVME).ask(REVERT, tper, HOST) == b""
        with pytest.raises(OSError, match=r"."):
            drive.sector(0)


def test_an_answer_waits_for_who_takes_all_of_it_and_nothing_is_taken_before(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", NVME, spec=QUICK) as drive:
        talk = Talk(drive, NVME)
        assert payload(talk.receive()) == b""
        assert talk.send(packet(starting(b"Q")))
        assert not talk.send(packet(starting(PSID)))
        short = talk.receive(64)
        outstanding, least, length = struct.unpack_from(">III", short, 8)
        assert (outstanding, length) == (least, 0)
        assert 64 < outstanding < 512
        assert status(payload(talk.receive(outstanding))) == 1
        assert not talk.send(packet(starting(PSID), com_id=0x07FF))
        assert not talk.send(packet(starting(PSID)), com_id=0x07FF)
    with commanded(tmp_path / "e", NVME, spec=replace(QUICK, tcg=Tcg.NONE)) as drive:
        assert drive.nvme(0x81, 1 << 24 | 0x07FE << 8, 2048, data=packet(starting(PSID))).status == 0x4001
