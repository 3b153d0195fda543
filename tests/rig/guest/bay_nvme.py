"""Bays with NVMe/TCP targets outside: the kernel has a controller and its namespaces."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from drivers.sim.commands.nvme_identify import subsystem_name
from rig.guest.bays import Bay, BayError
from rig.hand import HandClient
from rig.layout import HOST, BaySpec

_FABRICS = Path("/dev/nvme-fabrics")
_HOST_ID = "11111111-2222-3333-4444-555555555555"


class NvmeBay(Bay):
    """See `rig.guest.bays.Bay`."""

    def __init__(self, spec: BaySpec, hand: HandClient) -> None:
        super().__init__(spec, hand)
        self._controller = ""

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

    def _pull_out(self) -> None:
        """The connections are cut without a word: the kernel finds its controller gone."""
        subprocess.run(["modprobe", "tcp_diag"], check=True)
        subprocess.run(["ss", "-K", "dst", HOST, "dport", "=", str(self._spec.port)], check=True, capture_output=True)

    def _is_gone(self) -> bool:
        if self._controller and Path("/sys/class/nvme", self._controller).exists():
            return False
        self._controller = ""
        return True

    def _node(self) -> Path | None:
        """Namespace 1. While somebody still holds the node it had before, it gets another number."""
        for attribute in Path("/sys/class/nvme", self._controller).glob("nvme*n*/nsid"):
            node = Path("/dev", attribute.parent.name)
            if attribute.read_text().strip() == "1" and node.is_block_device():
                return node
        return None

    def _seen(self) -> str:
        return f"{self._controller or 'no controller'}; {_kernel_log()}"


def _kernel_log() -> str:
    """The kernel's last lines."""
    lines = subprocess.run(["dmesg"], check=False, capture_output=True, text=True).stdout.splitlines()
    return " | ".join(lines[-6:])
