"""PostgREST itself, where the operator has its binary: on the same tables, for the same role, with a token of its own making."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from bench.house import HOST, House, free_port, wait
from bookingoffice.database.addresses import DATABASE_NAME, SERVING_ROLE

SECRET = "a secret of thirty-two letters or more"
SCOPE = """
CREATE OR REPLACE FUNCTION public.bench_scope() RETURNS void
LANGUAGE sql AS $$ SELECT set_config('bookingoffice.organization_id', '{}', true) $$
"""


@contextmanager
def opened(house: House, binary: str | None) -> Iterator[int | None]:
    """Its port; None without a binary."""
    if binary is None:
        yield None
        return
    with house.maintenance() as link:
        link.execute(SCOPE.format(house.organization_id).encode())
    port = free_port()
    place = quote(str(house.folder.socket_folder()), safe="")
    environment = os.environ | {
        "PGRST_DB_URI": f"postgresql://{SERVING_ROLE}@/{DATABASE_NAME}?host={place}",
        "PGRST_DB_SCHEMAS": "public",
        "PGRST_DB_ANON_ROLE": SERVING_ROLE,
        "PGRST_DB_PRE_REQUEST": "public.bench_scope",
        "PGRST_DB_MAX_ROWS": "1000",
        "PGRST_JWT_SECRET": SECRET,
        "PGRST_SERVER_HOST": HOST,
        "PGRST_SERVER_PORT": str(port),
        "PGRST_LOG_LEVEL": "crit",
    }
    serving = subprocess.Popen([binary], env=environment, stdout=subprocess.DEVNULL)
    try:
        wait(serving, port)
        yield port
    finally:
        serving.terminate()
        serving.wait(30)


def token() -> str:
    head, body = (
        _encoded(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, {"role": SERVING_ROLE})
    )
    signed = f"{head}.{body}".encode()
    return f"{head}.{body}.{_encoded(hmac.new(SECRET.encode(), signed, hashlib.sha256).digest())}"


def _encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()
