"""Virtual drives over TCP, for a guest that cannot see their sockets.

`python -m drivers.sim.kernel.relay PORT=FOLDER …`: each TCP connection to 127.0.0.1:PORT becomes a connection to the
drive in FOLDER, byte for byte, and ends with it. A drive that is off ends it at once. So a claim made through here ends
with the guest that made it, also when that is killed. The drive sees one client, this process: a sickness that kills
its client kills the relay.
"""

from __future__ import annotations

import argparse
import signal
import socket
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

from drivers.sim.client import SimConnection
from drivers.sim.kernel.listening import Listener, hang_up

_PIECE = 1024 * 1024


class Relay:
    """Answers for one drive, from construction to `close`; `port` 0 is any that is free. Raises `OSError`."""

    def __init__(self, port: int, folder: Path) -> None:
        self._folder = folder
        self._listener = Listener(port, self._serve)
        self.port = self._listener.port

    def close(self) -> None:
        """Answer no more, and end all connections."""
        self._listener.close()

    def _serve(self, guest: socket.socket) -> None:
        try:
            connection = SimConnection.connect(self._folder)
        except OSError:
            return  # off, or not there: the end of the connection says it
        with socket.socket(fileno=connection.detach()) as drive:
            back = threading.Thread(target=_pump, args=(drive, guest), daemon=True)
            back.start()
            _pump(guest, drive)
            back.join()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    """Pass on what comes until either side ends; then end both, which ends the other direction too."""
    buffer = memoryview(bytearray(_PIECE))
    try:
        while count := source.recv_into(buffer):
            sink.sendall(buffer[:count])
    except OSError:
        pass  # the other side went away in the middle
    finally:
        hang_up(source)
        hang_up(sink)


def main(arguments: list[str] | None = None) -> int:
    """Relay until SIGTERM or SIGINT; each line of output is a port and its folder. The exit status."""
    parser = argparse.ArgumentParser(prog="drivers.sim.kernel.relay", description="Virtual drives over TCP.")
    parser.add_argument("bays", nargs="+", metavar="PORT=FOLDER", help="port 0: any that is free, which is printed")
    options = parser.parse_args(arguments)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    with ExitStack() as stack:
        for bay in options.bays:
            port, _, folder = bay.partition("=")
            try:
                relay = Relay(int(port), Path(folder))
            except (OSError, ValueError) as error:
                sys.stderr.write(f"{bay}: {error}\n")
                return 1
            stack.callback(relay.close)
            sys.stdout.write(f"{relay.port} {folder}\n")
        sys.stdout.flush()
        signal.sigwait({signal.SIGTERM, signal.SIGINT})
    return 0


if __name__ == "__main__":
    sys.exit(main())
