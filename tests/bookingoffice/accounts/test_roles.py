"""What a role may do, tried at every address of the admin."""

from __future__ import annotations

from itertools import groupby
from urllib.parse import urlencode

import pytest
from django.contrib import admin

from bookingoffice.accounts.inviting import invite
from bookingoffice.accounts.models import ApiKey, Member
from bookingoffice.audit.models import AuditEntry
from tests import builders
from tests.bookingoffice.accounts.desks import make_desk
from tests.bookingoffice.accounts.test_admin import fill
from tests.bookingoffice.accounts.walking import addresses, changed, pages, print_of

pytestmark = pytest.mark.django_db

# Everything that any form or button of the admin could want, so that nothing is refused for a lack of it.
WANTED = {
    "post": "yes", "confirmed": "1", "_save": "Save", "reason": "because", "code": "WALKED", "kind": "percent", "percent": "5",
    "scope": "global", "name": "Walked", "label": "Walked", "role": "owner", "email": "walked@example.com", "scopes": "read",
    "expires_at_0": "2031-01-01", "count": "3", "pattern": "####", "format": "csv", "default_language": "nl", "currency": "EUR",
    "timezone": "UTC", "reference": "W-1", "days-0-from-day": "1", "days-0-from-month": "1",
    "days-0-to-day": "2", "days-0-to-month": "1", "decided": "on", "url": "https://example.com/", "year": "2027",
}  # fmt: skip


@pytest.fixture
def house():
    """An owner's organization with a row on every page."""
    owner = make_desk()
    colleague = make_desk("editor", owner.organization)
    rows = fill(owner.organization)
    builders.make_key(owner.organization)
    with owner.scope():
        invitation, _ = invite(owner.organization.pk, email="x@example.com", role="viewer", **owner.act)
        rows |= {
            "accounts_member": Member.objects.get(user=colleague.user).pk,
            "accounts_apikey": ApiKey.objects.get().pk,
            "accounts_invitation": invitation.pk,
            "accounts_organization": owner.organization.pk,
            "audit_auditentry": AuditEntry.objects.order_by("id").values_list("pk", flat=True).first(),
            "auth_user": colleague.user.pk,
        }
    return owner, rows


def actions_of(page):
    found = next(shown for model, shown in admin.site._registry.items() if page == _page(model))
    return [action if isinstance(action, str) else action.__name__ for action in found.actions or ()]


def _page(model):
    return f"{model._meta.app_label}_{model._meta.model_name}"


def posts(rows):
    """Every address with everything, and every list with each of its actions."""
    for address in addresses(rows):
        yield address, WANTED
    for page in sorted(pages()):
        for action in ("delete_selected", *actions_of(page)):
            app, model = page.split("_", 1)
            yield (
                f"/admin/{app}/{model}/",
                {**WANTED, "action": action, "_selected_action": str(rows.get(page, "")), "index": "0"},
            )


def test_the_walk_meets_every_page(house):
    _, rows = house
    walked = list(addresses(rows))

    for page in pages():
        app, model = page.split("_", 1)
        assert f"/admin/{app}/{model}/" in walked
        assert f"/admin/{app}/{model}/add/" in walked
        assert any(address.startswith(f"/admin/{app}/{model}/{rows.get(page, '')}") for address in walked), page
    assert len(walked) > 60


def test_a_viewer_changes_nothing_anywhere(house):
    owner, rows = house
    viewer = make_desk("viewer", owner.organization)
    viewer.get("index")
    before = print_of(owner.organization)

    for app, tried in groupby(posts(rows), key=lambda post: post[0].split("/")[2]):
        for address, words in tried:
            assert viewer.client.post(address, words).status_code < 500, address
        assert changed(before, print_of(owner.organization)) == [], app


def test_the_walk_would_notice_a_change(house):
    """The same steps by an owner do change rows: the walk is none that cannot fail."""
    owner, rows = house
    before = print_of(owner.organization)

    for address, words in posts(rows):
        owner.client.post(address, words)

    touched = set(changed(before, print_of(owner.organization)))
    assert {"coupons", "members", "invitations", "api_keys", "organizations", "seasons", "products"} <= touched


def test_an_editor_changes_nothing_of_people_keys_and_the_organization(house):
    owner, rows = house
    editor = make_desk("editor", owner.organization)
    editor.get("index")
    tables = ("members", "invitations", "api_keys", "organizations", "auth_user")
    before = print_of(owner.organization)

    for address, words in posts(rows):
        assert editor.client.post(address, words).status_code < 500, address
    after = print_of(owner.organization)

    assert {table: before[table] for table in tables} == {table: after[table] for table in tables}


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_reading_changes_nothing(house, role):
    owner, rows = house
    desk = make_desk(role, owner.organization)
    desk.get("index")
    before = print_of(owner.organization)

    for address in addresses(rows):
        answer = desk.client.get(address)
        assert answer.status_code < 500, address
        desk.client.get(f"{address}?{urlencode(WANTED)}")

    assert changed(before, print_of(owner.organization)) == []


def test_nobody_logged_in_meets_the_log_in_page_everywhere(house, client):
    owner, rows = house
    before = print_of(owner.organization)

    for address in addresses(rows):
        for answer in (client.get(address), client.post(address, WANTED)):
            assert answer.status_code in (302, 403, 404, 405) or address == "/admin/jsi18n/", address

    assert changed(before, print_of(owner.organization)) == []
