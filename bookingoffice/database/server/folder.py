"""The one folder in which all state lives, and where in it each thing stands."""

from __future__ import annotations

import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bookingoffice.database.server.trouble import ServerTrouble
from bookingoffice.env import Environment

PROJECT = Path(__file__).resolve().parents[3]
SOCKET_NAME = ".s.PGSQL.5432"
# The kernel keeps 108 bytes for a socket's path on Linux and 104 elsewhere.
LONGEST_SOCKET_PATH = 100


@dataclass(frozen=True)
class DataFolder:
    path: Path

    @classmethod
    def of(cls, environment: Environment) -> DataFolder:
        return cls(environment.folder("BOOKINGOFFICE_DATA", PROJECT / ".data"))

    @property
    def cluster(self) -> Path:
        return self.path / "cluster"

    @property
    def log(self) -> Path:
        return self.path / "postgresql.log"

    @property
    def static(self) -> Path:
        return self.path / "static"

    @property
    def metrics(self) -> Path:
        return self.path / "metrics"

    def lock(self, name: str) -> Path:
        return self.path / f"{name}.lock"

    def prepare(self) -> None:
        """Makes the folder, for its owner alone: it holds the secret key and the rows of everybody."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ServerTrouble(f"The data folder {self.path} cannot be made: {error.strerror}.") from error
        if not os.access(self.path, os.R_OK | os.W_OK | os.X_OK):
            raise ServerTrouble(f"The data folder {self.path} belongs to another account: run as its owner.")

    def secret_key(self) -> str:
        """Generated once and kept; whoever comes second reads what the first one wrote."""
        self.prepare()
        kept = self.path / "secret-key"
        if not kept.exists():
            draft = self.write_private(f"secret-key.{os.getpid()}", secrets.token_urlsafe(50))
            try:
                os.link(draft, kept)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return kept.read_text().strip()

    def socket_folder(self) -> Path:
        """The cluster itself, or a short private folder where the path would be too long (or would read as two)."""
        path = os.fsencode(self.cluster / SOCKET_NAME)
        if len(path) <= LONGEST_SOCKET_PATH and b"," not in path:
            return self.cluster
        self.prepare()
        record = self.path / "socket-folder"
        if record.exists() and _private(kept := Path(record.read_text())):
            return kept
        short = Path(tempfile.mkdtemp(prefix="bookingoffice-", dir=_short_parent()))
        self.write_private(record.name, str(short))
        return short

    def write_private(self, name: str, text: str) -> Path:
        """Replaces a file in one step; nobody but its owner may read it."""
        descriptor, draft = tempfile.mkstemp(prefix=f".{name}-", dir=self.path)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
        self.give_to_owner(Path(draft))
        return Path(draft).replace(self.path / name)

    def give_to_owner(self, path: Path) -> None:
        """What root makes in somebody's data folder stays usable for that somebody."""
        if os.geteuid() == 0:
            owner = self.path.stat()
            os.chown(path, owner.st_uid, owner.st_gid)


def _short_parent() -> str:
    usual = tempfile.gettempdir()
    return usual if len(os.fsencode(usual)) <= 40 else "/tmp"  # noqa: S108 (mkdtemp makes a private folder in it)


def _private(folder: Path) -> bool:
    """Still there after a reboot or a cleaning of /tmp, and nobody else's."""
    return folder.is_dir() and not folder.is_symlink() and folder.stat().st_mode & 0o077 == 0
