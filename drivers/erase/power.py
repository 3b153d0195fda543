"""A drive's own count of its power cycles, which shows that it was without power: ATA SMART, NVMe log page 02h.

SCSI drives have a start-stop count that means something else, so they have none.
"""

from __future__ import annotations

from bench.capabilities import CommandSet
from drivers.commands import nvme, nvme_replies, sat
from drivers.commands.fields import MalformedError, little, need
from drivers.commands.outcome import Done, read
from drivers.commands.sat import AtaCommand, AtaReply, Protocol
from drivers.commands.transport import Transport

_POWER_CYCLES = 12
_FIRST, _SIZE, _ROWS = 2, 12, 30


def smart_data() -> AtaCommand:
    """SMART READ DATA (B0h/D0h), ACS-3 7.46.6."""
    return AtaCommand(
        name="SMART READ DATA", command=0xB0, feature=0xD0, count=1, lba=0xC24F00, protocol=Protocol.PIO_IN, blocks=1
    )


def cycles(transport: Transport, commands: CommandSet) -> int | None:
    """The count; None where the drive does not say."""
    match commands:
        case CommandSet.ATA:
            found = read(sat.ask(transport, smart_data()), _attribute)
            return found.value if isinstance(found, Done) else None
        case CommandSet.NVME:
            log = read(nvme.send(transport, nvme.smart_log()), lambda answer: nvme_replies.smart(answer.data))
            return log.value.power_cycles if isinstance(log, Done) else None
        case CommandSet.SCSI | CommandSet.NONE:
            return None


def _attribute(reply: AtaReply) -> int:
    """Attribute 12, the lower four bytes of its raw value: makers use the upper two for other things."""
    data = reply.data
    need(data, 512, "SMART data")
    if sum(data[:512]) & 0xFF:
        raise MalformedError("SMART data without their checksum")
    for place in range(_FIRST, _FIRST + _ROWS * _SIZE, _SIZE):
        if data[place] == _POWER_CYCLES:
            return little(data, place + 5, 4)
    raise MalformedError("SMART data without a count of power cycles")
