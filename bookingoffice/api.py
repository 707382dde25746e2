"""The row grammar's door: which tables and functions it exposes, and to whom."""

from __future__ import annotations

from django.http import HttpRequest

from bookingoffice.accounts.api import bookingmood as accounts
from bookingoffice.accounts.authentication import NoKey, UnknownKey, bearer_of, caller_of
from bookingoffice.accounts.models import Scope
from bookingoffice.postgrest import errors
from bookingoffice.postgrest.callers import Caller
from bookingoffice.postgrest.catalog import Catalog
from bookingoffice.postgrest.errors import Problem
from bookingoffice.postgrest.views.asks import READS
from bookingoffice.postgrest.views.engine import Engine
from bookingoffice.references.api import bookingmood as references
from coupons.api.bookingmood import resources as coupons
from coupons.api.bookingmood import verbs
from coupons.api.bookingmood.bookings import releasing
from seasons.api.bookingmood import resources as seasons


def authenticate(request: HttpRequest) -> Caller:
    """The caller behind a bearer key; every table asks for the read scope at least."""
    try:
        caller = caller_of(bearer_of(request))
    except NoKey:
        raise errors.missing_key() from None
    except UnknownKey:
        raise errors.unknown_key() from None
    if request.method in READS and not caller.may(Scope.READ):
        raise Problem(403, "42501", "permission denied: this key may not read")
    return caller


def catalog() -> Catalog:
    tables = {resource.name: resource for resource in references.RESOURCES}
    tables["bookings"] = releasing(tables["bookings"])
    return Catalog([*accounts.RESOURCES, *tables.values(), *coupons.RESOURCES, *seasons.RESOURCES])


engine = Engine(catalog(), authenticate, functions=[*verbs.FUNCTIONS])
