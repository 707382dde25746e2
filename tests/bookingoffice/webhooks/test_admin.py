"""Webhooks and notifications in the admin."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookingoffice.audit.models import AuditEntry
from bookingoffice.webhooks import services
from bookingoffice.webhooks.delivery import Worker
from bookingoffice.webhooks.models import Notification, Webhook
from tests.bookingoffice.accounts.desks import errors_of, make_desk
from tests.bookingoffice.webhooks.builders import make_webhook
from tests.bookingoffice.webhooks.receivers import answering
from tests.builders import make_organization

ADD, CHANGE, LIST = "webhooks_webhook_add", "webhooks_webhook_change", "webhooks_webhook_changelist"
NOTES, NOTE = "webhooks_notification_changelist", "webhooks_notification_change"
FORM = {"description": "Cash desk", "endpoint": "https://example.com/hooks", "events": ["coupons.created"]}


@pytest.fixture
def desk(db):
    return make_desk()


def make_note(desk, webhook, **values):
    with desk.scope():
        note_id = services.ping(desk.organization.pk, webhook.pk, moment=timezone.now())
        notes = Notification.objects.of(desk.organization.pk).filter(pk=note_id)
        notes.update(**values) if values else None
        return notes.get()


def actions(desk):
    with desk.scope():
        return list(
            AuditEntry.objects.of(desk.organization.pk).filter(table_name="webhooks").values_list("action", flat=True)
        )


def test_a_webhook_is_made_and_its_page_shows_the_secret(desk):
    answer = desk.post(ADD, **FORM)

    with desk.scope():
        webhook = Webhook.objects.of(desk.organization.pk).get()
    page = desk.client.get(answer.url).content.decode()
    assert [webhook.endpoint, webhook.events, webhook.source] == [FORM["endpoint"], FORM["events"], "admin"]
    assert webhook.signing_secret in page
    assert actions(desk) == ["created"]


def test_faults_stand_beside_their_fields(desk):
    errors = errors_of(desk.post(ADD, description="", endpoint="http://localhost/"))

    assert set(errors) == {"endpoint", "events"}


def test_a_webhook_is_changed(desk):
    webhook = make_webhook(desk.organization, "coupons.created")

    desk.post(CHANGE, webhook.pk, **{**FORM, "events": ["seasons.deleted", "coupons.expired"]})

    with desk.scope():
        changed = Webhook.objects.of(desk.organization.pk).get()
    assert [changed.description, sorted(changed.events)] == ["Cash desk", ["coupons.expired", "seasons.deleted"]]
    assert changed.signing_secret == webhook.signing_secret


def test_the_secret_is_renewed_after_a_question(desk):
    webhook = make_webhook(desk.organization)

    assert desk.get("webhooks_webhook_renew_secret", webhook.pk).status_code == 200
    desk.post("webhooks_webhook_renew_secret", webhook.pk)

    with desk.scope():
        assert Webhook.objects.of(desk.organization.pk).get().signing_secret != webhook.signing_secret
    assert actions(desk)[0] == "renewed"


def test_a_ping_is_queued_and_its_list_shown(desk):
    webhook = make_webhook(desk.organization)

    answer = desk.post("webhooks_webhook_ping", webhook.pk)

    page = desk.client.get(answer.url).content.decode()
    assert "webhooks.ping" in page
    assert "A ping is on its way" in page


def test_one_and_many_are_sent_again(desk):
    webhook = make_webhook(desk.organization)
    notes = [make_note(desk, webhook, status="error", tries=9) for _ in range(3)]

    desk.post("webhooks_notification_replay", notes[0].pk)
    desk.post(NOTES, action="send_again", _selected_action=[str(note.pk) for note in notes[1:]])

    with desk.scope():
        assert set(Notification.objects.of(desk.organization.pk).values_list("status", "tries")) == {("pending", 0)}
    assert actions(desk).count("replayed") == 2


def test_what_was_answered_is_shown_and_never_run(committed_db, receiver):
    desk = make_desk()
    webhook = make_webhook(desk.organization, endpoint=receiver.url)
    note = make_note(desk, webhook)
    receiver.answer = answering(500, b"<script>alert(1)</script>")
    Worker().drain()

    page = desk.get(NOTE, note.pk).content.decode()

    assert "Status 500" in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_only_owners_come_in(db, role):
    desk = make_desk(role)
    webhook = make_webhook(desk.organization)

    assert desk.get(LIST).status_code == 403
    assert desk.get(NOTES).status_code == 403
    assert desk.post("webhooks_webhook_ping", webhook.pk).status_code == 403
    assert desk.post(ADD, **FORM).status_code == 403


def test_another_organizations_webhook_does_not_exist(desk):
    stranger = make_webhook(make_organization("Stranger"))

    assert desk.get(CHANGE, stranger.pk).status_code == 302
    assert desk.post("webhooks_webhook_renew_secret", stranger.pk).status_code == 404
    assert str(stranger.endpoint) not in desk.get(LIST).content.decode()


def test_the_lists_cost_the_same_at_any_size(desk):
    counts = []
    for _ in range(2):
        for _ in range(6):
            make_note(desk, make_webhook(desk.organization))
        for page in (LIST, NOTES):
            desk.get(page)
            with CaptureQueriesContext(connection) as captured:
                desk.get(page)
            counts.append(len(captured))

    assert counts[:2] == counts[2:]


def test_a_filter_and_a_search(desk):
    webhook = make_webhook(desk.organization)
    make_note(desk, webhook)
    make_note(desk, webhook, status="error", response={"error": "Nobody there"})

    assert "Nobody there" in desk.get(NOTES, status="error").content.decode()
    assert "Nobody there" not in desk.get(NOTES, status="pending").content.decode()
    assert desk.get(NOTES, q="ping", webhook=str(webhook.pk), event="webhooks.ping").status_code == 200
    assert desk.get(NOTES, webhook="none").status_code == 200


@pytest.mark.parametrize("row", [{"code": "", "name": "Flat"}, {"code": "Flat"}, {"name": {"default": "Flat"}}])
def test_the_list_says_what_a_notification_is_about(desk, row):
    """A plan's name is plain text, and its code may be empty."""
    make_note(desk, make_webhook(desk.organization), payload={"new": row, "old": None})

    assert "Flat" in desk.get(NOTES).content.decode()


def test_a_webhook_and_its_notifications_go_together(desk):
    webhook = make_webhook(desk.organization)
    make_note(desk, webhook)

    desk.post("webhooks_webhook_delete", webhook.pk, post="yes")

    with desk.scope():
        assert not Webhook.objects.of(desk.organization.pk).exists()
        assert not Notification.objects.of(desk.organization.pk).exists()
    assert actions(desk)[0] == "deleted"


def test_a_notification_cannot_be_changed(desk):
    note = make_note(desk, make_webhook(desk.organization))

    desk.post(NOTE, note.pk, status="sent", event_type="coupons.created")

    with desk.scope():
        kept = Notification.objects.of(desk.organization.pk).get()
    assert [kept.status, kept.event_type, kept.updated_at] == [note.status, note.event_type, note.updated_at]
