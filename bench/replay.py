"""The statements of one redemption, as the server sends them, under pgbench: no HTTP, no Python, nothing judged."""

from __future__ import annotations

import json
import re
from typing import Final

from bench import numbers, raw, stock
from bench.house import House, command
from bookingoffice.database.addresses import SERVING_ROLE

Trip = list[tuple[str, list[str | None]]]
"""Commands that leave together, each with its parameters."""

USE: Final = "00000000-0000-7000-b000-"
NUMBERED: Final = "lpad(to_hex(:booking::bigint), 12, '0')"
RECORD: Final = """
import io, json
from bookingoffice.database import wire
from bookingoffice.wsgi import application

trips, real = [], wire.round_trip

def noted(link, before, queries, after=()):
    bare = lambda texts: [[text.decode(), []] for text in texts]
    trips.append(bare(before) + [[query.text.decode(), list(query.parameters)] for query in queries] + bare(after))
    return real(link, before, queries, after)

wire.round_trip = noted
for booking in {bookings}:
    trips.clear()
    body = json.dumps({{"coupon_id": "{coupon}", "booking_id": booking}}).encode()
    environ = {{
        "REQUEST_METHOD": "POST", "PATH_INFO": "/v1/coupon_uses", "QUERY_STRING": "", "SCRIPT_NAME": "", "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1",
        "HTTP_AUTHORIZATION": "Bearer {key}", "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body),
    }}
    heard = []
    b"".join(application(environ, lambda status, *_: heard.append(status)))
    assert heard == ["201 Created"], heard
print(json.dumps(trips))
"""


def recorded(house: House, first: int) -> list[Trip]:
    """Of the third of three redemptions, whose key is known, on the bookings from the `first` on."""
    bookings = [numbers.booking_id(first + each) for each in range(3)]
    script = RECORD.format(bookings=bookings, coupon=numbers.coupon_id(stock.ONE), key=house.key)
    said = command(house.folder, "shell", "--no-imports", "-c", script)
    trips = json.loads(said.strip().splitlines()[-1])
    return [[(text, parameters) for text, parameters in trip] for trip in trips]


def rate(house: House, trips: list[Trip], *, coupon: str, first: int, callers: int, each: int) -> float:
    """As `raw.rate`, which has the ledger's function alone."""
    names = _names(trips)
    pipelines = [
        "\\startpipeline\n" + "".join(f"{_filled(*command, names)};\n" for command in trip) + "\\endpipeline\n"
        for trip in trips
    ]
    numbering = (
        f"\\set number :number + 1\n\\set booking {first} + :client_id * {each} + :number\n\\set coupon {coupon}\n"
    )
    script = numbering + "".join(pipelines)
    return raw.rate_of(house, script, SERVING_ROLE, callers, f"--transactions={each}")


def _names(trips: list[Trip]) -> dict[str, str]:
    """What differs from one redemption to the next, as pgbench's expressions: coupon, booking, use, and chance."""
    taken = next(json.loads(parameters[3] or "")[0] for text, parameters in trips[1] if "ledger_take" in text)
    [chance] = {value for _, values in trips[1] for value in values if value and re.fullmatch("[0-9a-f]{32}", value)}
    return {
        chance: f"'{chance}' || {NUMBERED}",
        taken["coupon_id"]: f"'{numbers.COUPON}' || lpad(to_hex(:coupon::bigint), 12, '0')",
        taken["booking_id"]: f"'{numbers.BOOKING}' || {NUMBERED}",
        taken["id"]: f"'{USE}' || {NUMBERED}",
    }


def _filled(text: str, parameters: list[str | None], names: dict[str, str]) -> str:
    for place in range(len(parameters), 0, -1):
        text = text.replace(f"${place}", _literal(parameters[place - 1], names))
    return text.strip()


def _literal(value: str | None, names: dict[str, str]) -> str:
    if value is None:
        return "NULL"
    text, kind = _quoted(value), "::json" if value.startswith(("[", '{"')) else ""
    for name, expression in names.items():
        text = text.replace(name, f"' || {expression} || E'")
    return f"({text})" + (kind if "||" in text else "")


def _quoted(value: str) -> str:
    """Without a colon, behind which pgbench would see a variable."""
    escaped = value.replace("\\", "\\\\").replace("'", "''").replace(":", "\\x3a")
    return f"E'{escaped}'"
