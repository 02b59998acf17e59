"""Memory given back is kept for the next step: large arrays fetched anew from the system cost half of a step."""

from __future__ import annotations

import ctypes
import ctypes.util

MMAP_MAX, TRIM_THRESHOLD, TOP_PAD = -4, -1, -2  # the numbers of malloc.h
LARGE = 2**31 - 1


def keep_memory() -> None:
    """Tell the C library's allocator to keep what it has; without effect where it is another library."""
    name = ctypes.util.find_library("c")
    mallopt = getattr(ctypes.CDLL(name), "mallopt", None) if name else None
    if mallopt is not None:
        mallopt(MMAP_MAX, 0)
        mallopt(TRIM_THRESHOLD, LARGE)
        mallopt(TOP_PAD, 2**28)
