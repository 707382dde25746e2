"""What the database refuses about a coupon, in the house's own words, for doors that have no codes of PostgreSQL's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError
from django.utils.translation import gettext as _

from bookingoffice.errors import RuleViolation

CODE_TAKEN = "coupons_organization_id_code_key"
TOO_LARGE = "22003"


@contextmanager
def in_words() -> Iterator[None]:
    """Turns a taken code into `code_taken` and a number that no column holds into `number_too_large`; the rest passes."""
    try:
        yield
    except DatabaseError as error:
        diagnosis: Any = getattr(error.__cause__, "diag", None)
        if diagnosis is not None and diagnosis.constraint_name == CODE_TAKEN:
            raise RuleViolation("code_taken", _("Another coupon has this code."), field="code") from error
        if diagnosis is not None and diagnosis.sqlstate == TOO_LARGE:
            raise RuleViolation("number_too_large", _("A number is larger than can be kept.")) from error
        raise
