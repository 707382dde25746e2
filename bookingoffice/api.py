"""The row grammar's door: which tables and functions it exposes, and to whom."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from django.utils import timezone

from bookingoffice.accounts.api import bookingmood as accounts
from bookingoffice.accounts.authentication import LET_IN, NoKey, UnknownKey, bearer_of, caller_of
from bookingoffice.accounts.models import Scope
from bookingoffice.idempotency.answers import Answer
from bookingoffice.idempotency.asking import keyed, read_asked
from bookingoffice.idempotency.once import once
from bookingoffice.idempotency.refusals import KeyRefused
from bookingoffice.postgrest import errors
from bookingoffice.postgrest.callers import Caller
from bookingoffice.postgrest.catalog import Catalog
from bookingoffice.postgrest.errors import Problem
from bookingoffice.postgrest.execution import translated
from bookingoffice.postgrest.views.asks import READS
from bookingoffice.postgrest.views.engine import Engine, faultless
from bookingoffice.postgrest.views.reading import Reading
from bookingoffice.postgrest.views.replies import Reply
from bookingoffice.postgrest.views.requests import Request
from bookingoffice.references.api import bookingmood as references
from bookingoffice.request_log.api.bookingmood import API_REQUESTS
from bookingoffice.webhooks.api import bookingmood as webhooks
from coupons.api.bookingmood import functions as coupon_functions
from coupons.api.bookingmood import resources as coupons
from coupons.api.bookingmood import verbs
from coupons.api.bookingmood.bookings import releasing
from seasons.api.bookingmood import functions as season_functions
from seasons.api.bookingmood import resources as seasons


def authenticate(request: Request) -> Caller:
    """The caller behind a bearer key; every table asks for the read scope at least."""
    try:
        caller: Caller = request.META.get(LET_IN) or caller_of(bearer_of(request))
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
    ours = (*coupons.RESOURCES, *seasons.RESOURCES, *webhooks.RESOURCES, API_REQUESTS)
    return Catalog([*accounts.RESOURCES, *tables.values(), *ours])


class Door(Engine):
    """The engine, with every write that carries an Idempotency-Key done once, and secrets for keys that may write alone."""

    def catalog_for(self, caller: Caller) -> Catalog:
        return self.catalog if caller.may(Scope.WRITE) else self._without_secrets

    @cached_property
    def _without_secrets(self) -> Catalog:
        return Catalog(webhooks.without_secrets(each) for each in self.catalog.resources.values())

    def begin(self, request: Request, path: str) -> Reading | Reply:
        if not keyed(request):
            return super().begin(request, path)
        return faultless(request, lambda: self._once(request, lambda: self._done(request, path)))

    def _done(self, request: Request, path: str) -> Reply:
        """A write, which is answered as soon as it is begun."""
        reply = super().begin(request, path)
        assert isinstance(reply, Reply)
        return reply

    def _once(self, request: Request, plainly: Callable[[], Reply]) -> Reply:
        try:
            caller = self.authenticate(request)
        except Problem:
            return plainly()  # who is not let in is told so as ever, and takes no key
        assert caller.api_key_id is not None
        try:
            with translated(None):
                asked = read_asked(request, organization_id=caller.organization_id, api_key_id=caller.api_key_id)
                if asked is None:
                    return plainly()
                return _reply_of(once(asked, lambda: _answer_of(plainly()), moment=timezone.now()))
        except KeyRefused as refused:
            raise Problem(
                refused.status, refused.code, refused.sentence, hint=refused.hint, headers=refused.headers
            ) from refused


def _answer_of(reply: Reply) -> Answer:
    content_type = {"Content-Type": reply.content_type} if reply.content_type else {}
    return Answer(reply.status, {**reply.headers, **content_type}, reply.body)


def _reply_of(answer: Answer) -> Reply:
    headers = dict(answer.headers)
    return Reply(answer.status, answer.body, headers.pop("Content-Type", None), headers)


engine = Door(
    catalog(), authenticate, functions=[*verbs.FUNCTIONS, *coupon_functions.FUNCTIONS, *season_functions.FUNCTIONS]
)
