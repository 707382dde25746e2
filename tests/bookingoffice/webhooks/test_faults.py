"""Receivers that misbehave, and workers that die: others are not delayed, nothing is lost, nothing is read without end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
import time_machine
from django.db import DataError, connection, connections
from django.utils import timezone

from bookingoffice.database.scope import tenant_scope
from bookingoffice.database.server.folder import PROJECT
from bookingoffice.webhooks import delivery
from bookingoffice.webhooks.delivery import Worker
from bookingoffice.webhooks.marking import mark
from bookingoffice.webhooks.models import Notification, Webhook
from bookingoffice.webhooks.queue import Claim, claim
from bookingoffice.webhooks.sending import MOST_READ, Outcome, send
from bookingoffice.webhooks.services import delete_webhooks
from coupons import services
from tests.bookingoffice.webhooks.builders import make_webhook, told
from tests.bookingoffice.webhooks.receivers import answering, receiving
from tests.builders import TESTER, make_coupon, make_organization
from tests.databases import worker_database
from tests.serving import environment_for

SHORT = 0.5


@pytest.fixture
def organization(committed_db):
    return make_organization(currency="EUR")


def sent(receiver) -> Outcome:
    return send(receiver.url, b"{}", {}, private=True, deadline=SHORT)


def test_a_receiver_that_hangs_is_left_at_the_deadline(receiver):
    receiver.answer = lambda handler: time.sleep(3)

    outcome = sent(receiver)

    assert [outcome.delivered, outcome.text] == [False, "No whole answer within 0.5 seconds."]
    assert outcome.seconds < 1.5


def test_a_receiver_that_drips_its_headers_is_cut(receiver):
    """Each byte begins the socket's own timeout anew."""

    def drip(handler):
        for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 40:
            handler.wfile.write(bytes([byte]))
            time.sleep(0.1)

    receiver.answer = drip

    outcome = sent(receiver)

    assert not outcome.delivered
    assert outcome.seconds < 1.5


def test_a_receiver_that_closes_without_an_answer(receiver):
    receiver.answer = lambda handler: handler.connection.close()

    outcome = sent(receiver)

    assert not outcome.delivered
    assert outcome.kept()["error"]


def test_a_huge_answer_is_not_read(receiver):
    written = []

    def flood(handler):
        handler.send_response(200)
        handler.end_headers()
        for _ in range(20_000):
            handler.wfile.write(b"x" * 10_000)
            written.append(10_000)

    receiver.answer = flood

    outcome = sent(receiver)

    assert outcome.delivered
    assert len(outcome.text) == MOST_READ
    assert len(str(outcome.kept()["body"])) == 1000
    time.sleep(0.2)
    assert sum(written) < 50_000_000


def test_a_redirect_is_not_followed(receiver):
    receiver.answer = answering(302, Location="http://127.0.0.1:1/")

    outcome = sent(receiver)

    assert [outcome.delivered, outcome.status, len(receiver.received)] == [False, 302, 1]


def test_an_answer_that_is_no_text_is_kept_as_text(organization, receiver):
    make_webhook(organization, "coupons.created", endpoint=receiver.url)
    make_coupon(organization)
    receiver.answer = answering(200, b"\x00\xff\xfe")

    assert Worker().drain() == 1


def waiting_for(release: Event):
    def wait(handler):
        release.wait(20)

    return wait


def test_one_that_hangs_delays_no_other(organization, receiver):
    release = Event()
    with receiving() as hanging:
        hanging.answer = waiting_for(release)
        make_webhook(organization, "coupons.created", endpoint=hanging.url)
        make_webhook(organization, "coupons.created", endpoint=receiver.url)
        for number in range(40):
            make_coupon(organization, f"N{number}")

        worker, begun = Worker(), time.monotonic()
        while len(receiver.received) < 40 and time.monotonic() - begun < 10:
            worker.step()
            time.sleep(0.02)

        assert len(receiver.received) == 40
        assert len(hanging.received) == 4  # its places are taken, and no others
        release.set()


def test_a_fault_of_ours_with_one_does_not_end_the_worker(organization):
    make_webhook(organization, "coupons.created")
    make_coupon(organization)

    def broken(claim: Claim) -> Outcome:
        raise LookupError("not foreseen")

    assert Worker(send=broken).drain() == 0

    with tenant_scope(organization.pk):
        note = Notification.objects.of(organization.pk).get()
    assert [note.status, note.response["error"]] == ["pending", "LookupError: not foreseen"]


@pytest.mark.parametrize("fault", [ValueError("not foreseen"), DataError("too much")])
def test_one_organization_that_cannot_be_told_silences_nobody_else(organization, monkeypatch, caplog, fault):
    other = make_organization("Other")
    for each in (organization, other):
        make_webhook(each, "coupons.created")
        make_coupon(each)
    whole = delivery.tell

    def broken(one, moment):
        if one.pk == organization.pk:
            raise fault
        return whole(one, moment)

    monkeypatch.setattr(delivery, "tell", broken)

    assert Worker(send=lambda claim: Outcome(200, "", 1)).drain() == 1
    assert "could not be told" in caplog.text


def test_instants_without_an_end_are_told(organization):
    make_webhook(organization, "coupons.created", "coupons.expired", "coupon_uses.released")
    coupon = make_coupon(organization, expires_at="infinity")
    make_coupon(organization, "LONG", expires_at="9999-12-31T23:59:59-14:00")

    assert Counter(note.event_type for note in told(organization)) == {"coupons.created": 2}
    with tenant_scope(organization.pk):
        changes = {"expires_at": "-infinity"}
        services.change_coupons(organization, [coupon.pk], changes, actor=TESTER, moment=timezone.now())
    assert Counter(note.event_type for note in told(organization)) == {"coupons.created": 2, "coupons.expired": 1}


def test_whoever_deletes_a_webhook_while_an_answer_is_noted_waits_for_no_one_who_waits_for_them(organization):
    """Both lock the webhook first and its notifications after it."""
    webhook = make_webhook(organization, "coupons.created")
    make_coupon(organization)
    told(organization)
    [claimed] = claim(organization.pk, timezone.now(), {}, 4, most=1)

    def note():
        try:
            mark(claimed, Outcome(503, "", 1), timezone.now())
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with tenant_scope(organization.pk):
            Webhook.objects.of(organization.pk).select_for_update().get()
            noting = pool.submit(note)
            until(someone_waits)
            delete_webhooks(organization.pk, [webhook.pk], actor=TESTER, moment=timezone.now())
        noting.result()

    with tenant_scope(organization.pk):
        assert not Notification.objects.of(organization.pk).exists()


def someone_waits():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()


def start_worker() -> subprocess.Popen[bytes]:
    environment = environment_for(worker_database()) | {"BOOKINGOFFICE_WEBHOOKS_PRIVATE": "1"}
    command = [sys.executable, str(PROJECT / "manage.py"), "deliver_webhooks"]
    return subprocess.Popen(command, env=environment, cwd=PROJECT)


def until(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def test_a_worker_that_is_killed_while_it_sends_is_followed_by_another(organization, receiver):
    receiver.answer = lambda handler: time.sleep(20)
    make_webhook(organization, "coupons.created", endpoint=receiver.url)
    make_coupon(organization)
    worker = start_worker()
    until(lambda: receiver.received)
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    receiver.answer = answering(200)

    assert Worker().drain() == 0  # for all we know it is still on its way
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        assert Worker().drain() == 1

    first, second = receiver.received
    assert first.raw == second.raw
    with tenant_scope(organization.pk):
        note = Notification.objects.of(organization.pk).get()
    assert [note.status, note.tries] == ["sent", 2]


def test_a_worker_ends_at_once_when_it_is_asked_to(organization, receiver):
    make_webhook(organization, "coupons.created", endpoint=receiver.url)
    worker = start_worker()
    make_coupon(organization)
    until(lambda: receiver.received)

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(10) == 0
