"""The stock viewset on the same server as ours, with as many processes, on the same database and past its policies."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from bench.house import HOST, House, free_port, wait
from bookingoffice.database.addresses import DATABASE_NAME
from bookingoffice.database.server.cluster import SUPERUSER
from bookingoffice.database.server.folder import PROJECT

WORKERS = 2


@contextmanager
def opened(house: House) -> Iterator[int]:
    """Its port."""
    port = free_port()
    place = quote(str(house.folder.socket_folder()), safe="")
    address = f"postgresql://{SUPERUSER}@/{DATABASE_NAME}?host={place}"
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--blocking-threads", "1", "--no-ws"]
    command += ["--workers", str(WORKERS), "--host", HOST, "--port", str(port), "--log-level", "error"]
    command.append("bench.stock_wsgi:application")
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "bench.stock_settings",
        "DATABASE_URL": address,
        "DATABASE_OWNER_URL": address,
        "BOOKINGOFFICE_DATA": str(house.folder.path),
    }
    serving = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL)
    try:
        wait(serving, port)
        yield port
    finally:
        serving.terminate()
        serving.wait(30)
