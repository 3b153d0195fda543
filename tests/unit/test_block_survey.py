"""Surveys of machines built from text: what stands in the way of a drive, and which drives are listed.

The nodes do not exist here, so each survey also says that the drive could not be opened.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.drive import DriveFacts
from bench.messages import Message
from drivers.block.survey import BlockSurveyor
from support.fakekernel import FakeKernel


@pytest.fixture
def kernel(tmp_path: Path) -> FakeKernel:
    """A machine with its system on sda and a spare drive sdb."""
    kernel = FakeKernel(tmp_path)
    kernel.disk("sda", (8, 0), bus="pci0/ata1/host0/0:0:0:0")
    kernel.partition("sda1", (8, 1), "sda")
    kernel.disk("sdb", (8, 16), bus="pci0/ata2/host1/1:0:0:0")
    kernel.partition("sdb1", (8, 17), "sdb")
    kernel.mountinfo = ["1 0 8:1 / / rw - ext4 /dev/sda1 rw"]
    kernel.file("/boot/x")
    kernel.file("/usr/x")
    return kernel


def survey(kernel: FakeKernel, address: str, state: str = "/var/lib/bench") -> DriveFacts:
    return BlockSurveyor(state=Path(state), tree=kernel.tree).survey(address)


def found(kernel: FakeKernel, address: str) -> dict[str, Message]:
    """The obstacles by id, without the sizes that cannot be asked here."""
    return {message.id: message for message in survey(kernel, address).obstacles if message.id != "guard-size-unknown"}


def test_a_spare_drive_has_nothing_in_its_way_but_its_missing_node(kernel: FakeKernel) -> None:
    assert found(kernel, "/dev/sdb") == {}
    assert [message.id for message in survey(kernel, "/dev/sdb").undetermined] == ["guard-not-there"]


def test_the_system_disk_is_refused_for_every_reason(kernel: FakeKernel) -> None:
    obstacles = found(kernel, "/dev/sda")
    assert obstacles["guard-mounted"].params == {"node": "/dev/sda1", "where": "/"}
    assert obstacles["guard-system"].params == {"node": "/dev/sda", "where": "/, /boot, /usr"}
    assert obstacles["guard-state"].params == {"node": "/dev/sda", "where": "/var/lib/bench"}
    assert "guard-program" in obstacles


def test_the_state_folder_on_another_disk(kernel: FakeKernel) -> None:
    kernel.mountinfo.append("2 1 8:17 / /srv rw - ext4 /dev/sdb1 rw")
    obstacles = {message.id: message for message in survey(kernel, "/dev/sdb", "/srv/bench").obstacles}
    assert obstacles["guard-state"].params == {"node": "/dev/sdb", "where": "/srv/bench"}
    assert obstacles["guard-mounted"].params == {"node": "/dev/sdb1", "where": "/srv"}
    assert "guard-system" not in obstacles


def test_every_mount_point_is_named_once(kernel: FakeKernel) -> None:
    kernel.mountinfo += [
        "2 1 8:16 / /a rw - ext4 /dev/sdb rw",
        "3 1 8:16 / /b rw - ext4 /dev/sdb rw",
        "4 3 8:16 / /b rw - ext4 /dev/sdb rw",
    ]
    assert found(kernel, "/dev/sdb")["guard-mounted"].params == {"node": "/dev/sdb", "where": "/a, /b"}


def test_holders_of_disk_and_partitions_are_named(kernel: FakeKernel) -> None:
    kernel.virtual("dm-0", (252, 0), ["sdb1"], dm__name="vg-data")
    kernel.virtual("md0", (9, 0), ["sdb1"])
    message = found(kernel, "/dev/sdb")["guard-holder"]
    assert message.params == {"node": "/dev/sdb1", "holders": "dm-0 (vg-data), md0"}


def test_mounted_through_layers(kernel: FakeKernel) -> None:
    kernel.virtual("dm-0", (252, 0), ["sdb1"], dm__name="vg-data")
    kernel.mountinfo.append("2 1 252:0 / /data rw - ext4 /dev/mapper/vg-data rw")
    assert found(kernel, "/dev/sdb")["guard-mounted"].params == {"node": "/dev/sdb1", "where": "/data"}


def test_swap_on_a_partition(kernel: FakeKernel) -> None:
    kernel.swaps.append("/dev/sdb1 partition 8188 0 -2")
    assert found(kernel, "/dev/sdb")["guard-swap"].params == {"node": "/dev/sdb", "where": "/dev/sdb1"}


def test_partition_names_its_disk(kernel: FakeKernel) -> None:
    assert found(kernel, "/dev/sdb1")["guard-partition"].params == {"node": "/dev/sdb1", "disk": "/dev/sdb"}


def test_stacked_device_names_what_is_beneath(kernel: FakeKernel) -> None:
    kernel.virtual("dm-0", (252, 0), ["sdb1"])
    assert found(kernel, "/dev/dm-0")["guard-stacked"].params == {"node": "/dev/dm-0", "beneath": "/dev/sdb1"}


@pytest.mark.parametrize("name", ["zram0", "ram1", "nbd0", "dm-3"])
def test_devices_of_the_kernels_own_are_no_drives(kernel: FakeKernel, name: str) -> None:
    kernel.virtual(name, (240, 0))
    assert "guard-not-a-drive" in found(kernel, f"/dev/{name}")


def test_an_optical_drive_is_no_drive(kernel: FakeKernel) -> None:
    kernel.disk("sr0", (11, 0), bus="pci0/ata5")
    assert "guard-not-a-drive" in found(kernel, "/dev/sr0")


@pytest.mark.parametrize(
    ("attribute", "value", "expected"),
    [
        ("queue/logical_block_size", "520", "guard-sector-size"),
        ("queue/zoned", "host-managed", "guard-zoned"),
        ("size", "204801", "guard-size-not-sectors"),
    ],
)
def test_what_the_engine_cannot_write(kernel: FakeKernel, attribute: str, value: str, expected: str) -> None:
    folder = kernel.root / "sys/block/sdb"
    kernel.write(folder, {"queue/logical_block_size": "4096", attribute: value})
    assert expected in found(kernel, "/dev/sdb")


def test_a_missing_attribute_is_undetermined(kernel: FakeKernel) -> None:
    (kernel.root / "sys/block/sdb/queue/zoned").unlink()
    assert "guard-attribute-missing" in [message.id for message in survey(kernel, "/dev/sdb").undetermined]


def test_a_zfs_root_makes_every_real_disk_undetermined_but_no_loop_device(kernel: FakeKernel) -> None:
    kernel.virtual("loop0", (7, 0), loop__backing_file="/srv/image")
    kernel.mountinfo = ["1 0 0:26 / / rw - zfs rpool/ROOT rw"]
    undetermined = [message for message in survey(kernel, "/dev/sdb").undetermined if message.id == "guard-untraceable"]
    assert [message.params["found"] for message in undetermined] == ["zfs rpool/ROOT"]
    assert str(undetermined[0].params["where"]).startswith("/, /boot, /usr, /var/lib/bench")
    assert "guard-untraceable" not in [message.id for message in survey(kernel, "/dev/loop0").undetermined]


def test_the_same_drive_by_another_name_has_the_same_node(kernel: FakeKernel) -> None:
    kernel.alias("/dev/disk/by-id/ata-spare", "sdb")
    facts = survey(kernel, "/dev/disk/by-id/ata-spare")
    assert (facts.address, facts.node) == ("/dev/disk/by-id/ata-spare", "/dev/sdb")


def test_a_node_whose_usual_name_leads_elsewhere_is_undetermined(kernel: FakeKernel) -> None:
    kernel.alias("/srv/node", "sdb")
    kernel.alias("/dev/sdb", "sda")
    assert [message.id for message in survey(kernel, "/srv/node").undetermined] == ["guard-node-missing"]


def test_addresses_that_lead_to_no_drive(kernel: FakeKernel) -> None:
    kernel.file("/etc/file")
    kernel.alias("/dev/odd", "sdb")
    assert list(found(kernel, "/dev/nope")) == ["guard-not-there"]
    assert list(found(kernel, "/etc/file")) == ["guard-not-block-device"]
    (kernel.root / "sys/dev/block/8:16").unlink()
    assert [message.id for message in survey(kernel, "/dev/odd").undetermined] == ["guard-not-in-sysfs"]


@pytest.mark.parametrize("name", ["self/mountinfo", "swaps"])
@pytest.mark.parametrize("content", [None, "nonsense\n"])
def test_a_table_that_cannot_be_read_is_undetermined(kernel: FakeKernel, name: str, content: str | None) -> None:
    surveyor = BlockSurveyor(state=Path("/var/lib/bench"), tree=kernel.tree)
    table = kernel.root / "proc" / name
    table.unlink() if content is None else table.write_text(content)
    assert [message.id for message in surveyor.survey("/dev/sdb").undetermined] == ["guard-survey-failed"]


@pytest.mark.parametrize("address", ["", "\0", "/dev/\0", "x" * 5000, "sim:/x", "/dev/../dev"])
def test_a_survey_never_raises(address: str, tmp_path: Path) -> None:
    facts = BlockSurveyor(state=tmp_path).survey(address)
    assert facts.obstacles or facts.undetermined


def test_discover_lists_whole_drives_in_natural_order(kernel: FakeKernel) -> None:
    kernel.disk("sdaa", (65, 160), bus="pci0/ata27")
    kernel.disk("nvme0n1", (259, 0), bus="pci0/nvme0")
    kernel.virtual("loop7", (7, 7), loop__backing_file="/srv/image")
    kernel.virtual("loop8", (7, 8))
    kernel.virtual("dm-0", (252, 0), ["sdb1"])
    kernel.disk("sr0", (11, 0), bus="pci0/ata5")
    kernel.write(kernel.disk("sdc", (8, 32), bus="pci0/usb1/1-1"), {"removable": "1", "size": "0"})
    nodes = BlockSurveyor(state=Path("/var/lib/bench"), tree=kernel.tree).discover()
    assert nodes == ["/dev/loop7", "/dev/nvme0n1", "/dev/sda", "/dev/sdb", "/dev/sdaa"]
