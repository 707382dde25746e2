"""How long a process waits for one statement. A worker of the web server must not belong to one request for good."""

from __future__ import annotations

from django.db import connections

LONGEST_OF_A_PAGE = 60  # seconds; the doors for programs have a bound of their own, which is shorter


def bound_statements(seconds: int = LONGEST_OF_A_PAGE) -> None:
    """For connections that are opened from now on, those of commands and of other processes not."""
    options = connections["default"].settings_dict["OPTIONS"]
    options["options"] = f"{options.get('options', '')} -c statement_timeout={seconds}s".strip()
