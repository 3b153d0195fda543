"""USB-SATA docks over virtual drives, for vhci-hcd: `python -m drivers.sim.kernel.usb_dock PORT=FOLDER …`.

Each dock listens on a port of 127.0.0.1. A host plugs it in by connecting and giving the socket to vhci-hcd (sysfs
`attach`, high speed), and pulls it out by closing it. While it is plugged in it holds its drives as an operating system
does; a drive that is off then is an empty bay, and a dock whose only drive loses its power falls off the bus. A port
that is given again adds a bay to that dock: the bays are its logical units, behind the dock's one serial number.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import socket
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from drivers.sim.kernel import usb_ip
from drivers.sim.kernel.listening import Listener, hang_up, receive
from drivers.sim.kernel.usb_bulk_only import BulkOnly, Held, Order
from drivers.sim.kernel.usb_descriptors import DUAL, SINGLE, ControlPipe
from drivers.sim.kernel.usb_ip import Unlink, Urb
from drivers.sim.kernel.usb_lun import Lun, Performed

_SET_CONFIGURATION, _BULK_ONLY_RESET = (0x00, 9), (0x21, 0xFF)


class UsbDock:
    """A dock with a bay for each of the folders, one at least. Port 0 is any that is free."""

    def __init__(self, folders: Sequence[Path], port: int = 0) -> None:
        self._folders = tuple(folders)
        self._listener = Listener(port, self._plugged_in)

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._listener.port

    def close(self) -> None:
        """Pull it out, and listen no more."""
        self._listener.close()

    def _plugged_in(self, connection: socket.socket) -> None:
        present = [threading.Event() for _ in self._folders]

        def lost(bay: threading.Event) -> None:
            bay.clear()
            if not any(event.is_set() for event in present):
                hang_up(connection)

        luns: list[Lun] = []
        try:
            for folder, bay in zip(self._folders, present, strict=True):
                bay.set()
                luns.append(Lun(folder, functools.partial(lost, bay)))
                if luns[-1].is_empty:
                    bay.clear()
            if any(bay.is_set() for bay in present):
                _Plugged(connection, luns).serve()
        finally:
            for lun in luns:
                lun.close()


class _Plugged:
    """A dock while it is plugged in: transfers come in order, the drive's answers when they come."""

    def __init__(self, connection: socket.socket, luns: Sequence[Lun]) -> None:
        self._connection = connection
        self._luns = luns
        self._lock = threading.Lock()
        self._bulk = BulkOnly(len(luns))
        self._control = ControlPipe(SINGLE if len(luns) == 1 else DUAL, self._bulk, len(luns))
        self._waiting: deque[Urb] = deque()
        self._at_work: Order | None = None

    def serve(self) -> None:
        """Until the host or the drives go away. Raises `EOFError`, `OSError` or `UsbIpError`."""
        while True:
            match usb_ip.parse(receive(self._connection, usb_ip.HEADER_SIZE)):
                case Unlink() as unlink:
                    self._unlink(unlink)
                case Urb() as urb:
                    data = b"" if urb.to_host or not urb.length else receive(self._connection, urb.length)
                    with self._lock:
                        self._transfer(urb, data)

    def _transfer(self, urb: Urb, data: bytes) -> None:
        if urb.endpoint == 0:
            self._control_request(urb)
        elif urb.to_host:
            self._waiting.append(urb)
        else:
            self._send(usb_ip.done(urb) if self._bulk.take(data) else usb_ip.stalled(urb))
            self._begin()
        self._give()

    def _control_request(self, urb: Urb) -> None:
        if (urb.setup[0], urb.setup[1]) in {_SET_CONFIGURATION, _BULK_ONLY_RESET} and self._at_work is not None:
            lun, self._at_work = self._luns[self._at_work.lun], None
            lun.give_up()
        answer = self._control.request(urb.setup)
        self._send(usb_ip.stalled(urb) if answer is None else usb_ip.done(urb, answer))

    def _begin(self) -> None:
        order = self._bulk.order()
        if order is not None:
            self._at_work = order
            work = self._luns[order.lun].begin(order)
            threading.Thread(target=self._perform, args=(order, work), daemon=True, name="command").start()

    def _perform(self, order: Order, work: Callable[[], Performed]) -> None:
        """In a thread of its own, as the host may lose its patience and go on with something else."""
        performed = work()
        with self._lock:
            if self._at_work is not order:
                return  # given up by the host meanwhile
            self._at_work = None
            self._bulk.finish(performed.status, performed.data)
            with contextlib.suppress(OSError):  # the host is gone: whoever reads from it finds out too
                self._give()

    def _give(self) -> None:
        """Serve the host's waiting transfers as far as there is something for them."""
        while self._waiting:
            given = self._bulk.give(self._waiting[0].length)
            if given is Held.WAITS:
                return
            urb = self._waiting.popleft()
            self._send(usb_ip.stalled(urb) if isinstance(given, Held) else usb_ip.done(urb, given))

    def _unlink(self, unlink: Unlink) -> None:
        with self._lock:
            victim = next((urb for urb in self._waiting if urb.number == unlink.victim), None)
            if victim is not None:
                self._waiting.remove(victim)
            self._send(usb_ip.unlinked(unlink, was_pending=victim is not None))

    def _send(self, data: bytes) -> None:
        self._connection.sendall(data)


def _bay(text: str) -> tuple[int, Path]:
    port, _, folder = text.partition("=")
    return int(port), Path(folder)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line: serve until ended by a signal. Prints `PORT FOLDER…` for each dock once it listens."""
    parser = argparse.ArgumentParser(prog="drivers.sim.kernel.usb_dock", description="USB-SATA docks for vhci-hcd.")
    parser.add_argument("bays", nargs="+", type=_bay, metavar="PORT=FOLDER")
    docks: dict[int, list[Path]] = {}
    for port, folder in parser.parse_args(arguments).bays:
        docks.setdefault(port, []).append(folder)
    listening = [UsbDock(folders, port) for port, folders in docks.items()]
    for dock, folders in zip(listening, docks.values(), strict=True):
        sys.stdout.write(f"{dock.port} {' '.join(map(str, folders))}\n")
    sys.stdout.flush()
    threading.Event().wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
