"""No event is lost when transactions commit in another order than they wrote, none is told of what was undone, none twice."""

from __future__ import annotations

import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

import pytest
import time_machine
from django.db import DatabaseError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookingoffice.database.scope import tenant_scope
from bookingoffice.webhooks import telling
from bookingoffice.webhooks.models import Cursor, Notification
from bookingoffice.webhooks.services import delete_webhooks
from bookingoffice.webhooks.telling import tell
from coupons import services
from coupons.services.generation import Wanted, generate_coupons
from tests.bookingoffice.webhooks.builders import make_webhook, told
from tests.builders import FIFTEEN_PERCENT, NOON, TESTER, make_coupon, make_organization, make_use
from tests.coupons.racing import at_once

WRITERS, ACTS = 8, 15


class Undone(Exception):
    pass


@pytest.fixture
def organization(committed_db):
    return make_organization(currency="EUR")


@contextmanager
def meanwhile(act):
    """`act` runs in a transaction of another connection, which commits (or not) when the block is over."""
    wrote, finish = Event(), Event()

    def run():
        try:
            with transaction.atomic():
                act()
                wrote.set()
                assert finish.wait(30)
        finally:
            wrote.set()
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(run)
        assert wrote.wait(30)
        yield
        finish.set()
        future.result()


@transaction.atomic
def undone(organization):
    make_coupon(organization, "UNDONE")
    raise Undone


def codes(organization):
    return [note.payload["new"]["code"] for note in told(organization)]


def test_what_wrote_first_and_committed_last_is_told(organization):
    make_webhook(organization, "coupons.created")

    with meanwhile(lambda: make_coupon(organization, "SLOW")):
        make_coupon(organization, "QUICK")
        assert codes(organization) == ["QUICK"]
        make_coupon(organization, "QUICKER")
        assert codes(organization) == ["QUICK", "QUICKER"]

    assert codes(organization) == ["QUICK", "QUICKER", "SLOW"]
    assert codes(organization) == ["QUICK", "QUICKER", "SLOW"]


def test_a_cursor_that_only_moves_on_would_lose_it(organization, monkeypatch):
    """The guard taken away: what is above the horizon counts as read."""
    moved = telling._move
    monkeypatch.setattr(
        telling, "_move", lambda cursor, reading, moment: moved(cursor, reading._replace(horizon=reading.end), moment)
    )
    make_webhook(organization, "coupons.created")

    with meanwhile(lambda: make_coupon(organization, "SLOW")):
        make_coupon(organization, "QUICK")
        codes(organization)

    assert codes(organization) == ["QUICK"]


def test_what_was_undone_is_not_told(organization):
    make_webhook(organization)

    with pytest.raises(Undone):
        undone(organization)

    assert told(organization) == []


def test_a_savepoint_that_was_rolled_back_is_not_told_though_its_transaction_committed(organization):
    make_webhook(organization, "coupons.created")
    with tenant_scope(organization.pk):
        make_coupon(organization, "BEFORE")
        with pytest.raises(Undone):
            undone(organization)
        make_coupon(organization, "AFTER")

    assert codes(organization) == ["BEFORE", "AFTER"]


def test_the_search_moves_on_when_slow_transactions_are_over(organization):
    """Else every reading would read more than the one before."""
    make_webhook(organization, "coupons.created")
    with meanwhile(lambda: make_coupon(organization, "SLOW")):
        told(organization)
        told(organization)
        before = cursor_of(organization)
    begun = timezone.now()
    for _ in range(3):
        told(organization)

    after = cursor_of(organization)
    assert after.since >= begun > before.since
    assert after.horizon > before.horizon


def test_a_clock_that_was_set_back_loses_nothing(organization):
    make_webhook(organization, "coupons.created")
    told(organization)
    ahead = timezone.now() + timedelta(hours=1)
    with tenant_scope(organization.pk):  # as it was left when the clock still was an hour ahead
        Cursor.objects.of(organization.pk).update(since=ahead, marked_at=ahead, read_at=ahead)

    make_coupon(organization, "AFTERWARDS")

    assert codes(organization) == ["AFTERWARDS"]
    assert cursor_of(organization).since < ahead


def cursor_of(organization):
    with tenant_scope(organization.pk):
        return Cursor.objects.of(organization.pk).get()


@pytest.mark.parametrize("off", [timedelta(hours=-1), timedelta(minutes=1)])
def test_who_writes_by_another_clock_is_heard(organization, off):
    """Entries are found and put in order by the database's clock: a program on another machine may have any other."""
    make_webhook(organization, "coupons.created", "coupons.updated", "coupons.deleted", "coupon_uses.redeemed")
    told(organization)
    with time_machine.travel(timezone.now() + off), tenant_scope(organization.pk):
        act = {"actor": TESTER, "moment": timezone.now()}
        coupon = make_coupon(organization, "ALONE")
        make_use(organization, coupon)
        fifteen = {"definition": FIFTEEN_PERCENT}
        unlike = [{"code": "A", **fifteen}, {"code": "B", "description": "of other keys", **fifteen}]
        ids = services.create_coupons(organization, unlike, **act)
        generate_coupons(organization, Wanted(2, {"kind": "percent", "percent": 5}), **act)
    with tenant_scope(organization.pk):
        services.change_coupons(organization, ids, {"description": "changed"}, actor=TESTER, moment=timezone.now())

    events = [note.event_type for note in told(organization)]
    assert events[:2] == ["coupons.created", "coupon_uses.redeemed"]
    assert events[2:] == ["coupons.created"] * 4 + ["coupons.updated"] * 2


def test_writers_and_two_readers_at_once(organization):
    """Every fourth act is undone, and transactions last for chance; what was committed is told once and nothing else."""
    make_webhook(organization, "coupons.created")
    over = Event()

    def read():
        while not over.is_set():
            try:
                tell(organization, timezone.now())
            except DatabaseError:  # two read at the same moment
                connections.close_all()
        connections.close_all()

    def write(writer):
        kept = []
        try:
            for number in range(ACTS):
                code = f"W{writer}N{number}"
                try:
                    with tenant_scope(organization.pk):
                        make_coupon(organization, code)
                        time.sleep(random.choice([0, 0, 0.01, 0.1]))
                        make_coupon(organization, f"{code}B")
                        if number % 4 == 3:
                            raise Undone
                except Undone:
                    continue
                kept += [code, f"{code}B"]
        finally:
            connections.close_all()
        return kept

    readers = [Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    with ThreadPoolExecutor(WRITERS) as pool:
        kept = [code for codes in pool.map(write, range(WRITERS)) for code in codes]
    over.set()
    for reader in readers:
        reader.join()

    assert Counter(codes(organization)) == Counter(kept)


def test_a_race_for_the_last_uses_exhausts_once(organization):
    make_webhook(organization, "coupons.exhausted", "coupon_uses.redeemed")
    coupon = make_coupon(organization, quota=5, hot=True)
    over = Event()

    def read():
        while not over.is_set():
            tell(organization, timezone.now())
        connections.close_all()

    reader = Thread(target=read)
    reader.start()
    ended = at_once(organization, [lambda: make_use(organization, coupon) for _ in range(12)])
    over.set()
    reader.join()

    assert ended == {"done": 5, "quota_reached": 7}
    assert Counter(note.event_type for note in told(organization)) == {
        "coupon_uses.redeemed": 5,
        "coupons.exhausted": 1,
    }


def test_the_last_use_may_be_committed_after_a_later_one(organization):
    make_webhook(organization, "coupons.exhausted")
    coupon = make_coupon(organization, quota=3, hot=True)
    make_use(organization, coupon)  # which makes its counters

    with meanwhile(lambda: make_use(organization, coupon)):
        make_use(organization, coupon)
        assert told(organization) == []

    assert [note.event_type for note in told(organization)] == ["coupons.exhausted"]
    assert len(told(organization)) == 1


def test_two_who_make_the_first_webhook_at_once_are_both_told(organization):
    at_once(organization, [lambda: make_webhook(organization, "coupons.created") for _ in range(4)])
    make_coupon(organization)

    assert len(told(organization)) == 4


def test_a_webhook_after_a_pause_is_not_told_what_happened_in_it(organization):
    first = make_webhook(organization, "coupons.created")
    told(organization)
    with tenant_scope(organization.pk):
        delete_webhooks(organization.pk, [first.pk], actor=TESTER, moment=NOON)
    make_coupon(organization, "MISSED")
    make_webhook(organization, "coupons.created")
    make_coupon(organization, "TOLD")

    assert codes(organization) == ["TOLD"]


def test_reading_takes_as_many_statements_for_many_as_for_few(organization):
    make_webhook(organization, "coupons.created", "coupon_uses.redeemed", "coupons.exhausted")

    def fill(number):
        rows = [{"code": f"N{number}X{place}", "kind": "percent", "percent": 5, "quota": 1} for place in range(number)]
        with tenant_scope(organization.pk):
            services.create_coupons(organization, rows, actor=TESTER, moment=NOON)

    told(organization)
    counts = []
    for number in (2, 200):
        fill(number)
        with CaptureQueriesContext(connection) as captured:
            tell(organization, timezone.now())
        counts.append(len(captured))

    assert counts[0] == counts[1]
    with tenant_scope(organization.pk):
        assert Notification.objects.of(organization.pk).count() == 202
