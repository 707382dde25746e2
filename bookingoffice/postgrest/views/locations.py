"""`Content-Location` and `Location`: where the answer, or the new row, can be read again. Neither names the mount prefix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import quote, unquote_to_bytes


def content_location(table: str, query_string: bytes) -> str:
    """The query's parameters sorted by key and encoded anew; a key that comes twice lists its values."""
    values: dict[bytes, list[bytes]] = {}
    for key, value in sorted(_pairs(query_string), key=lambda pair: pair[0]):
        values.setdefault(key, []).append(value)
    query = "&".join(f"{_encoded(key)}={','.join(_encoded(value) for value in given)}" for key, given in values.items())
    return f"/{quote(table, safe='')}?{query}" if query else f"/{quote(table, safe='')}"


def row_location(table: str, key: Mapping[str, object]) -> str:
    """Where a row with this primary key is."""
    query = "&".join(
        f"{quote(column, safe='')}={quote(f'eq.{_text(value)}', safe='')}" for column, value in key.items()
    )
    return f"/{quote(table, safe='')}?{query}"


def _pairs(query_string: bytes) -> Iterator[tuple[bytes, bytes]]:
    """They end at `&` or `;`, as the grammar reads them."""
    for part in query_string.replace(b"+", b" ").replace(b";", b"&").split(b"&"):
        if part:
            key, _, value = part.partition(b"=")
            yield unquote_to_bytes(key), unquote_to_bytes(value)


def _encoded(text: bytes) -> str:
    return quote(text, safe="")


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
