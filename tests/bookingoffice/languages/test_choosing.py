"""Staff choose the language of the admin; whoever has not chosen reads the browser's; programs read English."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import trans_real

from bookingoffice.languages.models import StaffLanguage
from tests.bookingoffice.accounts.desks import Desk, make_desk
from tests.builders import NOON

pytestmark = pytest.mark.django_db


def language_of(desk: Desk, **headers: str) -> str:
    response = desk.client.get(reverse("admin:index"), headers=headers)
    assert f'<html lang="{response.headers["Content-Language"]}"' in response.content.decode()
    return response.headers["Content-Language"]


def test_the_browsers_language_is_spoken_until_one_is_chosen():
    desk = make_desk()

    assert language_of(desk) == "en"
    assert language_of(desk, accept_language="de-AT,nl;q=0.5") == "de"
    assert language_of(desk, accept_language="fr") == "en"


def test_a_choice_holds_on_another_machine():
    desk = make_desk()

    response = desk.client.post(reverse("choose_language"), {"language": "nl", "next": "/admin/coupons/coupon/"})

    assert (response.status_code, response.url) == (302, "/admin/coupons/coupon/")
    assert language_of(desk, accept_language="de") == "nl"
    other = Client()
    other.force_login(desk.user)
    assert language_of(Desk(desk.organization, desk.user, other), accept_language="de") == "nl"


@pytest.mark.parametrize("language", ["fr", "", "en-us; DROP", "NL"])
def test_a_language_nobody_speaks_changes_nothing(language: str):
    desk = make_desk()

    desk.client.post(reverse("choose_language"), {"language": language})

    assert not StaffLanguage.objects.exists()
    assert language_of(desk) == "en"


@pytest.mark.parametrize("page", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_choosing_never_leads_to_another_site(page: str):
    response = make_desk().client.post(reverse("choose_language"), {"language": "nl", "next": page})

    assert response.url == reverse("admin:index")


def test_a_stranger_chooses_nothing_and_is_not_refused():
    response = Client().post(reverse("choose_language"), {"language": "nl"})

    assert response.status_code == 302
    assert Client().get(reverse("admin:login"), headers={"accept-language": "nl"}).headers["Content-Language"] == "nl"


def test_programs_are_answered_in_english():
    answer = Client().get("/v1/coupons", headers={"accept-language": "de"})

    assert "Content-Language" not in answer.headers
    assert "Anmelde" not in answer.content.decode()


def test_a_remembered_choice_costs_no_question():
    desk = make_desk()
    desk.get("accounts_apikey_changelist")

    with CaptureQueriesContext(connection) as asked:
        desk.get("accounts_apikey_changelist")

    assert not [query for query in asked.captured_queries if "staff_languages" in query["sql"]]


@pytest.mark.parametrize(
    ("language", "text"), [("en", "15 Jun 2027, 12:00"), ("nl", "15 jun 2027, 12:00"), ("de", "15. Jun 2027, 12:00")]
)
def test_moments_are_short_in_every_language(language: str, text: str):
    with translation.override(language):
        assert date_format(NOON, "DATETIME_FORMAT") == text


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="gettext is not installed")
def test_a_compiled_catalogue_is_spoken(settings, tmp_path: Path):
    folder = tmp_path / "nl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    (folder / "django.po").write_text(header + 'msgid "Nothing has been recorded yet."\nmsgstr "Nog niets."\n')
    settings.LOCALE_PATHS = [tmp_path]
    call_command("compilemessages", locale=["nl"], verbosity=0)
    trans_real._translations.clear()

    try:
        with translation.override("nl"):
            assert translation.gettext("Nothing has been recorded yet.") == "Nog niets."
    finally:
        trans_real._translations.clear()
