"""The record's account of what may be claimed: verdict, reasons, and what stayed out of reach."""

from __future__ import annotations

from enum import StrEnum

from bench.drive import DriveFacts, Interface, Medium
from bench.record.base import Absent, LbaRange, Published, Sentence
from bench.verdict import Verdict


class NotCovered(StrEnum):
    """Places that an overwrite by the host does not reach or that were not looked at."""

    REALLOCATED_SECTORS = "reallocated-sectors"
    OVERPROVISIONING_ON_FLASH = "overprovisioning-on-flash"
    HPA_DCO_NOT_EXAMINED = "hpa-dco-not-examined"
    NAMESPACES_NOT_EXAMINED = "namespaces-not-examined"
    HIDDEN_CAPACITY_NOT_EXAMINED = "hidden-capacity-not-examined"
    BOOT_AREAS_NOT_EXAMINED = "boot-areas-not-examined"
    STORAGE_BENEATH_NOT_EXAMINED = "storage-beneath-not-examined"
    LOGICAL_VIEW_ONLY = "logical-view-only"
    """Reading back shows what can be addressed, not what the memory beneath still holds."""


_BY_MEDIUM = {
    Medium.ROTATING: (NotCovered.REALLOCATED_SECTORS,),
    Medium.FLASH: (NotCovered.OVERPROVISIONING_ON_FLASH,),
    Medium.UNKNOWN: (NotCovered.REALLOCATED_SECTORS, NotCovered.OVERPROVISIONING_ON_FLASH),
    Medium.FILE: (),
}
_BY_INTERFACE = {
    Interface.NVME: NotCovered.NAMESPACES_NOT_EXAMINED,
    Interface.SAS: NotCovered.HIDDEN_CAPACITY_NOT_EXAMINED,
    Interface.SCSI: NotCovered.HIDDEN_CAPACITY_NOT_EXAMINED,
    Interface.MMC: NotCovered.BOOT_AREAS_NOT_EXAMINED,
    Interface.VIRTIO: NotCovered.STORAGE_BENEATH_NOT_EXAMINED,
    Interface.LOOP: NotCovered.STORAGE_BENEATH_NOT_EXAMINED,
}


class Validation(Published):
    """The owner's acceptance of the result (validation, as against verification); for the donor to fill in."""

    validator: Absent
    decision: Absent
    date: Absent


class Result(Published):
    """What is proven about the data, and what is not."""

    verdict: Verdict
    reasons: tuple[Sentence, ...]
    """Why no erasure is proven."""
    remarks: tuple[Sentence, ...]
    """What must be known about a proven erasure."""
    unwritten: tuple[LbaRange, ...]
    """Logical blocks whose last overwrite is not proven."""
    unreadable: tuple[LbaRange, ...]
    """Logical blocks that could not be read back."""
    mismatching: tuple[LbaRange, ...]
    """Logical blocks that held other data than was written."""
    not_covered: tuple[NotCovered, ...]
    grade: Absent
    validation: Validation


def not_covered(facts: DriveFacts) -> tuple[NotCovered, ...]:
    """What overwriting this kind of drive leaves out, whatever the verdict."""
    hidden = _BY_INTERFACE.get(facts.interface, NotCovered.HPA_DCO_NOT_EXAMINED)
    return (*_BY_MEDIUM[facts.medium], hidden)
