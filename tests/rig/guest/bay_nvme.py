"""Bays with NVMe/TCP targets outside: the kernel has a controller and its namespaces."""

from __future__ import annotations

import os
import re
import subprocess
import time
from pathlib import Path

from drivers.sim.commands.nvme_identify import subsystem_name
from rig.guest.bays import BayError
from rig.hand import BayHand, HandClient
from rig.layout import HOST, BaySpec, Front

_FABRICS = Path("/dev/nvme-fabrics")
_HOST_ID = "11111111-2222-3333-4444-555555555555"
_WITHIN_S = 30.0
_LOOK_EVERY_S = 0.05


class NvmeBay:
    """See `rig.guest.bays.Bay`."""

    def __init__(self, spec: BaySpec, hand: HandClient) -> None:
        self._spec = spec
        self._controller = ""
        self.sim = BayHand(hand, spec.name)

    @property
    def name(self) -> str:
        """As in the layout."""
        return self._spec.name

    @property
    def kind(self) -> Front:
        """How the drive reaches the kernel."""
        return self._spec.front

    @property
    def controller(self) -> Path:
        """The controller's node, such as /dev/nvme0."""
        return Path("/dev", self._controller or "not-plugged-in")

    def plug(self) -> None:
        """See `Bay.plug`. `ctrl_loss_tmo=0`: a controller that is lost is removed, as one on a PCIe slot is."""
        subprocess.run(["modprobe", "nvme-tcp"], check=True)
        wanted = {
            "transport": "tcp",
            "traddr": HOST,
            "trsvcid": self._spec.port,
            "nqn": subsystem_name(self._spec.drive.serial),
            "hostnqn": f"nqn.2014-08.org.nvmexpress:uuid:{_HOST_ID}",
            "hostid": _HOST_ID,
            "nr_io_queues": 1,
            "ctrl_loss_tmo": 0,
        }
        descriptor = os.open(_FABRICS, os.O_RDWR)
        try:
            os.write(descriptor, ",".join(f"{name}={value}" for name, value in wanted.items()).encode())
            told = os.read(descriptor, 256).decode()
        except OSError as error:
            raise BayError(f"{self.name}: {error.strerror}: {_kernel_log()}") from error
        finally:
            os.close(descriptor)
        found = re.match(r"instance=(\d+)", told)
        if found is None:
            raise BayError(f"{self.name}: {_FABRICS} said {told!r}")
        self._controller = f"nvme{found[1]}"
        self.node()

    def unplug(self) -> None:
        """See `Bay.unplug`. The connections are cut without a word: the kernel finds its controller gone."""
        subprocess.run(["modprobe", "tcp_diag"], check=True)
        subprocess.run(["ss", "-K", "dst", HOST, "dport", "=", str(self._spec.port)], check=True, capture_output=True)
        self.wait_until_gone()

    def wait_until_gone(self) -> None:
        """Wait for the kernel to lose the controller, whyever. Raises `BayError`."""
        deadline = time.monotonic() + _WITHIN_S
        while self._controller and Path("/sys/class/nvme", self._controller).exists():
            if time.monotonic() > deadline:
                raise BayError(f"{self.name}: {self._controller} is still there: {_kernel_log()}")
            time.sleep(_LOOK_EVERY_S)
        self._controller = ""
        _settle()

    def power_cycle(self) -> None:
        """See `Bay.power_cycle`."""
        self.unplug()
        self.sim.cycle()
        self.plug()

    def node(self) -> Path:
        """See `Bay.node`: namespace 1. While somebody still holds the node it had before, it gets another number."""
        deadline = time.monotonic() + _WITHIN_S
        while (node := self._first_namespace()) is None or not node.is_block_device():
            if time.monotonic() > deadline:
                raise BayError(f"{self.name}: no namespace 1 after {_WITHIN_S:.0f} s: {_kernel_log()}")
            time.sleep(_LOOK_EVERY_S)
        _settle()
        return node

    def _first_namespace(self) -> Path | None:
        for attribute in Path("/sys/class/nvme", self._controller).glob("nvme*n*/nsid"):
            if attribute.read_text().strip() == "1":
                return Path("/dev", attribute.parent.name)
        return None


def _kernel_log() -> str:
    """The kernel's last lines."""
    lines = subprocess.run(["dmesg"], check=False, capture_output=True, text=True).stdout.splitlines()
    return " | ".join(lines[-6:])


def _settle() -> None:
    subprocess.run(["udevadm", "settle", "--timeout=20"], check=True)
