"""The bays as the guest sees them: each is plugged in, found, pulled out."""

from __future__ import annotations

import importlib
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

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


_WITHIN_S = 30.0
_SETTLED_WITHIN_S = 60
_LOOK_EVERY_S = 0.05


class BayError(Exception):
    """A bay did not do what was asked; the text says what was seen instead."""


class Bay(ABC):
    """One bay. What it is told waits until the guest's kernel and udev have done their part."""

    def __init__(self, spec: BaySpec, hand: HandClient) -> None:
        """`hand` reaches outside; `sim` is what it does for this bay's drive."""
        self._spec = spec
        self._hand = hand
        self.sim = BayHand(hand, spec.name)

    @property
    def name(self) -> str:
        """As in the layout."""
        return self._spec.name

    @property
    def kind(self) -> Front:
        """How the drive reaches the kernel."""
        return self._spec.front

    @abstractmethod
    def plug(self) -> None:
        """Connect the drive, which is switched on. Returns once its node is there; raises `BayError`."""

    def unplug(self) -> None:
        """Pull it out, as it is, with no word to the kernel before. Returns once its node is gone."""
        self._pull_out()
        self._until(self._is_gone, "still there")

    def power_cycle(self) -> None:
        """Pull it out, switch the drive off and on, plug it in again."""
        self.unplug()
        self.sim.cycle()
        self.plug()

    def node(self) -> Path:
        """The drive's device node now. Waits for udev; raises `BayError` with what there is instead."""
        self._until(lambda: self._node() is not None, "no disk")
        node = self._node()
        if node is None:
            raise BayError(f"{self.name}: its disk came and went: {self._seen()}")
        return node

    @abstractmethod
    def _pull_out(self) -> None:
        """Begin to pull it out."""

    @abstractmethod
    def _is_gone(self) -> bool:
        """Whether the kernel has let go of it, whyever."""

    @abstractmethod
    def _node(self) -> Path | None:
        """The drive's node, where the kernel has one."""

    @abstractmethod
    def _seen(self) -> str:
        """What there is, for who wonders why a drive does not come or go."""

    def _until(self, done: Callable[[], bool], otherwise: str) -> None:
        """Wait, then let udev finish. Raises `BayError`."""
        deadline = time.monotonic() + _WITHIN_S
        while not done():
            if time.monotonic() > deadline:
                raise BayError(f"{self.name}: {otherwise} after {_WITHIN_S:.0f} s: {self._seen()}")
            time.sleep(_LOOK_EVERY_S)
        subprocess.run(["udevadm", "settle", f"--timeout={_SETTLED_WITHIN_S}"], check=True)


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
