"""Functions under `/rpc/`."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from bookingoffice.errors import RuleViolation
from bookingoffice.postgrest.callers import Caller
from bookingoffice.postgrest.functions import Arguments, Function, Parameter
from bookingoffice.postgrest.resources import Column

from .conftest import OURS, Client


def double(caller: Caller, arguments: Arguments) -> Any:
    assert caller.organization_id == OURS
    return {"doubled": arguments["number"] * 2, "exactly": Decimal("1.10"), "flag": arguments.get("flag")}


def lines(caller: Caller, arguments: Arguments) -> Any:
    return [{"n": number, "price": Decimal("1.50"), "word": f"w{number}"} for number in range(3)]


def refuse(caller: Caller, arguments: Arguments) -> None:
    raise RuleViolation("not_today", "Come back tomorrow.")


FUNCTIONS = [
    Function(
        "double", double, (Parameter("number", "integer", required=True), Parameter("flag", "boolean")), reads_only=True
    ),
    Function(
        "lines",
        lines,
        reads_only=True,
        returns=(Column("n", "integer"), Column("price", "numeric"), Column("word", "text")),
    ),
    Function("release", lambda caller, arguments: None, scope="write", status=204),
    Function("make", lambda caller, arguments: {"id": 1}, scope="write", status=201),
    Function("refuse", refuse),
]


@pytest.fixture
def calling(serve: Callable[..., Client]) -> Client:
    return serve(functions=FUNCTIONS)


def test_a_value(calling: Client) -> None:
    got, posted = calling.get("rpc/double?number=4&flag=on"), calling("POST", "rpc/double", {"number": 5})

    assert (got.status, got.text) == (200, '{"doubled":8,"exactly":1.10,"flag":true}')
    assert (posted.status, posted.json["doubled"], posted.range) == (200, 10, "0-0/*")


def test_rows_are_selected_from_like_a_table(calling: Client) -> None:
    answer = calling.get("rpc/lines?select=n,price&n=gt.0&order=n.desc&limit=1", Prefer="count=exact")

    assert (answer.status, answer.text, answer.range) == (206, '[{"n":2,"price":1.50}]', "0-0/2")
    assert calling("POST", "rpc/lines?select=word&n=eq.1", {}).json == [{"word": "w1"}]
    assert calling.get("rpc/lines?select=count()").json == [{"count": 3}]
    assert calling.get("rpc/lines?select=nope").refusal == (400, "42703")
    assert calling.get("rpc/lines", Accept="text/csv").text.startswith("n,price,word\n0,1.50,w0")


def test_statuses(calling: Client) -> None:
    assert (calling("POST", "rpc/release", {}).status, calling("POST", "rpc/release").text) == (204, "")
    assert calling("POST", "rpc/make").status == 201
    assert calling("POST", "rpc/make", Authorization="Bearer reader").refusal == (403, "42501")


@pytest.mark.parametrize(
    ("method", "target", "body", "status", "code"),
    [
        ("GET", "rpc/nope", None, 404, "PGRST202"),
        ("POST", "rpc/double", {}, 404, "PGRST202"),
        ("POST", "rpc/double", {"number": 1, "other": 2}, 404, "PGRST202"),
        ("GET", "rpc/double?number=1&other=2", None, 404, "PGRST202"),
        ("GET", "rpc/double?number=x", None, 400, "22P02"),
        ("GET", "rpc/double?number=1&flag=perhaps", None, 400, "22P02"),
        ("GET", "rpc/make", None, 405, "PGRST101"),
        ("PUT", "rpc/double", {}, 405, "PGRST101"),
        ("POST", "rpc/double", [{"number": 1}], 400, "PGRST102"),
        ("POST", "rpc/double", "{", 400, "PGRST102"),
        ("POST", "rpc/refuse", {}, 409, "not_today"),
    ],
)
def test_refusals(calling: Client, method: str, target: str, body: Any, status: int, code: str) -> None:
    assert calling(method, target, body).refusal == (status, code)


def test_a_function_of_nearly_that_name(calling: Client) -> None:
    answer = calling("POST", "rpc/dubble", {"number": 1})

    assert answer.json == {
        "code": "PGRST202",
        "details": "Searched for the function public.dubble with parameter number or with a single unnamed json/jsonb parameter,"
        " but no matches were found in the schema cache.",
        "hint": "Perhaps you meant to call the function public.double",
        "message": "Could not find the function public.dubble(number) in the schema cache",
    }


def test_what_may_be_called_how(calling: Client) -> None:
    assert calling("OPTIONS", "rpc/double").headers["Allow"] == "OPTIONS,GET,HEAD,POST"
    assert calling("OPTIONS", "rpc/make").headers["Allow"] == "OPTIONS,POST"
    assert set(calling.get("").json["paths"]) >= {"/rpc/double", "/rpc/make"}
