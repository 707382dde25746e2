"""Style sheets and scripts as the server wants them, gathered once for a whole test run, however many workers share it."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bookingoffice.database.server.folder import PROJECT, DataFolder
from tests.cluster import FOLDER

GATHER = (
    "import django; django.setup(); from bookingoffice.serving.statics import collect_if_changed; collect_if_changed()"
)
GATHERED = DataFolder(FOLDER.path / "gathered")


def lay_statics(folder: DataFolder) -> None:
    """What `up` would gather by itself, and finds done. Where it is laid already, nothing happens."""
    with alone("statics"):
        if not GATHERED.static.exists():
            environment = {**os.environ, "BOOKINGOFFICE_DATA": str(GATHERED.path)}
            subprocess.run([sys.executable, "-c", GATHER], env=environment, cwd=PROJECT, check=True, timeout=240)
        if not any(folder.static.glob("*")):
            folder.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copytree(GATHERED.static, folder.static, dirs_exist_ok=True)


@contextmanager
def alone(with_what: str) -> Iterator[None]:
    """One of a test run's workers at a time."""
    with Path(FOLDER.path / f"{with_what}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
