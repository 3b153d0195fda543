"""The bays as the guest sees them: each is plugged in, found, pulled out."""

from __future__ import annotations

import importlib
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from rig.hand import BayHand, HandClient, HandError
from rig.layout import HOST, BaySpec, Front, Layout

_CLASSES = {
    Front.TCMU: ("rig.guest.bay_tcmu", "TcmuBay"),
    Front.USB: ("rig.guest.bay_usb", "UsbBay"),
    Front.NVME_TCP: ("rig.guest.bay_nvme", "NvmeBay"),
    Front.AHCI: ("rig.guest.bay_qemu", "QemuBay"),
    Front.PCIE: ("rig.guest.bay_qemu", "QemuBay"),
    Front.THROTTLED: ("rig.guest.bay_qemu", "QemuBay"),
    Front.NULL: ("rig.guest.bay_qemu", "QemuBay"),
}
"""Imported when a bay of the kind is attached: each brings modules that cost time to load."""


class BayError(Exception):
    """A bay did not do what was asked; the text says what was seen instead."""


class Bay(Protocol):
    """One bay. What it is told waits until the guest's kernel and udev have done their part."""

    @property
    def name(self) -> str:
        """As in the layout."""

    @property
    def kind(self) -> Front:
        """How the drive reaches the kernel."""

    @property
    def sim(self) -> BayHand:
        """The hand that reaches this bay's drive from outside."""

    def plug(self) -> None:
        """Connect the drive, which is switched on. Returns once its node is there; raises `BayError`."""

    def unplug(self) -> None:
        """Pull it out, as it is, with no word to the kernel before. Returns once its node is gone."""

    def power_cycle(self) -> None:
        """Pull it out, switch the drive off and on, plug it in again."""

    def node(self) -> Path:
        """The drive's device node now. Waits for udev; raises `BayError` with what there is instead."""


def make(spec: BaySpec, hand: HandClient) -> Bay:
    """The bay of a description, with nothing plugged in yet."""
    module, name = _CLASSES[spec.front]
    bay: Bay = getattr(importlib.import_module(module), name)(spec, hand)
    return bay


def attach(layout: Layout, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Plug in these bays, one after another: each one's name, and its node or what went wrong."""
    hand = HandClient(HOST, layout.hand)
    for name in names:
        try:
            bay = make(layout.bay(name), hand)
            bay.plug()
            yield name, str(bay.node())
        except (BayError, HandError, OSError, subprocess.CalledProcessError) as error:
            yield name, f"not there: {error}"
