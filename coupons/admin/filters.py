"""What the list of coupons can be narrowed to."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from coupons.models.coupon import State


class StateFilter(admin.SimpleListFilter):
    """Deleted coupons are shown when they are asked for."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(reversed(State.choices))

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(state=self.value()) if self.value() else queryset.filter(deleted_at=None)
