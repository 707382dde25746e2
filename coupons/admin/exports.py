"""Files of what a list was narrowed to. PostgreSQL writes them to a temporary file, so memory does not grow with them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from typing import Any

from django.http import FileResponse
from django.utils import timezone

from bookingoffice.accounts.models import Organization
from bookingoffice.datafiles.downloads import statement_of
from bookingoffice.datafiles.exporting import exported
from coupons.files import CouponSheet


def coupons_file(organization: Organization, queryset: Any) -> FileResponse:
    """The columns of the files of coupons, so that what is exported here can be changed and imported again."""
    return attached(exported(CouponSheet(), organization, "csv", only=statement_of(queryset.values("pk"))), "coupons")


def attached(pieces: Iterable[bytes], name: str) -> FileResponse:
    """Written to a file first: the answer is sent when the organization's scope has ended."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    for piece in pieces:
        file.write(piece)
    file.seek(0)
    filename = f"{name}-{timezone.localdate().isoformat()}.csv"
    return FileResponse(file, as_attachment=True, filename=filename, content_type="text/csv; charset=utf-8")
