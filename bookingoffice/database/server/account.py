"""Which account the server runs under. PostgreSQL refuses root, so root lends it an unprivileged one."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bookingoffice.database.server.trouble import ServerTrouble

# On a machine that has an account for databases its processes are fewer and better known than those of `nobody`.
CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int

    @property
    def borrowed(self) -> bool:
        """Not ours: the server is another account's process, and its files must be given to that account."""
        return self.uid != os.geteuid()

    def popen_options(self) -> dict[str, Any]:
        """For `subprocess`: no variable of ours reaches the server, and a borrowed account keeps no group of root's."""
        options: dict[str, Any] = {
            "env": {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            "stdin": subprocess.DEVNULL,
            "umask": 0o077,
        }
        if self.borrowed:
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return options

    def take(self, path: Path) -> None:
        if self.borrowed:
            os.chown(path, self.uid, self.gid)


def account_for(cluster: Path) -> Account:
    """The owner of a cluster that exists; else we ourselves, or an unprivileged account where we are root."""
    owner = cluster.stat() if cluster.exists() else None
    if os.geteuid() != 0:
        if owner and owner.st_uid != os.geteuid():
            raise ServerTrouble(f"The database in {cluster} belongs to another account: run as that one, or as root.")
        return Account(os.geteuid(), os.getegid())
    if owner and owner.st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    return _unprivileged(cluster)


def _unprivileged(cluster: Path) -> Account:
    """The owner of the data folder, where that is an ordinary user; else an account of the system's."""
    folder = cluster.parent.stat()
    if folder.st_uid != 0:
        return Account(folder.st_uid, folder.st_gid)
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise ServerTrouble(
        "PostgreSQL does not run as root, and there is no account `nobody` to lend it. "
        "Make one, or run as an ordinary user."
    )


def account_name() -> str:
    """The name PostgreSQL will know us by when it asks the kernel who is calling."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise ServerTrouble(
            f"The user number {os.geteuid()} has no name in /etc/passwd, which PostgreSQL requires. "
            "Add it, or set DATABASE_URL."
        ) from None
