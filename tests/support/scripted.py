"""A drive made of raw replies: what a test says that some odd drive or bridge sends, byte for byte."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from drivers.commands.transport import NvmeReply, NvmeRequest, ScsiReply, ScsiRequest, TransportError

ScsiAnswer = ScsiReply | TransportError | Callable[[ScsiRequest], ScsiReply]
NvmeAnswer = NvmeReply | TransportError | Callable[[NvmeRequest], NvmeReply]


def fixed_sense(key: int, asc: int, ascq: int, **places: int) -> bytes:
    """18 bytes of fixed-format sense; `b3=0x04` sets byte 3."""
    raw = bytearray(18)
    raw[0], raw[2], raw[7], raw[12], raw[13] = 0x70, key, 10, asc, ascq
    for place, value in places.items():
        raw[int(place[1:])] = value
    return bytes(raw)


def descriptor_sense(key: int, asc: int, ascq: int, *descriptors: bytes) -> bytes:
    """Descriptor-format sense."""
    body = b"".join(descriptors)
    return bytes((0x72, key, asc, ascq, 0, 0, 0, len(body))) + body


def ata_return(
    *, status: int = 0x50, error: int = 0, count: int = 0, lba: int = 0, device: int = 0x40, extend: bool = True
) -> bytes:
    """The ATA Status Return descriptor."""
    high = (lambda place: lba >> place & 0xFF) if extend else (lambda _: 0)
    return bytes(
        (
            *(0x09, 12, int(extend), error),
            *(count >> 8 & 0xFF if extend else 0, count & 0xFF),
            *(high(24), lba & 0xFF, high(32), lba >> 8 & 0xFF, high(40), lba >> 16 & 0xFF),
            *(device, status),
        )
    )


def told(**registers: int | bool) -> ScsiReply:
    """CHECK CONDITION with ATA PASS-THROUGH INFORMATION AVAILABLE: the command ended well."""
    extend = bool(registers.pop("extend", True))
    return ScsiReply(status=2, sense=descriptor_sense(1, 0, 0x1D, ata_return(**registers, extend=extend)))


def aborted(error: int = 0x04, lba: int = 0) -> ScsiReply:
    """The drive aborted the ATA command."""
    return ScsiReply(status=2, sense=descriptor_sense(0xB, 0, 0, ata_return(status=0x51, error=error, lba=lba)))


UNKNOWN_OPCODE = ScsiReply(status=2, sense=fixed_sense(5, 0x20, 0))
INVALID_FIELD = ScsiReply(status=2, sense=fixed_sense(5, 0x24, 0))
ATTENTION = ScsiReply(status=2, sense=fixed_sense(6, 0x29, 0))


def good(data: bytes = b"") -> ScsiReply:
    """GOOD, with data."""
    return ScsiReply(status=0, data=data)


def inquiry_data(*, vendor: str = "ATA", product: str = "TR TEST DISK", kind: int = 0) -> bytes:
    """Standard INQUIRY data."""
    names = vendor.encode().ljust(8) + product.encode()[:16].ljust(16) + b"1.0 "
    return (bytes((kind, 0, 6, 2, 91, 0, 0, 2)) + names).ljust(96, b"\0")


def vpd_page(page: int, body: bytes) -> bytes:
    """A page of vital product data."""
    return bytes((0, page)) + len(body).to_bytes(2, "big") + body


def capacity_16(blocks: int, block: int = 512) -> bytes:
    """READ CAPACITY(16) data."""
    return (blocks - 1).to_bytes(8, "big") + block.to_bytes(4, "big") + bytes(20)


@dataclass(slots=True)
class ScriptedDrive:
    """Implements `Transport`. Keys are whatever `scsi_key` and `nvme_key` make of a request; the rest is refused."""

    scsi_answers: Mapping[str, ScsiAnswer] = field(default_factory=dict)
    nvme_answers: Mapping[str, NvmeAnswer] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)

    def scsi(self, request: ScsiRequest) -> ScsiReply:
        """See `Transport`."""
        if self.nvme_answers and not self.scsi_answers:
            raise TransportError("NVMe only")
        key = scsi_key(request.cdb)
        self.seen.append(key)
        answer = self.scsi_answers.get(key, UNKNOWN_OPCODE)
        if isinstance(answer, TransportError):
            raise answer
        return answer if isinstance(answer, ScsiReply) else answer(request)

    def nvme(self, request: NvmeRequest) -> NvmeReply:
        """See `Transport`."""
        if not self.nvme_answers:
            raise TransportError("SCSI only")
        key = nvme_key(request)
        self.seen.append(key)
        answer = self.nvme_answers.get(key, NvmeReply(status=0x4002))
        if isinstance(answer, TransportError):
            raise answer
        return answer if isinstance(answer, NvmeReply) else answer(request)


def scsi_key(cdb: bytes) -> str:
    """`inquiry`, `vpd-80`, `ata-ec`, `ata-b4-0000`, `rsoc-48-3`, or the operation code."""
    match cdb[0]:
        case 0x12:
            return f"vpd-{cdb[2]:02x}" if cdb[1] & 1 else "inquiry"
        case 0x85:
            feature = f"-{cdb[3] << 8 | cdb[4]:04x}" if cdb[14] in {0xB4, 0xB1, 0x78} else ""
            return f"ata-{cdb[14]:02x}{feature}"
        case 0xA1:
            return f"ata12-{cdb[9]:02x}"
        case 0xA3:
            return f"rsoc-{cdb[3]:02x}-{cdb[5]:x}"
        case 0x9E:
            return f"9e-{cdb[1] & 0x1F:02x}"
        case code:
            return f"{code:02x}"


def nvme_key(request: NvmeRequest) -> str:
    """`identify-01`, `identify-00-1` (namespace), `log-81`, or the operation code."""
    match request.opcode:
        case 0x06:
            return f"identify-{request.cdw[0] & 0xFF:02x}" + (f"-{request.nsid}" if request.nsid else "")
        case 0x02:
            return f"log-{request.cdw[0] & 0xFF:02x}"
        case code:
            return f"{code:02x}"
