"""On what a run was made, and with which versions: figures say little without."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.house import House

PACKAGES = ("django", "djangorestframework", "psycopg", "uvicorn", "granian")


def told_of_machine() -> str:
    """The day, the processor, and how busy it was with other things before anything began."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    busy = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC; {os.cpu_count()} cores ({_processor()}), {memory:.0f} GiB;"
        f" load before it began {busy}.\n"
    )


def versions(house: House) -> str:
    with house.maintenance() as link:
        row = link.execute("SHOW server_version").fetchone()
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return f"Python {platform.python_version()}, PostgreSQL {row[0] if row else ''}, {packages}.\n"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
