"""Buffers for direct I/O: page-aligned, and in huge pages where the kernel has some to give.

A transfer from a huge page is pinned in one step instead of 256, and costs the processor fewer address translations.
"""

from __future__ import annotations

import contextlib
import ctypes
import mmap

_HUGE_PAGE = 1 << 21


def aligned_buffers(count: int, size: int) -> list[memoryview]:
    """`count` page-aligned buffers of `size` bytes, which must be a multiple of the page size if there are several.

    They lie side by side, from the beginning of a huge page. Memory is taken when it is first written to.
    """
    whole = count * size
    space = mmap.mmap(-1, whole + _HUGE_PAGE)
    # Kernels built without huge pages refuse the advice; ordinary pages do as well.
    with contextlib.suppress(OSError):
        space.madvise(mmap.MADV_HUGEPAGE)
    start = -ctypes.addressof(ctypes.c_char.from_buffer(space)) % _HUGE_PAGE
    view = memoryview(space)
    return [view[start + at : start + at + size] for at in range(0, whole, size)]
