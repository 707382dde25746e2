"""`/rpc/<name>`: arguments from the query of a GET or the body of a POST, and the answer as a value or as rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote_plus

from bookingoffice.database.jsontext import json_text
from bookingoffice.postgrest import errors, execution
from bookingoffice.postgrest.bodies import parse_body
from bookingoffice.postgrest.bounds import Bounds
from bookingoffice.postgrest.callers import Caller
from bookingoffice.postgrest.compiler.binding import Values
from bookingoffice.postgrest.compiler.reads import compile_rows
from bookingoffice.postgrest.errors import Problem
from bookingoffice.postgrest.execution import PageRead, read_page
from bookingoffice.postgrest.functions import Arguments, Function
from bookingoffice.postgrest.media import JSON
from bookingoffice.postgrest.ranges import read_content_range
from bookingoffice.postgrest.suggestions import closest
from bookingoffice.postgrest.views.asks import READS, Ask, raw_body, raw_query, read_head, refuse_long_target
from bookingoffice.postgrest.views.reading import page_reply, told
from bookingoffice.postgrest.views.replies import Reply
from bookingoffice.postgrest.views.requests import Request


def call(
    request: Request, name: str, function: Function | None, caller: Caller, bounds: Bounds, known: Iterable[str]
) -> Reply:
    """`known` are the names of all functions, for the hint about one that is not."""
    method = request.method or ""
    if method not in READS and method != "POST":
        raise errors.wrong_method_for_function(method)
    refuse_long_target(request, bounds)
    if method == "POST":
        given, rest = _from_body(request, bounds), raw_query(request)
    else:
        given, rest = _from_query(request, function)
    if function is None or not function.fits(set(given)):
        hint = _perhaps(name, given, function, known)
        raise errors.unknown_function(name, sorted(given), hint, posted=method == "POST")
    return _called(request, function, given, caller, bounds, rest)


def _called(
    request: Request, function: Function, given: Arguments, caller: Caller, bounds: Bounds, rest: bytes
) -> Reply:
    if request.method in READS and not function.reads_only:
        raise errors.wrong_method_for_function(request.method or "")
    if function.scope and not caller.may(function.scope):
        raise Problem(403, "42501", f"permission denied for function {function.name}")
    ask = read_head(request, function.name, caller, bounds, rest if function.returns is not None else b"")
    result = execution.write(
        lambda: function.act(caller, given), caller.organization_id, function.rows, ask.preferences.timezone
    )
    return (
        _value_reply(ask, function, result) if function.returns is None else _rows_reply(ask, function, result, bounds)
    )


def _value_reply(ask: Ask, function: Function, result: Any) -> Reply:
    status = function.status if ask.method == "POST" else 200
    if status == 204:
        return Reply(204)
    content_type = ask.media.content_type if ask.singular else JSON.content_type
    headers = {"Content-Range": read_content_range(ask.window, 1, None), **ask.headers()}
    return Reply(status, json_text(result).encode(), content_type, headers)


def _rows_reply(ask: Ask, function: Function, rows: Any, bounds: Bounds) -> Reply:
    values = Values(bounds.answer_rows)
    slot = values.slot(json_text(list(rows)))
    level = ask.bound_level(values)
    compiled = compile_rows(
        function.rows, level, ask.form, ask.preferences.count, bounds.answer_rows, ask.media.name, slot
    )
    timezone = ask.preferences.timezone
    asked = PageRead.of(ask.caller.organization_id, compiled, values.texts, cap=bounds.answer_rows, timezone=timezone)
    return page_reply(ask, read_page(asked, function.rows), told(ask))


def _from_query(request: Request, function: Function | None) -> tuple[Arguments, bytes]:
    """The arguments, and the rest of the query string as it came. A key that is no parameter belongs to the rows, if it answers
    rows; else it is an argument that nothing fits."""
    given: dict[str, Any] = {}
    rest: list[bytes] = []
    for part in raw_query(request).split(b"&"):
        name, equals, value = (unquote_plus(word.decode(errors="replace")) for word in part.partition(b"="))
        parameter = function.by_name.get(name) if function else None
        if parameter:
            given[name] = parameter.read(value)
        elif function is None or (function.returns is None and equals):
            given |= {name: value} if equals else {}
        else:
            rest.append(part)
    return given, b"&".join(rest)


def _from_body(request: Request, bounds: Bounds) -> Mapping[str, Any]:
    raw = raw_body(request, bounds)
    if not raw.strip():
        return {}
    body = parse_body(raw, request.META.get("CONTENT_TYPE"), bounds=bounds)
    if not body.is_object:
        raise errors.bad_body("The body must be one JSON object of arguments")
    return body.rows[0]


def _perhaps(name: str, given: Arguments, function: Function | None, known: Iterable[str]) -> str | None:
    """A function of nearly that name, or this one with nearly these arguments."""
    if function:
        signature = closest(_signature(given), [_signature(function.by_name)], other_case=True)
        meant = signature and f"{name}{signature}"
    else:
        meant = closest(name, list(known), other_case=True)
    return f"Perhaps you meant to call the function public.{meant}" if meant else None


def _signature(names: Iterable[str]) -> str:
    return f"({', '.join(sorted(names))})"
