"""`work_imports`: the worker that `up` runs beside the web server, alone."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from bookingoffice.commands import OfficeCommand
from bookingoffice.datafiles.worker import Worker


class Command(OfficeCommand):
    help = "Checks and imports the large files that staff upload, until it is stopped. `up` does so too; several may run at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="what is waiting now, and end")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        worker = Worker()
        if once:
            self.stdout.write(f"{worker.drain()} worked off")
            return

        def end(number: int, frame: FrameType | None) -> None:
            worker.stop()

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, end)
        worker.run()
