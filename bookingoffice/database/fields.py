"""Column types that Django has no field for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class EnumField(models.TextField):  # type: ignore[type-arg]
    """A PostgreSQL enum, so that a wrong label is the database's own 22P02. `labels` are the choices in their order."""

    def __init__(self, *args: Any, enum: str = "", **kwargs: Any) -> None:
        self.enum = enum
        super().__init__(*args, **kwargs)

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return self.enum

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "enum": self.enum}


class RealField(models.FloatField):  # type: ignore[type-arg]
    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "real"


class MultirangeField(models.Field):  # type: ignore[type-arg]
    """`int4multirange` or `datemultirange`; psycopg reads and writes it as `Multirange`."""

    def __init__(self, *args: Any, subtype: str = "int4multirange", **kwargs: Any) -> None:
        self.subtype = subtype
        super().__init__(*args, **kwargs)

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return self.subtype

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "subtype": self.subtype}


class ExactDecoder(json.JSONDecoder):
    """Reads fractions as decimals: a float has lost what was sent."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "parse_float": Decimal})
