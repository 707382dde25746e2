"""What ASGI, the interface between web servers and applications, calls its parts; and what ours say to each other beside it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

Scope = MutableMapping[str, Any]
"""The head of a request."""

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

READS: Final = "reads"
"""In the state of the process: where heads that came before are answered."""

HEAD: Final = "head"
"""In the state of a request, its head as its bytes came, where it may come again."""

LEAVE: Final = "leave"
"""In the state of a request, what breaks off the connection."""
