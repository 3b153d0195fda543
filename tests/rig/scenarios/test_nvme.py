"""NVMe: the kernel, nvme-cli and smartctl see the drive that we see; formats and sanitizes by them and by us."""

from __future__ import annotations

import errno
import json
import os
import struct
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench.capabilities import CommandSet
from bench.drive import Interface
from bench.techniques import ErasureState
from drivers.commands import nvme, nvme_replies
from drivers.commands.nvme_ioctl import NvmeTransport
from drivers.commands.outcome import Done, read
from drivers.commands.transport import NvmeRequest
from drivers.sim.faults import BadSectors, WriteErrors
from rig.guest import kernel_drive
from rig.guest.bays import Bay
from rig.layout import Layout

Plug = Callable[[str], Bay]
MIB = 1 << 20
SECRET = b"confidential: do not pass on! ".ljust(4096, b".")


def told(*command: str) -> Any:
    return json.loads(kernel_drive.output("nvme", *command, "--output-format=json"))


def controller(bay: Bay) -> str:
    return f"{bay.node()}".removesuffix("n1")


def our_log(node: Path) -> nvme_replies.SanitizeLog:
    with kernel_drive.opened(node, os.O_RDWR) as fd:
        found = read(
            nvme.send(NvmeTransport(fd), nvme.sanitize_log()), lambda page: nvme_replies.sanitize_log(page.data)
        )
    assert isinstance(found, Done)
    return found.value


def send(node: Path, request: NvmeRequest) -> None:
    with kernel_drive.opened(node, os.O_RDWR) as fd:
        outcome = nvme.send(NvmeTransport(fd), request)
    assert isinstance(outcome, Done), outcome


def test_a_drive_is_surveyed_as_itself(bay: Plug, layout: Layout) -> None:
    node, drive = bay("nvme-1").node(), layout.bay("nvme-1").drive
    facts = kernel_drive.survey(node)
    assert (facts.interface, facts.identity.source) == (Interface.NVME, "nvme sysfs")
    assert (facts.identity.model, facts.identity.serial, facts.identity.size) == (drive.model, drive.serial, drive.size)
    assert facts.identity.wwn.startswith("eui.")
    assert facts.firmware == drive.firmware
    assert not facts.undetermined
    assert not facts.obstacles
    row = kernel_drive.listed(node, "SIZE", "SERIAL", "MODEL", "WWN")
    assert (row["size"], row["serial"], row["model"]) == (drive.size, drive.serial, drive.model)
    assert row["wwn"] == facts.identity.wwn


def test_witnesses_see_the_same_controller(bay: Plug, layout: Layout) -> None:
    nvme_1, drive = bay("nvme-1"), layout.bay("nvme-1").drive
    told_of = told("id-ctrl", controller(nvme_1))
    assert (told_of["sn"].strip(), told_of["mn"].strip(), told_of["fr"].strip()) == (
        drive.serial,
        drive.model,
        drive.firmware,
    )
    assert (int(told_of["tnvmcap"]), told_of["sanicap"], told_of["nn"]) == (drive.size, 7, 1)
    namespace = told("id-ns", f"{nvme_1.node()}")
    assert namespace["nsze"] * 512 == drive.size
    (listed,) = [item for item in told("list")["Devices"] if item["DevicePath"] == f"{nvme_1.node()}"]
    assert (listed["SerialNumber"], listed["PhysicalSize"]) == (drive.serial, drive.size)
    smart = json.loads(kernel_drive.output("smartctl", "-x", "-j", controller(nvme_1)))
    assert smart["serial_number"] == drive.serial
    assert smart["nvme_smart_health_information_log"]["power_cycles"] == int(
        told("smart-log", controller(nvme_1))["power_cycles"]
    )


def test_log_pages_as_a_witness_reads_them(bay: Plug) -> None:
    node = controller(bay("nvme-1"))
    # nvme-cli 2.3 prints nothing of this page over Fabrics: it looks for the registers of a PCIe device.
    done = subprocess.run(
        ["nvme", "get-log", node, "--log-id=5", "--log-len=4096", "--raw-binary"], check=True, capture_output=True
    )
    assert struct.unpack_from("<I", done.stdout, 4 * 0x80)[0] == 0x20007  # Format: alone, changes data and namespace
    assert struct.unpack_from("<I", done.stdout, 4 * 0x84)[0] == 0x20003
    assert told("fw-log", node)
    assert told("error-log", node, "-e", "1")["errors"][0]["error_count"] == 0
    kernel_drive.output("nvme", "device-self-test", node, "-s", "1")
    (first, *_) = told("self-test-log", node)["List of Valid Reports"]
    assert (first["Self test code"], first["Self test result"]) == (1, 0)


def test_commands_pass_as_on_the_drives_own_socket(bay: Plug, layout: Layout) -> None:
    through = kernel_drive.capabilities(bay("nvme-1").node(), Interface.NVME)
    direct = kernel_drive.twin_capabilities(layout.bay("nvme-1").drive, Interface.NVME)
    assert kernel_drive.plain(through) == kernel_drive.plain(direct)
    assert through.command_set is CommandSet.NVME


def test_bytes_go_through_and_stay(bay: Plug) -> None:
    nvme_1 = bay("nvme-1")
    data = bytes(range(256)) * 4096
    kernel_drive.write(nvme_1.node(), 3 * MIB, data)
    assert kernel_drive.read(nvme_1.node(), 3 * MIB, len(data)) == data
    nvme_1.power_cycle()
    assert kernel_drive.read(nvme_1.node(), 3 * MIB, len(data)) == data


def test_media_errors(bay: Plug) -> None:
    nvme_1 = bay("nvme-1")
    nvme_1.sim.arm(BadSectors(first=2048, count=1))
    try:
        with pytest.raises(OSError, match=r".") as failed:
            kernel_drive.read(nvme_1.node(), MIB, 4096)
        assert failed.value.errno == errno.ENODATA
        assert told("smart-log", controller(nvme_1))["media_errors"] == "1"
        nvme_1.sim.arm(WriteErrors())
        with pytest.raises(OSError, match=r".") as failed:
            kernel_drive.write(nvme_1.node(), 2 * MIB, bytes(4096))
        assert failed.value.errno == errno.ENODATA
    finally:
        nvme_1.sim.disarm()
    assert len(kernel_drive.read(nvme_1.node(), MIB, 4096)) == 4096


def test_a_format_by_nvme_cli_erases_only_with_a_secure_erase_setting(bay: Plug) -> None:
    node = bay("nvme-1").node()
    kernel_drive.write(node, 0, SECRET)
    kernel_drive.output("nvme", "format", f"{node}", "--force", "--ses=0")
    assert kernel_drive.read(node, 0, 4096) == SECRET
    kernel_drive.output("nvme", "format", f"{node}", "--force", "--ses=1")
    assert kernel_drive.read(node, 0, 4096) == bytes(4096)


def test_a_format_by_us_as_nvme_cli_sees_it(bay: Plug) -> None:
    node = bay("nvme-1").node()
    kernel_drive.write(node, 0, SECRET)
    word = nvme.format_dword(0, 0, nvme.SecureErase.USER_DATA)
    send(node, nvme.format_nvm(1, word, timeout=60.0))
    assert kernel_drive.read(node, 0, 4096) == bytes(4096)
    assert told("id-ns", f"{node}")["nsze"] == 32768


def test_a_sanitize_by_nvme_cli_as_we_see_it(bay: Plug) -> None:
    nvme_2 = bay("nvme-2")
    node = nvme_2.node()
    kernel_drive.write(node, 0, SECRET)
    kernel_drive.output("nvme", "sanitize", controller(nvme_2), "--sanact=2")
    seen = our_log(node)
    assert (seen.state, seen.mark) == (ErasureState.RUNNING, 2)
    with pytest.raises(OSError, match=r".") as failed:
        kernel_drive.read(node, 0, 4096)
    assert failed.value.errno == errno.EIO
    nvme_2.sim.skip(700)
    assert our_log(node).state is ErasureState.DONE
    assert kernel_drive.read(node, 0, 4096) == bytes(4096)
    (log,) = told("sanitize-log", controller(nvme_2)).values()
    assert log["cdw10_info"] == 2


def test_a_sanitize_by_us_goes_on_over_a_power_cut_as_nvme_cli_sees_it(bay: Plug) -> None:
    nvme_2 = bay("nvme-2")
    kernel_drive.write(nvme_2.node(), 0, SECRET)
    send(nvme_2.node(), nvme.sanitize(nvme.sanitize_dword(nvme.SanitizeAction.BLOCK_ERASE, unrestricted_exit=True)))
    nvme_2.sim.skip(300)
    (log,) = told("sanitize-log", controller(nvme_2)).values()
    assert log["cdw10_info"] == 0xA
    progress = log["sprog"]
    assert 0x7000 < progress < 0x9000
    nvme_2.sim.cut()
    nvme_2.unplug()
    nvme_2.sim.start()
    nvme_2.plug()
    (log,) = told("sanitize-log", controller(nvme_2)).values()
    assert progress <= log["sprog"] < 0xFFFF
    nvme_2.sim.skip(700)
    assert our_log(nvme_2.node()).state is ErasureState.DONE
    assert kernel_drive.read(nvme_2.node(), 0, 4096) == bytes(4096)


def test_a_controller_lost_in_the_middle_of_reading_and_back(bay: Plug) -> None:
    nvme_1 = bay("nvme-1")
    before, node = kernel_drive.survey(nvme_1.node()).identity, nvme_1.node()
    errors: list[int] = []

    def go_on_reading() -> None:
        try:
            while True:
                for place in range(0, 16 * MIB, MIB):
                    kernel_drive.read(node, place, MIB)
        except OSError as error:
            errors.append(error.errno or 0)

    reader = threading.Thread(target=go_on_reading, daemon=True)
    reader.start()
    time.sleep(0.2)
    nvme_1.unplug()
    reader.join(20)
    assert errors
    assert errors[0] in {errno.ENOLINK, errno.EIO, errno.ENODEV, errno.ENXIO, errno.ENOENT}
    assert not node.exists()
    nvme_1.plug()
    assert kernel_drive.survey(nvme_1.node()).identity == before
