"""What the operator is told when the embedded server cannot do its work."""

from __future__ import annotations


class ServerTrouble(Exception):
    """A sentence for the terminal: what is wrong and what to do. Never a traceback."""
