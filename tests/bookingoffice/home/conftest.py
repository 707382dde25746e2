"""A Tuesday at noon."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.builders import NOON


@pytest.fixture
def time_machine_at_noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield
