"""What the operator is told when a backup cannot be made or put back."""

from __future__ import annotations

import errno

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Refused(Exception):
    """A sentence for the terminal: what is wrong, what became of it, what to do."""


class Damaged(Refused):
    """The file is not what was written."""


def no_room(error: OSError, place: object) -> Refused:
    if error.errno in FULL:
        return Refused(f"There is no room left in {place}: no backup was made, and no half of one was left there.")
    return Refused(f"{place} cannot be written: {error.strerror}. No backup was made.")
