"""PostgreSQL's own programs, told where the database is without a password on their command line."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from psycopg.conninfo import make_conninfo

from bookingoffice.database.server import binaries
from bookingoffice.database.server.account import Account
from bookingoffice.database.server.trouble import ServerTrouble
from bookingoffice.keeping.keeper import Keeper
from bookingoffice.keeping.refusals import Refused

PATIENT = "-c statement_timeout=0 -c lock_timeout=0 -c idle_in_transaction_session_timeout=0 -c synchronous_commit=off"


@contextmanager
def running(
    name: str, keeper: Keeper, database: str, *words: str, fed: bool = False
) -> Iterator[subprocess.Popen[bytes]]:
    """One program while the context lasts, its output to be read or its input to be written. Refused with its own
    words where it fails; killed where we fail."""
    parts = {key: value for key, value in keeper.parts.items() if key not in ("password", "options")}
    address = make_conninfo(**{**parts, "dbname": database})
    command = [str(_folder() / name), "--no-password", f"--dbname={address}", *words]
    with tempfile.TemporaryFile() as said:
        pipes = {"stdin": subprocess.PIPE} if fed else {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE}
        process = subprocess.Popen(command, env=_environment(keeper), stderr=said, **pipes)  # type: ignore[call-overload]
        try:
            yield process
            _close(process.stdin)
            process.wait()
        except BrokenPipeError:  # it ended early, and says why
            process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        finally:
            _close(process.stdout)
        if process.returncode != 0:
            said.seek(0)
            raise Refused(f"{name} failed: {_last_words(said.read().decode(errors='replace'))}")


def _folder() -> Path:
    try:
        return binaries.programs(Account(os.geteuid(), os.getegid()))
    except ServerTrouble as trouble:
        raise Refused(str(trouble)) from trouble


def _environment(keeper: Keeper) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    options = f"{keeper.parts.get('options', '')} {PATIENT}".strip()
    password = {"PGPASSWORD": keeper.parts["password"]} if "password" in keeper.parts else {}
    return {**kept, **password, "PGOPTIONS": options, "LC_ALL": "C"}


def _close(pipe: IO[bytes] | None) -> None:
    if pipe is not None and not pipe.closed:
        pipe.close()


def _last_words(said: str) -> str:
    return " ".join(line.strip() for line in said.strip().splitlines()[-4:]) or "it said nothing."
