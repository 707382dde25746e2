"""Servers killed with `kill -9`: what was being done is done once, by whoever is asked again."""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from bookingoffice.database.scope import tenant_scope
from bookingoffice.idempotency.models import LAPSES_AFTER, Claim
from coupons.models import CouponUse
from seasons.models import Season
from tests.bookingoffice.idempotency.servers import Server, served
from tests.builders import make_booking, make_coupon, make_key, make_organization

PATIENCE = 30.0
WRITERS, WRITES, DEATHS = 3, 25, 3


@pytest.fixture
def organization(committed_db):
    return make_organization()


def until(condition):
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
    return found


def age_claims(organization):
    """As if the time after which a claim lapses had passed."""
    with tenant_scope(organization.pk):
        for claim in Claim.objects.filter(status=None):
            before = claim.created_at - LAPSES_AFTER
            Claim.objects.of(organization.pk).filter(key=claim.key, status=None).update(created_at=before)


def someone_waits_for_us():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")
        return cursor.fetchone()


def test_one_key_twenty_times_at_once_over_http_acts_once(organization):
    token, body = make_key(organization), {"name": {"default": "Summer"}}
    with served(workers=4) as server, ThreadPoolExecutor(20) as callers:
        for number in range(5):
            answers = list(
                callers.map(lambda _, n=number: server.post("/seasons", body, token=token, key=f"k{n}"), range(20))
            )

            assert {answer.status for answer in answers} <= {201, 409}
            assert {answer.code for answer in answers if answer.status == 409} <= {"idempotency_key_running"}
            assert len({answer.body for answer in answers if answer.status == 201}) == 1
            assert [answer.status for answer in answers if not answer.replayed].count(201) == 1
    with tenant_scope(organization.pk):
        assert Season.objects.count() == 5


def test_a_worker_killed_in_the_middle_of_its_act_leaves_a_claim_that_lapses(organization):
    token, coupon, booking = make_key(organization), make_coupon(organization, quota=5), make_booking(organization)
    use = {"coupon_id": str(coupon.pk), "booking_id": str(booking.pk)}

    def redeem(server):
        return server.post("/coupon_uses", use, token=token, key="one")

    with served() as doomed, served() as other, ThreadPoolExecutor(1) as caller:
        with tenant_scope(organization.pk):
            type(booking).objects.select_for_update().get(pk=booking.pk)
            unanswered = caller.submit(redeem, doomed)
            until(someone_waits_for_us)
            running = redeem(other)
            doomed.kill()
        assert unanswered.result().status == 0
        assert (running.status, running.code, running.retry_after) == (409, "idempotency_key_running", "1")
        assert redeem(other).status == 409  # nobody knows yet that it died
        age_claims(organization)
        acted = until(lambda: got if (got := redeem(other)).status == 201 else None)
        again = redeem(other)

    assert (acted.replayed, again.replayed, again.body) == (False, True, acted.body)
    with tenant_scope(organization.pk):
        assert CouponUse.objects.count() == 1


def test_servers_killed_at_random_lose_nothing_and_do_nothing_twice(organization):
    """Each writer sends a request again and again until it is answered, whatever happens to the server meanwhile."""
    token, dice = make_key(organization), random.Random(60)
    living = [Server()]

    def write(name):
        for number in range(WRITES):
            body = {"name": {"default": f"{name} {number}"}}
            until(lambda b=body, n=number: living[0].post("/seasons", b, token=token, key=f"{name}{n}").status == 201)
        return name

    with ThreadPoolExecutor(WRITERS) as writers:
        try:
            writing = [writers.submit(write, f"writer {place}") for place in range(WRITERS)]
            for _ in range(DEATHS):
                time.sleep(dice.uniform(0.05, 0.5))
                living[0].kill()
                age_claims(organization)
                living[0] = Server()
            until(lambda: age_claims(organization) or all(future.done() for future in writing))
            assert [future.result() for future in writing]
        finally:
            living[0].kill()

    with tenant_scope(organization.pk):
        names = [season.name["default"] for season in Season.objects.all()]
    assert sorted(names) == sorted(f"writer {place} {number}" for place in range(WRITERS) for number in range(WRITES))
