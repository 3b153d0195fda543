"""Giving up rights: what a process that sends commands needs of root, and nothing else.

Sources: capabilities(7), prctl(2), linux/capability.h (version 3 of the interface: two sets of 32 bits each).
"""

from __future__ import annotations

import ctypes
import os

_PR_SET_NO_NEW_PRIVS = 38
_PR_CAPBSET_DROP = 24
_VERSION_3 = 0x20080522
CAP_SYS_RAWIO, CAP_SYS_ADMIN = 17, 21
_LAST = 63
_NEEDED = (CAP_SYS_RAWIO, CAP_SYS_ADMIN)
"""SG_IO of commands that change a drive needs the first, NVMe admin commands and Opal's ioctl the second."""


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Data(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def keep_only_ioctls(*, needed: bool) -> None:
    """Drop all capabilities but those for sending commands to drives, or all where none is `needed`. For good.

    A process that is not root has none to drop; it may gain none either way. Raises `OSError`.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    kept = [number for number in _NEEDED if needed]
    if os.geteuid() == 0:
        for number in range(_LAST + 1):
            # Numbers that this kernel does not know are refused with EINVAL, and hold nothing.
            if number not in kept:
                libc.prctl(_PR_CAPBSET_DROP, number, 0, 0, 0)
        header = _Header(_VERSION_3, 0)
        current = (_Data * 2)()
        _check(libc.capget(ctypes.byref(header), current))
        mask = sum(1 << number for number in kept)
        for item in current:
            item.effective &= mask
            item.permitted &= mask
            item.inheritable = 0
            mask >>= 32
        _check(libc.capset(ctypes.byref(header), current))
    _check(libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))


def _check(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
