"""Who an ATA drive behind a USB bridge is, asked of the drive itself.

The kernel asks a drive that is attached over USB storage for no vital product data, whatever it could tell (usb-storage
sets `skip_vpd_pages`), so sysfs has the bridge's own names only. IDENTIFY DEVICE passes most bridges; udev asks the
same way, also only where the device says that its medium is not removable: memory sticks have nothing to say.
"""

from __future__ import annotations

from drivers.block.sysfs import Device
from drivers.commands import ata, identify, sat
from drivers.commands.identify import AtaIdentity
from drivers.commands.outcome import Done, read
from drivers.commands.sat import Through
from drivers.commands.transport import Transport


def hides(device: Device) -> bool:
    """Whether sysfs does not have what the drive of this USB device says of itself, and it may be asked."""
    return not device.binary("device/vpd_pg89") and device.integer("removable") == 0


def ask(transport: Transport) -> AtaIdentity | None:
    """IDENTIFY DEVICE, in the long command and, where that does not pass, in the short one; None if neither does."""
    for through in (Through.SIXTEEN, Through.TWELVE):
        answer = read(sat.ask(transport, ata.identify_device(), through), lambda reply: identify.parse(reply.data))
        if isinstance(answer, Done):
            return answer.value
    return None
