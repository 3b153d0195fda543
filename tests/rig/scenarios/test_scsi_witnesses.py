"""ATA and SAS bays: what hdparm, smartctl and sg3_utils do to a drive, and whether all they ask for is answered."""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.sim.faults import Hang
from rig.guest import kernel_drive
from rig.guest.bays import Bay

Plug = Callable[[str], Bay]
MIB = 1 << 20
SECTORS = 16 * MIB // 512
SECRET = b"confidential: do not pass on! ".ljust(4096, b".")


def told(*command: str) -> str:
    return " ".join(kernel_drive.output(*command).split())


def await_idle(node: Path) -> None:
    """Until a SAS drive has no more to tell; sg_requests tells it on its standard error."""
    give_up = time.monotonic() + 20
    while True:
        asked = subprocess.run(["sg_requests", f"{node}"], check=True, capture_output=True, text=True)
        if "No Sense" in asked.stdout + asked.stderr:
            return
        assert time.monotonic() < give_up, asked


def sectors(node: Path) -> int:
    Path("/sys/class/block", node.name, "device/rescan").write_text("1")
    return int(Path("/sys/class/block", node.name, "size").read_text())


@pytest.mark.parametrize("name", ["ata-1", "ata-3", "sas-1", "sas-3"])
def test_smartctl_gets_an_answer_to_everything_and_a_self_test(bay: Plug, name: str) -> None:
    node = f"{bay(name).node()}"
    smart = json.loads(kernel_drive.output("smartctl", "-x", "-j", node))
    assert smart["smartctl"]["exit_status"] == 0
    assert smart["power_on_time"]["hours"] == 12345
    assert smart["temperature"]["current"] == 31
    kernel_drive.output("smartctl", "-t", "short", node)
    assert "12345" in told("smartctl", "-l", "selftest", node)


@pytest.mark.parametrize("name", ["ata-1", "sas-1"])
def test_every_page_that_is_listed_can_be_read(bay: Plug, name: str) -> None:
    node = f"{bay(name).node()}"
    for command in (("sg_vpd", "-a"), ("sg_modes", "-a"), ("sginfo", "-a"), ("sg_luns",), ("sg_turs",)):
        kernel_drive.output(*command, node)
    if name == "sas-1":
        assert "Sanitize, overwrite" in told("sg_opcodes", node)
        assert "Self-test results page" in told("sg_logs", "-a", node)


def test_hdparm_tells_the_same_of_a_drive_as_its_overlay(bay: Plug) -> None:
    node = f"{bay('ata-1').node()}"
    assert "Form Factor: 3.5 inch" in told("hdparm", "-I", node)
    overlay = told("hdparm", "--dco-identify", node)
    assert "SMART self_test error_log security HPA 48_bit" in overlay
    assert "NCQ interface_power_management SSP" in overlay
    assert "write-caching = 1 (on)" in told("hdparm", "-W", node)
    assert "active/idle" in told("hdparm", "-C", node)


def test_a_discard_is_not_offered(bay: Plug) -> None:
    for name in ("ata-3", "sas-3"):
        node = bay(name).node()
        assert Path("/sys/class/block", node.name, "queue/discard_max_bytes").read_text().strip() == "0"


def test_an_erasure_by_hdparm(bay: Plug) -> None:
    here = bay("ata-2")
    node = here.node()
    kernel_drive.write(node, 0, SECRET)
    kernel_drive.output("hdparm", "--user-master", "u", "--security-set-pass", "rig", f"{node}")
    eraser = subprocess.Popen(
        ["hdparm", "--user-master", "u", "--security-erase", "rig", f"{node}"], stdout=subprocess.DEVNULL
    )
    while here.sim.control("progress")["kind"] == "none":
        assert eraser.poll() is None
        time.sleep(0.05)
    here.sim.skip(3600)
    assert eraser.wait(30) == 0
    assert "not enabled not locked" in told("hdparm", "-I", f"{node}")
    assert kernel_drive.read(node, 0, 4096) == bytes(4096)


def test_a_sanitize_by_hdparm(bay: Plug) -> None:
    here = bay("ata-3")
    node = here.node()
    kernel_drive.write(node, 0, SECRET)
    kernel_drive.output("hdparm", "--yes-i-know-what-i-am-doing", "--sanitize-block-erase", f"{node}")
    here.sim.skip(3600)
    assert "Last Sanitize Operation Completed Without Error" in told("hdparm", "--sanitize-status", f"{node}")
    assert kernel_drive.read(node, 0, 4096) == bytes(4096)


def test_a_sanitize_by_sg_sanitize(bay: Plug) -> None:
    here = bay("sas-1")
    node = here.node()
    kernel_drive.write(node, 0, SECRET)
    kernel_drive.output("sg_sanitize", "--overwrite", "--zero", "--quick", "--early", f"{node}")
    here.sim.skip(3600)
    await_idle(node)
    assert sectors(node) == SECTORS
    assert kernel_drive.read(node, 0, 4096) == bytes(4096)


def test_a_format_to_other_sectors_by_sg_format(bay: Plug) -> None:
    here, data = bay("sas-1"), os.urandom(MIB)
    node = here.node()
    for block in (4096, 512):
        kernel_drive.output("sg_format", "--format", "--quick", "--early", f"--size={block}", f"{node}")
        here.sim.skip(3600)
        await_idle(node)
        assert sectors(node) == SECTORS
        row = kernel_drive.listed(node, "SIZE", "LOG-SEC")
        assert (row["size"], row["log-sec"]) == (16 * MIB, block)
        kernel_drive.write(node, 15 * MIB, data)
        assert kernel_drive.read(node, 15 * MIB, MIB) == data


@pytest.fixture
def second_processor() -> Iterator[None]:
    """Guests may begin with one at work."""
    online = Path("/sys/devices/system/cpu/cpu1/online")
    before = online.read_text()
    online.write_text("1")
    yield
    online.write_text(before)


@pytest.mark.usefixtures("second_processor")
@pytest.mark.parametrize("processors", [(0, 1), (1, 0)])
def test_a_command_that_waits_behind_a_hung_one_may_be_given_up_first(bay: Plug, processors: tuple[int, int]) -> None:
    """Its abort waits for its answer, which must not wait for the hung command in turn.

    The kernel looks for what is late by tag, and each processor gives out tags of its own: one order of the two has the
    lower tag behind.
    """
    here = bay("ata-1")
    node, answers = here.node(), list[int]()
    timeout = Path("/sys/class/block", node.name, "device/timeout")
    before = timeout.read_text()
    timeout.write_text("8")  # the kernel gives up after six times as long, recovery included, which is slow here
    here.sim.arm(Hang(at=1))

    def read_on(processor: int) -> None:
        os.sched_setaffinity(0, {processor})
        answers.append(len(kernel_drive.read(node, (1 + processor) * MIB, 4096)))

    readers = [threading.Thread(target=read_on, args=(processor,), daemon=True) for processor in processors]
    for reader in readers:
        reader.start()
        time.sleep(0.1)
    for reader in readers:
        reader.join(90)
    assert answers == [4096] * len(readers)
    timeout.write_text(before)
