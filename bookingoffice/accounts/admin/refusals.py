"""A refusal of a service or of the database, as faults that a form can show beside its fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.db import DataError, IntegrityError
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from bookingoffice.errors import Fault, Malformed, RuleViolation

REFUSALS = (RuleViolation, Malformed, IntegrityError, DataError)

Sentences = Mapping[str, tuple[str, str | Promise]]
"""By constraint: the field it is about, and what to tell."""

UNIQUE, FOREIGN = "23505", "23503"
_NAME = re.compile(r"(?P<field>.+?)(_id)?_(check|key|fkey)\d*")  # a distributed engine may add a number


def faults_of(refusal: Exception, sentences: Sentences) -> list[Fault]:
    """Every fault; an empty `field` is about the form as a whole."""
    if isinstance(refusal, Malformed):
        return list(refusal.faults)
    if isinstance(refusal, RuleViolation):
        return [Fault(refusal.field or "", refusal.code, refusal.sentence)]
    diagnosis: Any = getattr(refusal.__cause__, "diag", None)
    return [_fault_of(diagnosis, sentences)]


def sentence_of(refusal: Exception, sentences: Sentences) -> str:
    """The same in one line, where there is no form."""
    return " ".join(fault.message for fault in faults_of(refusal, sentences))


def _fault_of(diagnosis: Any, sentences: Sentences) -> Fault:
    constraint, code = getattr(diagnosis, "constraint_name", None) or "", getattr(diagnosis, "sqlstate", None) or ""
    if known := sentences.get(constraint.rstrip("0123456789")):
        return Fault(known[0], code, str(known[1]))
    field = _field_in(constraint, getattr(diagnosis, "table_name", None) or "")
    if code == UNIQUE:
        return Fault(field, code, _("This is taken already; choose another."))
    if code == FOREIGN:
        return Fault(
            "",
            code,
            _("Still in use by %(words)s; change or remove those first.") % {"words": _words(diagnosis.table_name)},
        )
    return Fault(field, code, _("This value is not possible here."))


def _field_in(constraint: str, table: str) -> str:
    """`products_currency_check` is about `currency`."""
    match = _NAME.fullmatch(constraint.removeprefix(f"{table}_").removeprefix("organization_id_"))
    return match["field"] if match else ""


def _words(table: str) -> str:
    return _(table.replace("_", " "))
