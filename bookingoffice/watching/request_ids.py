"""One name for one request, in every line of the logs and in the answer, so that a caller's complaint finds its lines."""

from __future__ import annotations

import re
from contextvars import ContextVar
from typing import Any, Final
from uuid import uuid4

VARIABLE: Final = "bookingoffice.request_id"
WELL_FORMED: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{7,127}").fullmatch

current: ContextVar[str] = ContextVar("request_id", default="")


def begin(environ: dict[str, Any]) -> str:
    """The caller's own where it is well-formed, so that one id goes through several systems; else a new one."""
    sent = environ.get("HTTP_X_REQUEST_ID")
    found = sent if sent and WELL_FORMED(sent) else str(uuid4())
    environ[VARIABLE] = found
    current.set(found)
    return found
