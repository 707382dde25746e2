from __future__ import annotations

import pytest

from tests.bookingoffice.webhooks.receivers import receiving


@pytest.fixture
def receiver(settings):
    """On this machine, which is allowed here."""
    settings.WEBHOOKS_PRIVATE = True
    with receiving() as one:
        yield one
