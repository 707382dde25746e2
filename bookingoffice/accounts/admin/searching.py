"""What a person types into the search of a list."""

from __future__ import annotations

from collections.abc import Collection
from functools import reduce
from operator import or_

from django.db.models import F, Func, Q, TextField
from django.db.models.lookups import IContains


class AllTexts(Func):
    """Every text of a column in several languages, without the tags."""

    template = "jsonb_path_query_array(%(expressions)s, '$.*')::text"
    output_field = TextField()


def containing(term: str, fields: Collection[str], localized: Collection[str]) -> Q:
    """Upper and lower case are alike; `localized` fields are searched in all their languages."""
    return reduce(or_, (_holds(term, field, field in localized) for field in fields))


def _holds(term: str, field: str, localized: bool) -> Q:
    return Q(IContains(AllTexts(F(field)), term)) if localized else Q(**{f"{field}__icontains": term})
