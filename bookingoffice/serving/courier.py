"""A worker beside `up`, which runs one command: `python -m bookingoffice.serving.courier PARENT COMMAND`."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from types import TracebackType
from typing import Self

import django
from django.core.management import call_command

from bookingoffice.database.server.folder import PROJECT
from bookingoffice.serving.lifeline import end_with_parent

PATIENCE_STOP = 5.0
BREATH = 10.0  # seconds before one that died right after its start is started again


class Courier:
    """Runs while the context lasts. The admin and the API go on without it, and it catches up when it is back."""

    def __init__(self, command: str = "deliver_webhooks", *, parent: int) -> None:
        self.command = command
        self._command = [sys.executable, "-m", __name__, str(parent), command]
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """What it has under way is sent again at the next start, unless it is taken within the patience."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(PATIENCE_STOP)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def start(self) -> None:
        """A session of its own keeps Ctrl-C from reaching it before us."""
        self._started_at = time.monotonic()
        self._process = subprocess.Popen(self._command, cwd=PROJECT, start_new_session=True)

    def restart_if_dead(self) -> bool:
        """Whether it had died."""
        if self._process is None or self._process.poll() is None or time.monotonic() - self._started_at < BREATH:
            return False
        self.start()
        return True


def run(parent: int, command: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bookingoffice.settings")
    django.setup()
    end_with_parent(parent)
    call_command(command)


if __name__ == "__main__":
    run(int(sys.argv[1]), sys.argv[2])
