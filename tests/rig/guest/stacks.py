"""What people build on drives with the system's own tools: each stands inside its `with`, and is taken down after it.

What was written for it stays on the drive; `wipe` removes that.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from drivers.sim.folder import MIB
from rig.guest import kernel_drive, station
from rig.guest.bays import Bay

_QUIET_S = 1.5
_QUIET_WITHIN_S = 40.0
_READS = frozenset({0x00, 0x03, 0x12, 0x1A, 0x25, 0x4D, 0x5A, 0x9E, 0xA0})
"""Commands that udev and the kernel send to find out about a SCSI drive; none changes anything (SPC-5, SBC-4)."""
_NVME_READS = frozenset({0x02, 0x06, 0x0A})
"""Get Log Page, Identify, Get Features."""
_KEY = "0123456789abcdef" * 4


def run(*command: str) -> str:
    """What a tool prints; it must succeed."""
    station.tell(" ".join(command[:3]))
    return kernel_drive.output(*command)


def settle() -> None:
    """Until udev has done its part."""
    run("udevadm", "settle", "--timeout=30")


def make_file_system(node: Path) -> None:
    """An ext4 that writes nothing by itself later on. Small, and without discards: so it is made quickly."""
    run("mkfs.ext4", "-q", "-F", "-E", "nodiscard,lazy_itable_init=0,lazy_journal_init=0", f"{node}", "6M")


@contextmanager
def mounted(node: Path, where: Path) -> Iterator[Path]:
    """A new file system, mounted."""
    make_file_system(node)
    where.mkdir(parents=True, exist_ok=True)
    run("mount", f"{node}", f"{where}")
    try:
        yield where
    finally:
        run("umount", f"{where}")


@contextmanager
def mounted_elsewhere(node: Path, where: Path) -> Iterator[None]:
    """The same in another mount namespace: no mount table of ours shows it."""
    make_file_system(node)
    where.mkdir(parents=True, exist_ok=True)
    script = 'mount "$0" "$1" && echo mounted && read -r _'
    command = ["unshare", "--mount", "sh", "-c", script, f"{node}", f"{where}"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as shell:
        assert shell.stdout is not None
        assert shell.stdout.readline() == "mounted\n"
        yield


@contextmanager
def swap(node: Path) -> Iterator[None]:
    """An active swap area."""
    run("mkswap", "-q", f"{node}")
    run("swapon", f"{node}")
    try:
        yield
    finally:
        run("swapoff", f"{node}")


@contextmanager
def logical_volume(node: Path, group: str) -> Iterator[Path]:
    """A volume group with one active logical volume; the volume's node."""
    run("vgcreate", "--yes", group, f"{node}")
    run("lvcreate", "--yes", "--name", "vault", "--extents", "100%FREE", group)
    try:
        yield Path("/dev", group, "vault").resolve()
    finally:
        run("vgchange", "--activate", "n", group)


@contextmanager
def array(node: Path, name: str) -> Iterator[Path]:
    """Half of a mirror, the other half missing; the array's node."""
    link = Path("/dev/md", name)
    what = ["--level=1", "--metadata=1.2", "--raid-devices=2", f"{node}", "missing"]
    run("mdadm", "--create", f"{link}", "--run", "--quiet", *what)
    settle()
    try:
        yield link.resolve()
    finally:
        run("mdadm", "--stop", f"{link}")


@contextmanager
def encrypted(node: Path, name: str) -> Iterator[Path]:
    """A dm-crypt target over all of it, as cryptsetup makes one for `plain`; its node."""
    sectors = int(Path("/sys/class/block", node.name, "size").read_text())
    run("modprobe", "dm-crypt")
    run("dmsetup", "create", name, "--table", f"0 {sectors} crypt aes-xts-plain64 {_KEY} 0 {node} 0")
    try:
        yield Path("/dev/mapper", name).resolve()
    finally:
        run("dmsetup", "remove", "--retry", name)


@contextmanager
def held(node: Path) -> Iterator[None]:
    """Another process has it open with O_EXCL."""
    script = "import os, sys; os.open(sys.argv[1], os.O_RDONLY | os.O_EXCL); print(flush=True); sys.stdin.read()"
    command = [sys.executable, "-ISc", script, f"{node}"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.read(1) == b"\n"
        yield


def partition(node: Path) -> Path:
    """A new partition table with one partition; its node."""
    subprocess.run(
        ["sfdisk", "--quiet", f"{node}"], input="label: gpt\nsize=8MiB\n", text=True, check=True, capture_output=True
    )
    settle()
    return Path(f"{node}p1" if node.name[-1].isdigit() else f"{node}1")


def wipe(node: Path) -> None:
    """Remove what tells of all this: labels at a drive's beginning and end."""
    size = int(Path("/sys/class/block", node.name, "size").read_text()) * 512
    for place in (0, size - MIB):
        kernel_drive.write(node, place, bytes(MIB))
    settle()
    run("blockdev", "--rereadpt", f"{node}")
    settle()


def watch(bays: Sequence[Bay]) -> None:
    """Have drives keep a log of their requests, once nobody writes to them any more."""
    run("sync")
    deadline = time.monotonic() + _QUIET_WITHIN_S
    while True:
        for bay in bays:
            bay.sim.control("record")
        time.sleep(_QUIET_S)
        noisy = changes(bays)
        if not noisy:
            return
        assert time.monotonic() < deadline, f"something keeps writing: {noisy}"


def changes(bays: Sequence[Bay]) -> dict[str, list[str]]:
    """By bay: what the drives' logs have since `watch` that changes a drive, or may."""
    logs = {bay.name: [str(op) for op, _, _ in bay.sim.control("recorded")] for bay in bays}
    found = {name: [op for op in log if not _reads(op)] for name, log in logs.items()}
    return {name: log for name, log in found.items() if log}


def _reads(op: str) -> bool:
    """A flush changes nothing either: there is nothing to be flushed."""
    match op.split():
        case ["read" | "flush"]:
            return True
        case ["scsi", cdb]:
            return bytes.fromhex(cdb)[0] in _READS
        case ["nvme", opcode, *_]:
            return int(opcode, 16) in _NVME_READS
        case _:
            return False
