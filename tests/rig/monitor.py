"""QMP, QEMU's control channel, spoken by the library that QEMU's own people keep for it."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

from qemu.qmp import ExecuteError, QMPClient

_PATIENCE_S = 15.0


class MonitorError(Exception):
    """QEMU refused; the text is its own."""


def execute(where: Path, command: str, arguments: dict[str, Any]) -> Any:
    """What a command returns, asked over a connection of its own.

    Raises `MonitorError`; `OSError` and `TimeoutError` where QEMU does not answer.
    """
    return asyncio.run(asyncio.wait_for(_execute(where, command, arguments), _PATIENCE_S))


async def _execute(where: Path, command: str, arguments: dict[str, Any]) -> object:
    client = QMPClient("rig")
    # Socket addresses end at 107 bytes, and checkouts lie deep.
    folder = os.open(where.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        await client.connect(f"/proc/self/fd/{folder}/{where.name}")
        try:
            return await client.execute(command, arguments)
        except ExecuteError as error:
            raise MonitorError(str(error)) from error
        finally:
            await client.disconnect()
    finally:
        os.close(folder)
