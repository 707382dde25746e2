"""From a notification to its receiver: signed, in order, again and again until it is taken."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from datetime import timedelta
from threading import Thread

import pytest
import time_machine
from django.db import connections
from django.utils import timezone
from standardwebhooks import Webhook as Judge
from standardwebhooks import WebhookVerificationError

from bookingoffice.database.scope import tenant_scope
from bookingoffice.webhooks import queue, services
from bookingoffice.webhooks.delivery import Worker
from bookingoffice.webhooks.models import Notification, Webhook
from bookingoffice.webhooks.pruning import prune
from bookingoffice.webhooks.sending import Outcome
from coupons.services import change_coupons
from tests.bookingoffice.webhooks.builders import make_webhook, told
from tests.bookingoffice.webhooks.receivers import answering, receiving
from tests.builders import NOON, TESTER, make_coupon, make_organization, make_use


@pytest.fixture
def organization(committed_db):
    return make_organization(currency="EUR")


def notes(organization):
    with tenant_scope(organization.pk):
        return list(Notification.objects.of(organization.pk).order_by("id"))


def describe(organization, coupon, text):
    with tenant_scope(organization.pk):
        change_coupons(organization, [coupon.pk], {"description": text}, actor=TESTER, moment=timezone.now())


def test_a_notification_arrives_signed_in_both_ways(organization, receiver):
    webhook = make_webhook(organization, "coupons.created", endpoint=receiver.url)
    coupon = make_coupon(organization)

    assert Worker().drain() == 1

    [one], [note] = receiver.received, notes(organization)
    assert list(one.body) == ["id", "date", "event_type", "payload"]
    assert one.body == {
        "id": str(note.pk),
        "date": int(NOON.timestamp()),
        "event_type": "coupons.created",
        "payload": note.payload,
    }
    assert one.body["payload"]["new"]["id"] == str(coupon.pk)
    assert one.target == "/hooks?from=office"
    assert one.headers["content-type"] == "application/json"
    assert Judge(webhook.signing_secret).verify(one.raw, one.headers) == one.body
    expected = hmac.new(webhook.signing_secret.encode(), one.raw, hashlib.sha256).hexdigest()
    assert one.headers["x-signature"] == expected
    assert [note.status, note.tries, note.response["status"]] == ["sent", 1, 204]


def test_what_was_changed_on_the_way_does_not_verify(organization, receiver):
    webhook = make_webhook(organization, "coupons.created", endpoint=receiver.url)
    make_coupon(organization)
    Worker().drain()

    [one] = receiver.received
    with pytest.raises(WebhookVerificationError):
        Judge(webhook.signing_secret).verify(one.raw.replace(b"QUIET", b"LOUDX"), one.headers)


def test_a_refused_notification_is_tried_again_later_with_the_same_bytes(organization, receiver):
    make_webhook(organization, "coupons.created", endpoint=receiver.url)
    make_coupon(organization)
    receiver.answer = answering(500, b"no room")

    assert Worker().drain() == 0

    [note] = notes(organization)
    assert [note.status, note.tries] == ["pending", 1]
    assert note.response == {"status": 500, "body": "no room", "seconds": note.response["seconds"]}
    assert timedelta(seconds=3) < note.due_at - timezone.now() < timedelta(seconds=7)
    receiver.answer = answering(200)
    assert Worker().drain() == 0  # not yet
    with time_machine.travel(timezone.now() + timedelta(seconds=10)):
        assert Worker().drain() == 1
    assert receiver.received[0].raw == receiver.received[1].raw


def test_one_coupon_is_told_in_order_and_holds_up_no_other(organization, receiver):
    make_webhook(organization, "coupons.created", "coupons.updated", endpoint=receiver.url)
    stuck, other = make_coupon(organization, "STUCK"), make_coupon(organization, "OTHER")
    describe(organization, stuck, "one")
    describe(organization, other, "two")
    receiver.answer_to = lambda body: answering(500) if body["payload"]["new"]["code"] == "STUCK" else None

    Worker().drain()
    told = [(each.body["payload"]["new"]["code"], each.body["event_type"]) for each in receiver.received]
    assert sorted(told) == [("OTHER", "coupons.created"), ("OTHER", "coupons.updated"), ("STUCK", "coupons.created")]

    receiver.answer_to = lambda body: None
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        Worker().drain()
    stuck_events = [each.body["event_type"] for each in receiver.received if "STUCK" in each.raw.decode()]
    assert stuck_events == ["coupons.created", "coupons.created", "coupons.updated"]


def test_many_events_of_one_coupon_that_wait_hold_up_no_other(organization, receiver, monkeypatch):
    monkeypatch.setattr(queue, "SIGHT", 5)
    make_webhook(organization, "coupons.created", "coupons.updated", endpoint=receiver.url)
    stuck = make_coupon(organization, "STUCK")
    for number in range(5):
        describe(organization, stuck, str(number))
    make_coupon(organization, "OTHER")
    receiver.answer_to = lambda body: answering(422) if body["payload"]["new"]["code"] == "STUCK" else None

    Worker().drain()

    assert Counter(each.body["payload"]["new"]["code"] for each in receiver.received) == {"STUCK": 1, "OTHER": 1}


def test_many_events_of_one_coupon_arrive_in_order(organization, receiver):
    make_webhook(organization, "coupons.created", "coupons.updated", endpoint=receiver.url)
    coupon = make_coupon(organization)
    for number in range(15):
        describe(organization, coupon, str(number))

    Worker().drain()

    told = [each.body["payload"]["new"]["description"] for each in receiver.received]
    assert told == ["", *map(str, range(15))]


def test_a_receiver_that_was_down_for_an_hour_misses_nothing(organization, settings):
    settings.WEBHOOKS_PRIVATE = True
    with receiving() as gone:
        pass
    make_webhook(organization, "coupons.created", "coupon_uses.redeemed", endpoint=gone.url)
    begun = timezone.now()
    for minute in range(0, 60, 6):
        with time_machine.travel(begun + timedelta(minutes=minute)):
            make_use(organization, make_coupon(organization, f"M{minute}"))
            Worker().drain()
    assert {note.status for note in notes(organization)} == {"pending"}

    with receiving(gone.port) as back:
        for minute in (66, 300):  # what was tried often rests longer, by chance beyond the first of them
            with time_machine.travel(begun + timedelta(minutes=minute)):
                Worker().drain()

    assert Counter(back.events) == {"coupons.created": 10, "coupon_uses.redeemed": 10}
    assert {note.status for note in notes(organization)} == {"sent"}


def test_a_receiver_that_is_away_is_tried_with_one_notification(organization, receiver):
    make_webhook(organization, "coupons.created", endpoint=receiver.url)
    receiver.answer = answering(503)
    for number in range(20):
        make_coupon(organization, f"N{number}")

    Worker().drain()

    assert len(receiver.received) < 8
    with time_machine.travel(timezone.now() + timedelta(minutes=10)):
        before = len(receiver.received)
        Worker().drain()
        assert len(receiver.received) == before + 1


def test_it_is_given_up_after_two_days_and_what_is_behind_goes_on(organization, receiver):
    make_webhook(organization, "coupons.created", "coupons.updated", endpoint=receiver.url)
    coupon = make_coupon(organization)
    describe(organization, coupon, "later")
    receiver.answer_to = lambda body: answering(500) if body["event_type"] == "coupons.created" else None
    begun = timezone.now()

    for hours in (*range(0, 46, 5), 47):
        with time_machine.travel(begun + timedelta(hours=hours)):
            Worker().drain()
    assert [note.status for note in notes(organization)] == ["pending", "pending"]
    with time_machine.travel(begun + timedelta(hours=53)):
        Worker().drain()
    with time_machine.travel(begun + timedelta(hours=54)):
        Worker().drain()

    assert [note.status for note in notes(organization)] == ["error", "sent"]


def test_what_a_receiver_that_is_gone_never_had_a_turn_for_is_given_up_with_the_rest(organization):
    make_webhook(organization, "coupons.created")
    for number in range(20):
        make_coupon(organization, f"N{number}")

    def refused(hours, failures):
        with time_machine.travel(begun + timedelta(hours=hours)):
            with tenant_scope(organization.pk):
                Webhook.objects.of(organization.pk).update(failures=failures, resting_until=None)
            Worker(send=lambda claim: Outcome(503, "", 0)).drain()
        return Counter(note.status for note in notes(organization))

    begun = timezone.now()
    assert refused(0, 0) == refused(47, 600) == refused(49, 3) == {"pending": 20}
    assert refused(49, 600) == {"error": 20}
    assert len({note.tries for note in notes(organization)}) > 1


def test_two_workers_send_nothing_twice(organization, receiver):
    make_webhook(organization, "coupons.created", endpoint=receiver.url)
    for number in range(120):
        make_coupon(organization, f"N{number}")

    def work():
        Worker().drain()
        connections.close_all()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    Worker().drain()
    assert Counter(Counter(each.body["id"] for each in receiver.received).values()) == {1: 120}


def test_a_ping_and_a_replay(organization, receiver):
    webhook = make_webhook(organization, "coupons.created", endpoint=receiver.url)
    make_coupon(organization)
    with tenant_scope(organization.pk):
        services.ping(organization.pk, webhook.pk, moment=timezone.now())
    Worker().drain()
    first = notes(organization)
    with tenant_scope(organization.pk):
        ids = [note.pk for note in first if note.event_type == "coupons.created"]
        assert services.replay(organization.pk, ids, actor=TESTER, moment=timezone.now()) == 1
    Worker().drain()

    assert sorted(receiver.events) == ["coupons.created", "coupons.created", "webhooks.ping"]
    sent = Counter(each.body["id"] for each in receiver.received)
    assert sorted(sent.values()) == [1, 2]


def test_what_is_on_its_way_is_not_sent_again_beside_itself(organization):
    make_webhook(organization, "coupons.created")
    make_coupon(organization)
    told(organization)
    [first] = queue.claim(organization.pk, timezone.now(), {}, 4, most=4)
    with tenant_scope(organization.pk):
        services.replay(organization.pk, [first.id], actor=TESTER, moment=timezone.now())

    assert queue.claim(organization.pk, timezone.now(), {}, 4, most=4) == []


def test_what_rests_is_tried_at_once_when_it_is_sent_again(organization, receiver):
    make_webhook(organization, "coupons.created", endpoint=receiver.url)
    make_coupon(organization)
    receiver.answer = answering(500)
    Worker().drain()
    with tenant_scope(organization.pk):
        rests = {"due_at": timezone.now() + timedelta(hours=4)}
        Notification.objects.of(organization.pk).update(**rests)
        [note] = Notification.objects.of(organization.pk)
        services.replay(organization.pk, [note.pk], actor=TESTER, moment=timezone.now())
    receiver.answer = answering(204)

    assert Worker().drain() == 1


def test_a_ping_waits_for_no_earlier_one(organization, receiver):
    webhook = make_webhook(organization, "coupons.created", endpoint=receiver.url)
    receiver.answer = answering(500)
    begun = timezone.now()

    def pinged(minute):
        with time_machine.travel(begun + timedelta(minutes=minute)):
            with tenant_scope(organization.pk):
                services.ping(organization.pk, webhook.pk, moment=timezone.now())
            return Worker().drain()

    assert [pinged(minute) for minute in (0, 1, 3, 6)] == [0, 0, 0, 0]
    receiver.answer = answering(204)

    assert pinged(8) > 0
    assert notes(organization)[-1].status == "sent"


def test_a_new_secret_signs_what_is_sent_from_then_on(organization, receiver):
    webhook = make_webhook(organization, "coupons.created", endpoint=receiver.url)
    make_coupon(organization)
    with tenant_scope(organization.pk):
        secret = services.rotate_secret(organization.pk, webhook.pk, actor=TESTER, moment=NOON)
        assert Webhook.objects.of(organization.pk).get().signing_secret == secret != webhook.signing_secret

    Worker().drain()

    [one] = receiver.received
    assert Judge(secret).verify(one.raw, one.headers)


def test_old_notifications_are_forgotten_and_pending_ones_are_not(organization, receiver):
    make_webhook(organization, "coupons.created", endpoint=receiver.url)
    make_coupon(organization, "SENT")
    Worker().drain()
    receiver.answer = answering(500)
    make_coupon(organization, "PENDING")
    Worker().drain()

    assert prune(timezone.now() + timedelta(days=29)) == 0
    assert prune(timezone.now() + timedelta(days=31)) == 1
    assert [note.payload["new"]["code"] for note in notes(organization)] == ["PENDING"]


def test_nothing_is_open_while_a_receiver_is_spoken_to(organization, receiver):
    make_webhook(organization, "coupons.created", endpoint=receiver.url)
    make_coupon(organization)
    states = []

    def look(handler):
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND xact_start IS NOT NULL"
            )
            states.append(cursor.fetchone()[0])
        connections.close_all()
        answering(200)(handler)

    receiver.answer = look
    Worker().drain()

    assert states == [1]  # the look itself
