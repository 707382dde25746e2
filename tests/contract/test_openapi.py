"""The documents of the dialects with resources: valid, complete, and true of whatever odd question is asked of them."""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.contrib.staticfiles import finders
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from hypothesis import HealthCheck, settings
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from bookingoffice.accounts.authentication import forget_keys
from bookingoffice.documents import BOTSUBSCRIPTION, DIALECTS, FYNN, HYPERLINE, Dialect, document_of
from bookingoffice.wsgi import application
from tests.builders import NOON, make_coupon, make_key, make_organization

REFUSALS = {
    HYPERLINE: ("application/json", {"statusCode", "type", "message", "errors"}),
    FYNN: ("application/problem+json", {"type", "title", "status", "detail", "violations"}),
    BOTSUBSCRIPTION: ("application/json", {"ok", "request_id", "method", "path", "code", "error"}),
}
MANY = settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
UNJUDGED = [positive_data_acceptance, negative_data_rejection]
"""A document says nothing of rules between fields, and unknown keys are ignored by contract."""

COUPONS = [
    {"kind": "percent", "percent": 15, "archived_at": NOON},
    {"kind": "amount", "amount_minor": 1005, "currency": "JPY"},
    {"kind": "amount", "amount_minor": 1005, "currency": "KWD", "archived_at": NOON},
]
every_dialect = pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.prefix)


@every_dialect
def test_the_document_is_served_to_everybody_and_valid(dialect):
    GENERATOR_STATS.reset()

    answer = Client().get(f"/{dialect.prefix}/openapi.json")

    document = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert document["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    assert not GENERATOR_STATS
    assert document["servers"] == [{"url": f"/{dialect.prefix}"}]
    assert document["components"]["securitySchemes"] == {"Bearer": {"type": "http", "scheme": "bearer"}}


@every_dialect
def test_every_call_wants_a_key_and_refuses_in_the_shape_of_its_dialect(dialect):
    document = document_of(dialect)
    media, keys = REFUSALS[dialect]

    calls = [call for calls in document["paths"].values() for call in calls.values()]

    assert len(calls) == len({call["operationId"] for call in calls}) > 4
    for call in calls:
        assert call["security"] == [{"Bearer": []}]
        assert call["responses"].keys() >= {"401", "403", "405", "429", "500", "503"}
        for status, response in call["responses"].items():
            if status >= "4":
                [(told, content)] = response["content"].items()
                shape = document["components"]["schemas"][content["schema"]["$ref"].rsplit("/", 1)[1]]
                assert (told, shape["properties"].keys()) == (media, keys)


@every_dialect
def test_the_page_loads_nothing_from_elsewhere(dialect):
    answer = Client().get(f"/{dialect.prefix}/docs")

    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'data-document="/{dialect.prefix}/openapi.json"' in page
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert "/static/bookingoffice/openapi.js" in loaded
    assert "validatorUrl: null" in Path(str(finders.find("bookingoffice/openapi.js"))).read_text()
    assert all(one.startswith(("/static/swagger/", "/static/bookingoffice/")) for one in loaded)


@every_dialect
@pytest.mark.parametrize("address", ["openapi.json", "docs"])
def test_nothing_is_written_at_a_document(dialect, address):
    assert Client().post(f"/{dialect.prefix}/{address}").status_code == 405


def asked(dialect: Dialect) -> Any:
    """The document with the application that answers, in this process."""
    schema = schemathesis.openapi.from_dict(thinned(document_of(dialect)))
    schema.app = application
    return schema


def thinned(told: Any) -> Any:
    """Every value of every enumeration is asked for, under each name of JSON: a currency of each exponent and one name do."""
    if isinstance(told, list):
        return [thinned(one) for one in told]
    if not isinstance(told, dict):
        return told
    kept = {name: value for name, value in told.items() if name != "application/ld+json"}
    return {name: _few(value) if name == "enum" else thinned(value) for name, value in kept.items()}


def _few(words: list[str]) -> list[str]:
    return [word for word in words if word in ("EUR", "JPY", "KWD")] if "EUR" in words else words


class Room:
    """A throw-away organization whose coupons may be asked for."""

    def __init__(self) -> None:
        self.organization = make_organization(currency="EUR")
        self.token = make_key(self.organization)
        self.numbers = count()
        self.made: dict[int, str] = {}

    def ask(self, case: Any) -> None:
        """Every other case is about a coupon that there is; what is asked of the others is up to the case."""
        given, number = case.path_parameters or {}, next(self.numbers)
        for name in given.keys() & {"name", "coupon_id"}:
            if number % 2:
                given[name] = self.coupon(number // 2 % len(COUPONS), anew=case.method == "DELETE")
        if "project_id" in given:
            given["project_id"] = str(self.organization.pk)
        case.call_and_validate(headers={"Authorization": f"Bearer {self.token}"}, excluded_checks=UNJUDGED)

    def coupon(self, place: int, *, anew: bool) -> str:
        if anew or place not in self.made:
            code = f"ASKED {next(self.numbers)}"
            self.made[place] = str(make_coupon(self.organization, code, **COUPONS[place]).pk)
        return self.made[place]


@pytest.fixture
def room(db):
    """The application would close the connection after every answer, and the test's transaction with it."""
    forget_keys()
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield Room()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@asked(HYPERLINE).parametrize()
@MANY
def test_hyperline_answers_as_its_document_says(case, room):
    room.ask(case)


@asked(FYNN).parametrize()
@MANY
def test_fynn_answers_as_its_document_says(case, room):
    room.ask(case)


@asked(BOTSUBSCRIPTION).parametrize()
@MANY
def test_botsubscription_answers_as_its_document_says(case, room):
    room.ask(case)
