"""The few ioctls that tell about a block device; none of them changes it.

Numbers and layouts: linux/fs.h, linux/loop.h, as on x86 and ARM (other architectures encode directions differently).
"""

from __future__ import annotations

import fcntl
import os
import struct
from dataclasses import dataclass

_READ = 2
_BLOCK = 0x12


def _ior(group: int, number: int, size: int) -> int:
    return _READ << 30 | size << 16 | group << 8 | number


_BLKROGET = _BLOCK << 8 | 94
_BLKGETSIZE64 = _ior(_BLOCK, 114, struct.calcsize("N"))  # declared with size_t, yet always fills 64 bits
_BLKGETDISKSEQ = _ior(_BLOCK, 128, 8)
_LOOP_GET_STATUS64 = 0x4C05
# lo_device, lo_inode, lo_rdevice, lo_offset, lo_sizelimit; number, three encryption fields and flags follow.
_LOOP_HEAD = struct.Struct("=5Q")
_LOOP_INFO64_SIZE = 232


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopStatus:
    """What a loop device stands on: the file's file system and inode, or the block device `over`.

    Device numbers are (major, minor); `offset` is where in the file the device begins, in bytes.
    """

    device: tuple[int, int]
    inode: int
    over: tuple[int, int] | None
    offset: int


def size_in_bytes(fd: int) -> int:
    """BLKGETSIZE64. Raises `OSError`."""
    return _unsigned(fd, _BLKGETSIZE64, 8)


def is_read_only(fd: int) -> bool:
    """BLKROGET: whether the kernel refuses writes. Raises `OSError`."""
    return _unsigned(fd, _BLKROGET, 4) != 0


def disk_sequence(fd: int) -> int:
    """BLKGETDISKSEQ: a number that no other disk gets while the machine runs. Raises `OSError` (ENOTTY: old kernel)."""
    return _unsigned(fd, _BLKGETDISKSEQ, 8)


def loop_status(fd: int) -> LoopStatus:
    """LOOP_GET_STATUS64. Raises `OSError`: ENXIO where nothing is attached."""
    answer = fcntl.ioctl(fd, _LOOP_GET_STATUS64, bytes(_LOOP_INFO64_SIZE))
    device, inode, over, offset, _ = _LOOP_HEAD.unpack_from(answer)
    return LoopStatus(
        device=(os.major(device), os.minor(device)),
        inode=inode,
        over=(os.major(over), os.minor(over)) if over else None,
        offset=offset,
    )


def _unsigned(fd: int, request: int, size: int) -> int:
    return int.from_bytes(fcntl.ioctl(fd, request, bytes(size)), "little")
