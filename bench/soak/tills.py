"""Callers that sell without a pause, send whatever was not acknowledged again, and remember what was acknowledged."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from uuid import uuid4

from bench.house import HOST

RELEASED_EACH = 7  # every so many uses one is given back
READ_EACH = 5
TAKEN = {200, 201, 204}


@dataclass
class Till:
    """`spent` are bookings whose use of the coupon was acknowledged, `returned` those whose release was. `unsure` is the
    booking whose act was under way when the till ended, which may be done or not."""

    port: int
    key: str
    name: str
    coupons: dict[str, str]
    """Ids by code: one without a limit, and one that runs out."""
    stopped: threading.Event = field(default_factory=threading.Event)
    statuses: Counter[int] = field(default_factory=Counter)
    retries: int = 0
    spent: dict[str, set[str]] = field(default_factory=dict)
    returned: dict[str, set[str]] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    refused: int = 0
    odd: list[str] = field(default_factory=list)

    def run(self) -> None:
        number = 0
        while not self.stopped.is_set():
            number += 1
            self._sell(number, "LIMITED" if number % 3 == 0 else "OPEN")
            if number % READ_EACH == 0:
                self._once("GET", "/v1/coupon_uses?select=id,coupons(code)&order=created_at.desc&limit=50")

    def _sell(self, number: int, code: str) -> None:
        booking = str(uuid4())
        if self._done("POST", "/v1/bookings", {"id": booking, "reference": f"{self.name}-{number}"}) not in TAKEN:
            return
        use = {"coupon_id": self.coupons[code], "booking_id": booking}
        self.unsure = {booking}
        status = self._done("POST", "/v1/coupon_uses", use)
        if status:
            self.unsure = set()
        if status in TAKEN:
            self.spent.setdefault(code, set()).add(booking)
        if status == 409:
            self.refused += 1
        if status in TAKEN and number % RELEASED_EACH == 0:
            path = f"/v1/coupon_uses?coupon_id=eq.{self.coupons[code]}&booking_id=eq.{booking}"
            self.unsure = {booking}
            if self._done("DELETE", path) in TAKEN:
                self.unsure = set()
                self.returned.setdefault(code, set()).add(booking)

    def _done(self, method: str, path: str, body: object = None) -> int:
        """Under one Idempotency-Key until there is an answer; 0 where the till was stopped first."""
        key = str(uuid4())
        while not self.stopped.is_set():
            status = self._once(method, path, body, key)
            if status and status < 500 and not (status == 409 and self._is_under_way):
                return status
            self.retries += 1
            time.sleep(0.1)
        return 0

    def _once(self, method: str, path: str, body: object = None, key: str = "") -> int:
        """0 for no answer."""
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        headers |= {"Idempotency-Key": key} if key else {}
        link = http.client.HTTPConnection(HOST, self.port, timeout=20)
        try:
            link.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = link.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            link.close()
        self._is_under_way = answer.status == 409 and answer.getheader("Retry-After") is not None
        self.statuses[answer.status] += 1
        if answer.status >= 400 and answer.status not in (409, 503):
            self.odd.append(f"{method} {path}: {answer.status} {text[:300]!r}")
        return answer.status

    _is_under_way = False
