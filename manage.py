#!/usr/bin/env python
"""The operator's door: every command runs with a database that answers, and fails with a sentence."""

import os
import signal
import sys
from types import FrameType

from django.core.management import execute_from_command_line

from bookingoffice.env import OddSetting


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bookingoffice.settings")
    signal.signal(signal.SIGTERM, leave)
    try:
        run(sys.argv)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:  # the reader of our output, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)


def run(arguments: list[str]) -> None:
    """A wrong setting or a server in trouble is told in a sentence; anything else is a bug and keeps its traceback."""
    try:
        import django
        from django.conf import settings

        from bookingoffice.database.on_demand import database_for
        from bookingoffice.database.server.trouble import ServerTrouble
        from bookingoffice.errands import apps_for

        settings.INSTALLED_APPS = apps_for(arguments[1:], settings.INSTALLED_APPS)
        django.setup()
    except OddSetting as odd:
        sys.exit(str(odd))
    try:
        with database_for(arguments[1:]):
            execute_from_command_line(arguments)
    except (ServerTrouble, OddSetting) as trouble:
        sys.exit(str(trouble))


def leave(signal_number: int, frame: FrameType | None) -> None:
    """SIGTERM unwinds like any other end, so that a server started for this command is stopped."""
    sys.exit(128 + signal_number)


if __name__ == "__main__":
    main()
