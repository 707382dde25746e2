"""What a role may do, for every page of the admin alike. Django's table of permissions is not asked."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.http import HttpRequest

from bookingoffice.accounts.desk import role_of

OWNERS = frozenset({"owner"})
EDITORS = frozenset({"owner", "editor"})
EVERYONE = frozenset({"owner", "editor", "viewer"})


class ByRole:
    """`readers` may look, `writers` may add, change and delete. A superuser is an owner everywhere."""

    readers: Collection[str] = EVERYONE
    writers: Collection[str] = EDITORS

    def has_module_permission(self, request: HttpRequest) -> bool:
        return role_of(request) in self.readers

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return role_of(request) in self.readers

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return role_of(request) in self.writers

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return role_of(request) in self.writers

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return role_of(request) in self.writers
