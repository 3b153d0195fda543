"""The record's account of the drive: everything it said of itself, every way its size was asked."""

from __future__ import annotations

from bench.drive import Interface, Medium
from bench.record.base import Absent, Count, NonEmpty, Ordinal, Published, Sentence, Sha256, Stated


class SizeStatement(Published):
    """One answer to the question how large the drive is."""

    source: NonEmpty
    """Who was asked."""
    size_bytes: Count


class Identity(Published):
    """Serial, model, WWN and size as read from the drive itself; never cut, never corrected."""

    model: Stated[str]
    serial: Stated[str]
    wwn: Stated[str]
    """World-wide name, EUI-64 or NGUID."""
    size_bytes: Count
    source: NonEmpty
    """The reading that gave these values."""
    digest: Sha256
    """SHA-256 over all of them, as recorded before each destructive step."""


class NamespaceStatement(Published):
    """One NVMe namespace, as found."""

    nsid: Ordinal
    size_bytes: Count
    block_bytes: Count
    active: bool


class Drive(Published):
    """The drive as found before erasing."""

    identity: Identity
    identity_at_end: Stated[Identity]
    """Read again after the last step."""
    vendor: Stated[str]
    firmware: Stated[str]
    interface: Interface
    bridge: Stated[str]
    """What stands between the bench and the drive, by name."""
    medium: Medium
    form_factor: Absent
    logical_sector_bytes: Ordinal
    physical_sector_bytes: Stated[Ordinal]
    size_readings: tuple[SizeStatement, ...]
    """The size by every way of asking."""
    native_size_bytes: Stated[Count]
    """With a host protected area (HPA) or accessible maximum address (AMA) removed."""
    factory_size_bytes: Stated[Count]
    """With a device configuration overlay (DCO) removed."""
    namespaces: Stated[tuple[NamespaceStatement, ...]]
    address: NonEmpty
    """Where the drive was reached, as typed; never what it is."""
    node: NonEmpty
    obstacles: tuple[Sentence, ...]
    undetermined: tuple[Sentence, ...]
    notes: tuple[Sentence, ...]
    smart_before: Absent
    smart_after: Absent
