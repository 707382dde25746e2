"""A small run of what `python -m bench.fuzz` does at length, against the production server: two organizations guess at a third."""

from __future__ import annotations

from bench.fuzz.asking import Asker
from bench.fuzz.run import fuzz
from bench.fuzz.world import furnished
from bookingoffice.accounts.models import DEFAULT_SCOPES, Scope
from tests.bookingoffice.postgrest_fuzz.budget import TIMES
from tests.builders import make_key, make_organization


def laid_in(ask, marker):
    organization = make_organization(marker)
    key = make_key(organization, [*DEFAULT_SCOPES, Scope.UNFILTERED_WRITES])
    return furnished(ask, str(organization.pk), key, marker)


def test_whatever_is_asked_nothing_breaks_and_nothing_of_another_is_told(live_url):
    ask = Asker(live_url)
    amber, velvet, silent = (laid_in(ask, marker) for marker in ("amber", "velvet", "slate"))

    found = fuzz(ask, [amber, velvet], silent, requests=300 * TIMES, seed=1, pages=False)

    assert found.faults == []
    assert {200, 204, 400, 404} <= found.statuses.keys()


def test_the_judge_sees_what_is_told_and_what_has_changed(live_url):
    """Asked with a key of the wrong organization, it finds secrets in the first answers."""
    ask = Asker(live_url)
    amber, silent = laid_in(ask, "amber"), laid_in(ask, "slate")
    amber.key = silent.key

    found = fuzz(ask, [amber], silent, requests=100, seed=1, pages=False)

    assert any("was told" in fault for fault in found.faults)
