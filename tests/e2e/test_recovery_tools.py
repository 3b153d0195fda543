"""Two programs that carve files out of raw disks, photorec and foremost: before an erasure they find what was planted
on the drive, after it nothing of it."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import typst
from PIL import Image

from support.command import Command
from support.virtual_drives import virtual_drive

MIB = 1 << 20
SIZE = 24 * MIB
MISSING = [name for name in ("mke2fs", "photorec", "foremost", "losetup") if shutil.which(name) is None]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=f"needs {', '.join(MISSING)}; as root, make test installs them"),
]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    """A file system with pictures and documents in it, some of them deleted, as an image; and the files."""
    folder = tmp_path_factory.mktemp("planted")
    source = folder / "files"
    source.mkdir()
    noise = random.Random("planted")
    for number in range(3):
        picture = Image.frombytes("RGB", (240, 160), noise.randbytes(240 * 160 * 3))
        picture.save(source / f"scan-{number}.jpg", quality=80)
        picture.save(source / f"drawing-{number}.png")
        (source / f"file-{number}.pdf").write_bytes(typst.compile(f"file {number}".encode(), format="pdf"))
    files = {path.name: path.read_bytes() for path in source.iterdir()}
    image = folder / "image"
    with image.open("xb") as file:
        file.truncate(SIZE)
    subprocess.run(["mke2fs", "-q", "-t", "ext4", "-d", source, image], check=True)
    deleted = "rm scan-0.jpg\nrm drawing-0.png\nrm file-0.pdf\n"
    subprocess.run(["debugfs", "-w", image], input=deleted.encode(), check=True, capture_output=True)
    return image, files


def photorec(disk: Path, folder: Path) -> list[bytes]:
    """What PhotoRec recovers, from used and free space alike."""
    orders = "partition_none,fileopt,everything,enable,wholespace,search"
    line = ["photorec", "/d", str(folder / "photorec"), "/cmd", str(disk), orders]
    environment = {**os.environ, "TERM": "dumb"}
    subprocess.run(
        line, check=True, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, env=environment, cwd=folder
    )
    return [path.read_bytes() for path in folder.glob("photorec.*/*") if path.name != "report.xml"]


def foremost(disk: Path, folder: Path) -> list[bytes]:
    """What Foremost recovers."""
    subprocess.run(["foremost", "-i", disk, "-o", folder / "foremost"], check=True, capture_output=True, timeout=60)
    return [path.read_bytes() for path in folder.glob("foremost/*/*")]


def recovered(disk: Path, folder: Path) -> dict[str, list[bytes]]:
    """What each of the two finds on a disk."""
    folder.mkdir()
    return {"photorec": photorec(disk, folder), "foremost": foremost(disk, folder)}


def whole(files: dict[str, bytes], found: list[bytes]) -> set[str]:
    """Names of the planted files that were found whole; a carver may take a little more than the file."""
    return {name for name, content in files.items() if any(item.startswith(content) for item in found)}


@contextmanager
def simulated(image: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """The image on a virtual drive: its address, and where its content can be read."""
    with virtual_drive(folder / "drive", size=SIZE) as where:
        _dd(image, medium := where / "medium")
        yield f"sim:{where}", medium


@contextmanager
def attached(image: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """The image on a loop device."""
    disk = folder / "disk"
    shutil.copy(image, disk)
    command = ["losetup", "--find", "--show", str(disk)]
    node = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    try:
        yield node, disk
    finally:
        subprocess.run(["losetup", "--detach", node], check=True)


def _dd(source: Path, target: Path) -> None:
    subprocess.run(["dd", f"if={source}", f"of={target}", "bs=1M", "conv=notrunc", "status=none"], check=True)


@pytest.mark.parametrize("method", ["zero", "random"])
@pytest.mark.parametrize("kind", ["virtual", pytest.param("loop", marks=pytest.mark.root)])
def test_nothing_is_recovered_after_an_erasure(
    planted: tuple[Path, dict[str, bytes]], tmp_path: Path, kind: str, method: str
) -> None:
    image, files = planted
    with (simulated if kind == "virtual" else attached)(image, tmp_path) as (address, disk):
        before = recovered(disk, tmp_path / "before")
        assert {tool: whole(files, found) for tool, found in before.items()} == {tool: set(files) for tool in before}
        done = Command(tmp_path / "state")("erase", address, "--method", method, "--operator", "OP-07", "--yes")
        assert done.status == 0, done.err
        after = recovered(disk, tmp_path / "after")
    pieces = {content[at : at + 512] for content in files.values() for at in range(0, len(content) - 511, 512)}
    raw = disk.read_bytes() if kind == "loop" else (tmp_path / "drive" / "medium").read_bytes()
    assert pieces.isdisjoint(raw[at : at + 512] for at in range(0, SIZE, 512)), "not one sector of a file is left"
    assert {tool: whole(files, found) for tool, found in after.items()} == {tool: set() for tool in after}
    if method == "zero":
        assert after == {"photorec": [], "foremost": []}
        assert hashlib.sha256(raw).digest() == hashlib.sha256(bytes(SIZE)).digest()
