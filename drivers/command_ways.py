"""The way to a drive as a command worker's order names it: a virtual drive's socket, or an inherited descriptor."""

from __future__ import annotations

from pathlib import Path

from drivers.command_protocol import Reach, Target
from drivers.commands.nvme_ioctl import NvmeTransport
from drivers.commands.sgio import SgTransport
from drivers.erase.link import Link
from drivers.erase.opal_revert import KernelReverter


def open_link(target: Target) -> Link:
    """The way to the drive. Raises `LostError`."""
    match target.reach:
        case Reach.SIMULATED:
            # Imported here: a worker on a real drive has no simulator in it, and starts sooner.
            from drivers.sim import link  # noqa: PLC0415

            return link.connect(Path(target.where), target.token)
        case Reach.SCSI:
            return Link(transport=SgTransport(target.fd), reverter=KernelReverter(target.fd, target.where))
        case Reach.NVME:
            return Link(transport=NvmeTransport(target.fd), reverter=KernelReverter(target.fd, target.where))
