"""The main job: the database, the migrations, a demo on the first run, and the admin and the API served."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connections

from bookingoffice.commands import whole
from bookingoffice.database import addresses
from bookingoffice.database.server.embedded import EmbeddedServer
from bookingoffice.database.server.folder import DataFolder
from bookingoffice.database.server.locks import FolderLock
from bookingoffice.database.server.trouble import ServerTrouble
from bookingoffice.env import Environment
from bookingoffice.serving import ports, preparation, statics, welcome
from bookingoffice.serving.chores import Chores
from bookingoffice.serving.courier import Courier
from bookingoffice.serving.web import WebServer

PATIENCE_REVIVAL = 5.0  # seconds between two attempts to start a PostgreSQL that does not start
LOOKS_EVERY = 1.0  # seconds between two looks at the database and the web server


class Stopped(SystemExit):
    """Ctrl-C or SIGTERM: the wanted end, so its code is 0."""


class Command(BaseCommand):
    help = "Starts everything and serves the admin and the API until Ctrl-C."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
        parser.add_argument("--port", type=whole(1, 65535), default=8000, help="port to listen on (8000)")
        parser.add_argument("--workers", type=whole(1, 64), default=min(2, os.cpu_count() or 1), help="processes (2)")
        parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: DataFolder = settings.DATA
        folder.prepare()
        with ending_once(), only_one(folder):
            ports.refuse_taken_port(options["host"], options["port"])
            if addresses.external(Environment()):
                self.serve(folder, None, **options)
            else:
                with EmbeddedServer(folder) as server:
                    self.serve(folder, server, **options)

    def serve(self, folder: DataFolder, server: EmbeddedServer | None, *, host: str, port: int, **options: Any) -> None:
        """Everything that can be refused is refused before the port opens."""
        preparation.make_ready(folder)
        statics.collect_if_changed()
        lines = list(self.credentials(ports.url(host, port), no_demo=options["no_demo"]))
        connections.close_all()
        parent = os.getpid()
        with (
            Courier("deliver_webhooks", parent=parent) as webhooks,
            Courier("work_imports", parent=parent) as files,
            WebServer(host, port, options["workers"], parent=parent) as web,
        ):
            self.say(welcome.addresses(ports.url(host, port)))
            self.say(lines)
            self.say(welcome.closing(host, bool(os.environ.get("BOOKINGOFFICE_HOSTS"))))
            self.watch(server, web, webhooks, files)

    def credentials(self, url: str, *, no_demo: bool) -> Iterator[str]:
        organizations = preparation.organizations()
        if organizations or no_demo:
            return welcome.later_start(organizations)
        return welcome.first_start(url, preparation.first_demo(datetime.now(UTC)))

    def watch(self, server: EmbeddedServer | None, web: WebServer, *workers: Courier) -> None:
        """Until a signal ends it. What died is started again; what cannot live ends the job."""
        chores = Chores()
        while True:
            for trouble in chores.do_if_due():
                self.stderr.write(trouble)
            time.sleep(LOOKS_EVERY)
            if server is not None and not server.answers():
                self.stderr.write("PostgreSQL ended unexpectedly and is started again.")
                self.revive(server)
            if web.restart_if_dead():
                self.stderr.write("The web server ended unexpectedly and was started again.")
            for worker in workers:
                if worker.restart_if_dead():
                    self.stderr.write(f"The worker “{worker.command}” ended unexpectedly and was started again.")

    def revive(self, server: EmbeddedServer) -> None:
        """A disk that is full is emptied by somebody, sooner or later: until then requests are answered with 503."""
        try:
            server.revive()
        except ServerTrouble as trouble:
            self.stderr.write(f"{trouble}\nIt is tried again in {PATIENCE_REVIVAL:.0f} seconds.")
            time.sleep(PATIENCE_REVIVAL)

    def say(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.stdout.write(line)
        self.stdout.flush()


@contextmanager
def only_one(folder: DataFolder) -> Iterator[None]:
    """Two of them would print two addresses for one set of rows and stop each other's server."""
    lock = FolderLock(folder, "up")
    try:
        if not lock.take():
            raise ServerTrouble(
                f"`up` already runs on the data folder {folder.path} (process {lock.read()}). "
                "Stop it, or set BOOKINGOFFICE_DATA to another folder."
            )
        lock.note(str(os.getpid()))
        yield
    finally:
        lock.close()


@contextmanager
def ending_once() -> Iterator[None]:
    """The first signal unwinds everything in order; a second one must not interrupt the stopping."""
    ending = False

    def end(signal_number: int, frame: FrameType | None) -> None:
        nonlocal ending
        if not ending:
            ending = True
            raise Stopped(0)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # `nohup` asks to outlive the terminal; a shell's `&` ignores SIGINT, but whoever sends one means it.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, end)
    yield
