"""The outbox as monitoring sees it: how much waits, and since when, over all organizations together."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connections
from django.test import Client
from django.utils import timezone

from bookingoffice.webhooks.delivery import Worker
from tests.bookingoffice.webhooks.builders import make_webhook, told
from tests.builders import make_coupon, make_organization


def numbers() -> dict[str, float]:
    text = Client().get("/metrics").content.decode()
    return {
        name: float(value) for name, value in re.findall(r"^bookingoffice_webhooks_(\w+) (\S+)$", text, re.MULTILINE)
    }


def test_what_waits_is_counted_until_it_is_sent(committed_db, receiver):
    for name in ("Lakeside", "Hillside"):
        organization = make_organization(name)
        make_webhook(organization, "coupons.created", endpoint=receiver.url)
        make_coupon(organization)
        told(organization)

    with time_machine.travel(timezone.now() + timedelta(minutes=10)):
        waiting = numbers()
    Worker().drain()

    assert waiting["pending"] == 2
    assert waiting["oldest_seconds"] == pytest.approx(600, abs=20)
    assert waiting["unread_seconds"] == pytest.approx(600, abs=20)
    assert numbers()["pending"] == numbers()["oldest_seconds"] == 0


def test_no_number_is_told_while_the_database_is_away(committed_db):
    connections["default"].settings_dict["NAME"], kept = "nowhere", connections["default"].settings_dict["NAME"]
    try:
        assert numbers() == {}
    finally:
        connections["default"].settings_dict["NAME"] = kept
