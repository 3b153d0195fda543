"""PSID revert of a self-encrypting drive (TCG Opal 2.02): the kernel's ioctl, else sedutil-cli, else not at all.

Source: linux/sed-opal.h (IOC_OPAL_PSID_REVERT_TPR, struct opal_key of 264 bytes); method statuses of TCG Core 5.1.5.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import struct
import subprocess
from collections.abc import Iterator

from bench.firmware_work import Accepted, Ended, NotTaken
from bench.messages import say
from drivers.commands.outcome import Done, Doubt, Outcome, Refused, Unclear, Why
from drivers.erase.link import Reverter
from drivers.erase.steps import Given, Step, ended_well, not_taken, settled, unknown

IOC_OPAL_PSID_REVERT_TPR = 0x410870E8
_KEY = struct.Struct("=BB6x256s")
_NOT_AUTHORIZED, _LOCKED_OUT, _LAST_STATUS = 0x01, 0x12, 0xFF
_ENOTSUPP = 524
"""A number of the kernel's own (include/linux/errno.h), which Linux 6.1 lets out where later ones say EOPNOTSUPP."""
_WITHOUT_OPAL = frozenset({errno.ENOTTY, errno.EOPNOTSUPP, errno.EINVAL, _ENOTSUPP})
"""What kernels built without CONFIG_BLK_SED_OPAL, and drives that they take for having no Opal, say."""
_TOOL = "sedutil-cli"
_TOOL_SECONDS = 300


def give(reverter: Reverter, psid: str) -> Iterator[Step]:
    """Revert. The PSID is given once: wrong ones are counted by the drive."""
    yield Given(before=unknown())
    outcome = settled(reverter.revert(psid))
    if isinstance(outcome, Refused) and outcome.why is Why.LOCKED:
        yield NotTaken(reason=say("erase-psid-refused", code=outcome.code))
        return
    if isinstance(outcome, Refused) and outcome.why is Why.UNSUPPORTED:
        yield NotTaken(reason=say("erase-revert-impossible"))
        return
    if not isinstance(outcome, Done):
        yield not_taken(outcome)
        return
    yield Accepted(seconds=0)
    yield Ended(reading=ended_well())


def by_status(status: int) -> Outcome[None]:
    """What a TCG method status means. A larger number is that of an NVMe command that the drive did not take."""
    if status == 0:
        return Done(value=None)
    if status > _LAST_STATUS:
        return Refused(why=Why.OTHER, code=f"NVMe status {status:04X}h")
    why = Why.LOCKED if status in {_NOT_AUTHORIZED, _LOCKED_OUT} else Why.OTHER
    return Refused(why=why, code=f"TCG status {status:02X}h")


class KernelReverter:
    """Implements `Reverter` for a real drive: `fd` is held open, `node` is where `sedutil-cli` finds it."""

    def __init__(self, fd: int, node: str) -> None:
        self._fd = fd
        self._node = node

    def revert(self, psid: str) -> Outcome[None]:
        """See `Reverter`."""
        secret = psid.encode()
        if not 0 < len(secret) < 256:
            return Refused(why=Why.LOCKED, code=f"{len(secret)} characters")
        try:
            status = fcntl.ioctl(self._fd, IOC_OPAL_PSID_REVERT_TPR, bytearray(_KEY.pack(0, len(secret), secret)))
        except OSError as error:
            if error.errno in _WITHOUT_OPAL:
                return self._by_tool(psid)
            code = error.errno or 0
            return Unclear(doubt=Doubt.LOST, detail=f"IOC_OPAL_PSID_REVERT_TPR: {os.strerror(code)}", errno=code)
        return by_status(status)

    def _by_tool(self, psid: str) -> Outcome[None]:
        tool = shutil.which(_TOOL)
        if tool is None:
            return Refused(why=Why.UNSUPPORTED, code=_TOOL)
        command = [tool, "--yesIreallywanttoERASEALLmydatausingthePSID", psid, self._node]
        try:
            done = subprocess.run(command, capture_output=True, timeout=_TOOL_SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            return Unclear(doubt=Doubt.LOST, detail=f"{_TOOL}: {type(error).__name__}")
        if done.returncode == 0:
            return Done(value=None)
        return Refused(why=Why.LOCKED, code=f"{_TOOL}: {done.returncode}")
