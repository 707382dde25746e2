from __future__ import annotations

from decimal import Decimal

import iso4217
import moneyed
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookingoffice import money
from bookingoffice.errors import RuleViolation

FUNDS_AND_METALS = [
    *("BOV", "CHE", "CHW", "CLF", "COU", "MXV", "USN", "UYI", "UYW", "XAD"),
    *("XAG", "XAU", "XBA", "XDR", "XPD", "XPT", "XSU", "XTS", "XUA", "XXX"),
]

currencies = st.sampled_from(sorted(money.EXPONENTS))
amounts = st.integers(-money.BIGGEST_MINOR, money.BIGGEST_MINOR)


def test_the_table_has_155_listed_codes_and_nine_younger_ones():
    groups = [sum(exponent == places for exponent in money.LONG_LISTED.values()) for places in (0, 2, 3)]

    assert groups == [17, 131, 7]
    assert len(money.LONG_LISTED) == 155
    assert len(money.EXPONENTS) == 164
    assert money.OBSOLETE.issubset(money.LONG_LISTED)
    assert not money.RECENT & money.LONG_LISTED.keys()


def test_current_exponents_are_those_of_iso_4217():
    current = {code: money.exponent(code) for code in money.EXPONENTS.keys() - money.OBSOLETE}
    published = {currency.code: currency.exponent for currency in iso4217.Currency}

    assert current == {code: published[code] for code in current}


def test_every_code_of_iso_4217_is_known_or_a_fund_or_a_metal():
    left_out = {currency.code for currency in iso4217.Currency} - money.EXPONENTS.keys()

    assert left_out - {"XBB", "XBC", "XBD"} == set(FUNDS_AND_METALS) & left_out


def test_obsolete_exponents_are_those_another_table_still_has():
    kept = {currency.code: currency.sub_unit for currency in moneyed.CURRENCIES.values()}
    judged = sorted(money.OBSOLETE & kept.keys())

    assert judged
    assert {code: 10 ** money.exponent(code) for code in judged} == {code: kept[code] for code in judged}


@pytest.mark.parametrize("code", [*FUNDS_AND_METALS, "eur", "", "EURO", "ABC"])
def test_other_codes_are_refused(code):
    with pytest.raises(RuleViolation) as refusal:
        money.exponent(code)

    assert refusal.value.code == "unknown_currency"
    assert not money.is_currency(code)


@given(amounts, currencies)
def test_minor_to_major_and_back_changes_nothing(amount_minor, currency):
    assert money.major_to_minor(money.minor_to_major(amount_minor, currency), currency) == amount_minor
    assert money.major_to_minor(Decimal(money.major_text(amount_minor, currency)), currency) == amount_minor


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("12.5", "EUR", 1250),
        ("10", "JPY", 10),
        ("1.5", "KWD", 1500),
        ("0.5", "BYN", 50),
        ("1E+2", "EUR", 10000),
        ("12.5000000000000000000000000000000000000000", "EUR", 1250),
        ("0E+999999", "EUR", 0),
        ("-3.10", "EUR", -310),
    ],
)
def test_an_amount_in_major_units_becomes_whole(amount, currency, minor):
    assert money.major_to_minor(Decimal(amount), currency) == minor


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        ("12.345", "EUR", "amount_too_precise"),
        ("10.5", "JPY", "amount_too_precise"),
        ("1.0000000000000000000000000000000000000001", "EUR", "amount_too_precise"),
        ("1E-999999", "EUR", "amount_too_precise"),
        ("92233720368547758.08", "EUR", "amount_too_large"),
        ("-92233720368547758.08", "EUR", "amount_too_large"),
        ("9223372036854775808", "JPY", "amount_too_large"),
        ("1E+999999", "EUR", "amount_too_large"),
        ("NaN", "EUR", "amount_not_finite"),
        ("Infinity", "EUR", "amount_not_finite"),
    ],
)
def test_an_amount_that_cannot_be_kept_is_refused_and_never_rounded(amount, currency, code):
    with pytest.raises(RuleViolation) as refusal:
        money.major_to_minor(Decimal(amount), currency)

    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (1250, "EUR", "12.5"),
        (2000, "EUR", "20"),
        (10, "JPY", "10"),
        (1500, "KWD", "1.5"),
        (0, "EUR", "0"),
        (5, "EUR", "0.05"),
        (100000, "EUR", "1000"),
        (-50, "EUR", "-0.5"),
    ],
)
def test_text_has_no_trailing_zeros(minor, currency, text):
    assert money.major_text(minor, currency) == text


def test_a_negative_zero_is_written_as_zero():
    assert money.plain(Decimal("-0.00")) == "0"


@pytest.mark.parametrize(
    ("amount_minor", "percent", "taken"),
    [
        (1995, "18", 359),
        (1020, "12.5", 128),
        (1990, "15", 299),
        (1235, "10", 124),
        (money.BIGGEST_MINOR, "100", money.BIGGEST_MINOR),
        (0, "100", 0),
        (1, "49.9999", 0),
        (1, "50", 1),
    ],
)
def test_a_percentage_is_rounded_half_up_once(amount_minor, percent, taken):
    assert money.percent_of(amount_minor, Decimal(percent)) == taken


@given(st.integers(0, money.BIGGEST_MINOR), st.decimals(0, 100, places=4))
def test_a_percentage_is_the_nearest_whole_number(amount_minor, percent):
    ten_thousandths = int(percent * 10_000)

    assert money.percent_of(amount_minor, percent) == (2 * amount_minor * ten_thousandths + 10**6) // (2 * 10**6)
