"""Which rows of a list are asked for: `page` counts from 1, and a page has `limit` rows, also written `itemsPerPage`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Final
from uuid import UUID

from bookingoffice.database.remembered import Remembered
from coupons.api.fynn.errors import Invalid, Violation

DEFAULT_SIZE: Final = 30
LARGEST_SIZE: Final = 100
_WHOLE: Final = re.compile("[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Window:
    page: int
    size: int

    def of(self, rows: Remembered, organization_id: UUID) -> list[Any]:
        """The rows of this page; a page after the last one is empty."""
        first = (self.page - 1) * self.size
        found, _ = rows.page(limit=self.size, offset=first, organization_id=organization_id, last=True)
        return [SimpleNamespace(**row) for row in found]


def window(parameters: Mapping[str, str]) -> Window:
    """Of `limit` and `itemsPerPage` the first counts. Raises Invalid."""
    name = "itemsPerPage" if "itemsPerPage" in parameters and "limit" not in parameters else "limit"
    page, size = parameters.get("page", "1"), parameters.get(name, str(DEFAULT_SIZE))
    faults = []
    if not _WHOLE.fullmatch(page) or int(page) < 1:
        faults.append(Violation("page", "page_out_of_range", "Choose a whole number from 1 on."))
    if not _WHOLE.fullmatch(size) or int(size) > LARGEST_SIZE:
        faults.append(Violation(name, "size_out_of_range", f"Choose a whole number from 0 to {LARGEST_SIZE}."))
    if faults:
        raise Invalid(faults)
    return Window(int(page), int(size))
