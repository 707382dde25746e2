"""Amounts as whole minor units, and the decimals ISO 4217 gives each currency.

The table is our own because current ISO tables drop obsolete codes, which stay valid on old coupons. Fund, metal and
test codes are no money a guest can be given and are left out. Codes are upper case; anything else is unknown.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

from bookingoffice.errors import RuleViolation
from bookingoffice.speech import gettext as _

BIGGEST_MINOR: Final = 2**63 - 1
"""The largest amount a bigint column holds."""

_WITHOUT_DECIMALS: Final = "BIF BYR CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_WITH_TWO_DECIMALS: Final = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BZD CAD CDF CHF CNY COP CRC CUP
    CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IRR JMD KES
    KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRO MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR
    NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLL SOS SRD SSP STD SYP SZL THB TJS TMT TOP
    TRY TTD TWD TZS UAH USD UYU UZS VEF WST XCD YER ZAR ZMW ZWL
"""
_WITH_THREE_DECIMALS: Final = "BHD IQD JOD KWD LYD OMR TND"

OBSOLETE: Final = frozenset(["ANG", "BGN", "BYR", "HRK", "MRO", "SLL", "STD", "VEF", "ZWL"])
"""No longer in ISO 4217, and still what old coupons were given in."""

RECENT: Final = frozenset(["BYN", "MRU", "SLE", "STN", "SVC", "VED", "VES", "XCG", "ZWG"])
"""Current codes that older lists of 155 do not have; a vendor with such a list cannot be shown these."""

LONG_LISTED: Final[dict[str, int]] = {
    **dict.fromkeys(_WITHOUT_DECIMALS.split(), 0),
    **dict.fromkeys(_WITH_TWO_DECIMALS.split(), 2),
    **dict.fromkeys(_WITH_THREE_DECIMALS.split(), 3),
}
"""The 155 codes vendors have published for years, with their exponents."""

EXPONENTS: Final[dict[str, int]] = LONG_LISTED | dict.fromkeys(RECENT, 2)

_WIDE: Final = Context(prec=100, rounding=ROUND_HALF_UP)  # wider than any product of a bigint and a percentage


def is_currency(code: object) -> bool:
    return isinstance(code, str) and code in EXPONENTS


def exponent(currency: str) -> int:
    """Decimals of the currency: major = minor / 10^exponent. Refuses `unknown_currency`."""
    try:
        return EXPONENTS[currency]
    except (KeyError, TypeError):
        raise RuleViolation(
            "unknown_currency",
            _("%(currency)s is not a currency we know; use an upper-case ISO 4217 code.")
            % {"currency": repr(currency)},
            field="currency",
        ) from None


def decimals(amount: Decimal) -> int:
    """Digits after the point that say something: 12.50 has one, 1E+2 has none. The amount is finite."""
    _, digits, power = amount.as_tuple()
    assert isinstance(power, int)
    written = "".join(map(str, digits)).rstrip("0")
    return max(0, len(written) - len(digits) - power) if written else 0


def major_to_minor(amount: Decimal | int, currency: str) -> int:
    """12.5 EUR is 1250. Never rounds: refuses `amount_not_finite`, `amount_too_precise` and `amount_too_large`."""
    places = exponent(currency)
    amount = Decimal(amount)
    if not amount.is_finite():
        raise RuleViolation("amount_not_finite", _("An amount is a finite number."))
    if not amount:
        return 0
    if decimals(amount) > places:
        raise RuleViolation(
            "amount_too_precise",
            _("%(currency)s has %(places)s decimals; the amount has more.") % {"currency": currency, "places": places},
        )
    if not _fits(amount, places):
        raise RuleViolation("amount_too_large", _("The amount is larger than can be kept."))
    return int(amount.scaleb(places, _WIDE))


def _fits(amount: Decimal, places: int) -> bool:
    """Asks the magnitude first: a number such as 1E+999999 is never written out."""
    return amount.adjusted() + places <= 18 and abs(amount.scaleb(places, _WIDE)) <= BIGGEST_MINOR


def minor_to_major(amount_minor: int, currency: str) -> Decimal:
    """1250 EUR is Decimal("12.50"): always the currency's own number of decimals."""
    return Decimal(amount_minor).scaleb(-exponent(currency), _WIDE)


def plain(number: Decimal) -> str:
    """Digits without trailing zeros and without an exponent: "12.5", "20", "0"."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def major_text(amount_minor: int, currency: str) -> str:
    """1250 EUR is "12.5", 2000 EUR is "20", 10 JPY is "10"."""
    return plain(minor_to_major(amount_minor, currency))


def percent_of(amount_minor: int, percent: Decimal) -> int:
    """The percentage in minor units, rounded half up once: 12.5 % of 1020 is 128."""
    exact = _WIDE.multiply(Decimal(amount_minor), percent).scaleb(-2, _WIDE)
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP, _WIDE))
