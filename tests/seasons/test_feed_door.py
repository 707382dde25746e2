"""The calendar feed by HTTP: what a calendar sees, what it need not fetch again, and whom it never lets in."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connections, transaction

from bookingoffice.accounts.models import Organization, digest_of
from bookingoffice.audit.models import AuditEntry
from bookingoffice.database.scope import tenant_scope
from bookingoffice.errors import RuleViolation
from seasons.feed_addresses import ensure_feed, feed_secret, organization_of_secret, renew_feed
from seasons.models import Season, SeasonFeed
from seasons.writes import change_seasons, delete_seasons
from seasons.year_writes import set_year
from tests.builders import NOON, TESTER, make_organization
from tests.seasons.builders import SUMMER, WHOLE_YEAR, WINTER, events_read, expression, stretch
from tests.seasons.doors import keep

pytestmark = pytest.mark.django_db
ACT = {"actor": TESTER, "moment": NOON}


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def organization():
    return make_organization("Seaside cabins", timezone="Europe/Amsterdam")


@pytest.fixture
def winter(organization):
    [season_id] = keep(
        organization, {"name": {"default": "Winter", "nl": "Koud; guur,\nnat"}, "value": expression(WINTER)}
    )
    return season_id


@pytest.fixture
def secret(organization):
    with tenant_scope(organization.pk):
        return ensure_feed(organization, **ACT)


@pytest.fixture
def feed(client, secret):
    return lambda query="", **headers: client.get(f"/ical/seasons/{secret}.ics{query}", headers=headers)


def test_a_calendar_reads_whole_runs_of_days(feed, winter):
    answer = feed()

    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    events = events_read(answer.content)
    assert [(f"{event['DTSTART'].dt}", f"{event['DTEND'].dt}") for event in events] == [
        ("2025-11-01", "2026-03-01"),
        ("2026-11-01", "2027-03-01"),
        ("2027-11-01", "2028-03-01"),
        ("2028-11-01", "2029-03-01"),
        ("2029-11-01", "2030-03-01"),
    ]
    assert [event["UID"] for event in events][:1] == [f"{winter}-20251101@testserver"]
    assert b"RRULE" not in answer.content
    assert b"X-WR-CALNAME:Seaside cabins\r\n" in answer.content


def test_names_are_in_the_language_that_was_asked_for(feed, winter):
    assert events_read(feed("?lang=nl-BE").content)[0]["SUMMARY"] == "Koud; guur,\nnat"
    assert events_read(feed("?lang=").content)[0]["SUMMARY"] == "Winter"
    assert feed("?lang=nul%00&lang=%F0%9F%8F%96").status_code == 200


def test_dates_of_single_years_are_told_and_change_the_tag(feed, organization, winter):
    before = feed()
    with tenant_scope(organization.pk):
        set_year(organization, winter, 2027, [stretch("2027-11-15", "2028-03-10")], **ACT)
    after = feed(If_None_Match=before["ETag"])

    assert after.status_code == 200
    assert f"{winter}-20271115@testserver" in {event["UID"] for event in events_read(after.content)}


def test_an_unchanged_feed_is_the_same_bytes_and_need_not_be_fetched(feed, winter):
    first, again = feed(), feed()

    assert (first.content, first["ETag"]) == (again.content, again["ETag"])
    for tag in (first["ETag"], f'"x", W/{first["ETag"]}', "*"):
        unchanged = feed(If_None_Match=tag)
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        assert unchanged["ETag"] == first["ETag"]
    assert feed(If_None_Match='"another"').status_code == 200


def test_the_window_turns_with_the_year_where_the_organization_is(feed, winter):
    with time_machine.travel("2027-12-31T22:59:59Z", tick=False):
        before = feed()
    with time_machine.travel("2027-12-31T23:00:00Z", tick=False):
        after = feed(If_None_Match=before["ETag"])

    assert after.status_code == 200
    assert len(events_read(after.content)) == len(events_read(before.content)) == 5
    assert b"20301101" in after.content


def test_a_deleted_season_is_noticed_though_nothing_is_younger(feed, organization, winter):
    keep(organization, {"value": expression(SUMMER)})
    before = feed()
    with tenant_scope(organization.pk):
        delete_seasons(organization, [winter], **ACT)

    after = feed(If_Modified_Since=before["Last-Modified"])

    assert after.status_code == 200
    assert str(winter) not in after.content.decode()


@pytest.mark.parametrize(
    ("moment", "stamp"),
    [
        ("9999-12-31T23:59:59.999999Z", "99991231T235959Z"),
        ("infinity", "99991230T000000Z"),
        ("0044-03-15 BC", "00010102T000000Z"),
    ],
)
def test_a_change_at_the_end_of_time_is_told_as_a_date(feed, organization, winter, moment, stamp):
    with tenant_scope(organization.pk):
        change_seasons(organization, [winter], {"updated_at": moment}, **ACT)

    assert feed().status_code == 200
    assert f"DTSTAMP:{stamp}\r\n" in feed().content.decode()


def test_last_modified_is_the_youngest_change(feed, organization, winter):
    with tenant_scope(organization.pk):
        change_seasons(organization, [winter], {"updated_at": "2031-05-04T03:02:01.9Z"}, **ACT)

    assert feed()["Last-Modified"] == "Sun, 04 May 2031 03:02:01 GMT"
    assert events_read(feed().content)[0]["DTSTAMP"].dt.isoformat() == "2031-05-04T03:02:01+00:00"


def test_head_has_the_headers_alone_and_nothing_is_written_here(client, secret, feed):
    head = client.head(f"/ical/seasons/{secret}.ics")

    assert (head.status_code, head.content) == (200, b"")
    assert {name: head[name] for name in ("ETag", "Content-Length")} == {
        "ETag": feed()["ETag"],
        "Content-Length": str(len(feed().content)),
    }
    assert client.post(f"/ical/seasons/{secret}.ics").status_code == 405


def test_a_season_that_never_ends_is_told_by_the_year_and_one_without_dates_not_at_all(feed, organization):
    keep(organization, {"value": expression(WHOLE_YEAR)}, {"value": None}, {"value": expression()})

    assert [event["DTSTART"].dt.year for event in events_read(feed().content)] == [2026, 2027, 2028, 2029]


def test_staff_can_read_the_address_again_and_end_it(client, organization, secret):
    with tenant_scope(organization.pk):
        assert feed_secret(organization.pk) == ensure_feed(organization, **ACT) == secret
        renewed = renew_feed(organization, **ACT)
        assert feed_secret(organization.pk) == renewed != secret
        entries = AuditEntry.objects.filter(table_name="season_feeds").order_by("created_at", "id")
        assert sorted(entries.values_list("action", flat=True)) == ["created", "renewed"]
        assert SeasonFeed.objects.count() == 1

    assert client.get(f"/ical/seasons/{secret}.ics").status_code == 404
    assert client.get(f"/ical/seasons/{renewed}.ics").status_code == 200


def test_another_secret_key_hides_the_address_and_stops_no_calendar(client, settings, organization, secret):
    settings.SECRET_KEY = "another"

    assert client.get(f"/ical/seasons/{secret}.ics").status_code == 200
    with tenant_scope(organization.pk):
        with pytest.raises(RuleViolation) as refusal:
            feed_secret(organization.pk)
        renewed = renew_feed(organization, **ACT)
        assert feed_secret(organization.pk) == renewed
    assert refusal.value.code == "feed_secret_lost"


def test_before_it_is_made_there_is_no_feed(organization):
    with tenant_scope(organization.pk):
        assert feed_secret(organization.pk) is None


@pytest.mark.parametrize(
    "wrong", ["", "x", "a" * 43, "a" * 42 + "é", "A" * 10_000, "..%2f..%2fetc", "%00", "a" * 42 + "%0A"]
)
def test_a_wrong_address_is_not_found(client, secret, wrong):
    answer = client.get(f"/ical/seasons/{wrong}.ics")

    assert answer.status_code == 404
    assert secret not in answer.content.decode()


def test_a_deleted_organization_publishes_nothing(client, organization, secret):
    with tenant_scope(organization.pk):
        Organization.objects.filter(pk=organization.pk).update(deleted_at=NOON)

    assert client.get(f"/ical/seasons/{secret}.ics").status_code == 404


def test_a_feed_shows_one_organization(client, organization, secret, winter):
    elsewhere = make_organization("Elsewhere")
    keep(elsewhere, {"value": expression(SUMMER)})
    with tenant_scope(elsewhere.pk):
        other = ensure_feed(elsewhere, **ACT)

    assert str(winter) not in client.get(f"/ical/seasons/{other}.ics").content.decode()
    assert organization_of_secret(other) == elsewhere.pk
    assert organization_of_secret(secret) == organization.pk


def test_the_address_is_not_in_the_database_and_no_two_feeds_share_one(organization, secret):
    with tenant_scope(organization.pk):
        feed = SeasonFeed.objects.get()
        assert bytes(feed.digest) == digest_of(secret)
        assert str(feed.seed) not in secret
        elsewhere = make_organization("Elsewhere")
    with (
        tenant_scope(elsewhere.pk),
        pytest.raises(IntegrityError, match="season_feeds_digest_key"),
        transaction.atomic(),
    ):
        SeasonFeed.objects.create(organization=elsewhere, seed=feed.seed, digest=feed.digest)


@pytest.mark.forgets_the_tenant
def test_outside_a_scope_feeds_are_not_to_be_seen(secret):
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM season_feeds")
        assert cursor.fetchone() == (0,)


def test_a_season_touched_a_second_later_moves_its_stamp(feed, organization, winter):
    before = feed()["ETag"]
    with tenant_scope(organization.pk):
        Season.objects.of(organization.pk).filter(pk=winter).update(updated_at=NOON + timedelta(days=400))

    assert feed()["ETag"] != before
