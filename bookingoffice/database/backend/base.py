"""Django's PostgreSQL backend for tables whose primary key begins with the organization.

Grouping by `id` alone is an error in PostgreSQL when the primary key is `(organization_id, id)`, so Django must list every column.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base, features

from bookingoffice.database import watched
from bookingoffice.database.backend.moments import tolerant_loader


class DatabaseFeatures(features.DatabaseFeatures):
    allows_group_by_selected_pks = False


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(watched.around)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.adapters.register_loader("timestamptz", tolerant_loader(self.timezone))
        return connection
