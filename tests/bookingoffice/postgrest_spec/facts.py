"""What PostgREST v11.1's own specification states, as data: a request and the answer it gets."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.bookingoffice.postgrest_sql.conftest import Answer, Client

NOTHING = ""
JSON = "application/json; charset=utf-8"
SINGULAR = "application/vnd.pgrst.object+json; charset=utf-8"


@dataclass(frozen=True)
class Fact:
    """`body` is compared with the order of its keys if it is no text; `headers` are some of the answer's, None for one that
    must be absent; `sent` are the request's, with `_` for `-`."""

    method: str
    target: str
    body: Any = None
    status: int = 200
    payload: Any = None
    sent: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str | None] = field(default_factory=dict)

    def __str__(self) -> str:
        sent = " ".join(f"{name}={value}" for name, value in self.sent.items())
        return f"{self.method} {self.target} {sent}".strip()

    def check(self, client: Client) -> Answer:
        answer = client(self.method, self.target, self.payload, **{"Authorization": "Bearer bold", **self.sent})
        assert answer.status == self.status, answer.text
        if self.body is not None:
            assert seen(answer, self.body) == shown(self.body), answer.text
        for name, value in self.headers.items():
            assert answer.headers.get(name) == value, f"{name}: {answer.headers.get(name)}"
        return answer


def seen(answer: Answer, like: Any) -> str:
    return answer.text if isinstance(like, str) else shown(answer.json)


def shown(body: Any) -> str:
    """The order of keys counts, the layout does not."""
    return body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)


def rows(target: str, body: Any, **headers: str | None) -> Fact:
    """A GET and its rows; `Content_Range` and the like are headers of the answer."""
    return Fact("GET", target, body, headers=_dashed(headers))


def ids(target: str, *numbers: int) -> Fact:
    """A GET whose rows have nothing but an id."""
    return Fact("GET", target, [{"id": number} for number in numbers])


def counted(target: str, content_range: str, status: int = 200, count: str = "exact", **sent: str) -> Fact:
    """A HEAD with a count."""
    return Fact(
        "HEAD",
        target,
        NOTHING,
        status,
        sent={"Prefer": f"count={count}", **sent},
        headers={"Content-Range": content_range},
    )


def refused(
    target: str, status: int, code: str, message: str, details: Any = None, hint: str | None = None, **more: Any
) -> Fact:
    """A GET that is an error, unless `more` says otherwise."""
    body = {"code": code, "details": details, "hint": hint, "message": message}
    return Fact(more.pop("method", "GET"), target, body, status, headers={"Content-Type": JSON}, **more)


def unparsable(target: str, what: str, column: int, details: str, **more: Any) -> Fact:
    return refused(target, 400, "PGRST100", f'"failed to parse {what}" (line 1, column {column})', details, **more)


def write(
    method: str,
    target: str,
    payload: Any,
    status: int,
    body: Any = None,
    prefer: str | None = None,
    **headers: str | None,
) -> Fact:
    """`headers` are the answer's."""
    sent = {"Prefer": prefer} if prefer else {}
    return Fact(method, target, body, status, payload, sent, _dashed(headers))


def told(
    method: str, target: str, payload: Any, status: int, body: Any, prefer: str = "", **headers: str | None
) -> Fact:
    """A write that answers its rows."""
    preferences = ", ".join(filter(None, ["return=representation", prefer]))
    return write(method, target, payload, status, body, preferences, **headers)


def named(facts: Sequence[Fact]) -> list[str]:
    return [str(fact) for fact in facts]


def _dashed(headers: Mapping[str, str | None]) -> dict[str, str | None]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
