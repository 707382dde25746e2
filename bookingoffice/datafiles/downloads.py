"""A table as an answer over HTTP. CSV and JSON go out as PostgreSQL writes them, so neither memory nor disk grows with them."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from typing import Any, Final

from django.db import connection, transaction
from django.http import StreamingHttpResponse
from django.utils import timezone
from psycopg import sql

from bookingoffice.accounts.models import Organization
from bookingoffice.database.scope import set_organization
from bookingoffice.datafiles.exporting import exported
from bookingoffice.datafiles.sheets import Sheet
from bookingoffice.datafiles.sources import Format

MEDIA: Final = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def download(
    sheet: Sheet, organization: Organization, file_format: Format, chosen: Any = None
) -> StreamingHttpResponse:
    """`chosen` is a query set of the rows that are wanted."""
    only = statement_of(chosen.values("pk")) if chosen is not None else None
    response = StreamingHttpResponse(
        _in_own_transaction(sheet, organization, file_format, only), content_type=MEDIA[file_format]
    )
    day = timezone.localdate().isoformat()
    response["Content-Disposition"] = f'attachment; filename="{sheet.plural}-{day}.{file_format}"'
    return response


def statement_of(queryset: Any) -> sql.SQL:
    """A query set as SQL with its values in it, for COPY, which takes no parameters."""
    statement, values = queryset.order_by().query.sql_with_params()
    return sql.SQL(connection.ops.compose_sql(statement, values))  # type: ignore[attr-defined]


def _in_own_transaction(
    sheet: Sheet, organization: Organization, file_format: Format, only: sql.Composable | None
) -> Generator[bytes, None, None]:
    """The request's is over when an answer is sent. No scope of the context: whoever closes a generator may be elsewhere."""
    with transaction.atomic():
        set_organization(organization.pk)
        with closing(exported(sheet, organization, file_format, only=only)) as pieces:
            yield from pieces
