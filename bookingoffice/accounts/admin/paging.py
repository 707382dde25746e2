"""Lists of any length: counting stops where nobody turns the page any more."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.utils.functional import cached_property
from unfold.views import ChangeList

MOST_COUNTED = 10_000


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


class HouseChangeList(ChangeList):
    """A list that nothing narrows shows everything: it needs no "Show all"."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if not self.multi_page:
            self.result_list = self.paginator.first_rows  # read already; Django would read them again
        if not self.query and not self.get_filters_params():
            self.full_result_count = self.result_count
