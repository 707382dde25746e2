"""The first address of a feed, asked for by several at once, on real connections."""

from __future__ import annotations

from bookingoffice.database.scope import tenant_scope
from seasons.feed_addresses import ensure_feed, feed_secret
from tests.builders import NOON, TESTER, make_organization
from tests.coupons.racing import at_once


def test_who_asks_second_is_told_the_address_of_the_first(committed_db):
    for _ in range(5):
        organization = make_organization()
        told: set[str | None] = set()

        def ask(organization=organization, told=told):
            told.add(ensure_feed(organization, actor=TESTER, moment=NOON))

        at_once(organization, [ask] * 4)

        with tenant_scope(organization.pk):
            assert told == {feed_secret(organization.pk)}
