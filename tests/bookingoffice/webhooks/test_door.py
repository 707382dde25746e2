"""`/v1/webhooks` and `/v1/webhook_notifications`, as a program meets them."""

from __future__ import annotations

import pytest

from bookingoffice.accounts.authentication import forget_keys
from bookingoffice.accounts.models import Scope
from bookingoffice.audit.models import AuditEntry
from bookingoffice.database.scope import tenant_scope
from bookingoffice.webhooks.models import Webhook
from tests.bookingoffice.webhooks.builders import make_webhook, told
from tests.builders import make_booking, make_coupon, make_key, make_organization
from tests.contract.bookingmood.conftest import Api

HOOK = {"endpoint": "https://example.com/hooks", "events": ["coupons.created", "coupon_uses.redeemed"]}
COLUMNS = [
    "id",
    "organization_id",
    "created_at",
    "updated_at",
    "description",
    "endpoint",
    "events",
    "signing_secret",
    "source",
]


@pytest.fixture
def organization(db):
    forget_keys()
    return make_organization(currency="EUR")


@pytest.fixture
def api(organization):
    return Api(make_key(organization))


def test_a_webhook_is_made_with_a_secret_of_its_own(api, organization):
    answer = api("POST", "/webhooks", HOOK)

    assert answer.status_code == 201
    [row] = answer.json()
    assert list(row) == COLUMNS
    assert {name: row[name] for name in ("organization_id", "description", "source", *HOOK)} == {
        "organization_id": str(organization.pk),
        "description": "",
        "source": "api",
        **HOOK,
    }
    assert row["signing_secret"].startswith("whsec_")
    assert api("GET", "/webhooks").json() == [row]


def test_two_have_two_secrets(api):
    rows = api("POST", "/webhooks", [HOOK, HOOK]).json()

    assert len({row["signing_secret"] for row in rows}) == 2


def test_a_webhook_is_changed_and_taken_away(api):
    [row] = api("POST", "/webhooks", HOOK).json()

    changed = api(
        "PATCH", f"/webhooks?id=eq.{row['id']}", {"events": ["seasons.deleted"]}, Prefer="return=representation"
    )
    assert changed.json() == [{**row, "events": ["seasons.deleted"], "updated_at": changed.json()[0]["updated_at"]}]
    assert api("DELETE", f"/webhooks?id=eq.{row['id']}").status_code == 204
    assert api("GET", "/webhooks").json() == []


def test_an_upsert_keeps_the_secret(api):
    [row] = api("POST", "/webhooks", HOOK).json()
    again = {**HOOK, "id": row["id"], "description": "Till"}

    [kept] = api("POST", "/webhooks", again, Prefer="resolution=merge-duplicates").json()

    assert kept == {**row, "description": "Till", "updated_at": kept["updated_at"]}


def test_every_fault_is_named(api):
    rows = [
        {"endpoint": "http://example.com", "events": ["coupons.created", "coupons.eaten", 7]},
        {"endpoint": "https://localhost/hooks", "events": []},
        {**HOOK, "endpoint": "HTTPS://example.com/hooks"},
    ]

    answer = api("POST", "/webhooks", rows)

    assert [answer.status_code, answer.json()["code"]] == [400, "23514"]
    assert [(fault["row"], fault["field"], fault["code"], fault["path"]) for fault in answer.json()["details"]] == [
        (0, "endpoint", "bad_endpoint", ""),
        (0, "events", "unknown_event", "[1]"),
        (0, "events", "unknown_event", "[2]"),
        (1, "endpoint", "bad_endpoint", ""),
        (1, "events", "no_events", ""),
        (2, "endpoint", "bad_endpoint", ""),
    ]
    assert api("GET", "/webhooks").json() == []


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({**HOOK, "signing_secret": "mine"}, 400, "428C9"),
        ({"events": HOOK["events"]}, 400, "23514"),
        ({**HOOK, "endpoint": None}, 400, "23502"),
        ({**HOOK, "events": "coupons.created"}, 400, "23514"),
        ({**HOOK, "organization_id": "00000000-0000-4000-8000-000000000000"}, 403, "42501"),
        ({**HOOK, "failures": 3}, 400, "PGRST204"),
        ({**HOOK, "id": "none"}, 400, "22P02"),
    ],
)
def test_what_is_refused(api, body, status, code):
    answer = api("POST", "/webhooks", body)

    assert [answer.status_code, answer.json()["code"]] == [status, code]


def test_a_key_that_may_only_read_makes_none(organization):
    api = Api(make_key(organization, scopes=[Scope.READ]))

    assert api("POST", "/webhooks", HOOK).status_code == 403
    assert api("GET", "/webhooks").json() == []


def test_history_keeps_the_act_and_nothing_of_the_secret(api, organization):
    api("POST", "/webhooks", HOOK)

    with tenant_scope(organization.pk):
        entry = AuditEntry.objects.of(organization.pk).get(table_name="webhooks")
        secret = Webhook.objects.of(organization.pk).get().signing_secret
    assert [entry.action, entry.row_label] == ["created", HOOK["endpoint"]]
    assert "signing_secret" not in entry.changes
    assert secret not in str(entry.changes)


def test_notifications_are_read_and_not_written(committed_db):
    forget_keys()
    organization = make_organization(currency="EUR")
    api = Api(make_key(organization))
    webhook = make_webhook(organization, "coupons.created")
    make_coupon(organization)
    [note] = told(organization)

    [row] = api("GET", "/webhook_notifications?select=*,webhooks(endpoint)").json()

    assert list(row) == [
        "id",
        "webhook_id",
        "created_at",
        "updated_at",
        "created_on",
        "event_type",
        "payload",
        "response",
        "status",
        "tries",
        "webhooks",
    ]
    assert [row["webhook_id"], row["status"], row["tries"], row["response"]] == [str(webhook.pk), "pending", 0, None]
    assert row["payload"] == note.payload
    assert row["webhooks"] == {"endpoint": webhook.endpoint}
    assert api("GET", "/webhook_notifications?status=eq.sent").json() == []
    for method in ("POST", "PATCH", "DELETE"):
        assert api(method, "/webhook_notifications?id=eq." + row["id"], {"status": "sent"}).status_code == 403


READS_OF_SECRETS = [
    "/webhooks?select=signing_secret",
    "/organizations?select=webhooks(signing_secret)",
    "/webhooks?select=signing_secret::text",
    "/webhooks?select=secret:signing_secret&order=signing_secret",
]


@pytest.mark.parametrize("path", READS_OF_SECRETS)
def test_a_key_that_may_only_read_sees_no_secret(api, organization, path):
    """Nor may it find one letter by letter."""
    webhook = make_webhook(organization)
    reader = Api(make_key(organization, [Scope.READ]))
    spender = Api(make_key(organization, [Scope.READ, Scope.WRITE_USES]))

    assert webhook.signing_secret in api("GET", path).content.decode()
    for key in (reader, spender):
        answer = key("GET", path)
        assert answer.status_code == 200
        assert "whsec_" not in answer.content.decode()
    assert reader("GET", "/webhooks").json() == [{**api("GET", "/webhooks").json()[0], "signing_secret": None}]
    assert reader("GET", "/webhooks?signing_secret=like.whsec_*").json() == []
    assert len(api("GET", "/webhooks?signing_secret=like.whsec_*").json()) == 1


def test_what_a_write_answers_hides_the_secret_too(api, organization):
    make_webhook(organization)
    spender = Api(make_key(organization, [Scope.READ, Scope.WRITE_USES]))
    use = {"coupon_id": str(make_coupon(organization).pk), "booking_id": str(make_booking(organization).pk)}
    path = "/coupon_uses?select=id,coupons(organizations(webhooks(signing_secret)))"

    answer = spender("POST", path, use, Prefer="return=representation")

    assert (answer.status_code, "whsec_" in answer.content.decode()) == (201, False)
    assert '"signing_secret":null' in answer.content.decode().replace(" ", "")
