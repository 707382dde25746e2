"""Bodies of this one path may be large: they go to a temporary file as they come, and no further than a limit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest

from bookingoffice.datafiles.uploads import LARGEST, PIECE

ENVELOPE = 64 * 1024
"""What a form has around its file."""


class BoundedUpload(TemporaryFileUploadHandler):
    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> Any:
        self._received += len(raw_data)
        if self._received > LARGEST:
            raise StopUpload(connection_reset=True)
        return super().receive_data_chunk(raw_data, start)


def is_too_large(request: HttpRequest) -> bool:
    """By what it says of itself, before any of it is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return length.isdigit() and int(length) > LARGEST + ENVELOPE


def pieces_of(file: Any) -> Iterator[bytes]:
    """All of one size but the last."""
    file.seek(0)
    while piece := file.read(PIECE):
        yield piece
