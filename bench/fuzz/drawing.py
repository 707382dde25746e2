"""A request for any door: well-formed, nearly so, or torn. The same seed draws the same one."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final
from urllib.parse import quote

from bench.fuzz.world import TABLES, Organization

OPERATORS: Final = [
    "eq",
    "neq",
    "gt",
    "gte",
    "lt",
    "lte",
    "like",
    "ilike",
    "match",
    "imatch",
    "in",
    "is",
    "isdistinct",
    "fts",
    "cs",
    "cd",
    "ov",
    "not.eq",
    "not.in",
    "nope",
]
COLUMNS: Final = [
    "id",
    "code",
    "name",
    "description",
    "quota",
    "created_at",
    "reference",
    "coupon_id",
    "booking_id",
    "product_id",
    "metadata",
    "nope",
]
PREFERENCES: Final = (
    "return=representation", "return=minimal", "count=exact", "count=planned", "count=estimated", "missing=default",
    "resolution=merge-duplicates", "resolution=ignore-duplicates", "handling=strict", "timezone=Asia/Tokyo",
    "max-affected=1", "tx=rollback", "nonsense",
)  # fmt: skip
MEDIA: Final = (
    "*/*", "application/json", "text/csv", "application/vnd.pgrst.object+json", "text/html", "application/xml", ";;",
)  # fmt: skip
BODIES: Final = (*["application/json"] * 12, "application/ld+json", "text/csv", "text/plain", "x/y", "")
TEARS: Final = (
    "%00", "%ff", "%", "'", '"', "\\", "(", ")", ",", ".", "::", "->>", "!inner", "*", "\u202e", "😀", "9" * 40, "-1",
    "1e400", "NaN", "null", "{}", "[]", "[" * 300, "$1", ";--", "\t", "../", "//", "%2F", "%0d%0aX-Odd: 1",
)  # fmt: skip
FUNCTIONS: Final = (
    "quote", "reserve", "redeem", "release", "generate_coupons", "coupon_statistics", "seasons_on", "season_dates",
    "seasons_for_stay", "season_report", "season_copy", "nope",
)  # fmt: skip
ELSEWHERE: Final = (
    "/", "/admin/", "/admin/login/", "/admin/coupons/coupon/", "/hyperline/docs", "/fynn/openapi.json", "/v1/",
    "/bookingmood/v1/coupons", "/ical/nope.ics", "/ical/", "/healthz", "/static/nope.js", "/nowhere", "/v2/projects",
)  # fmt: skip
PAGES: Final = ("/admin/", "/hyperline/docs", "/static/")


@dataclass(frozen=True)
class Request:
    method: str
    target: str
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def all(self) -> str:
        return f"{self.target} {self.body} {self.headers}".lower()


class Drawing:
    """For one organization, which knows what is open of `others`."""

    def __init__(self, random: Random, ours: Organization, others: list[Organization], *, pages: bool = True) -> None:
        self.random = random
        self.ours = ours
        self.others = others
        self.elsewhere = [path for path in ELSEWHERE if pages or not path.startswith(PAGES)]

    def request(self) -> Request:
        door = self.random.choice(
            (self._rows, self._rows, self._call, self._hyperline, self._fynn, self._bots, self._odd)
        )
        return self._torn(door())

    def _rows(self) -> Request:
        table = self._table()
        parts = [self._filter(table) for _ in range(self.random.randint(0, 2))] + [self._select(), self._page()]
        method = self._method(("GET",) * 6 + ("HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"))
        if method in ("PATCH", "DELETE", "PUT"):
            parts.append(f"id=eq.{self._value(table)}")
        target = f"/v1/{table}?{'&'.join(part for part in parts if part)}"
        return Request(method, target, self._row(table) if method in ("POST", "PATCH", "PUT") else "", self._headers())

    def _call(self) -> Request:
        arguments: dict[str, Any] = {
            "coupons": [self._value("coupons") for _ in range(2)],
            "cart": {"currency": "EUR", "lines": [{"amount_minor": 1000, "type": "rent"}], "customer": {"id": "x"}},
            "coupon_id": self._value("coupons"), "code": self._value("coupons"), "booking_id": self._value("bookings"),
            "until": "2999-01-01T00:00:00Z", "count": self.random.choice([1, 3, 0, -1, "x"]), "coupon": {"code": None},
            "from": "2027-01-01", "to": "2027-12-31", "date": "2027-07-01", "year": 2027, "season_id": self._value("seasons"),
            "period": "month", "by": "coupon", "batch_id": self._value("coupons"),
        }  # fmt: skip
        chosen = {name: arguments[name] for name in self.random.sample(sorted(arguments), self.random.randint(1, 8))}
        name = self.random.choice(FUNCTIONS)
        if self.random.random() < 0.25:
            query = "&".join(f"{key}={quote(json.dumps(value))}" for key, value in chosen.items())
            return Request("GET", f"/v1/rpc/{name}?{query}", headers=self._headers())
        return Request("POST", f"/v1/rpc/{name}", json.dumps(chosen), self._headers())

    def _hyperline(self) -> Request:
        prefix = self.random.choice(("/hyperline/v1/coupons", "/v1/coupons"))
        made = {
            "name": "ours", "description": None, "expiration_date": None, "redemption_limit": 3, "type": "amount",
            "discount_amount": 100, "currency": "EUR", "product_ids": [self._value("products")], "repeat": "once",
        }  # fmt: skip
        return self._resource(prefix, "?take=3&skip=1", made, ("POST", "PUT", "DELETE"))

    def _fynn(self) -> Request:
        made = {
            "code": f"F{self.random.randint(0, 10**9)}", "name": "ours", "type": "percentage", "percentage": 10,
            "frequency": "once", "limitedToPlans": [{"id": self._value("plans")}],
            "limitedToProducts": [{"id": self._value("products")}], "maxRedemptions": self.random.choice([None, 3, -1]),
        }  # fmt: skip
        return self._resource(
            self.random.choice(("/fynn/coupons", "/coupons")), "?limit=5&page=1", made, ("POST", "PUT")
        )

    def _bots(self) -> Request:
        owner = self.random.choice((self.ours, self.ours, *self.others))
        prefix = f"{self.random.choice(('', '/botsubscription'))}/v2/projects/{owner.id}/coupons"
        if self.random.random() < 0.3:
            asked = {"code": self._value("coupons"), "user_id": "u", "amount": 12.5, "currency": "EUR"}
            return Request("POST", f"{prefix}/validate", json.dumps(asked), self._headers())
        made = {
            "code": f"B{self.random.randint(0, 10**9)}", "coupon_type": "percentage", "percentage": 12, "plan_scope": "include",
            "plan_ids": [self._value("plans")], "max_redemptions": 4, "metadata": {"a": [1, None, 2.50]}, "status": "archived",
        }  # fmt: skip
        return self._resource(prefix, f"?code={self._value('coupons')}&limit=5", made, ("POST", "PATCH", "DELETE"))

    def _odd(self) -> Request:
        return Request(self._method(("GET", "GET", "HEAD", "POST", "OPTIONS")), self.random.choice(self.elsewhere))

    def _resource(self, prefix: str, query: str, made: dict[str, Any], writes: tuple[str, ...]) -> Request:
        kept = self.random.sample(sorted(made), self.random.randint(len(made) // 2, len(made)))
        method = self._method(("GET", "GET", *writes))
        one = method in ("PUT", "PATCH", "DELETE") or self.random.random() < 0.4
        target = f"{prefix}/{self._value('coupons')}" if one and method != "POST" else prefix
        body = "" if method in ("GET", "DELETE") else json.dumps({name: made[name] for name in kept})
        return Request(method, target if body or one else target + query, body, self._headers())

    def _filter(self, table: str) -> str:
        name, value = self.random.choice(COLUMNS), self._value(table)
        operator = self.random.choice(OPERATORS)
        if operator.endswith("in"):
            value = f"({value},{self._value(table)})"
        shapes = (
            f"{name}={operator}.{value}",
            f"or=({name}.{operator}.{value},id.is.null)",
            f"{self._table()}.{name}={operator}.{value}",
        )
        return self._choice((shapes[0], *shapes))

    def _select(self) -> str:
        inner = self.random.choice(("", "!inner", "!left"))
        one, other = self._table(), self._table()
        return self._choice(
            (
                "",
                "select=*",
                "select=id",
                f"select=*,{one}{inner}(*)",
                f"select=id,{one}(*,{other}(id))",
                "select=count()",
            )
        )

    def _page(self) -> str:
        return self._choice(("", "limit=3", "order=id.desc&limit=2&offset=1", "order=code.asc.nullslast", "limit=x"))

    def _row(self, table: str) -> str:
        """Nothing of another's is ever written into a text, so that whatever is found in one later was told."""
        row: dict[str, Any] = {
            "name": {"default": "ours"}, "code": f"R{self.random.randint(0, 10**9)}", "reference": "ours", "quota": 2,
            "coupon_id": self._value("coupons"), "booking_id": self._value("bookings"), "product_id": self._value("products"),
            "organization_id": self.random.choice((self.ours, *self.others)).id, "type": "cleaning", "amount": 5,
        }  # fmt: skip
        kept = {name: row[name] for name in self.random.sample(sorted(row), self.random.randint(1, 4))}
        return json.dumps([kept] * self.random.choice((1, 1, 2)))

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": self.random.choice(BODIES)}
        if self.random.random() < 0.5:
            headers["Prefer"] = ", ".join(self.random.sample(PREFERENCES, self.random.randint(1, 3)))
        if self.random.random() < 0.2:
            headers["Accept"] = self.random.choice(MEDIA)
        if self.random.random() < 0.1:
            headers["Range"] = self.random.choice(("0-1", "5-", "x", "3-1"))
        if self.random.random() < 0.05:
            headers["Idempotency-Key"] = f"k{self.random.randint(0, 20)}"
        return headers

    def _torn(self, request: Request) -> Request:
        if self.random.random() < 0.7:
            return request
        target, body = request.target, request.body
        if body and self.random.random() < 0.5:
            return Request(request.method, target, self._with_tear(body), request.headers)
        return Request(request.method, "/" + self._with_tear(target[1:]), body, request.headers)

    def _with_tear(self, text: str) -> str:
        place = self.random.randint(0, len(text))
        return text[:place] + self.random.choice(TEARS) + text[place + self.random.randint(0, 2) :]

    def _table(self) -> str:
        return self.random.choice(
            (*TABLES, "members", "user_profiles", "organizations", "api_requests", "webhooks", "nope")
        )

    def _value(self, table: str) -> str:
        """An id or a code of ours or of another's, or one that nobody has."""
        owner = self.random.choice((self.ours, self.ours, *self.others))
        listed = owner.known.get(table) or owner.known.get("coupons") or ["x"]
        return self.random.choice((*listed, "01a1fdc0-6113-7b74-b569-6d3586ae6f5d"))

    def _method(self, methods: tuple[str, ...]) -> str:
        return self.random.choice(methods)

    def _choice(self, texts: tuple[str, ...]) -> str:
        return self.random.choice(texts)
