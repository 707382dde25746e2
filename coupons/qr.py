"""A code as a picture that a telephone reads. No Django, no database."""

from __future__ import annotations

from io import BytesIO
from typing import Final
from urllib.parse import quote, urlsplit

import segno
from django.utils.translation import gettext as _

from bookingoffice.errors import RuleViolation

PLACE: Final = "{code}"
LONGEST: Final = 300


def content(code: str, address: str) -> str:
    """The code itself, or the address with the code in its place."""
    return address.replace(PLACE, quote(code, safe="")) if address else code


def refuse_unless_address(address: str) -> None:
    """Empty, or a web address that says where the code goes."""
    if not address:
        return
    if len(address) > LONGEST or PLACE not in address or not _is_web_address(address):
        sentence = _("Give a web address with {code} in it, such as https://example.com/book?code={code}.")
        raise RuleViolation("not_an_address", sentence, field="address")


def _is_web_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def inline_svg(text: str, title: str) -> str:
    """For a page, as large as its place; the title is what a screen reader says."""
    return str(segno.make(text, error="m", micro=False).svg_inline(omitsize=True, title=title))


def svg(text: str) -> bytes:
    """A file that stands by itself."""
    file = BytesIO()
    segno.make(text, error="m", micro=False).save(file, kind="svg", scale=10)
    return file.getvalue()
