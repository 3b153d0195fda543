"""Probing odd drives and bridges, given byte by byte: nothing is invented, nothing is asked too often."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bench.capabilities import Answer, Capabilities, CommandSet, HiddenKind, Namespace, OpalKind
from bench.drive import DriveIdentity, Interface
from bench.techniques import ErasureState, Technique
from drivers.commands.bridges import UsbId
from drivers.commands.probe import MOST_COMMANDS, probe
from drivers.commands.transport import NvmeReply, ScsiReply, TransportError
from support.identify import identify
from support.nvme_pages import controller, namespace, number_list, sanitize_log
from support.scripted import (
    ATTENTION,
    INVALID_FIELD,
    NvmeAnswer,
    ScriptedDrive,
    ScsiAnswer,
    aborted,
    capacity_16,
    fixed_sense,
    good,
    inquiry_data,
    told,
    vpd_page,
)

YES, NO, OPEN = Answer.YES, Answer.NO, Answer.INDETERMINATE
SECTORS = 1_000_000
KNOWN = DriveIdentity(model="TR TEST DISK", serial="TR-0001", wwn="", size=0, source="vpd_pg89")


def overlay(last: int) -> bytes:
    head = b"\x02\0" + bytes(4) + last.to_bytes(8, "little") + bytes(496) + b"\xa5"
    return head + bytes((-sum(head) & 255,))


def disk(changes: Mapping[str, ScsiAnswer] | None = None, words: Mapping[int, int] | None = None) -> ScriptedDrive:
    """A SATA disk with security, overwrite sanitize, HPA and DCO, none of them in use."""
    answers: dict[str, ScsiAnswer] = {
        "inquiry": good(inquiry_data()),
        "vpd-00": good(vpd_page(0, b"\x00\x80\x89\xb1")),
        "vpd-80": good(vpd_page(0x80, b"TR-0001")),
        "9e-10": good(capacity_16(SECTORS)),
        "ata-ec": good(identify({59: 0x5000} if words is None else words)),
        "ata-b4-0000": told(lba=0xFFFF),
        "ata-b1-00c2": good(overlay(SECTORS - 1)),
        "ata-27": told(lba=SECTORS - 1),
        "ata-78-0000": aborted(),
        "ata-2f": aborted(),
    }
    return ScriptedDrive({**answers, **(changes or {})})


def hidden(found: Capabilities) -> dict[HiddenKind, tuple[Answer, int]]:
    return {area.kind: (area.in_use, area.size) for area in found.hidden}


def ids(found: Capabilities) -> set[str]:
    return {note.id for note in found.notes}


def test_an_ordinary_disk() -> None:
    drive = disk()
    found = probe(drive, Interface.SATA, known=KNOWN)
    assert (found.command_set, found.bridge, found.rotation, found.notes) == (CommandSet.ATA, "", 7200, ())
    assert (found.hybrid, found.zoned, found.depopulated, found.opal.kind) == (NO, NO, NO, OpalKind.NONE)
    assert found.sanitize.techniques == (Technique.ATA_SANITIZE_OVERWRITE,)
    assert (found.sanitize.determined, found.sanitize.state) == (YES, ErasureState.NEVER)
    assert hidden(found) == {
        HiddenKind.HPA: (NO, SECTORS * 512),
        HiddenKind.DCO: (NO, SECTORS * 512),
        HiddenKind.AMA: (NO, 0),
    }
    assert found.firmware_erase == (
        Technique.ATA_SANITIZE_OVERWRITE,
        Technique.ATA_SECURE_ERASE,
        Technique.ATA_SECURE_ERASE_ENHANCED,
    )
    assert found.commands == len(drive.seen) <= MOST_COMMANDS


def test_no_command_of_a_probe_changes_anything() -> None:
    for drive, hint in ((disk(), Interface.SATA), (sas(), Interface.SAS), (flash(), Interface.NVME)):
        probe(drive, hint)
        changing = {"ata-f1", "ata-f2", "ata-f3", "ata-f4", "ata-f6", "ata-37", "ata-f9", "04", "48", "55", "80", "84"}
        assert not changing & {*drive.seen}
        assert all(
            key in {"ata-b4-0000", "ata-b1-00c2", "ata-78-0000"}
            for key in drive.seen
            if key.startswith("ata-") and key.count("-") == 2
        )


def test_areas_in_use() -> None:
    bigger = {"ata-27": told(lba=2_000_000 - 1), "ata-b1-00c2": good(overlay(3_000_000 - 1))}
    found = hidden(probe(disk(bigger), Interface.SATA))
    assert found[HiddenKind.HPA] == (YES, 2_000_000 * 512)
    assert found[HiddenKind.DCO] == (YES, 3_000_000 * 512)


def test_an_accessible_maximum_in_use() -> None:
    words = {82: 0x7069, 83: 0x7561, 119: 0x411C}
    changes: dict[str, ScsiAnswer] = {
        "ata-78-0000": told(lba=1_500_000 - 1),
        "ata-27": aborted(),
        "ata-b1-00c2": aborted(),
    }
    found = probe(disk(changes, words), Interface.SATA)
    assert hidden(found) == {
        HiddenKind.HPA: (NO, 0),
        HiddenKind.DCO: (NO, 0),
        HiddenKind.AMA: (YES, 1_500_000 * 512),
    }


@pytest.mark.parametrize(
    "reply",
    [
        aborted(),  # claimed, and yet refused: frozen, perhaps
        good(),  # swallowed by a bridge
        told(lba=0),
        told(lba=(1 << 48) - 1),
        told(lba=SECTORS - 2),  # less than what is accessible
        told(lba=SECTORS - 1, extend=False),
        ScsiReply(status=2, sense=fixed_sense(1, 0, 0x1D, b4=0x50, b9=0xFF)),
    ],
)
def test_none_needs_proof(reply: ScsiReply) -> None:
    found = probe(disk({"ata-27": reply}), Interface.SATA)
    assert hidden(found)[HiddenKind.HPA] == (OPEN, 0)
    assert "command-hidden-unknown" in ids(found)


def test_a_frozen_overlay_is_open_and_casts_doubt_on_the_rest() -> None:
    words = {82: 0x7069}  # HPA not claimed: an overlay may have switched it off
    found = probe(disk({"ata-b1-00c2": aborted(), "ata-27": aborted()}, words), Interface.SATA)
    assert hidden(found)[HiddenKind.DCO] == (OPEN, 0)
    assert hidden(found)[HiddenKind.HPA] == (OPEN, 0)


def test_an_area_is_found_even_where_the_disk_does_not_claim_it() -> None:
    found = probe(disk({"ata-27": told(lba=2_000_000 - 1)}, {82: 0x7069}), Interface.SATA)
    assert hidden(found)[HiddenKind.HPA] == (YES, 2_000_000 * 512)


@pytest.mark.parametrize(
    ("reply", "state", "determined"),
    [
        (told(count=0x8000, lba=0xFFFF), ErasureState.DONE, YES),
        (told(count=0x4000, lba=0x4000), ErasureState.RUNNING, YES),
        (aborted(lba=1), ErasureState.FAILED, YES),
        (aborted(), ErasureState.UNKNOWN, OPEN),
        (ScsiReply(status=2, sense=fixed_sense(1, 0, 0x1D, b4=0x50, b8=0xC0)), ErasureState.UNKNOWN, OPEN),
        (good(), ErasureState.UNKNOWN, OPEN),
    ],
)
def test_sanitize_states(reply: ScsiReply, state: ErasureState, determined: Answer) -> None:
    found = probe(disk({"ata-b4-0000": reply}), Interface.SATA)
    assert (found.sanitize.state, found.sanitize.determined) == (state, determined)
    assert bool(found.notes) is (state is ErasureState.UNKNOWN)


def test_depopulated_elements() -> None:
    page = bytearray(512)
    page[0:8], page[152:160] = (1 << 63 | 3 << 16 | 1).to_bytes(8, "little"), (1 << 63 | 3).to_bytes(8, "little")
    status = b"\x01\0\0\0\x01\0\0\0".ljust(32, b"\0") + bytes(15) + b"\xff" + bytes(16)
    changes: dict[str, ScsiAnswer] = {"ata-2f": good(bytes(page)), "ata-12": good(status.ljust(4096, b"\0"))}
    assert probe(disk(changes), Interface.SATA).depopulated is YES
    assert probe(disk({"ata-2f": good(bytes(512))}), Interface.SATA).depopulated is OPEN
    assert probe(disk({**changes, "ata-12": aborted()}), Interface.SATA).depopulated is OPEN


def test_trusted_computing_that_linux_holds_back() -> None:
    found = probe(disk({"ata-5c": INVALID_FIELD}, {48: 0x4001}), Interface.SATA)
    assert found.opal.kind is OpalKind.INDETERMINATE
    assert "command-opal-closed" in ids(found)


def test_another_serial_number_is_noted() -> None:
    other = DriveIdentity(model="TR TEST DISK", serial="TR-9999", wwn="", size=0, source="vpd_pg89")
    assert "command-identity-differs" in ids(probe(disk(), Interface.SATA, known=other))


def usb(changes: Mapping[str, ScsiAnswer] | None = None, product: str = "Dual Dock") -> ScriptedDrive:
    bridge: dict[str, ScsiAnswer] = {
        "inquiry": good(inquiry_data(vendor="USB 3.0", product=product)),
        "vpd-00": good(vpd_page(0, b"\x00\x80")),
        "vpd-80": good(vpd_page(0x80, b"000000000033")),
    }
    return disk({**bridge, **(changes or {})})


def test_a_bridge_is_named_and_its_serial_noted() -> None:
    found = probe(usb(), Interface.USB, usb=UsbId(vendor=0x152D, product=0x0578))
    assert (found.command_set, found.bridge) == (CommandSet.ATA, "USB 3.0 Dual Dock (152d:0578)")
    assert "command-bridge-serial" in ids(found)


def test_a_bridge_that_hides_sectors() -> None:
    assert "command-size-differs" in ids(probe(usb({"9e-10": good(capacity_16(SECTORS - 8))}), Interface.USB))


@pytest.mark.parametrize(
    "reply",
    [
        INVALID_FIELD,
        good(bytes(512)),
        good(b"\xff" * 512),
        good(identify()[:-1] + b"\0"),
        good(),
        ScsiReply(status=0, host_status=3),
        TransportError("gone", 5),
    ],
)
def test_a_bridge_that_passes_nothing(reply: ScsiAnswer) -> None:
    drive = usb({"ata-ec": reply})
    found = probe(drive, Interface.USB)
    assert (found.command_set, found.firmware_erase, found.hidden) == (CommandSet.NONE, (), ())
    assert "command-bridge-silent" in ids(found)
    assert found.commands == 4  # INQUIRY, its pages, IDENTIFY in the long and in the short command


def test_a_bridge_that_knows_the_short_command_only() -> None:
    drive = usb({"ata-ec": INVALID_FIELD, "ata12-ec": good(identify({59: 0xF000}))})
    found = probe(drive, Interface.USB)
    assert (found.command_set, found.sanitize.techniques, found.sanitize.determined) == (CommandSet.ATA, (), OPEN)
    assert "command-twelve-only" in ids(found)
    assert Technique.ATA_SECURE_ERASE in found.firmware_erase


@pytest.mark.parametrize(
    ("product", "ids_"),
    [
        ("RTL9210B NVME", None),
        ("ASM236X NVME", None),
        ("JMS583", None),
        ("Dual Dock", UsbId(vendor=0x0BDA, product=0x9210)),
        ("Dual Dock", UsbId(vendor=0x152D, product=0x0583)),
        ("Dual Dock", UsbId(vendor=0x174C, product=0x2362)),
    ],
)
def test_nvme_behind_usb_never_gets_a_firmware_command(product: str, ids_: UsbId | None) -> None:
    drive = usb(product=product)
    found = probe(drive, Interface.USB, usb=ids_)
    assert (found.command_set, found.firmware_erase) == (CommandSet.NONE, ())
    assert ids(found) == {"command-usb-nvme-bridge"}
    assert drive.seen == ["inquiry"]


def test_what_is_no_disk() -> None:
    found = probe(disk({"inquiry": good(inquiry_data(kind=5))}), Interface.SATA)
    assert (found.command_set, ids(found), found.commands) == (CommandSet.NONE, {"command-not-a-disk"}, 1)


@pytest.mark.parametrize("hint", [Interface.LOOP, Interface.VIRTIO, Interface.MMC])
def test_attachments_without_commands_are_sent_none(hint: Interface) -> None:
    drive = disk()
    assert probe(drive, hint).command_set is CommandSet.NONE
    assert drive.seen == []


def test_a_drive_that_stopped_answering_is_left_alone() -> None:
    gone = TransportError("gone", 19)
    changes: dict[str, ScsiAnswer] = dict.fromkeys(("ata-b4-0000", "ata-b1-00c2", "ata-27", "9e-10"), gone)
    drive = disk(changes)
    found = probe(drive, Interface.SATA)
    assert sum(key in changes for key in drive.seen) == 2
    assert "command-stopped" in ids(found)
    assert hidden(found)[HiddenKind.HPA] == (OPEN, 0)


def test_unit_attentions_are_waited_out() -> None:
    replies = iter([ATTENTION, ATTENTION, good(inquiry_data())])
    assert probe(disk({"inquiry": lambda _: next(replies)}), Interface.SATA).command_set is CommandSet.ATA


def supported(yes: bool) -> ScsiReply:
    return good(b"\x00\x03\x00\x0a" + bytes(10) if yes else b"\x00\x01\x00\x00")


def sas(changes: Mapping[str, ScsiAnswer] | None = None) -> ScriptedDrive:
    """A SAS disk with 520-byte sectors, which may also be 512, with overwrite and crypto sanitize."""
    lengths = bytes.fromhex("0000020800000000" + "0000020000000000")
    answers: dict[str, ScsiAnswer] = {
        "inquiry": good(inquiry_data(vendor="SEAGATE", product="ST600MM0006")),
        "vpd-00": good(vpd_page(0, b"\x00\x80\xb1\xb4")),
        "vpd-80": good(vpd_page(0x80, b"S0M1")),
        "vpd-b1": good(vpd_page(0xB1, bytes.fromhex("2a30000000"))),
        "vpd-b4": good(vpd_page(0xB4, lengths)),
        "03": good(fixed_sense(0, 0, 0)),
        "9e-10": good(capacity_16(SECTORS, 520)),
        "5a": good(bytes.fromhex("0000000000000008") + SECTORS.to_bytes(4, "big") + bytes.fromhex("00000208")),
        "rsoc-48-1": supported(True),
        "rsoc-48-2": supported(False),
        "rsoc-48-3": supported(True),
        "rsoc-04-0": supported(True),
    }
    return ScriptedDrive({**answers, **(changes or {})})


def test_a_sas_disk() -> None:
    found = probe(sas(), Interface.SAS)
    assert (found.command_set, found.rotation, found.depopulated, found.zoned) == (CommandSet.SCSI, 10800, NO, NO)
    assert found.sanitize.techniques == (Technique.SCSI_SANITIZE_OVERWRITE, Technique.SCSI_SANITIZE_CRYPTO)
    # An idle SAS disk does not say whether it was ever sanitized.
    assert (found.sanitize.determined, found.sanitize.state) == (YES, ErasureState.UNKNOWN)
    assert [item.block for item in found.formats] == [520, 512]
    assert (found.format_unit, found.opal.kind, found.notes) == (YES, OpalKind.NONE, ())
    assert found.firmware_erase[-1] is Technique.SCSI_FORMAT_UNIT


def test_a_sas_disk_in_the_middle_of_a_sanitize() -> None:
    busy = ScsiReply(status=2, sense=fixed_sense(2, 4, 0x1B))
    running = good(fixed_sense(2, 4, 0x1B, b15=0x80, b16=0x40))
    changes: dict[str, ScsiAnswer] = {"03": running, "9e-10": busy, "5a": busy, "rsoc-48-1": busy}
    found = probe(sas(changes), Interface.SAS)
    assert (found.sanitize.state, found.sanitize.progress) == (ErasureState.RUNNING, 250)
    assert found.sanitize.determined is OPEN  # one kind was not answered


@pytest.mark.parametrize("reply", [good(bytes(32)), good(capacity_16(SECTORS, 520)[:8]), INVALID_FIELD])
def test_the_sector_is_read_in_two_ways(reply: ScsiReply) -> None:
    assert probe(sas({"9e-10": reply}), Interface.SAS).formats[0].block == 520


def test_a_sas_disk_set_smaller_is_noted() -> None:
    fewer = bytes.fromhex("0000000000000008") + (SECTORS + 800).to_bytes(4, "big") + bytes.fromhex("00000208")
    assert "command-size-differs" in ids(probe(sas({"5a": good(fewer)}), Interface.SAS))


def test_a_failed_sanitize_and_a_corrupt_format_are_told() -> None:
    failed = probe(sas({"03": good(fixed_sense(3, 0x31, 3))}), Interface.SAS)
    assert failed.sanitize.state is ErasureState.FAILED
    corrupt = probe(sas({"03": good(fixed_sense(3, 0x31, 0))}), Interface.SAS)
    assert [note.params["why"] for note in corrupt.notes if note.id == "command-refused"] == ["format-corrupt"]


def test_commands_that_nobody_reports_are_not_offered() -> None:
    silent: dict[str, ScsiAnswer] = dict.fromkeys(("rsoc-48-1", "rsoc-48-2", "rsoc-48-3", "rsoc-04-0"), INVALID_FIELD)
    found = probe(sas(silent), Interface.SAS)
    assert (found.firmware_erase, found.sanitize.determined, found.format_unit) == ((), OPEN, OPEN)


def flash(
    changes: Mapping[str, NvmeAnswer] | None = None,
    *,
    abilities: int = 0x02,
    paths: int = 0,
    unallocated: int = 0,
    version: int = 0x010400,
) -> ScriptedDrive:
    """An NVMe drive with one namespace, sanitize and format."""
    page = controller(
        abilities=abilities, paths=paths, unallocated=unallocated, version=version, sanitize=0x03, scope=0x04
    )
    answers: dict[str, NvmeAnswer] = {
        "identify-01": NvmeReply(status=0, data=page),
        "identify-02": NvmeReply(status=0, data=number_list(1)),
        "identify-00-1": NvmeReply(status=0, data=namespace(blocks=SECTORS)),
        "identify-03-1": NvmeReply(status=0, data=b"\x01\x08\0\0".ljust(4096, b"\1")[:12].ljust(4096, b"\0")),
        "log-81": NvmeReply(status=0, data=sanitize_log(status=0)),
    }
    return ScriptedDrive(nvme_answers={**answers, **(changes or {})})


def test_an_nvme_drive() -> None:
    drive = flash()
    found = probe(drive, Interface.NVME)
    assert (found.command_set, found.rotation, found.zoned, found.notes) == (CommandSet.NVME, 0, NO, ())
    assert found.nvme is not None
    assert found.nvme.namespaces == (
        Namespace(nsid=1, size=SECTORS * 512, block=512, format_index=0, metadata_settings=0),
    )
    assert (found.nvme.controllers, found.nvme.formats, found.nvme.format_crypto) == (1, YES, YES)
    assert found.firmware_erase == (
        Technique.NVME_SANITIZE_CRYPTO,
        Technique.NVME_SANITIZE_BLOCK,
        Technique.NVME_FORMAT_USER_DATA,
        Technique.NVME_FORMAT_CRYPTO,
    )
    assert (found.commands, found.opal.kind) == (5, OpalKind.NONE)


def test_all_namespaces_are_found_attached_or_not_even_those_that_cannot_be_read() -> None:
    ns = NvmeReply(status=0, data=namespace(blocks=1000))
    changes: dict[str, NvmeAnswer] = {
        "identify-10": NvmeReply(status=0, data=number_list(1, 2, 3)),
        "identify-11-2": ns,
    }
    found = probe(flash(changes, abilities=0x0A, unallocated=4096), Interface.NVME)
    assert found.nvme is not None
    assert [(item.nsid, item.active, item.size) for item in found.nvme.namespaces] == [
        (1, True, SECTORS * 512),
        (2, False, 512_000),
        (3, False, 0),
    ]
    assert found.nvme.unallocated == 4096
    assert "command-namespaces-unread" in ids(found)


def test_sixty_four_namespaces_do_not_exceed_the_measure() -> None:
    ns = NvmeReply(status=0, data=namespace(blocks=1000))
    changes: dict[str, NvmeAnswer] = {f"identify-00-{nsid}": ns for nsid in range(1, 65)}
    changes["identify-02"] = NvmeReply(status=0, data=number_list(*range(1, 65)))
    changes["identify-10"] = NvmeReply(status=0, data=number_list(*range(1, 65)))
    found = probe(flash(changes, abilities=0x0B, paths=2), Interface.NVME)
    assert found.commands <= MOST_COMMANDS
    assert found.nvme is not None
    assert len(found.nvme.namespaces) == 64
    assert found.nvme.controllers == 2  # several, and not counted
    assert found.sanitize.determined is YES  # the namespaces leave room for what matters more
    assert {"command-namespaces-unread", "command-controllers-unknown"} <= ids(found)


@pytest.mark.parametrize(
    ("status", "state", "progress"),
    [
        (1, ErasureState.DONE, None),
        (2, ErasureState.RUNNING, 500),
        (3, ErasureState.FAILED, None),
        (4, ErasureState.DONE, None),
        (6, ErasureState.UNKNOWN, None),
    ],
)
def test_nvme_sanitize_states_with_their_mark(status: int, state: ErasureState, progress: int | None) -> None:
    log = NvmeReply(status=0, data=sanitize_log(status=status, mark=0x202, progress=0x8000))
    found = probe(flash({"log-81": log}), Interface.NVME)
    assert (found.sanitize.state, found.sanitize.progress, found.sanitize.mark) == (state, progress, 0x202)


def test_zoned_namespaces() -> None:
    zones = bytes((4, 1, 0, 0, 2)).ljust(4096, b"\0")
    assert probe(flash({"identify-03-1": NvmeReply(status=0, data=zones)}), Interface.NVME).zoned is YES
    assert probe(flash(version=0x010200), Interface.NVME).zoned is NO


@pytest.mark.parametrize("data", [bytes(4096), b"\xff" * 4096, b""])
def test_an_nvme_drive_that_does_not_say_who_it_is(data: bytes) -> None:
    found = probe(flash({"identify-01": NvmeReply(status=0, data=data)}), Interface.NVME)
    assert (found.command_set, found.firmware_erase, found.nvme) == (CommandSet.NONE, (), None)
    assert "command-identify-failed" in ids(found)


def test_without_a_hint_both_kinds_are_found() -> None:
    assert probe(disk(), Interface.UNKNOWN).command_set is CommandSet.ATA
    assert probe(sas(), Interface.SIMULATED).command_set is CommandSet.SCSI
    assert probe(flash(), Interface.SIMULATED).command_set is CommandSet.NVME
