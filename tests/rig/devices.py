"""QEMU's own devices: the bays that need no virtual drive.

Their bytes lie in the bay's folder as raw files. All disks write through: what the guest was told is written is in
the file when QEMU is killed.
"""

from __future__ import annotations

from pathlib import Path

from drivers.sim.folder import MEDIUM
from rig.layout import BaySpec, Front

BAD_SECTORS = (20_000, 20_001)
"""Sectors of the AHCI disk that can neither be read nor written; far from the ends, where partition scans look."""
THROTTLED_BPS = 1 << 20
"""Bytes per second that the throttled disk moves."""
NVME_MODEL = "QEMU NVMe Ctrl"
"""QEMU tells this of every NVMe drive, and no other."""
_RULES = "blkdebug.conf"
_ERRNO_EIO = 5


def make(bay: BaySpec, folder: Path) -> None:
    """Make what lies in a bay before any guest runs."""
    folder.mkdir(parents=True)
    if bay.front is Front.NULL:
        return
    with (folder / MEDIUM).open("xb") as file:
        file.truncate(bay.drive.size)
    if bay.front is Front.AHCI:
        (folder / _RULES).write_text("".join(_rule(event, sector) for event in _EVENTS for sector in BAD_SECTORS))


_EVENTS = ("read_aio", "write_aio")


def _rule(event: str, sector: int) -> str:
    """One fault that stays (QEMU, docs/devel/testing/blkdebug.rst)."""
    return f'[inject-error]\nevent = "{event}"\nerrno = "{_ERRNO_EIO}"\nsector = "{sector}"\nimmediately = "off"\n\n'


def arguments(bay: BaySpec, folder: Path) -> list[str]:
    """QEMU's arguments for one bay, in a machine with its own AHCI controller (q35)."""
    match bay.front:
        case Front.AHCI:
            rules = _escaped(folder / _RULES)
            faulty = f"driver=raw,node-name={bay.name},file.driver=blkdebug,file.config={rules},file.image.driver=file,"
            return [*_blockdev(faulty + f"file.image.filename={_escaped(folder / MEDIUM)}"), *_ata(bay, 0)]
        case Front.THROTTLED:
            group = ["-object", f"throttle-group,id=limits,x-bps-total={THROTTLED_BPS}"]
            slow = f"driver=throttle,node-name={bay.name},throttle-group=limits,file.driver=raw,"
            medium = f"file.file.driver=file,file.file.filename={_escaped(folder / MEDIUM)}"
            return [*group, *_blockdev(slow + medium), *_ata(bay, 1)]
        case Front.NULL:
            nothing = f"driver=null-co,node-name={bay.name},size={bay.drive.size},read-zeroes=on"
            return [*_blockdev(nothing), *_ata(bay, 2)]
        case Front.PCIE:
            port = f"pcie-root-port,id=port-{bay.name},bus=pcie.0,chassis=1,slot=1"
            medium = f"driver=raw,node-name={bay.name},file.driver=file,file.filename={_escaped(folder / MEDIUM)}"
            return ["-device", port, *_blockdev(medium)]
        case _:
            return []


def hot_plug(bay: BaySpec) -> dict[str, str]:
    """QMP's device_add arguments for the NVMe drive; device_del takes its `id`."""
    return {
        "driver": "nvme",
        "id": f"drive-{bay.name}",
        "bus": f"port-{bay.name}",
        "drive": bay.name,
        "serial": bay.drive.serial,
    }


def _blockdev(options: str) -> list[str]:
    return ["-blockdev", f"{options},discard=unmap" if "null-co" not in options else options]


def _ata(bay: BaySpec, bus: int) -> list[str]:
    """A disk at one of the machine's own AHCI ports. QEMU's ATA disks tell a model of at most 40 characters."""
    identity = f"serial={bay.drive.serial},model={bay.drive.model},rotation_rate=7200"
    return ["-device", f"ide-hd,bus=ide.{bus},drive={bay.name},id=drive-{bay.name},{identity},write-cache=on"]


def _escaped(path: Path) -> str:
    return str(path).replace(",", ",,")
