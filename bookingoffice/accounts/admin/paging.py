"""Lists of any length: counting stops where nobody turns the page any more."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.paginator import Page, Paginator
from django.db import DataError, transaction
from django.db.models import TextField
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils.functional import cached_property
from unfold.views import ChangeList

MOST_COUNTED = 10_000
UNNARROWED = frozenset({"p", "o", "e", "all", "_popup", "_to_field"})
"""What an address may say of a list without narrowing it."""


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """`count` is true up to MOST_COUNTED; a longer list ends there and is searched or filtered instead.

    The first page is read before anything is counted: where it holds all there is, a search through the whole table is made once.
    """

    template_name = "admin/parts/pages.html"

    @cached_property
    def first_rows(self) -> list[Any]:
        """Those of the first page, and one more where there is one."""
        return list(self.object_list[: self.per_page + 1])

    @cached_property
    def count(self) -> int:
        if len(self.first_rows) <= self.per_page:
            return len(self.first_rows)
        rows: Any = self.object_list
        return int(rows.order_by()[:MOST_COUNTED].count())

    def page(self, number: Any) -> Any:
        if self.validate_number(number) == 1:
            return Page(self.first_rows[: self.per_page], 1, self)
        return super().page(number)

    @property
    def is_capped(self) -> bool:
        """Whether there may be more; the page says so."""
        return self.count >= MOST_COUNTED


class NarrowedPaginator(CappedPaginator):
    """Of a list that something narrows. What may be dear to find is found once, by its keys: they are counted, and a page reads
    its rows by them. `rows` is the list without what narrows it.
    """

    def __init__(self, object_list: Any, per_page: int, *, rows: Any) -> None:
        super().__init__(object_list, per_page)
        self.rows = rows

    @cached_property
    def keys(self) -> list[str]:
        found: Any = self.object_list
        return list(found.annotate(key=Cast("pk", TextField())).values_list("key", flat=True)[:MOST_COUNTED])

    @cached_property
    def count(self) -> int:
        return len(self.keys)

    @cached_property
    def first_rows(self) -> list[Any]:
        return self._read(self.keys[: self.per_page + 1])

    def page(self, number: Any) -> Any:
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        return Page(self._read(self.keys[first : first + self.per_page]), number, self)

    def _read(self, keys: list[str]) -> list[Any]:
        """In the order of the keys."""
        rows = {str(row.pk): row for row in self.rows.filter(pk__in=keys)}
        return [rows[key] for key in keys if key in rows]


class HouseChangeList(ChangeList):
    """A list that nothing narrows shows everything: it needs no "Show all"."""

    def get_results(self, request: HttpRequest) -> None:
        """An address may ask for a label that no type has, as an old bookmark does: the list is shown without it."""
        try:
            super().get_results(request)
        except DataError as refusal:
            transaction.set_rollback(True)  # it is broken, and wrote nothing
            raise IncorrectLookupParameters from refusal
        if not self.multi_page:
            self.result_list = self.paginator.first_rows  # read already; Django would read them again
        if not self.query and not self.get_filters_params():
            self.full_result_count = self.result_count
