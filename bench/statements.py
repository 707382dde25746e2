"""The statements of one request, as PostgreSQL's own log has them."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence

from bench import callers
from bench.house import House

SAMPLE = 20
LOGGED = re.compile(r"LOG:  (?:execute [^:]*|statement): (.*)")
FRAME = ("BEGIN", "COMMIT", "SET LOCAL", "SAVEPOINT", "RELEASE SAVEPOINT")
"""What says where a transaction begins and ends and whose it is: counted as one statement, the scope."""


def sent_by(house: House, request: Callable[[], bytes]) -> list[str]:
    """All statements of SAMPLE requests, one after the other on one connection."""
    requests = [request() for _ in range(SAMPLE)]
    with house.maintenance() as link:
        link.execute("ALTER SYSTEM SET log_statement = 'all'")
        link.execute("SELECT pg_reload_conf()")
        time.sleep(0.5)
        before = house.folder.log.stat().st_size
        callers.rate(house.port, requests, 1)
        link.execute("ALTER SYSTEM RESET log_statement")
        link.execute("SELECT pg_reload_conf()")
    time.sleep(0.5)
    with house.folder.log.open() as log:
        log.seek(before)
        found = LOGGED.findall(log.read())
    return [text for text in found if not text.startswith(("ALTER SYSTEM", "SELECT pg_reload_conf"))]


def told(sent: Sequence[str]) -> str:
    frame = [text for text in sent if text.startswith(FRAME)]
    asked = (len(sent) - len(frame)) / SAMPLE
    return f"{asked + 1:.2f} statements a redemption, the scope counted as one ({len(frame) / SAMPLE:.2f} commands frame it)"
