"""Opal's revert by PSID, on a virtual drive and as the kernel and `sedutil-cli` do it."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from bench.firmware_work import Accepted, Ended
from bench.techniques import ErasureState, Technique
from drivers.commands.outcome import Done, Refused, Why
from drivers.erase import opal_revert
from drivers.erase.steps import Given
from drivers.sim.commands.spec import CommandSpec, Personality, Tcg
from support.erasing import clock_running, erasing, unlock

T, S = Technique, ErasureState
PSID = CommandSpec().psid


def test_a_psid_reverts_an_opal_drive(tmp_path: Path) -> None:
    locked = CommandSpec(tcg=Tcg.OPAL, tcg_locked=True)
    with erasing(tmp_path / "d", Personality.ATA_SSD, spec=locked) as bench, clock_running(bench.drive):
        given, accepted, end = bench.does(unlock(PSID, T.OPAL_PSID_REVERT))
        assert isinstance(given, Given)
        assert accepted == Accepted(seconds=0)
        assert isinstance(end, Ended)
        assert end.reading.state is S.DONE
        assert bench.drive.sector(0)


def test_a_wrong_psid_is_given_once(tmp_path: Path) -> None:
    with erasing(tmp_path / "d", Personality.ATA_SSD, spec=CommandSpec(tcg=Tcg.OPAL, tcg_locked=True)) as bench:
        assert bench.refusal(unlock("WRONG", T.OPAL_PSID_REVERT)).id == "erase-psid-refused"


def test_without_opal_in_kernel_and_tools_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    fd = os.open(tmp_path / "file", os.O_RDWR | os.O_CREAT)
    try:
        outcome = opal_revert.KernelReverter(fd, "/dev/null").revert(PSID)
    finally:
        os.close(fd)
    assert isinstance(outcome, Refused)
    assert outcome.why is Why.UNSUPPORTED


@pytest.mark.parametrize("number", [errno.ENOTTY, errno.EOPNOTSUPP, errno.EINVAL, 524])
def test_a_kernel_that_knows_no_opal_of_a_drive_has_many_words_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refusing(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("fcntl.ioctl", refusing)
    outcome = opal_revert.KernelReverter(-1, "/dev/null").revert(PSID)
    assert isinstance(outcome, Refused)
    assert outcome.why is Why.UNSUPPORTED


def test_the_tool_is_asked_where_the_kernel_cannot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = tmp_path / "sedutil-cli"
    tool.write_text(f'#!/bin/sh\nprintf "%s " "$@" > {tmp_path}/said\n')
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    fd = os.open(tmp_path / "file", os.O_RDWR | os.O_CREAT)
    try:
        outcome = opal_revert.KernelReverter(fd, "/dev/sdx").revert("PSID1")
    finally:
        os.close(fd)
    assert type(outcome).__name__ == "Done"
    assert (tmp_path / "said").read_text() == "--yesIreallywanttoERASEALLmydatausingthePSID PSID1 /dev/sdx "


def test_a_status_says_whose_it_is() -> None:
    found = [opal_revert.by_status(status) for status in (0, 0x01, 0x12, 0x0F, 0x4002)]
    assert found == [
        Done(value=None),
        Refused(why=Why.LOCKED, code="TCG status 01h"),
        Refused(why=Why.LOCKED, code="TCG status 12h"),
        Refused(why=Why.OTHER, code="TCG status 0Fh"),
        Refused(why=Why.OTHER, code="NVMe status 4002h"),
    ]


def test_the_ioctl_has_the_kernels_number_and_size() -> None:
    number = opal_revert.IOC_OPAL_PSID_REVERT_TPR
    assert (number >> 30, number >> 16 & 0x3FFF, chr(number >> 8 & 0xFF), number & 0xFF) == (1, 264, "p", 232)
    assert opal_revert._KEY.size == 264
