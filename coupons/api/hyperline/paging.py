"""`take` and `skip`, and the page that says how many there are."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Final
from uuid import UUID

from bookingoffice.database.remembered import Remembered
from coupons.api.hyperline.errors import Refused, WireFault

DEFAULT_TAKE: Final = 50
MOST_TAKEN: Final = 100
DIGITS: Final = re.compile(r"[0-9]{1,100}")


@dataclass(frozen=True, slots=True)
class Window:
    take: int = DEFAULT_TAKE
    skip: int = 0

    def page(self, rows: Remembered, told: Callable[[Any], dict[str, Any]], organization_id: UUID) -> dict[str, Any]:
        found, total = rows.page(limit=self.take, offset=self.skip, organization_id=organization_id, last=True)
        data = [told(SimpleNamespace(**row)) for row in found]
        return {"meta": {"total": total, "taken": len(data), "skipped": min(self.skip, total or 0)}, "data": data}


def window(query: Mapping[str, str]) -> Window:
    """Other parameters are ignored, as the vendor does. Raises Refused."""
    faults: list[WireFault] = []
    take = _number(query, "take", DEFAULT_TAKE, MOST_TAKEN, faults)
    skip = _number(query, "skip", 0, None, faults)
    if faults:
        raise Refused(faults)
    return Window(take, skip)


def _number(query: Mapping[str, str], name: str, default: int, most: int | None, faults: list[WireFault]) -> int:
    text = query.get(name)
    if text is None:
        return default
    if DIGITS.fullmatch(text) and (most is None or int(text) <= most):
        return int(text)
    expected = "0 or more" if most is None else f"0 to {most}"
    faults.append(WireFault((name,), "invalid_number", f"must be a whole number, {expected}", expected, text[:40]))
    return default
