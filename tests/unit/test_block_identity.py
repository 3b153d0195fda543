"""Who a drive is, from what the kernel keeps of its answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.drive import Interface, Medium
from drivers.block import identity
from drivers.block.ioctl import LoopStatus
from drivers.block.sysfs import Device, natural, printable
from drivers.commands import identify
from support.fakekernel import FakeKernel

USB = "pci0000:00/0000:00:14.0/usb2/2-1/2-1:1.0/host6/target6:0:0/6:0:0:0"
SAS = "pci0000:00/host0/port-0:0/end_device-0:0/target0:0:0/0:0:0:0"


def identify_data(*, model: str = "ST2000DM008-2FR102", serial: str = "ZFL4ABCD", sectors: int = 204800) -> bytes:
    """IDENTIFY DEVICE of a rotating 512e disk with 48-bit addresses and a WWN, with its checksum."""
    data = bytearray(512)

    def put(word: int, value: int) -> None:
        data[2 * word : 2 * word + 2] = value.to_bytes(2, "little")

    def text(first: int, last: int, value: str) -> None:
        padded = value.encode("ascii").ljust(2 * (last - first + 1))
        for place in range(0, len(padded), 2):
            put(first + place // 2, padded[place] << 8 | padded[place + 1])

    text(10, 19, serial.rjust(20))
    text(23, 26, "0001")
    text(27, 46, model)
    put(83, 0x4400)
    put(87, 0x4100)
    for place in range(4):
        put(100 + place, sectors >> 16 * place & 0xFFFF)
    for place, value in enumerate((0x5000, 0xC500, 0xA1B2, 0xC3D4)):
        put(108 + place, value)
    put(217, 7200)
    data[510] = 0xA5
    return sealed(data)


def sealed(data: bytearray) -> bytes:
    """The data with a right checksum."""
    return bytes(data[:511]) + bytes([-sum(data[:511]) & 0xFF])


def page_89(data: bytes) -> bytes:
    head = bytearray(60)
    head[1], head[3], head[56] = 0x89, 0x38, 0xEC
    head[2] = 0x02
    return bytes(head) + data


@pytest.fixture
def kernel(tmp_path: Path) -> FakeKernel:
    return FakeKernel(tmp_path)


def device(kernel: FakeKernel, name: str) -> Device:
    found = kernel.tree.device(name)
    assert found is not None
    return found


def sata(kernel: FakeKernel, page: bytes, bus: str = "pci0/ata1/host0/0:0:0:0") -> Device:
    kernel.write(kernel.disk("sda", (8, 0), bus=bus), {"device/vpd_pg89": page, "device/vendor": "ATA     "})
    return device(kernel, "sda")


def test_ata_disk_speaks_for_itself(kernel: FakeKernel) -> None:
    reading = identity.read(sata(kernel, page_89(identify_data())))
    assert reading == identity.Reading(
        source="vpd_pg89",
        model="ST2000DM008-2FR102",
        serial="ZFL4ABCD",
        wwn="naa.5000c500a1b2c3d4",
        size=204800 * 512,
        firmware="0001",
        interface=Interface.SATA,
        medium=Medium.ROTATING,
    )


def test_ata_sector_size_and_flash() -> None:
    data = bytearray(identify_data(sectors=25600))
    data[2 * 106 : 2 * 106 + 2] = (0x5000).to_bytes(2, "little")
    data[2 * 117 : 2 * 117 + 4] = (2048).to_bytes(4, "little")
    data[2 * 217 : 2 * 217 + 2] = (1).to_bytes(2, "little")
    disk = identify.parse(sealed(data))
    assert (disk.size, disk.rotation) == (25600 * 4096, 1)


def test_ata_size_beyond_32_bits() -> None:
    assert identify.parse(identify_data(sectors=39063650304)).size == 39063650304 * 512


@given(st.integers(0, 509), st.integers(1, 255))
def test_any_changed_byte_of_identify_data_is_noticed(place: int, change: int) -> None:
    data = bytearray(identify_data())
    data[place] ^= change
    with pytest.raises(identify.IdentifyError):
        identify.parse(bytes(data))


def test_identify_data_of_another_device_are_refused() -> None:
    data = bytearray(identify_data())
    data[1] |= 0x80
    with pytest.raises(identify.IdentifyError, match="not an ATA disk"):
        identify.parse(sealed(data))
    page = bytearray(page_89(identify_data()))
    page[56] = 0xA1
    with pytest.raises(identify.IdentifyError, match="A1h"):
        identify.from_vpd_page(bytes(page))
    with pytest.raises(identify.IdentifyError, match="whole"):
        identify.from_vpd_page(page_89(identify_data())[:-1])


def test_a_damaged_answer_is_undetermined(kernel: FakeKernel) -> None:
    data = bytearray(identify_data())
    data[60] ^= 1
    reading = identity.read(sata(kernel, page_89(bytes(data))))
    assert [message.id for message in reading.undetermined] == ["guard-identify-damaged"]
    assert not reading.serial


def test_an_all_zero_identity_names_nobody(kernel: FakeKernel) -> None:
    reading = identity.read(sata(kernel, page_89(bytes(512))))
    assert (reading.model, reading.serial, reading.wwn, reading.size) == ("", "", "", 0)


def test_a_drive_behind_a_usb_bridge_is_undetermined(kernel: FakeKernel) -> None:
    folder = kernel.disk("sda", (8, 0), bus=USB)
    enclosure = next(parent for parent in folder.parents if parent.name == "2-1")
    kernel.write(enclosure, {"idVendor": "152d", "serial": "DD5641988"})
    bridge: dict[str, str | bytes] = {
        "device/model": "Tech",
        "device/vendor": "JMicron",
        "device/vpd_pg80": b"\0\x80\0\x04DD56",
    }
    kernel.write(folder, bridge)
    reading = identity.read(device(kernel, "sda"))
    assert (reading.serial, reading.wwn) == ("", "")
    assert [message.id for message in reading.undetermined] == ["guard-behind-bridge"]
    assert [(note.id, note.params["serial"]) for note in reading.notes] == [("guard-note-enclosure", "DD5641988")]


def test_a_bridge_that_lets_the_drive_speak(kernel: FakeKernel) -> None:
    reading = identity.read(sata(kernel, page_89(identify_data()), bus=USB))
    assert (reading.interface, reading.serial, reading.undetermined) == (Interface.USB, "ZFL4ABCD", ())


def test_sas_disk(kernel: FakeKernel) -> None:
    folder = kernel.disk("sdb", (8, 16), bus=SAS)
    serial = b"S0K1ABCD    "
    attributes: dict[str, str | bytes] = {
        "device/vpd_pg80": b"\0\x80" + len(serial).to_bytes(2, "big") + serial + b"rest",
        "device/wwid": "naa.5000c50012345678",
        "device/vendor": "SEAGATE ",
        "device/model": "ST4000NM0023    ",
        "device/rev": "0004",
        "queue/rotational": "1",
    }
    kernel.write(folder, attributes)
    assert identity.read(device(kernel, "sdb")) == identity.Reading(
        source="vpd_pg80",
        model="ST4000NM0023",
        serial="S0K1ABCD",
        wwn="naa.5000c50012345678",
        vendor="SEAGATE",
        firmware="0004",
        interface=Interface.SAS,
        medium=Medium.ROTATING,
    )


def test_a_vendors_text_is_no_world_wide_name(kernel: FakeKernel) -> None:
    folder = kernel.disk("sdb", (8, 16), bus="pci0/virtio3/host0/0:0:0:0")
    kernel.write(folder, {"device/wwid": "t10.QEMU    QEMU HARDDISK", "device/model": "QEMU HARDDISK"})
    reading = identity.read(device(kernel, "sdb"))
    assert (reading.interface, reading.wwn, reading.medium) == (Interface.SCSI, "", Medium.UNKNOWN)


def test_nvme(kernel: FakeKernel) -> None:
    folder = kernel.disk("nvme0n1", (259, 0), bus="pci0/nvme/nvme0")
    attributes = {
        "device/model": "Samsung SSD 970 EVO Plus 500GB          ",
        "device/serial": "S4EVNF0M123456A     ",
        "device/firmware_rev": "2B2QEXM7",
        "wwid": "eui.0025385b11b0a1c2",
    }
    kernel.write(folder, attributes)
    reading = identity.read(device(kernel, "nvme0n1"))
    assert (reading.model, reading.serial) == ("Samsung SSD 970 EVO Plus 500GB", "S4EVNF0M123456A")
    assert (reading.wwn, reading.firmware) == ("eui.0025385b11b0a1c2", "2B2QEXM7")
    assert (reading.interface, reading.medium) == (Interface.NVME, Medium.FLASH)


def test_memory_card(kernel: FakeKernel) -> None:
    folder = kernel.disk("mmcblk0", (179, 0), bus="platform/mmc0/mmc0:aaaa")
    cid = "035344534433324780338a1f5a014b00"
    kernel.write(folder, {"device/cid": cid, "device/name": "SD32G", "device/serial": "0x338a1f5a"})
    reading = identity.read(device(kernel, "mmcblk0"))
    assert (reading.model, reading.serial, reading.wwn) == ("SD32G", "0x338a1f5a", f"cid.{cid}")


def test_virtual_disk(kernel: FakeKernel) -> None:
    kernel.write(kernel.disk("vda", (254, 0), bus="pci0/virtio1"), {"serial": "disk-7"})
    reading = identity.read(device(kernel, "vda"))
    assert (reading.serial, reading.interface, reading.medium) == ("disk-7", Interface.VIRTIO, Medium.UNKNOWN)


def test_loop_device_is_its_file(kernel: FakeKernel) -> None:
    kernel.virtual("loop1", (7, 1), loop__backing_file="/srv/image")
    whole = LoopStatus(device=(8, 2), inode=77, over=None, offset=0)
    part = LoopStatus(device=(8, 2), inode=77, over=None, offset=1048576)
    first = identity.read(device(kernel, "loop1"), whole).identity(4096)
    second = identity.read(device(kernel, "loop1"), part).identity(4096)
    assert (first.serial, first.wwn, first.missing()) == ("/srv/image", "inode:8:2:77", ())
    assert second.serial == "/srv/image@1048576"
    assert first.may_be_same_drive(second)


@pytest.mark.parametrize("filler", ["0000000000", "0x00000000", "        ", "FFFFFFFF", "........"])
def test_filler_is_no_serial(kernel: FakeKernel, filler: str) -> None:
    kernel.write(kernel.disk("vda", (254, 0), bus="pci0/virtio1"), {"serial": filler})
    assert not identity.read(device(kernel, "vda")).serial


def test_an_unknown_kind_of_device_names_nobody(kernel: FakeKernel) -> None:
    kernel.disk("xvda", (202, 0), bus="vbd-768")
    reading = identity.read(device(kernel, "xvda"))
    assert (reading.source, reading.interface) == ("", Interface.UNKNOWN)


@given(st.binary())
def test_printable_text_can_be_stored(raw: bytes) -> None:
    text = printable(raw)
    assert text.isprintable()
    assert text.encode() == printable(text).encode()


def test_natural_order() -> None:
    names = ["sdaa", "nvme10n1", "sdb", "loop10", "nvme2n1", "sda", "loop9"]
    assert sorted(names, key=natural) == ["loop9", "loop10", "nvme2n1", "nvme10n1", "sda", "sdb", "sdaa"]
