"""Django's PostgreSQL backend for tables whose primary key begins with the organization.

Grouping by `id` alone is an error in PostgreSQL when the primary key is `(organization_id, id)`, so Django must list every column.
"""

from __future__ import annotations

from django.db.backends.postgresql import base, features


class DatabaseFeatures(features.DatabaseFeatures):
    allows_group_by_selected_pks = False


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures
