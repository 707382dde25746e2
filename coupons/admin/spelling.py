"""Codes as people type them, compared as the database compares them."""

from __future__ import annotations

from django.db.models import CharField, F, Func, Q, TextField, Value
from django.db.models.lookups import GreaterThan


def key_of(code: str) -> Func:
    return Func(Value(code), function="public.coupon_code_key", output_field=TextField())


def spelled(code: str) -> Q:
    """Coupons of this code, deleted ones too: those and the others have an index each."""
    return Q(code_key=key_of(code), deleted_at=None) | Q(code_key=key_of(code), deleted_at__isnull=False)


def holds_code(term: str) -> Q:
    """Coupons whose code is the term or has it in it, in any spelling; nothing where the term is no part of a code."""
    key = key_of(term)
    return Q(GreaterThan(key, Value("", CharField()))) & Q(GreaterThan(Func(F("code_key"), key, function="strpos"), 0))
