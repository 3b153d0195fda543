"""The guard before real block devices: loop devices over files of the test's own, and this machine's root disk.

Nothing is ever written to a device that was not attached here.
"""

from __future__ import annotations

import errno
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from pytest_mock import MockerFixture

from bench.drive import DriveFacts, Interface, Medium, SizeReading
from bench.guard import HELD, check, unchanged
from bench.ports import DriveGoneError
from drivers.block.mounts import parse_mountinfo
from drivers.block.opening import open_exclusive
from drivers.block.survey import BlockSurveyor
from drivers.block.sysfs import KernelTree
from drivers.block.topology import Topology

pytestmark = pytest.mark.root

MIB = 1 << 20
Attach: TypeAlias = Callable[..., str]


def run(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Undoes in reverse order what a test does to this machine."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def surveyor(tmp_path: Path) -> BlockSurveyor:
    state = tmp_path / "state"
    state.mkdir()
    return BlockSurveyor(state=state)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    file = tmp_path / "image"
    with file.open("wb") as opened:
        opened.truncate(16 * MIB)
    return file


@pytest.fixture
def attach(stack: ExitStack) -> Attach:
    """Attach a loop device, with options of losetup, until the end of the test."""

    def attached(file: str | Path, *options: str) -> str:
        node = run("losetup", *options, "--find", "--show", file)
        stack.callback(run, "losetup", "-d", node)
        return node

    return attached


def obstacles(facts: DriveFacts) -> list[str]:
    return [message.id for message in (*facts.obstacles, *facts.undetermined)]


def params(facts: DriveFacts, message_id: str) -> dict[str, Any]:
    return next(dict(m.params) for m in (*facts.obstacles, *facts.undetermined) if m.id == message_id)


def test_a_free_loop_device_may_be_erased(surveyor: BlockSurveyor, attach: Attach, image: Path) -> None:
    node = attach(image)
    facts = surveyor.survey(node)
    status = image.stat()
    assert check([facts], []) == ()
    assert (facts.identity.serial, facts.identity.size) == (str(image), 16 * MIB)
    assert facts.identity.wwn == f"inode:{os.major(status.st_dev)}:{os.minor(status.st_dev)}:{status.st_ino}"
    assert facts.sizes == tuple(SizeReading(source=s, size=16 * MIB) for s in ("BLKGETSIZE64", "lseek", "sysfs"))
    assert (facts.interface, facts.medium, facts.logical_sector) == (Interface.LOOP, Medium.FILE, 512)
    assert node in surveyor.discover()


def test_who_looks_twice_at_once_does_not_find_himself(
    surveyor: BlockSurveyor, attach: Attach, image: Path, tmp_path: Path
) -> None:
    node = attach(image)
    link = tmp_path / "by another name"
    link.symlink_to(node)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda name: obstacles(surveyor.survey(name)), [node, str(link)] * 100))
    assert found == [[]] * 200


def test_four_kilobyte_sectors(surveyor: BlockSurveyor, attach: Attach, image: Path) -> None:
    facts = surveyor.survey(attach(image, "--sector-size", "4096"))
    assert (facts.logical_sector, obstacles(facts)) == (4096, [])


def test_a_mounted_loop_device(surveyor: BlockSurveyor, attach: Attach, image: Path, stack: ExitStack) -> None:
    node = attach(image)
    point = image.parent / "mount point"
    point.mkdir()
    run("mkfs.ext4", "-q", node)
    run("mount", node, point)
    stack.callback(run, "umount", point)
    facts = surveyor.survey(node)
    assert obstacles(facts) == ["guard-mounted"]
    assert params(facts, "guard-mounted") == {"node": node, "where": str(point)}


def test_the_state_folder_on_a_loop_device(attach: Attach, image: Path, stack: ExitStack) -> None:
    node = attach(image)
    point = image.parent / "state"
    point.mkdir()
    run("mkfs.ext4", "-q", node)
    run("mount", node, point)
    stack.callback(run, "umount", point)
    assert "guard-state" in obstacles(BlockSurveyor(state=point / "not" / "yet").survey(node))


def test_a_mount_that_only_another_namespace_sees(
    surveyor: BlockSurveyor, attach: Attach, image: Path, stack: ExitStack
) -> None:
    node = attach(image)
    point = image.parent / "elsewhere"
    point.mkdir()
    run("mkfs.ext4", "-q", node)
    script = f'mount "{node}" "{point}" && echo mounted && read line'
    command = ["unshare", "--mount", "sh", "-c", script]
    other = stack.enter_context(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
    assert other.stdin is not None
    assert other.stdout is not None
    assert other.stdout.readline() == "mounted\n"
    assert obstacles(surveyor.survey(node)) == [HELD]
    other.stdin.close()
    other.wait()


def test_swap_on_a_loop_device(surveyor: BlockSurveyor, attach: Attach, image: Path, stack: ExitStack) -> None:
    node = attach(image)
    run("mkswap", node)
    run("swapon", node)
    stack.callback(run, "swapoff", node)
    facts = surveyor.survey(node)
    assert obstacles(facts) == ["guard-swap"]
    assert params(facts, "guard-swap")["where"] == node


def test_a_read_only_loop_device(surveyor: BlockSurveyor, attach: Attach, image: Path) -> None:
    node = attach(image, "--read-only")
    assert obstacles(surveyor.survey(node)) == ["guard-read-only"]
    with pytest.raises(DriveGoneError, match="guard-read-only"):
        open_exclusive(node)


def test_partitions(surveyor: BlockSurveyor, attach: Attach, image: Path, stack: ExitStack) -> None:
    node = attach(image)
    part = f"{node}p1"
    # Told to the kernel directly: not every kernel looks for partition tables on loop devices.
    run("addpart", node, "1", "2048", "16384")
    stack.callback(run, "delpart", node, "1")
    assert params(surveyor.survey(part), "guard-partition") == {"node": part, "disk": node}
    assert obstacles(surveyor.survey(node)) == [], "partitions alone do not forbid anything"
    run("mkfs.ext4", "-q", part)
    point = image.parent / "point"
    point.mkdir()
    run("mount", part, point)
    stack.callback(run, "umount", point)
    assert params(surveyor.survey(node), "guard-mounted") == {"node": part, "where": str(point)}


def test_device_mapper_over_a_loop_device(
    surveyor: BlockSurveyor, attach: Attach, image: Path, stack: ExitStack
) -> None:
    if subprocess.run(["dmsetup", "version"], check=False, capture_output=True).returncode:
        pytest.xfail("this kernel has no device mapper")
    node, name = attach(image), f"guard-{os.getpid()}"
    run("dmsetup", "create", name, "--table", f"0 2048 linear {node} 0")
    stack.callback(run, "dmsetup", "remove", name)
    assert name in str(params(surveyor.survey(node), "guard-holder")["holders"])
    assert params(surveyor.survey(f"/dev/mapper/{name}"), "guard-stacked")["beneath"] == node


def test_a_loop_device_that_another_program_holds(surveyor: BlockSurveyor, attach: Attach, image: Path) -> None:
    node = attach(image)
    drive = open_exclusive(node)
    try:
        assert obstacles(surveyor.survey(node)) == [HELD]
        with pytest.raises(DriveGoneError, match=HELD):
            open_exclusive(node)
    finally:
        drive.close()
    assert obstacles(surveyor.survey(node)) == []


def test_a_drive_that_we_hold_is_unchanged(surveyor: BlockSurveyor, attach: Attach, image: Path) -> None:
    node = attach(image)
    planned = surveyor.survey(node)
    drive = open_exclusive(node)
    try:
        assert drive.direct_io
        assert not os.get_inheritable(drive.fd)
        assert unchanged(planned, surveyor.resurvey(drive)) == ()
        assert unchanged(planned, surveyor.survey(node)) == (), "held by ourselves is no change"
    finally:
        drive.close()


def test_a_file_that_grew_is_a_change(surveyor: BlockSurveyor, attach: Attach, image: Path) -> None:
    node = attach(image)
    planned = surveyor.survey(node)
    drive = open_exclusive(node)
    try:
        os.truncate(image, 32 * MIB)
        run("losetup", "--set-capacity", node)
        assert [reason.id for reason in unchanged(planned, surveyor.resurvey(drive))] == ["guard-changed-size"]
    finally:
        drive.close()


def test_a_disk_exchanged_behind_its_name_is_noticed(attach: Attach, image: Path) -> None:
    drive = open_exclusive(attach(image))
    try:
        drive.ensure_present()
        with pytest.raises(DriveGoneError, match="guard-replaced"):
            replace(drive, sequence=(drive.sequence or 0) + 1).ensure_present()
        with pytest.raises(DriveGoneError, match="guard-not-there"):
            replace(drive, node=str(image.parent / "gone")).ensure_present()
    finally:
        drive.close()


def test_without_direct_io_the_fallback_is_recorded(attach: Attach, image: Path, mocker: MockerFixture) -> None:
    node = attach(image)
    real = os.open

    def without_direct(path: str, flags: int, *rest: int) -> int:
        if flags & os.O_DIRECT:
            raise OSError(errno.EINVAL, "no direct I/O")
        return real(path, flags, *rest)

    mocker.patch("os.open", without_direct)
    drive = open_exclusive(node)
    drive.close()
    assert not drive.direct_io


def test_a_size_that_cannot_be_read_is_undetermined(
    surveyor: BlockSurveyor, attach: Attach, image: Path, mocker: MockerFixture
) -> None:
    node = attach(image)
    mocker.patch("drivers.block.sizes.ioctl.size_in_bytes", side_effect=OSError(errno.EIO, "broken"))
    assert params(surveyor.survey(node), "guard-size-unread")["error"] == "EIO"


def test_two_loop_devices_over_one_file(surveyor: BlockSurveyor, attach: Attach, image: Path) -> None:
    facts = [surveyor.survey(attach(image)), surveyor.survey(attach(image))]
    assert [[reason.id for reason in refusal.reasons] for refusal in check(facts, [])] == [["guard-may-be-same"]] * 2
    with pytest.raises(DriveGoneError, match="guard-may-be-same"):
        surveyor.find(facts[0].identity, facts[0].node)


def test_two_loop_devices_over_one_file_by_different_paths(
    surveyor: BlockSurveyor, attach: Attach, image: Path
) -> None:
    second = image.with_name("other name")
    second.hardlink_to(image)
    facts = [surveyor.survey(attach(image)), surveyor.survey(attach(second))]
    assert len(check(facts, [])) == 2


def test_a_deleted_backing_file(surveyor: BlockSurveyor, attach: Attach, image: Path) -> None:
    node = attach(image)
    image.unlink()
    assert obstacles(surveyor.survey(node)) == ["guard-loop-file-missing"]
    image.with_name("image (deleted)").write_bytes(bytes(4096))
    assert obstacles(surveyor.survey(node)) == ["guard-loop-file-missing"], "another file of that very name"


def test_a_loop_device_over_a_block_device(surveyor: BlockSurveyor, attach: Attach, image: Path) -> None:
    disk = attach(image)
    node = attach(disk)
    assert params(surveyor.survey(node), "guard-loop-over-device") == {"node": node, "disk": disk}


def test_a_backing_file_in_the_state_folder(surveyor: BlockSurveyor, attach: Attach, image: Path) -> None:
    inside = image.rename(surveyor.state / "inside")
    assert obstacles(surveyor.survey(attach(inside))) == ["guard-loop-in-state"]


def test_a_size_that_is_no_multiple_of_the_sector(surveyor: BlockSurveyor, attach: Attach, image: Path) -> None:
    os.truncate(image, 16 * MIB + 512)
    facts = surveyor.survey(attach(image, "--sector-size", "4096"))
    assert facts.identity.size % 512 == 0
    # The kernel either rounds down to whole sectors, or the guard refuses what it left over.
    assert obstacles(facts) == ([] if facts.identity.size % 4096 == 0 else ["guard-size-not-sectors"])


def test_a_detached_loop_device(surveyor: BlockSurveyor, image: Path) -> None:
    node = run("losetup", "--find", "--show", image)
    identity = surveyor.survey(node).identity
    assert surveyor.find(identity, node) == node
    run("losetup", "-d", node)
    # Another program that looks at all devices puts the detaching off until it has closed this one.
    gone_by = time.monotonic() + 5
    while node in surveyor.discover() and time.monotonic() < gone_by:
        time.sleep(0.01)
    assert "guard-loop-empty" in obstacles(surveyor.survey(node))
    with pytest.raises(DriveGoneError, match="guard-not-found"):
        surveyor.find(identity, node)


def test_a_drive_is_found_where_it_is_now(surveyor: BlockSurveyor, attach: Attach, image: Path) -> None:
    node = attach(image)
    identity = surveyor.survey(node).identity
    assert surveyor.find(identity, "/dev/not-here") == node
    assert surveyor.find(identity, "") == node


def test_the_disks_that_this_machine_runs_from_are_refused(surveyor: BlockSurveyor) -> None:
    tree = KernelTree()
    root = Topology(tree=tree, mounts=parse_mountinfo(tree.process_file("self/mountinfo"))).beneath_path("/")
    for device in filter(None, map(tree.device, root.devices)):
        facts = surveyor.survey(device.node)
        assert {"guard-system", "guard-mounted"} & set(obstacles(facts))
        assert "/" in str(params(facts, "guard-system")["where"]).split(", ")
        assert check([facts], [])
    if root.unclear:
        real = [node for node in surveyor.discover() if not node.startswith("/dev/loop")]
        assert all("guard-untraceable" in obstacles(surveyor.survey(node)) for node in real)
