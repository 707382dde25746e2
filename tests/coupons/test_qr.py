"""QR codes: of the code alone, or of an address that it is put into."""

from __future__ import annotations

import pytest

from bookingoffice.errors import RuleViolation
from coupons.qr import content, inline_svg, refuse_unless_address, svg


def test_the_code_is_put_into_the_address_safely():
    assert content("A B/ü&x", "") == "A B/ü&x"
    assert content("A B/ü&x", "https://example.com/book?code={code}") == (
        "https://example.com/book?code=A%20B%2F%C3%BC%26x"
    )


@pytest.mark.parametrize("address", ["", "https://example.com/{code}", "http://x.example/?c={code}&d={code}"])
def test_a_web_address_with_a_place_for_the_code_is_taken(address):
    refuse_unless_address(address)


@pytest.mark.parametrize(
    "address",
    ["https://example.com/", "javascript:alert('{code}')", "{code}", "https://{code", "ftp://x/{code}", "http://[{code}",
     "https://x.example/{code}" + "x" * 300],
)  # fmt: skip
def test_anything_else_is_refused(address):
    with pytest.raises(RuleViolation) as refusal:
        refuse_unless_address(address)

    assert refusal.value.code == "not_an_address"


def test_a_picture_says_what_it_is_and_a_file_stands_by_itself():
    picture = inline_svg("SUMMER", "QR code of <SUMMER>")

    assert "<title>QR code of &lt;SUMMER&gt;</title>" in picture
    assert "viewBox" in picture
    assert svg("SUMMER").startswith(b"<?xml")
    assert svg("SUMMER") != svg("SUMMER2")
