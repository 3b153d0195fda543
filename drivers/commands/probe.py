"""Asking a drive what it can do and how it is, with at most 25 commands that change nothing.

A bridge is recognised first; then what passes through it is found out. What is not answered is indeterminate, and
the notes say so. Nothing is retried endlessly: after two commands that were lost, the drive is left alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bench.capabilities import Capabilities, CommandSet
from bench.drive import DriveIdentity, Interface
from bench.messages import Message, say
from drivers.commands import (
    ata,
    bridges,
    identify,
    probe_ata,
    probe_nvme,
    probe_scsi,
    sat,
    scsi,
    scsi_replies,
)
from drivers.commands.bridges import UsbId
from drivers.commands.identify import AtaIdentity
from drivers.commands.outcome import Done, Doubt, Outcome, Refused, Unclear, read
from drivers.commands.sat import Through
from drivers.commands.scsi_replies import Inquiry
from drivers.commands.transport import NvmeReply, NvmeRequest, ScsiReply, ScsiRequest, Transport, TransportError

MOST_COMMANDS = 25
_MOST_LOSSES = 2
_SILENT = (Interface.LOOP, Interface.VIRTIO, Interface.MMC)
_GUESSED = (Interface.SIMULATED, Interface.UNKNOWN)


@dataclass(slots=True)
class CountedTransport:
    """A transport that counts, and that sends no more when enough was sent, or lost."""

    inner: Transport
    sent: int = field(default=0, init=False)
    losses: int = field(default=0, init=False)

    @property
    def left(self) -> int:
        """How many more may be sent."""
        return 0 if self.losses >= _MOST_LOSSES else MOST_COMMANDS - self.sent

    def scsi(self, request: ScsiRequest) -> ScsiReply:
        """See `Transport.scsi`."""
        self._count()
        try:
            reply = self.inner.scsi(request)
        except TransportError:
            self.losses += 1
            raise
        self.losses += int(scsi.way_failed(reply) is not None)
        return reply

    def nvme(self, request: NvmeRequest) -> NvmeReply:
        """See `Transport.nvme`."""
        self._count()
        try:
            return self.inner.nvme(request)
        except TransportError:
            self.losses += 1
            raise

    def _count(self) -> None:
        if self.left <= 0:
            raise TransportError("not sent: enough commands were sent, or too many were lost")
        self.sent += 1


def probe(
    transport: Transport, hint: Interface, *, usb: UsbId | None = None, known: DriveIdentity | None = None
) -> Capabilities:
    """Find out everything. `hint` is how the kernel says that the drive is attached.

    `usb` are the ids of the USB device it sits in, `known` the identity read elsewhere: where the drive gives another
    serial number now, a note says so. Never raises: what fails is indeterminate.
    """
    counted = CountedTransport(transport)
    found = _probe(counted, hint, usb, known)
    notes = found.notes
    if counted.losses >= _MOST_LOSSES:
        notes = (*notes, say("command-stopped", count=counted.losses))
    return replace(found, notes=tuple(dict.fromkeys(notes)), commands=counted.sent)


def _probe(
    transport: CountedTransport, hint: Interface, usb: UsbId | None, known: DriveIdentity | None
) -> Capabilities:
    if hint in _SILENT:
        return nothing(say("command-interface-none", interface=hint.value))
    if hint is Interface.NVME:
        return probe_nvme.probe(transport, known)
    inquiry = read(scsi.ask(transport, scsi.inquiry()), scsi_replies.inquiry)
    if not isinstance(inquiry, Done):
        wrong_kind = isinstance(inquiry, Unclear) and inquiry.doubt is Doubt.LOST
        return probe_nvme.probe(transport, known) if hint in _GUESSED and wrong_kind else nothing(inquiry.message)
    return _probe_scsi(transport, hint, inquiry.value, usb, known)


def _probe_scsi(
    transport: CountedTransport, hint: Interface, inquiry: Inquiry, usb: UsbId | None, known: DriveIdentity | None
) -> Capabilities:
    if not inquiry.is_disk:
        return nothing(say("command-not-a-disk", kind=f"{inquiry.kind:02X}h"))
    own_name = inquiry.vendor == "ATA"
    may_be_bridge = hint is Interface.USB or (hint in _GUESSED and not own_name)
    if may_be_bridge and bridges.carries_nvme(inquiry, usb):
        name = bridges.name(inquiry, usb)
        return replace(nothing(say("command-usb-nvme-bridge", bridge=name)), bridge=name)
    listed = read(scsi.ask(transport, scsi.vpd(0x00)), scsi_replies.vpd_pages)
    pages = listed.value if isinstance(listed, Done) else frozenset()
    translated = own_name or 0x89 in pages or hint is Interface.SATA
    bridge = bridges.name(inquiry, usb) if hint is Interface.USB else ""
    if translated or hint is Interface.USB or hint in _GUESSED:
        through, disk = _identify(transport, twelve_too=bool(bridge))
        if isinstance(disk, Done):
            if not translated:
                bridge = bridge or bridges.name(inquiry, usb)
            way = probe_ata.Way(transport=transport, through=through, bridge=bridge, pages=pages, known=known)
            return probe_ata.probe(way, disk.value)
        if bridge or translated:
            return _closed(bridge, disk)
    return probe_scsi.probe(transport, inquiry, pages, known)


def _identify(transport: Transport, *, twelve_too: bool) -> tuple[Through, Outcome[AtaIdentity]]:
    """IDENTIFY DEVICE, in the long command and, through bridges, in the short one where the long one is unknown."""
    answer = _identify_through(transport, Through.SIXTEEN)
    if isinstance(answer, Done) or not twelve_too:
        return Through.SIXTEEN, answer
    return Through.TWELVE, _identify_through(transport, Through.TWELVE)


def _identify_through(transport: Transport, through: Through) -> Outcome[AtaIdentity]:
    return read(sat.ask(transport, ata.identify_device(), through), lambda reply: identify.parse(reply.data))


def _closed(bridge: str, why: Refused | Unclear) -> Capabilities:
    """A disk that IDENTIFY does not reach, or that gives something else: nothing else is sent through."""
    if not bridge:
        return nothing(say("command-identify-failed"), why.message)
    return replace(nothing(say("command-bridge-silent", bridge=bridge), why.message), bridge=bridge)


def nothing(*notes: Message) -> Capabilities:
    """A drive that gets no commands, and why."""
    return Capabilities(command_set=CommandSet.NONE, notes=notes)
