"""The ledger's function under pgbench: no HTTP, no rules, no history. The yardstick of redemption over HTTP."""

from __future__ import annotations

import re
import subprocess
import tempfile

from bench import numbers
from bench.house import House
from bookingoffice.database.addresses import SERVING_ROLE
from bookingoffice.database.server.cluster import SUPERUSER

SCRIPT = """
\\set number :number + 1
\\set booking {first} + :client_id * {each} + :number
\\set coupon {coupon}
\\startpipeline
BEGIN;
SET LOCAL bookingoffice.organization_id = '{organization_id}';
SELECT public.ledger_take('{organization_id}', {coupon_id}, {booking_id}, 'redeemed', NULL,
    now(), public.uuid7(), now(), NULL, 5000, 'EUR', '{{"kind": "percent"}}'::jsonb);
COMMIT;
\\endpipeline
"""


def rate(house: House, *, coupon: str, first: int, callers: int, each: int) -> float:
    """Redemptions a second, `each` of them by every caller, on bookings after the `first`. `coupon` is pgbench's expression."""
    script = SCRIPT.format(
        organization_id=house.organization_id,
        coupon_id=numbers.coupon_sql(":coupon"),
        booking_id=numbers.booking_sql(":booking"),
        coupon=coupon,
        first=first,
        each=each,
    )
    return rate_of(house, script, SERVING_ROLE, callers, f"--transactions={each}")


def statements(house: House, statement: str, *, callers: int, seconds: float) -> float:
    """Times a second that PostgreSQL answers one statement to the superuser: no scope, no policy, prepared once."""
    return rate_of(house, f"{statement};\n", SUPERUSER, callers, f"--time={max(1, round(seconds))}")


def rate_of(house: House, script: str, role: str, callers: int, length: str) -> float:
    """Times a second that a script is done; `length` is pgbench's option that says when it ends."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        return _tps(_pgbench(house, file.name, role, callers, length))


def _tps(said: str) -> float:
    found = re.search(r"tps = ([0-9.]+) \(without", said)
    failed = re.search(r"number of failed transactions: (\d+)", said)
    if not found or not failed or int(failed[1]):
        raise SystemExit(said)
    return float(found[1])


def _pgbench(house: House, script: str, role: str, callers: int, length: str) -> str:
    address = house.address(role)
    options = ["--no-vacuum", "--protocol=prepared", f"--client={callers}", "--jobs=1", length]
    place = [f"--host={address['host']}", f"--username={address['user']}", address["dbname"]]
    done = subprocess.run(
        [house.programs / "pgbench", *options, "-D", "number=0", f"--file={script}", *place],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return done.stdout
