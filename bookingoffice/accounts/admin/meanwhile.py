"""A form that was drawn before somebody else changed the row. What it would write over unseen is told beside its field first.

A page carries a digest of each field as it was drawn. Whoever sends it again has seen how the row is now, and writes it over.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any, Final

from django import forms

DRAWN: Final = "_drawn"
"""The hidden field of a page; without it, nothing is compared."""


def drawn(form: forms.BaseForm) -> str:
    """What the page of a row carries."""
    return json.dumps({name: _digest(form, name) for name in form.fields})


def changed_meanwhile(form: forms.BaseForm) -> Iterator[str]:
    """Fields that would be written other than they are, and that are not as they were drawn."""
    before = _read(form.data.get(DRAWN))
    return (name for name in form.changed_data if name in before and before[name] != _digest(form, name))


def _read(text: Any) -> dict[str, Any]:
    """Nothing of what no page of ours wrote."""
    try:
        said = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _digest(form: forms.BaseForm, name: str) -> str:
    field = form.fields[name]
    shown = field.prepare_value(form.get_initial_for_field(field, name))
    if isinstance(shown, list | tuple | set):
        shown = sorted(map(str, shown))
    written = json.dumps(shown, default=str, sort_keys=True)
    return hashlib.blake2b(written.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
