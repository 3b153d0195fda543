"""Opal's revert by PSID, in which the kernel holds the conversation with the drive.

Over NVMe/TCP Linux 6.12 does so, and 6.1 does not: most of these scenarios run under Debian's newest kernel for this
release.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from bench.drive import Interface
from bench.evidence import Evidence
from bench.levels import Level
from bench.policy_file import shipped
from bench.techniques import Technique
from drivers.commands.nvme_ioctl import NvmeTransport
from drivers.commands.outcome import Refused, Why
from drivers.commands.transport import NvmeRequest
from drivers.erase.opal_revert import KernelReverter
from drivers.sim.commands.tcg import COM_ID
from rig.guest import kernel_drive, mishaps, station
from rig.guest.bays import Bay
from rig.layout import Layout
from support.firmware import PSID, reasons, verdict
from support.tcg_packets import packet, starting

Plug = Callable[[str], Bay]
T = Technique
WRONG = PSID[:-1] + "1"
pytestmark = pytest.mark.boot("newest")


@contextmanager
def opal(bay: Bay, *, locked: bool) -> Iterator[int]:
    """An Opal drive full of data is in this bay inside the `with`; how often the data lie on its medium."""
    with mishaps.replaced(bay):
        bay.unplug()
        bay.sim.renew(commands={"tcg": "opal", "tcg_locked": locked})
        bay.sim.stop()
        bay.sim.plant()
        planted = bay.sim.traces()
        bay.sim.start()
        bay.plug()
        yield planted


def ordered(bay: Bay, serial: str, psid: str, *techniques: Technique) -> Evidence:
    """What became of an order to erase the drive with this PSID: by one of these techniques, or as Purge has it."""
    purge = replace(shipped(Level.PURGE), read_back=station.READ_BACK_PERMILLE)

    async def night() -> Evidence:
        order = station.asking([bay.node()], *techniques, policy=purge)
        async with station.station() as bench:
            (evidence,) = await station.erased(bench, replace(order, psids={serial: psid}), [bay])
            return evidence

    return asyncio.run(night())


def stages(evidence: Evidence) -> list[tuple[str, str]]:
    """What kinds of stages there were, and how each ended."""
    return [(item.kind.value, item.state.value) for item in evidence.stages.items]


def is_locked(bay: Bay) -> bool:
    """Whether the drive says so, to which it answers without a conversation."""
    return kernel_drive.capabilities(bay.node(), Interface.NVME).opal.locked.value == "yes"


def test_a_locked_drive_is_opened_and_erased(bay: Plug, layout: Layout) -> None:
    nvme_1, serial = bay("nvme-1"), layout.bay("nvme-1").drive.serial
    with opal(nvme_1, locked=True):
        assert is_locked(nvme_1)
        with pytest.raises(OSError, match=r"."):
            kernel_drive.read(nvme_1.node(), 0, 4096)
        evidence = ordered(nvme_1, serial, PSID)
        assert (verdict(evidence), reasons(evidence)) == ("erased", [])
        assert stages(evidence)[0] == ("unlock", "done")
        assert not is_locked(nvme_1)
        assert station.traces(nvme_1) == 0


def test_a_drive_is_erased_by_nothing_but_its_revert(bay: Plug, layout: Layout) -> None:
    nvme_1, serial = bay("nvme-1"), layout.bay("nvme-1").drive.serial
    with opal(nvme_1, locked=False):
        evidence = ordered(nvme_1, serial, PSID, T.OPAL_PSID_REVERT)
        assert (verdict(evidence), reasons(evidence)) == ("erased-with-remarks", ["level-limit-crypto-alone"])
        assert station.traces(nvme_1) == 0


def test_a_wrong_psid_is_given_once_and_leaves_the_drive_as_it_was(bay: Plug, layout: Layout) -> None:
    nvme_1, serial = bay("nvme-1"), layout.bay("nvme-1").drive.serial
    with opal(nvme_1, locked=True) as planted:
        nvme_1.sim.control("record")
        evidence = ordered(nvme_1, serial, WRONG)
        assert (verdict(evidence), reasons(evidence)) == ("unproven", ["reason-stage-refused", "erase-psid-refused"])
        sent = [op for op, _, _ in nvme_1.sim.control("recorded") if op.startswith("nvme 81 ")]
        assert len(sent) == 1
        assert is_locked(nvme_1)
        assert station.traces(nvme_1) == planted


def test_a_conversation_left_open_by_somebody_else_is_in_the_way_and_so_it_is_said(bay: Plug) -> None:
    nvme_1 = bay("nvme-1")
    with opal(nvme_1, locked=True), kernel_drive.opened(nvme_1.node(), os.O_RDWR) as fd:
        words, data = (1 << 24 | COM_ID << 8, 2048, 0, 0, 0, 0), packet(starting(b"somebody"))
        assert NvmeTransport(fd).nvme(NvmeRequest(opcode=0x81, cdw=words, length=2048, data=data)).status == 0
        outcome = KernelReverter(fd, f"{nvme_1.node()}").revert(PSID)
        assert outcome == Refused(why=Why.OTHER, code="NVMe status 4002h")
        assert is_locked(nvme_1)


@pytest.mark.boot("contracts")
def test_no_kernel_reverts_a_sas_drive_and_it_is_said_so(bay: Plug, layout: Layout) -> None:
    sas_3, serial = bay("sas-3"), layout.bay("sas-3").drive.serial
    with opal(sas_3, locked=False) as planted:
        with kernel_drive.opened(sas_3.node(), os.O_RDWR) as fd:
            outcome = KernelReverter(fd, f"{sas_3.node()}").revert(PSID)
        assert isinstance(outcome, Refused)
        assert outcome.why is Why.UNSUPPORTED
        evidence = ordered(sas_3, serial, PSID, T.OPAL_PSID_REVERT)
        assert (verdict(evidence), reasons(evidence)) == (
            "unproven",
            ["reason-stage-refused", "erase-revert-impossible"],
        )
        assert 0 < station.traces(sas_3) <= planted  # canaries lie where some of the data lay
