"""Claims are the organization's own, and those of yesterday go away a few at a time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection

from bookingoffice.database.scope import tenant_scope
from bookingoffice.idempotency import claims
from bookingoffice.idempotency.answers import Answer
from bookingoffice.idempotency.claims import PORTION
from bookingoffice.idempotency.models import KEPT, Claim
from tests.bookingoffice.idempotency.callers import make_asked
from tests.builders import NOON, make_organization

pytestmark = pytest.mark.django_db
TOMORROW = NOON + KEPT


def taken(organization, key="one", moment=NOON):
    return claims.take(make_asked(organization, key), moment)


def keys_of(organization):
    with tenant_scope(organization.pk):
        return set(Claim.objects.values_list("key", flat=True))


def test_a_new_claim_clears_some_old_ones_away():
    organization = make_organization()
    for number in range(PORTION + 5):
        taken(organization, f"old {number}", NOON + timedelta(seconds=number))
    taken(organization, "young", NOON + timedelta(hours=1))

    taken(organization, "first", TOMORROW + timedelta(minutes=1))
    left = keys_of(organization)
    taken(organization, "second", TOMORROW + timedelta(minutes=1))

    assert left == {"first", "young", *(f"old {number}" for number in range(PORTION, PORTION + 5))}
    assert keys_of(organization) == {"first", "second", "young"}


def test_clearing_away_touches_nobody_elses():
    mine, theirs = make_organization(), make_organization("Stranger")
    taken(theirs, "theirs")

    taken(mine, "mine", TOMORROW)

    assert keys_of(theirs) == {"theirs"}


def test_an_expired_answer_makes_room_for_a_claim():
    organization = make_organization()
    held = taken(organization)
    with tenant_scope(organization.pk):
        claims.keep(held, Answer(201, {}, b"old"))

    again = taken(organization, moment=TOMORROW)

    assert again.id != held.id
    with tenant_scope(organization.pk):
        [claim] = Claim.objects.all()
    assert (claim.answer, claim.created_at) == (None, TOMORROW)


def test_row_level_security_hides_another_organizations_claims():
    mine, theirs = make_organization(), make_organization("Stranger")
    taken(theirs)

    assert keys_of(mine) == set()


@pytest.mark.parametrize(
    "values", [{"key": ""}, {"key": "x" * 256}, {"fingerprint": b"short"}, {"status": 201}, {"body": b"alone"}]
)
def test_the_database_refuses_half_a_claim(values):
    organization = make_organization()
    taken(organization)

    with pytest.raises(IntegrityError), tenant_scope(organization.pk):
        Claim.objects.of(organization.pk).update(**values)


def test_the_catalogue_has_nothing_against_the_table():
    call_command("check", tags=["database"], databases=["default"])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(attname ORDER BY place) FROM pg_constraint, unnest(conkey) WITH ORDINALITY AS keys(number, place)"
            " JOIN pg_attribute ON attrelid = 'idempotency_claims'::regclass AND attnum = number"
            " WHERE conname = 'idempotency_claims_pkey'"
        )
        assert cursor.fetchone() == (["organization_id", "api_key_id", "key"],)
