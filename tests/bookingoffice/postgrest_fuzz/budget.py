"""How long the fuzz runs: seconds by default, longer with BOOKINGOFFICE_FUZZ=20, which is twenty times as many examples."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

TIMES = int(os.environ.get("BOOKINGOFFICE_FUZZ", "1"))


def examples(number: int) -> settings:
    return settings(max_examples=number * TIMES, deadline=None, suppress_health_check=list(HealthCheck))
