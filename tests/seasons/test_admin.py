"""Seasons through the staff's door: rows of day and month, no JSON and no month counted from 0."""

from __future__ import annotations

from typing import Any

import pytest

from bookingoffice.audit.models import AuditEntry
from seasons.models import Season
from tests import builders
from tests.bookingoffice.accounts.desks import Desk, errors_of, make_desk
from tests.seasons.builders import SUMMER, WINTER, expression

pytestmark = pytest.mark.django_db

LIST, ADD, CHANGE, DELETE = (f"seasons_season_{page}" for page in ("changelist", "add", "change", "delete"))


def filled(*rows: tuple[Any, Any, Any, Any], **values: Any) -> dict[str, Any]:
    """Each row is first day, first month, last day, last month, as a browser posts them."""
    parts = ("from-day", "from-month", "to-day", "to-month")
    posted = {
        f"days-{place}-{part}": str(value)
        for place, row in enumerate(rows)
        for part, value in zip(parts, row, strict=True)
    }
    return {"name": "Winter", "decided": "dates", **posted, **values}


def stored(desk: Desk) -> Season:
    with desk.scope():
        season: Season = Season.objects.get()
        return season


def faults_of(response: Any) -> dict[int, list[str]]:
    errors_of(response)
    faults: dict[int, list[str]] = response.context["adminform"].form.fields["days"].widget.faults
    return faults


def test_a_season_is_made_of_rows_and_leaves_its_history():
    desk = make_desk("editor")

    response = desk.post(
        ADD, **filled((1, 11, 29, 2), ("", "", "", ""), (1, 6, 31, 8), **{"name-0-tag": "nl", "name-0-text": "Koud"})
    )

    assert response.status_code == 302, errors_of(response)
    season = stored(desk)
    assert season.name == {"default": "Winter", "nl": "Koud"}
    assert season.value == expression(WINTER, SUMMER)
    with desk.scope():
        assert AuditEntry.objects.get(table_name="seasons").row_id == season.pk


@pytest.mark.parametrize(("decided", "value"), [("undecided", None), ("never", expression())])
def test_dates_may_be_undecided_or_never(decided, value):
    desk = make_desk()

    desk.post(ADD, **filled(decided=decided))

    assert stored(desk).value == value


def test_the_page_shows_the_rows_the_reading_and_three_to_spare():
    desk = make_desk()
    season = builders.make_season(desk.organization, value=expression(WINTER))

    page = desk.get(CHANGE, season.pk).content.decode()

    assert "1 November to end of February, over New Year: 120 nights, 121 in leap years." in page
    assert page.count('-from-day"') == 4


@pytest.mark.parametrize(
    "row", [(31, 9, 1, 10), (1, 13, 2, 1), (0, 1, 2, 1), (1, "", 2, 1), ("x", 1, 2, 1), (99999, 1, 2, 1)]
)
def test_a_faulty_row_is_told_at_that_row(row):
    desk = make_desk()

    response = desk.post(ADD, **filled((1, 1, 2, 1), row))

    assert list(faults_of(response)) == [1]
    with desk.scope():
        assert not Season.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name-0-tag": "not a tag", "name-0-text": "x"}, "name"),
        ({"name-0-tag": "nl", "name-0-text": "x", "name-1-tag": "NL", "name-1-text": "y"}, "name"),
        ({"decided": "perhaps"}, "decided"),
        ({"decided": "never"}, "decided"),
    ],
)
def test_a_faulty_value_is_told_beside_its_field(values, field):
    desk = make_desk()

    response = desk.post(ADD, **filled((1, 1, 2, 1), **values))

    assert field in errors_of(response)


def test_dates_without_a_row_are_refused():
    assert "days" in errors_of(make_desk().post(ADD, **filled()))


def test_a_row_ticked_for_removal_goes():
    desk = make_desk()
    season = builders.make_season(desk.organization, value=expression(WINTER, SUMMER))

    response = desk.post(CHANGE, season.pk, **filled((1, 11, 29, 2), (1, 6, 31, 8), **{"days-0-gone": "1"}))

    assert response.status_code == 302, errors_of(response)
    assert stored(desk).value == expression(SUMMER)


def test_a_season_that_a_coupon_names_is_not_deleted():
    desk = make_desk()
    season = builders.make_season(desk.organization)
    builders.make_coupon(desk.organization, "BOUND", season_ids=[str(season.pk)])

    refused = desk.client.post(f"/admin/seasons/season/{season.pk}/delete/", {"post": "yes"}, follow=True)

    assert "BOUND" in refused.content.decode()
    assert stored(desk).pk == season.pk


def test_a_season_nobody_names_is_deleted():
    desk = make_desk()
    season = builders.make_season(desk.organization)

    desk.post(DELETE, season.pk, post="yes")

    with desk.scope():
        assert not Season.objects.exists()


def test_a_season_is_found_in_every_language_and_by_its_dates():
    desk = make_desk()
    season = builders.make_season(desk.organization, value=expression(SUMMER))
    with desk.scope():
        Season.objects.filter(pk=season.pk).update(name={"default": "Summer", "nl": "Zomer"})
    builders.make_season(desk.organization, "Later")
    builders.make_season(desk.organization, "Never", value=expression())

    def found(**query: str) -> list[str]:
        return sorted(str(row) for row in desk.get(LIST, **query).context["cl"].result_list)

    assert found(q="zomer") == ["Summer"]
    assert found(q="default") == []
    assert found(dates="set") == ["Summer"]
    assert found(dates="undecided") == ["Later"]
    assert found(dates="never") == ["Never"]


def test_a_viewer_reads_and_changes_nothing():
    desk = make_desk("viewer")
    season = builders.make_season(desk.organization)

    assert desk.get(CHANGE, season.pk).status_code == 200
    assert desk.post(CHANGE, season.pk, **filled((1, 1, 2, 1))).status_code == 403
    assert desk.post(DELETE, season.pk, post="yes").status_code == 403


def test_another_organizations_season_is_not_there():
    desk, season = make_desk(), builders.make_season(builders.make_organization("Elsewhere"))

    assert desk.get(CHANGE, season.pk).status_code == 302
    assert desk.post(CHANGE, season.pk, **filled((1, 1, 2, 1))).status_code == 302
    assert desk.get("seasons_season_history", season.pk).status_code == 302
