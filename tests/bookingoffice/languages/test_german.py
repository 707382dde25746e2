"""German as its readers meet it: words that English spells alike stay apart, and a coupon reads as a sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from django.utils import translation
from django.utils.dates import MONTHS

from bookingoffice.audit.columns import column_in_words
from coupons.sentence import sentence
from coupons.told_reasons import Case, reason_in_words
from tests.coupons.carts import percent, stay


def test_what_a_key_may_do_is_not_the_month():
    with translation.override("de"):
        assert (str(MONTHS[5]), column_in_words("scopes")) == ("Mai", "Darf")


def test_a_coupon_is_read_back_in_german():
    one = percent("12.5", scope="rent", min_nights=3, max_per_customer=1, arrival_weekdays=(5, 6), quota=1, live_uses=1)
    one = replace(one, expires_at=datetime(2027, 8, 31, 23, 59, tzinfo=UTC), stackable=False)

    with translation.override("de"):
        told = sentence(one, {}, UTC).replace("\N{NO-BREAK SPACE}", " ")

    assert told == (
        "12,5 % Rabatt auf die Miete, für Aufenthalte ab 3 Nächten, Anreise am Freitag oder Samstag, "
        "gültig bis 31. Aug 2027, 1 Nutzung, noch 0, einmal pro Gast, nicht mit anderen Gutscheinen."
    )


def test_a_reason_is_given_in_german():
    case = Case(percent("5", min_nights=3), stay("2027-07-01", "2027-07-02"), {}, UTC)

    with translation.override("de"):
        assert reason_in_words("stay_too_short", case) == (
            "Er verlangt mindestens 3 Nächte; der Aufenthalt hat 1 Nacht."
        )
