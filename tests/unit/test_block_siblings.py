"""Which other addresses the hardware of a block device has, on machines built from text."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.drive import DriveFacts, Kin
from bench.guard import check
from bench.kinship import together
from drivers.block.survey import BlockSurveyor
from support.fakekernel import FakeKernel

CONTROLLER = "pci0/nvme/nvme0"
OTHER = "pci1/nvme/nvme1"
SUBSYSTEM = "virtual/nvme-subsystem/nvme-subsys0"


@pytest.fixture
def kernel(tmp_path: Path) -> FakeKernel:
    """A machine with its system on sda."""
    kernel = FakeKernel(tmp_path)
    kernel.disk("sda", (8, 0), bus="pci0/ata1/host0/target0:0:0/0:0:0:0")
    kernel.mountinfo = ["1 0 8:0 / / rw - ext4 /dev/sda rw"]
    return kernel


def survey(kernel: FakeKernel, *addresses: str) -> list[DriveFacts]:
    surveyor = BlockSurveyor(state=Path("/var/lib/bench"), tree=kernel.tree)
    return [surveyor.survey(address) for address in addresses]


def kin(facts: DriveFacts) -> list[tuple[str, int, str]]:
    return [(item.kin.value, item.unit, item.node) for item in facts.siblings]


def test_a_single_namespace_has_no_siblings(kernel: FakeKernel) -> None:
    kernel.namespace("nvme0n1", (259, 0), CONTROLLER, 1)
    kernel.namespace("nvme1n1", (259, 1), OTHER, 1)
    kernel.subsystem("nvme-subsys0", CONTROLLER)
    kernel.subsystem("nvme-subsys1", OTHER)
    (facts,) = survey(kernel, "/dev/nvme0n1")
    assert (facts.unit, facts.siblings) == (0, ())


@pytest.mark.parametrize("subsystem", [True, False])
def test_namespaces_of_one_controller(kernel: FakeKernel, subsystem: bool) -> None:
    for nsid in (1, 2, 10):
        kernel.namespace(f"nvme0n{nsid}", (259, nsid), CONTROLLER, nsid)
    if subsystem:
        kernel.subsystem("nvme-subsys0", CONTROLLER)
    (facts,) = survey(kernel, "/dev/nvme0n2")
    assert facts.unit == 2
    assert kin(facts) == [("namespace", 1, "/dev/nvme0n1"), ("namespace", 10, "/dev/nvme0n10")]
    assert facts.siblings[0].identity.serial == "E-1"
    assert facts.siblings[0].sector == 512


def test_namespaces_of_a_subsystem_with_two_controllers(kernel: FakeKernel) -> None:
    kernel.namespace("nvme0n1", (259, 1), CONTROLLER, 1)
    kernel.namespace("nvme1n2", (259, 2), OTHER, 2)
    kernel.subsystem("nvme-subsys0", CONTROLLER, OTHER)
    (facts,) = survey(kernel, "/dev/nvme0n1")
    assert kin(facts) == [("namespace", 2, "/dev/nvme1n2")]


def test_with_multipath_the_disks_lie_in_the_subsystem(kernel: FakeKernel) -> None:
    kernel.subsystem("nvme-subsys0", CONTROLLER)
    for nsid in (1, 2):
        kernel.namespace(f"nvme0n{nsid}", (259, nsid), SUBSYSTEM, nsid)
    kernel.file(f"/sys/devices/{CONTROLLER}/nvme0c0n1/dev")  # one way to a namespace: no disk of its own
    (facts,) = survey(kernel, "/dev/nvme0n1")
    assert kin(facts) == [("namespace", 2, "/dev/nvme0n2")]


def test_units_of_one_target(kernel: FakeKernel) -> None:
    kernel.disk("sdb", (8, 16), bus="pci2/host1/target1:0:0/1:0:0:0")
    kernel.disk("sdc", (8, 32), bus="pci2/host1/target1:0:0/1:0:0:1")
    kernel.disk("sdd", (8, 48), bus="pci2/host1/target1:0:1/1:0:1:0")
    first, last = survey(kernel, "/dev/sdb", "/dev/sdd")
    assert kin(first) == [("unit", 1, "/dev/sdc")]
    assert last.siblings == ()


def mounted(kernel: FakeKernel) -> None:
    kernel.mountinfo.append("2 1 259:2 / /srv rw - ext4 /dev/nvme0n2 rw")


def swapped(kernel: FakeKernel) -> None:
    kernel.swaps.append("/dev/nvme0n2 partition 8188 0 -2")


def in_lvm(kernel: FakeKernel) -> None:
    kernel.virtual("dm-0", (252, 0), ["nvme0n2"], dm__name="vg-data")


def in_md(kernel: FakeKernel) -> None:
    kernel.virtual("md0", (9, 0), ["nvme0n2"])


@pytest.mark.parametrize(
    ("use", "expected"),
    [(mounted, "guard-mounted"), (swapped, "guard-swap"), (in_lvm, "guard-holder"), (in_md, "guard-holder")],
)
def test_what_uses_one_namespace_speaks_against_all_that_go_with_it(
    kernel: FakeKernel, use: object, expected: str
) -> None:
    assert callable(use)
    for nsid in (1, 2):
        kernel.namespace(f"nvme0n{nsid}", (259, nsid), CONTROLLER, nsid)
    use(kernel)
    (drive,) = together(survey(kernel, "/dev/nvme0n1", "/dev/nvme0n2"))
    assert [item.node for item in drive.together] == ["/dev/nvme0n2"]
    (refusal,) = check([drive], [])
    assert (expected, "/dev/nvme0n2") in {(reason.id, reason.params["node"]) for reason in refusal.reasons}


def test_units_and_second_ways_stay_drives_of_their_own(kernel: FakeKernel) -> None:
    kernel.disk("sdb", (8, 16), bus="pci2/host1/target1:0:0/1:0:0:0")
    kernel.disk("sdc", (8, 32), bus="pci2/host1/target1:0:0/1:0:0:1")
    kernel.namespace("nvme0n1", (259, 1), CONTROLLER, 1)
    kernel.namespace("nvme1n1", (259, 2), OTHER, 1)
    kernel.subsystem("nvme-subsys0", CONTROLLER, OTHER)
    nodes = ["/dev/sdb", "/dev/sdc", "/dev/nvme0n1", "/dev/nvme1n1"]
    drives = together(survey(kernel, *nodes))
    assert [drive.node for drive in drives] == nodes
    assert all(item.kin is Kin.UNIT for item in drives[0].siblings)
    assert "guard-may-be-same" in {reason.id for refusal in check(drives, []) for reason in refusal.reasons}
