"""One embedded server for everybody who works on a data folder: the first starts it, the last stops it."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from bookingoffice.database.server import binaries, bootstrap, cluster, process
from bookingoffice.database.server.account import account_for
from bookingoffice.database.server.folder import DataFolder
from bookingoffice.database.server.locks import FolderLock, one_at_a_time


class EmbeddedServer:
    """A share in the server of one data folder.

    `overrides` are PostgreSQL's settings, for who starts it; `durable=False` is for clusters that are thrown away.
    """

    def __init__(self, folder: DataFolder, overrides: Mapping[str, str] | None = None, *, durable: bool = True) -> None:
        self.folder = folder
        self._overrides = dict(overrides or {})
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None
        self._share: FolderLock | None = None

    def __enter__(self) -> Self:
        """Joins the running server or starts it; returns when it answers statements."""
        self.folder.prepare()
        self._share = FolderLock(self.folder, "users")
        try:
            with one_at_a_time(self.folder):
                self._share.share()
                self._start_unless_running()
        except BaseException:
            self.leave()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave()

    def leave(self) -> None:
        """Gives the share back; stops the server when nobody else works with it."""
        share, self._share = self._share, None
        if share is None:
            return
        try:
            with one_at_a_time(self.folder):
                # Freed after the stop, not before: whoever comes next must not meet a server that is going down.
                if share.take():
                    self._stop()
        finally:
            share.close()

    def answers(self) -> bool:
        return process.answers(self.folder.socket_folder())

    def revive(self) -> None:
        """Starts the server again after it died under us. PostgreSQL replays what was acknowledged."""
        with one_at_a_time(self.folder):
            if self._process is not None:
                self._process.poll()
            self._start_unless_running()

    def _start_unless_running(self) -> None:
        socket_folder = self.folder.socket_folder()
        if process.answers(socket_folder):
            process.wait_until_ready(socket_folder, None, self.folder.log)
            return
        account = account_for(self.folder.cluster)
        programs = binaries.programs(account)
        if not self.folder.cluster.exists():
            cluster.create(self.folder.cluster, programs, account, durable=self._durable)
        process.clear_leftovers(self.folder.cluster, socket_folder)
        if socket_folder != self.folder.cluster:
            account.take(socket_folder)
        cluster.configure(self.folder.cluster, account, socket_folder, self._overrides)
        self._process = process.launch(self.folder.cluster, programs, account, self.folder.log)
        process.wait_until_ready(socket_folder, self._process, self.folder.log)
        bootstrap.ensure_roles_and_database(socket_folder)

    def _stop(self) -> None:
        socket_folder = self.folder.socket_folder()
        child = self._process if self._process is not None and self._process.poll() is None else None
        if child is not None or process.answers(socket_folder):
            process.stop(self.folder.cluster, socket_folder, child)
        elif self.folder.cluster.exists() and process.standing_in(self.folder.cluster):
            process.clear_leftovers(self.folder.cluster, socket_folder)  # a signal came between the launch and its note
