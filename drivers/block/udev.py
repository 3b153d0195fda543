"""What udev calls a drive, noted beside what the drive says of itself. Nothing is decided by it (docs/decisions/0003).

udev's database (/run/udev/data) is a cache that rules fill; it is there only where udevd runs. An entry is lines of a
letter, a colon and text; `E:` lines are properties (systemd, sd-device's database format).
"""

from __future__ import annotations

from bench.messages import Message, say
from drivers.block.sysfs import Device, KernelTree, printable

_PROPERTY = "E:ID_SERIAL_SHORT="


def serial(tree: KernelTree, device: Device) -> str:
    """The serial number that udev's users see, such as lsblk and /dev/disk/by-id; empty where there is none."""
    number = (device.text("dev") or "").strip()
    try:
        lines = tree.place(f"/run/udev/data/b{number}").read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    found = (line.removeprefix(_PROPERTY) for line in lines if line.startswith(_PROPERTY))
    return printable(next(found, ""))


def difference(tree: KernelTree, device: Device, own: str) -> tuple[Message, ...]:
    """A note where udev calls the drive otherwise than the drive does itself, whose serial number is `own`."""
    theirs = serial(tree, device)
    if not own or not theirs or _bare(theirs) == _bare(own):
        return ()
    return (say("guard-note-udev-serial", node=device.node, serial=theirs),)


def _bare(text: str) -> str:
    """Udev writes underscores for spaces, and some rules drop them."""
    return text.replace("_", "").replace(" ", "").casefold()
