"""The cluster's files: made once by initdb, configured anew at every start."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from bookingoffice.database.server.account import Account, account_name
from bookingoffice.database.server.trouble import ServerTrouble

SUPERUSER = "postgres"
# Through this link the server reaches its working directory without entering the folders above, which may be closed.
HERE = "/proc/self/cwd"

SETTINGS: dict[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "128MB",
    "max_connections": "100",
    "max_wal_size": "1GB",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "autovacuum_naptime": "10s",  # statistics of tables that were empty a minute ago make bad plans
    "jit": "off",  # compiling costs more than any of our short statements gains
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    # A refused row is an answer, not an event, and its statement holds people's names: neither is logged.
    "log_min_messages": "log",
    "log_checkpoints": "off",
    "idle_in_transaction_session_timeout": "10min",
}


def path_for_server(cluster: Path) -> str:
    return HERE if Path(HERE).exists() else str(cluster)


def create(cluster: Path, programs: Path, account: Account, *, durable: bool = True) -> None:
    """Makes the cluster beside its place and moves it there whole, so that a crash leaves no half of one."""
    draft = cluster.with_name(f"{cluster.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    account.take(draft)
    command = [
        str(programs / "initdb"),
        *("--pgdata", path_for_server(draft), "--username", SUPERUSER, "--auth", "peer", "--no-instructions"),
        # This build has no ICU: the builtin provider sorts by code point and knows case in all of Unicode.
        *("--encoding", "UTF8", "--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
        *([] if durable else ["--no-sync"]),
    ]
    answer = subprocess.run(command, cwd=draft, capture_output=True, text=True, check=False, **account.popen_options())
    if answer.returncode != 0:
        raise ServerTrouble(f"The database could not be made: {answer.stderr.strip() or answer.stdout.strip()}")
    with (draft / "postgresql.conf").open("a") as file:
        file.write("\ninclude_if_exists = 'bookingoffice.conf'\ninclude_if_exists = 'local.conf'\n")
    local = draft / "local.conf"
    local.write_text("# Settings of yours: they win over bookingoffice.conf, which is written anew at every start.\n")
    local.chmod(0o600)
    account.take(local)
    draft.rename(cluster)


def configure(cluster: Path, account: Account, socket_folder: Path, overrides: Mapping[str, str]) -> None:
    """Writes the settings and who may enter: this account and root alone, over the socket, as the kernel vouches."""
    settings = {**SETTINGS, "unix_socket_directories": _socket_setting(cluster, socket_folder), **overrides}
    names = sorted({account_name(), "root"})
    files = {
        "bookingoffice.conf": "".join(f"{name} = {_quoted(value)}\n" for name, value in settings.items()),
        "pg_hba.conf": "local all all peer map=bookingoffice\n",
        "pg_ident.conf": "".join(f'bookingoffice "{name}" all\n' for name in names),
    }
    for name, text in files.items():
        path = cluster / name
        path.write_text(text)
        path.chmod(0o600)
        account.take(path)


def _socket_setting(cluster: Path, socket_folder: Path) -> str:
    """The cluster is the server's working directory, so its own folder is the shortest of paths."""
    return "." if socket_folder == cluster else str(socket_folder)


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
