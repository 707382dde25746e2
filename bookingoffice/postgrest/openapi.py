"""The description of everything as Swagger 2.0, drawn from the same declarations that are served."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from bookingoffice.postgrest.catalog import Catalog
from bookingoffice.postgrest.functions import Function
from bookingoffice.postgrest.grammar.parameters import PLACED, SINGLE
from bookingoffice.postgrest.preferences import COUNTS, RETURNS
from bookingoffice.postgrest.resources import Column, Resource

Object = Mapping[str, Any]

MEDIA = ["application/json", "application/vnd.pgrst.object+json", "text/csv"]
TYPES = {
    "boolean": "boolean",
    "smallint": "integer",
    "integer": "integer",
    "bigint": "integer",
    "numeric": "number",
    "real": "number",
    "double precision": "number",
}
UNTYPED = frozenset({"json", "jsonb"})


def description(catalog: Catalog, functions: Iterable[Function], title: str) -> Object:
    """All but the address that the paths stand below."""
    resources = catalog.resources.values()
    functions = list(functions)
    return {
        "swagger": "2.0",
        "info": {"title": title, "version": "1", "description": "Tables and functions of one organization"},
        "consumes": MEDIA,
        "produces": MEDIA,
        "paths": {"/": _root(), **{f"/{each.name}": _table(each) for each in resources}, **_calls(functions)},
        "definitions": {each.name: _definition(each) for each in resources},
        "parameters": _shared() | {key: value for each in resources for key, value in _of_table(each).items()},
        "securityDefinitions": {"key": {"type": "apiKey", "name": "Authorization", "in": "header"}},
        "security": [{"key": []}],
    }


def document(described: Object, base: str) -> bytes:
    """The tables are served below more than one prefix, and `/` is another dialect's."""
    return json.dumps({**described, "basePath": base}, ensure_ascii=False).encode()


def _root() -> Object:
    return {"get": {"tags": ["Introspection"], "summary": "This document", "responses": {"200": {"description": "OK"}}}}


def _table(resource: Resource) -> Object:
    filters = [_reference(name) for name in _filters(resource)]
    pages = [_reference(name) for name in ("select", "order", "range", "rangeUnit", "offset", "limit", "preferCount")]
    body, answer = _reference(f"body.{resource.name}"), _reference("preferReturn")
    array = {"type": "array", "items": {"$ref": f"#/definitions/{resource.name}"}}
    operations = {
        "get": (
            [*filters, *pages],
            {"200": {"description": "OK", "schema": array}, "206": {"description": "Partial Content"}},
        ),
        "post": ([body, _reference("select"), answer], {"201": {"description": "Created", "schema": array}}),
        "patch": ([*filters, body, answer], {"204": {"description": "No Content"}}),
        "delete": ([*filters, answer], {"204": {"description": "No Content"}}),
    }
    return {
        method: {"tags": [resource.name], "parameters": parameters, "responses": responses}
        for method, (parameters, responses) in operations.items()
        if method.upper() in resource.methods
    }


def _definition(resource: Resource) -> Object:
    required = [column.name for column in resource.visible if column.required]
    return {
        "type": "object",
        **_required(required),
        "properties": {column.name: _property(resource, column) for column in resource.visible},
        **_described(resource.description),
    }


def _property(resource: Resource, column: Column) -> Object:
    return {
        **_typed(column.type),
        **({"enum": list(column.enum)} if column.enum else {}),
        **({"readOnly": True} if column.generated or not column.writable else {}),
        **_described("\n".join(filter(None, [column.description, *_notes(resource, column.name)]))),
    }


def _notes(resource: Resource, column: str) -> Collection[str]:
    """Generators of clients look for these tags."""
    notes = ["This is a Primary Key.<pk/>"] if column in resource.primary_key else []
    for key in resource.foreign_keys:
        if key.columns == (column,):
            table, other = key.target, key.references[0]
            notes.append(f"This is a Foreign Key to `{table}.{other}`.<fk table='{table}' column='{other}'/>")
    return ["Note:", *notes] if notes else []


def _typed(type_name: str) -> Object:
    if type_name in UNTYPED:
        return {"format": type_name}
    if type_name.endswith("[]"):
        return {"type": "array", "format": type_name, "items": {"type": TYPES.get(type_name[:-2], "string")}}
    return {"type": TYPES.get(type_name.partition("(")[0], "string"), "format": type_name}


def _calls(functions: Iterable[Function]) -> dict[str, Object]:
    return {f"/rpc/{function.name}": _call(function) for function in functions}


def _call(function: Function) -> Object:
    properties = {parameter.name: _typed(parameter.type) for parameter in function.parameters}
    required = [parameter.name for parameter in function.parameters if parameter.required]
    schema = {"type": "object", "properties": properties, **_required(required)}
    shared = {"tags": [f"(rpc) {function.name}"], **_described(function.description)}
    body = {"name": "args", "in": "body", "required": True, "schema": schema}
    post = {**shared, "parameters": [body], "responses": {str(function.status): {"description": "Done"}}}
    query = [
        {"name": each.name, "in": "query", "required": each.required, "type": "string"} for each in function.parameters
    ]
    get = {**shared, "parameters": query, "responses": {"200": {"description": "OK"}}}
    return {"get": get, "post": post} if function.reads_only else {"post": post}


def _shared() -> dict[str, Object]:
    texts = {"select": "Columns and embeds", "order": "Ordering", "offset": "Rows to skip", "limit": "Most rows"}
    query = {name: _in("query", name, text) for name, text in texts.items()}
    headers = {
        "range": _in("header", "Range", "Rows by number"),
        "rangeUnit": _in("header", "Range-Unit", "Always items"),
    }
    prefer = {
        "preferReturn": {**_in("header", "Prefer", "What to answer"), "enum": [f"return={word}" for word in RETURNS]},
        "preferCount": {**_in("header", "Prefer", "How to count"), "enum": [f"count={word}" for word in COUNTS]},
    }
    return query | headers | prefer


def _of_table(resource: Resource) -> dict[str, Object]:
    schema = {"$ref": f"#/definitions/{resource.name}"}
    body = {"name": resource.name, "in": "body", "required": False, "schema": schema}
    return {f"body.{resource.name}": body, **_filters(resource)}


def _filters(resource: Resource) -> dict[str, Object]:
    """Not for a column whose name means something else in a query."""
    columns = [column for column in resource.columns if column.name not in (*SINGLE, *PLACED)]
    return {f"rowFilter.{resource.name}.{column.name}": _filter(column) for column in columns}


def _filter(column: Column) -> Object:
    return {**_in("query", column.name, column.description), "format": column.type}


def _in(place: str, name: str, text: str) -> Object:
    return {"name": name, "in": place, "required": False, "type": "string", **_described(text)}


def _reference(name: str) -> Object:
    return {"$ref": f"#/parameters/{name}"}


def _required(names: Sequence[str]) -> Object:
    """A list of none is no list of required names."""
    return {"required": names} if names else {}


def _described(text: str) -> Object:
    return {"description": text} if text else {}
