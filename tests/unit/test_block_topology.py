"""From mounts and files down to disks, on machines built from text."""

from __future__ import annotations

from pathlib import Path

import pytest

from drivers.block.mounts import Swap
from drivers.block.topology import Trace
from support.fakekernel import FakeKernel


@pytest.fixture
def kernel(tmp_path: Path) -> FakeKernel:
    return FakeKernel(tmp_path)


def trace(kernel: FakeKernel, path: str = "/") -> Trace:
    return kernel.topology.beneath_path(path)


def test_nvme_partition(kernel: FakeKernel) -> None:
    kernel.disk("nvme0n1", (259, 0), bus="pci0/nvme/nvme0")
    kernel.partition("nvme0n1p2", (259, 2), "nvme0n1")
    kernel.mountinfo = ["1 0 259:2 / / rw - ext4 /dev/nvme0n1p2 rw"]
    assert trace(kernel) == Trace(devices=frozenset({"nvme0n1p2", "nvme0n1"}), unclear=())


def test_lvm_on_md_on_two_disks(kernel: FakeKernel) -> None:
    for index, disk in enumerate(("sda", "sdb")):
        kernel.disk(disk, (8, 16 * index), bus=f"pci0/ata{index}/host/{disk}")
        kernel.partition(f"{disk}1", (8, 16 * index + 1), disk)
    kernel.virtual("md0", (9, 0), ["sda1", "sdb1"])
    kernel.virtual("dm-0", (252, 0), ["md0"], dm__name="vg-root")
    kernel.mountinfo = ["1 0 252:0 / / rw - xfs /dev/mapper/vg-root rw"]
    assert trace(kernel).devices == {"dm-0", "md0", "sda1", "sda", "sdb1", "sdb"}
    assert kernel.topology.beneath_mount(kernel.topology.mounts[0]).devices >= {"sda", "sdb"}


def test_luks_root(kernel: FakeKernel) -> None:
    kernel.disk("sda", (8, 0))
    kernel.partition("sda3", (8, 3), "sda")
    kernel.virtual("dm-0", (252, 0), ["sda3"], dm__name="luks-root")
    kernel.mountinfo = ["1 0 252:0 / / rw - ext4 /dev/mapper/luks-root rw"]
    assert trace(kernel).devices == {"dm-0", "sda3", "sda"}


def test_bcache_keeps_backing_and_cache_device(kernel: FakeKernel) -> None:
    kernel.disk("sda", (8, 0), bus="pci0/ata1")
    kernel.disk("nvme0n1", (259, 0), bus="pci0/nvme0")
    kernel.virtual("bcache0", (251, 0), ["sda", "nvme0n1"])
    kernel.mountinfo = ["1 0 251:0 / / rw - ext4 /dev/bcache0 rw"]
    assert trace(kernel).devices == {"bcache0", "sda", "nvme0n1"}


def test_a_slave_that_sysfs_does_not_know_is_unclear(kernel: FakeKernel) -> None:
    folder = kernel.virtual("dm-0", (252, 0))
    (folder / "slaves").mkdir()
    (folder / "slaves/sdq").symlink_to("/nowhere")
    kernel.mountinfo = ["1 0 252:0 / / rw - ext4 /dev/dm-0 rw"]
    assert trace(kernel).unclear == ("dm-0 sdq",)


def test_btrfs_raid1_has_both_disks(kernel: FakeKernel) -> None:
    kernel.disk("sda", (8, 0), bus="pci0/ata1")
    kernel.partition("sda2", (8, 2), "sda")
    kernel.disk("sdb", (8, 16), bus="pci0/ata2")
    kernel.disk("sdc", (8, 32), bus="pci0/ata3")
    kernel.btrfs("one", ["sda2", "sdb"])
    kernel.btrfs("two", ["sdc"])
    kernel.mountinfo = ["1 0 0:40 /@ / rw - btrfs /dev/sdb rw,subvol=/@"]
    assert trace(kernel) == Trace(devices=frozenset({"sda2", "sda", "sdb"}), unclear=())


def test_btrfs_whose_source_names_nothing(kernel: FakeKernel) -> None:
    kernel.disk("sda", (8, 0), bus="pci0/ata1")
    kernel.disk("sdb", (8, 16), bus="pci0/ata2")
    kernel.btrfs("one", ["sda"])
    kernel.mountinfo = ["1 0 0:40 / / rw - btrfs /dev/root rw"]
    assert trace(kernel) == Trace(devices=frozenset({"sda"}), unclear=())
    kernel.btrfs("two", ["sdb"])
    assert trace(kernel) == Trace(devices=frozenset(), unclear=("btrfs /dev/root",))


def test_overlay_live_system(kernel: FakeKernel) -> None:
    """A squashfs image on a stick, attached by a loop device, beneath an overlay with its upper layer in memory."""
    kernel.disk("sdb", (8, 16), bus="pci0/usb1/1-1/host0/0:0:0:0")
    kernel.partition("sdb1", (8, 17), "sdb")
    kernel.virtual("loop0", (7, 0), loop__backing_file="/run/live/medium/live.squashfs")
    kernel.file("/run/live/medium/live.squashfs")
    kernel.file("/run/live/rootfs/etc/x")
    kernel.file("/run/live/overlay/rw/x")
    kernel.mountinfo = [
        r"1 0 0:30 / / rw - overlay overlay rw,lowerdir=/run/live/rootfs,upperdir=/run/live/overlay/rw",
        "2 1 0:31 / /run rw - tmpfs tmpfs rw",
        "3 2 8:17 / /run/live/medium ro - vfat /dev/sdb1 ro",
        "4 2 7:0 / /run/live/rootfs ro - squashfs /dev/loop0 ro",
        "5 2 0:32 / /run/live/overlay rw - tmpfs tmpfs rw",
    ]
    assert trace(kernel) == Trace(devices=frozenset({"loop0", "sdb1", "sdb"}), unclear=())
    squashfs = kernel.topology.mounts[3]
    assert kernel.topology.beneath_mount(squashfs).devices == {"loop0"}, "a mount alone does not reach through files"


def test_overlay_of_a_container_is_unclear(kernel: FakeKernel) -> None:
    kernel.file("/var/lib/layers/here/x")
    kernel.mountinfo = ["1 0 0:30 / / rw - overlay overlay rw,lowerdir=/gone:/var/lib/layers/here,workdir=/gone/work"]
    assert trace(kernel).unclear == ("overlay /gone", "overlay overlay", "overlay /gone/work")


def test_overlay_layers_with_colons_and_of_the_newer_kind(kernel: FakeKernel) -> None:
    kernel.disk("sda", (8, 0), bus="pci0/ata1")
    kernel.disk("sdb", (8, 16), bus="pci0/ata2")
    kernel.file("/a:b/x")
    kernel.file("/c/x")
    kernel.mountinfo = [
        r"1 0 0:5 / / rw - tmpfs t rw",
        r"2 1 8:0 / /a:b rw - ext4 /dev/sda rw",
        r"3 1 8:16 / /c rw - ext4 /dev/sdb rw",
        r"4 1 0:30 / /m rw - overlay o rw,lowerdir=/a\134:b,lowerdir+=/c",
    ]
    assert trace(kernel, "/m/file") == Trace(devices=frozenset({"sda", "sdb"}), unclear=())


def test_zfs_cannot_be_traced(kernel: FakeKernel) -> None:
    kernel.mountinfo = ["1 0 0:26 / / rw - zfs rpool/ROOT/debian rw"]
    assert trace(kernel) == Trace(devices=frozenset(), unclear=("zfs rpool/ROOT/debian",))


def test_a_file_system_that_lists_its_devices_as_source(kernel: FakeKernel) -> None:
    kernel.disk("sda", (8, 0), bus="pci0/ata1")
    kernel.disk("sdb", (8, 16), bus="pci0/ata2")
    kernel.mountinfo = ["1 0 0:26 / / rw - bcachefs /dev/sda:/dev/sdb rw"]
    assert trace(kernel).devices == {"sda", "sdb"}


@pytest.mark.parametrize("kind", ["tmpfs", "rootfs", "nfs4", "9p", "virtiofs"])
def test_memory_and_network_have_no_disk(kernel: FakeKernel, kind: str) -> None:
    kernel.mountinfo = [f"1 0 0:26 / / rw - {kind} somewhere rw"]
    assert trace(kernel) == Trace(devices=frozenset(), unclear=())


def test_an_unknown_file_system_without_a_device_is_unclear(kernel: FakeKernel) -> None:
    kernel.mountinfo = ["1 0 0:26 / / rw - fuse.union a:b rw"]
    assert trace(kernel).unclear == ("fuse.union a:b",)


def test_a_number_that_sysfs_does_not_know_is_unclear(kernel: FakeKernel) -> None:
    kernel.mountinfo = ["1 0 8:99 / / rw - ext4 /dev/root rw"]
    assert trace(kernel).unclear == ("ext4 /dev/root 8:99",)


def test_a_path_beyond_the_mount_table_is_unclear(kernel: FakeKernel) -> None:
    assert trace(kernel, "/srv").unclear == ("/srv",)


def test_a_link_is_followed_to_where_it_leads(kernel: FakeKernel) -> None:
    kernel.disk("sda", (8, 0))
    kernel.file("/data/state/x")
    (kernel.root / "var").symlink_to("data")
    kernel.mountinfo = ["1 0 0:5 / / rw - tmpfs t rw", "2 1 8:0 / /data rw - ext4 /dev/sda rw"]
    assert trace(kernel, "/var/state/not-yet").devices == {"sda"}


def test_loop_over_a_block_device(kernel: FakeKernel) -> None:
    kernel.disk("sda", (8, 0))
    kernel.partition("sda1", (8, 1), "sda")
    kernel.virtual("loop3", (7, 3), loop__backing_file="/dev/sda1")
    kernel.mountinfo = ["1 0 7:3 / / rw - ext4 /dev/loop3 rw"]
    assert trace(kernel).devices == {"loop3", "sda1", "sda"}
    assert kernel.topology.beneath_mount(kernel.topology.mounts[0]).devices == {"loop3", "sda1", "sda"}


def test_loop_whose_file_is_out_of_sight_is_unclear(kernel: FakeKernel) -> None:
    kernel.virtual("loop3", (7, 3), loop__backing_file="/live/image (deleted)")
    kernel.mountinfo = ["1 0 7:3 / / rw - squashfs /dev/loop3 ro"]
    assert trace(kernel).unclear == ("loop3 /live/image (deleted)",)


def test_zram_swap_and_its_backing_device(kernel: FakeKernel) -> None:
    kernel.disk("sda", (8, 0))
    kernel.virtual("zram0", (253, 0), backing_dev="none")
    kernel.virtual("zram1", (253, 1), backing_dev="/dev/sda")
    topology = kernel.topology
    assert topology.beneath_swap(Swap(path="/dev/zram0", deleted=False)).devices == {"zram0"}
    assert topology.beneath_swap(Swap(path="/dev/zram1", deleted=False)).devices == {"zram1", "sda"}


def test_swap_file_leads_to_its_disk(kernel: FakeKernel) -> None:
    kernel.disk("sda", (8, 0))
    kernel.partition("sda1", (8, 1), "sda")
    kernel.file("/swapfile")
    kernel.mountinfo = ["1 0 8:1 / / rw - ext4 /dev/sda1 rw"]
    assert kernel.topology.beneath_swap(Swap(path="/swapfile", deleted=False)).devices == {"sda1", "sda"}
    assert kernel.topology.beneath_swap(Swap(path="/lost", deleted=True)).unclear == ("swap /lost",)


def test_boot_area_of_a_card_is_part_of_the_card(kernel: FakeKernel) -> None:
    folder = kernel.disk("mmcblk0", (179, 0), bus="platform/mmc0/mmc0:0001")
    area = kernel._device("mmcblk0boot0", (179, 8), folder / "mmcblk0boot0")
    (area / "device").symlink_to(folder)
    kernel.mountinfo = ["1 0 179:8 / / rw - ext4 /dev/mmcblk0boot0 rw"]
    assert trace(kernel).devices == {"mmcblk0boot0", "mmcblk0"}
