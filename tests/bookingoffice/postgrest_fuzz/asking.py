"""Requests as one key's program sends them, to the whole application without a socket between."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpResponse
from django.test import Client

Parameters = list[tuple[str, str]]
UNRESERVED = "-._~!$'()*,;:@/?=&%+"  # what a query string may hold as it is, and what would change its shape


@dataclass(frozen=True)
class Answer:
    response: HttpResponse
    asked: str

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def text(self) -> str:
        return self.response.content.decode()

    @property
    def rows(self) -> Any:
        return json.loads(self.response.content)

    def header(self, name: str) -> str:
        """Empty where there is none."""
        return self.response.headers.get(name, "")

    def __str__(self) -> str:
        return f"{self.asked}\n{self.status} {dict(self.response.headers)}\n{self.text[:2000]}"


class Asker:
    def __init__(self, token: str) -> None:
        self.token = token
        self.client = Client(raise_request_exception=False)

    def __call__(self, method: str, table: str, query: Parameters | str = "", body: str = "", **headers: str) -> Answer:
        """`query` as text goes out as it is, but for letters that no client could send."""
        sent = {
            "Authorization": f"Bearer {self.token}",
            **{name.replace("_", "-"): text for name, text in headers.items()},
        }
        content_type = sent.pop("Content-Type", "application/json")
        text = quote(query, safe=UNRESERVED + '"[]{}<>|\\^` ') if isinstance(query, str) else urlencode(query)
        asked = f"{method} /v1/{table}?{text} {sent} {body}"
        response: Any = self.client.generic(
            method, f"/v1/{quote(table)}", body, content_type, QUERY_STRING=text, headers=sent
        )
        return Answer(response, asked)

    def rows(self, table: str, query: Parameters | str = "", **headers: str) -> Any:
        answer = self("GET", table, query, **headers)
        assert answer.status in (200, 206), str(answer)
        return answer.rows
