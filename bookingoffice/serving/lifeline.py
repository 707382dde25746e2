"""A child that outlives its parent would keep the port: each asks the kernel to be told when the parent is gone."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

SET_PARENT_DEATH_SIGNAL = 1  # prctl's PR_SET_PDEATHSIG


def end_with_parent(parent: int) -> None:
    """SIGTERM, the gentle end, as soon as `parent` dies, however it dies. Linux only; elsewhere nothing is promised."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
    if os.getppid() != parent:  # it died before we asked
        os.kill(os.getpid(), signal.SIGTERM)
