"""A drive as this guest's kernel gives it: its survey, what passes to it, and its bytes without the page cache."""

from __future__ import annotations

import contextlib
import json
import mmap
import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.capabilities import Capabilities
from bench.drive import DriveFacts, Interface
from bench.techniques import ErasureState
from drivers.commands.bridges import UsbId
from drivers.commands.nvme_ioctl import NvmeTransport
from drivers.commands.probe import probe
from drivers.commands.sgio import SgTransport
from drivers.machine import MachineDrives
from drivers.sim import launch
from drivers.sim.client import SimConnection
from drivers.sim.folder import DriveSpec
from drivers.sim.transport import SimTransport

_STATE = Path("/run/tmp/state")


def survey(node: Path) -> DriveFacts:
    """What the product's survey says of it."""
    return MachineDrives(_STATE).survey(f"{node}")


def capabilities(node: Path, hint: Interface, usb: UsbId | None = None) -> Capabilities:
    """What the product finds out by commands through the kernel, holding the drive."""
    with opened(node, os.O_RDWR | os.O_EXCL) as fd:
        transport = NvmeTransport(fd) if hint is Interface.NVME else SgTransport(fd)
        return probe(transport, hint, usb=usb)


def twin_capabilities(spec: DriveSpec, hint: Interface, usb: UsbId | None = None) -> Capabilities:
    """The same of a drive of the same description, switched on in this guest, with no kernel in between."""
    with TemporaryDirectory() as temporary:
        where = Path(temporary) / "twin"
        launch.create(where, spec)
        launch.start(where)
        try:
            with SimConnection.connect(where) as connection:
                connection.claim()
                return probe(SimTransport(connection), hint, usb=usb)
        finally:
            launch.power_cut(where)


@contextlib.contextmanager
def opened(node: Path, flags: int) -> Iterator[int]:
    """A descriptor of the node."""
    fd = os.open(node, flags)
    try:
        yield fd
    finally:
        os.close(fd)


def read(node: Path, offset: int, length: int) -> bytes:
    """Read past the page cache. Raises `OSError`; a short read is what came."""
    with opened(node, os.O_RDONLY | os.O_DIRECT) as fd, mmap.mmap(-1, length) as buffer:
        got = os.preadv(fd, [buffer], offset)
        return bytes(buffer[:got])


def write(node: Path, offset: int, data: bytes) -> None:
    """Write past the page cache, and flush the drive. Raises `OSError`."""
    with opened(node, os.O_RDWR | os.O_DIRECT) as fd, mmap.mmap(-1, len(data)) as buffer:
        buffer[:] = data
        assert os.pwritev(fd, [buffer], offset) == len(data)
        os.fsync(fd)


def plain(found: Capabilities) -> Capabilities:
    """Without what differs between equal drives: how many questions it took, and what an earlier sanitize left."""
    never = replace(found.sanitize, state=ErasureState.NEVER, progress=None, mark=None)
    return replace(found, commands=0, sanitize=never)


def listed(node: Path, *columns: str) -> dict[str, Any]:
    """lsblk's words for a whole drive."""
    command = ["lsblk", "--json", "--nodeps", "--bytes", "-o", ",".join(("NAME", *columns)), f"{node}"]
    (found,) = json.loads(output(*command))["blockdevices"]
    return dict(found)


def output(*command: str, status: int = 0) -> str:
    """What a witness prints; it ends with this status."""
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    assert done.returncode == status, f"{command}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


def by_path(node: Path) -> str:
    """udev's name for the place where the drive is plugged in."""
    links = [link.name for link in Path("/dev/disk/by-path").glob("*") if link.resolve() == node]
    return links[0] if links else ""
