"""The ledger's function under pgbench: no HTTP, no rules, no history. The yardstick of redemption over HTTP."""

from __future__ import annotations

import re
import subprocess
import tempfile

from bench import numbers
from bench.house import House
from bookingoffice.database.addresses import SERVING_ROLE

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
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        said = _pgbench(house, file.name, callers, each)
    found = re.search(r"tps = ([0-9.]+) \(without", said)
    failed = re.search(r"number of failed transactions: (\d+)", said)
    if not found or not failed or int(failed[1]):
        raise SystemExit(said)
    return float(found[1])


def _pgbench(house: House, script: str, callers: int, each: int) -> str:
    address = house.address(SERVING_ROLE)
    options = ["--no-vacuum", "--protocol=prepared", f"--client={callers}", "--jobs=1", f"--transactions={each}"]
    place = [f"--host={address['host']}", f"--username={address['user']}", address["dbname"]]
    done = subprocess.run(
        [house.programs / "pgbench", *options, "-D", "number=0", f"--file={script}", *place],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return done.stdout
