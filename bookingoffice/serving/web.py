"""The production web server, a process beside `up`: `python -m bookingoffice.serving.web HOST PORT WORKERS PARENT`."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from types import TracebackType
from typing import Self

from uvicorn import Config
from uvicorn.supervisors import Multiprocess

from bookingoffice.database.server.folder import PROJECT, DataFolder
from bookingoffice.database.server.trouble import ServerTrouble
from bookingoffice.env import Environment
from bookingoffice.serving import ports
from bookingoffice.serving.lifeline import end_with_parent
from bookingoffice.watching.metrics import begin_anew

PATIENCE_START = 60.0
PATIENCE_STOP = 10  # seconds a request that is being answered is given when the server stops
BACKLOG = 4096  # connections that wait for a worker to take them; the system may allow fewer
CONNECTIONS = 32_768  # that a worker holds at most
KEEP_ALIVE = 75  # seconds a connection may rest between two requests; a proxy in front rests a shorter time
PATIENCE_HANGS = 60  # seconds after which a worker that does not even say that it lives is replaced
CRASH_LOOP = 10.0  # who lives shorter than this would die again


class WebServer:
    """Runs while the context lasts; `address` is where."""

    def __init__(self, host: str, port: int, workers: int, *, parent: int) -> None:
        self._host, self._port = host, port
        self._command = [sys.executable, "-m", __name__, host, str(port), str(workers), str(parent)]
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Answers what is being asked, then ends; the workers end with it."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(PATIENCE_STOP + 5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def start(self) -> None:
        """Returns when the port answers. A session of its own keeps Ctrl-C from reaching it before us.

        It finds the project by its working directory: `up` may have been called from anywhere.
        """
        self._started_at = time.monotonic()
        self._process = subprocess.Popen(self._command, cwd=PROJECT, start_new_session=True)
        while not ports.listens(self._host, self._port):
            if self._process.poll() is not None:
                raise ServerTrouble("The web server did not start; its own words stand above.")
            if time.monotonic() - self._started_at > PATIENCE_START:
                raise ServerTrouble(f"The web server does not answer after {PATIENCE_START:.0f} seconds.")
            time.sleep(0.05)

    def restart_if_dead(self) -> bool:
        """Whether it had died. One that dies at once again and again is given up."""
        if self._process is None or self._process.poll() is None:
            return False
        if time.monotonic() - self._started_at < CRASH_LOOP:
            raise ServerTrouble("The web server keeps ending right after its start; its own words stand above.")
        self.start()
        return True


def serve(host: str, port: int, workers: int) -> None:
    """A connection costs a few kilobytes, so there is room for many that only wait; requests wait in the porch."""
    raise_open_files()
    begin_anew(DataFolder.of(Environment()).metrics)
    config = Config(
        "bookingoffice.serving.worker:application",
        http="bookingoffice.serving.worker:Doorway",
        loop="uvloop",
        ws="none",
        interface="asgi3",
        lifespan="on",
        workers=workers,
        backlog=BACKLOG,
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=PATIENCE_STOP,
        timeout_worker_healthcheck=PATIENCE_HANGS,
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        log_level="error",
    )
    # Workers of one that was killed may still be ending; they let go of the port first.
    Multiprocess(config, [ports.listener(host, port, PATIENCE_STOP)]).run()


def raise_open_files() -> None:
    """As many as the system lets this account have: each connection is one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


if __name__ == "__main__":
    end_with_parent(int(sys.argv[4]))
    try:
        serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    except ServerTrouble as trouble:
        sys.exit(str(trouble))
