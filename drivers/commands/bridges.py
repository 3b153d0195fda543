"""USB bridges that put an NVMe drive behind SCSI commands: no erase command may go through them.

They translate reads and writes, and tunnel a few NVMe commands in ways of their own that drop command dwords. Sources:
USB ids of smartmontools' drive database (sntjmicron, sntrealtek, sntasmedia), and the makers' names for the chips.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from drivers.commands.scsi_replies import Inquiry


@dataclass(frozen=True, slots=True, kw_only=True)
class UsbId:
    """idVendor and idProduct of the USB device that the drive sits in."""

    vendor: int
    product: int

    def __str__(self) -> str:
        """As lsusb writes it."""
        return f"{self.vendor:04x}:{self.product:04x}"


_NVME_BRIDGES = {
    (0x0BDA, 0x9210): "Realtek RTL9210",
    (0x0BDA, 0x9211): "Realtek RTL9211",
    (0x0BDA, 0x9220): "Realtek RTL9220",
    (0x2EB9, 0x9211): "Realtek RTL9211",
    (0x152D, 0x0583): "JMicron JMS583",
    (0x152D, 0x0586): "JMicron JMS586",
    (0x174C, 0x2362): "ASMedia ASM2362",
    (0x174C, 0x2364): "ASMedia ASM2364",
    (0x174C, 0x2462): "ASMedia ASM2462",
    (0x174C, 0x2463): "ASMedia ASM2463",
    (0x174C, 0x2464): "ASMedia ASM2464",
}
_NVME_NAMES = re.compile(r"NVM[ -]?E|RTL92[12]\d|JMS58[1-9]|ASM(T )?2[34]6[0-9X]|\b2[34]6[2-4]\b", re.IGNORECASE)


def name(inquiry: Inquiry, usb: UsbId | None) -> str:
    """What to call a bridge: its own words, and its USB id where that is known."""
    said = f"{inquiry.vendor} {inquiry.product}".strip() or "USB"
    return f"{said} ({usb})" if usb else said


def carries_nvme(inquiry: Inquiry, usb: UsbId | None) -> bool:
    """Whether the drive behind is, or may be, NVMe. Chips for both kinds count: what is behind cannot be told apart."""
    if usb is not None and (usb.vendor, usb.product) in _NVME_BRIDGES:
        return True
    return _NVME_NAMES.search(f"{inquiry.vendor} {inquiry.product}") is not None
