"""A key that is in use is looked up by one caller at a time, ahead of its time, and a revoked one is refused by all at once."""

from __future__ import annotations

import pytest
from django.utils import timezone

from bookingoffice.accounts import authentication
from bookingoffice.accounts.authentication import UnknownKey, caller_at_once, caller_of, forget_keys
from bookingoffice.accounts.models import ApiKey
from bookingoffice.database.scope import tenant_scope
from tests.builders import make_key, make_organization

pytestmark = pytest.mark.django_db


class Clock:
    now = 1000.0

    def monotonic(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(authentication, "time", clock)
    forget_keys()
    yield clock
    forget_keys()


@pytest.fixture
def asked(monkeypatch):
    """How often PostgreSQL was asked."""
    asked: list[bytes] = []
    real = authentication._looked_up

    def looked_up(digest):
        asked.append(digest)
        return real(digest)

    monkeypatch.setattr(authentication, "_looked_up", looked_up)
    return asked


@pytest.fixture
def organization():
    return make_organization()


@pytest.fixture
def token(organization):
    return make_key(organization)


def revoke(organization):
    with tenant_scope(organization.pk):
        ApiKey.objects.update(revoked_at=timezone.now())


def test_one_of_all_who_come_when_it_is_due_looks_it_up(clock, asked, token):
    caller = caller_of(token)
    clock.now += 0.6
    assert [caller_of(token) for _ in range(3)] == [caller] * 3
    assert len(asked) == 1
    clock.now += 0.2

    first = authentication._remembered[authentication._digest(token)]
    assert first.falls_to(clock.now)  # another has begun to look it up
    assert [caller_of(token) for _ in range(3)] == [caller] * 3
    assert len(asked) == 1

    clock.now += 0.3  # and has not come back
    assert caller_of(token) == caller
    assert len(asked) == 2


def test_who_is_let_in_at_once_is_known_and_not_due(clock, token):
    sent = f"Bearer {token}"
    assert caller_at_once(sent) is None
    caller = caller_of(token)

    assert caller_at_once(sent) == caller
    assert caller_at_once(f"Basic {token}") is None
    clock.now += 0.75
    assert caller_at_once(sent) is None
    assert caller_of(token) == caller
    assert caller_at_once(sent) == caller


def test_a_revoked_key_is_refused_by_all_as_soon_as_one_has_seen_it(clock, organization, token):
    caller_of(token)
    revoke(organization)
    clock.now += 0.6
    caller_of(token)
    clock.now += 0.15

    with pytest.raises(UnknownKey):
        caller_of(token)

    assert caller_at_once(f"Bearer {token}") is None
    with pytest.raises(UnknownKey):
        caller_of(token)


def test_a_key_is_never_remembered_longer_than_a_second(clock, organization, token):
    caller_of(token)
    known = authentication._remembered[authentication._digest(token)]
    known.due_at = known.until  # who looks it up never comes back
    revoke(organization)
    clock.now += 1.0

    assert caller_at_once(f"Bearer {token}") is None
    with pytest.raises(UnknownKey):
        caller_of(token)
