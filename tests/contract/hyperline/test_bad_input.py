"""Bad input: 400 with every fault named, nothing written, never a 500."""

from __future__ import annotations

import pytest

from tests.builders import make_organization
from tests.contract.hyperline.conftest import HARBOUR, OPENING, make_public_products

NO_JSON = [b"", b"{", b"\xff", b'{"name": NaN}', b'{"name": "\\ud800"}', b'{"name": "nul\\u0000"}', b"[" * 200_000,
    b'{"discount_amount": 1e99999999999999999999}', b'{"discount_amount": ' + b"9" * 5000 + b"}", b"\xef\xbb\xbf{}"]  # fmt: skip
NO_OBJECT = [(b"[]", "array"), (b"[{}]", "array"), (b"7", "integer"), (b"null", "null"), (b'"name"', "string")]

FAULTY = [
    ({"name": None}, ["name"], "invalid_type", "string", "null"),
    ({"name": 7}, ["name"], "invalid_type", "string", "integer"),
    ({"name": ["x"]}, ["name"], "invalid_type", "string", "array"),
    ({"description": False}, ["description"], "invalid_type", "string", "boolean"),
    ({"expiration_date": 20271031}, ["expiration_date"], "invalid_type", "date or date-time", "integer"),
    ({"expiration_date": ""}, ["expiration_date"], "invalid_date", "date or date-time", ""),
    ({"expiration_date": "someday"}, ["expiration_date"], "invalid_date", "date or date-time", "someday"),
    ({"expiration_date": "2027-02-30"}, ["expiration_date"], "invalid_date", "date or date-time", "2027-02-30"),
    ({"expiration_date": "2027-W10-1"}, ["expiration_date"], "invalid_date", "date or date-time", "2027-W10-1"),
    ({"expiration_date": "20271031"}, ["expiration_date"], "invalid_date", "date or date-time", "20271031"),
    ({"expiration_date": "0001-01-01T00:00:00+14:00"}, ["expiration_date"], "invalid_date", "date or date-time",
     "0001-01-01T00:00:00+14:00"),
    ({"expiration_date": "9999-12-31"}, ["expiration_date"], "invalid_date", "date or date-time", "9999-12-31"),
    ({"expiration_date": "2027-10-31T25:00:00Z"}, ["expiration_date"], "invalid_date", "date or date-time",
     "2027-10-31T25:00:00Z"),
    ({"redemption_limit": "25"}, ["redemption_limit"], "invalid_type", "integer", "string"),
    ({"redemption_limit": True}, ["redemption_limit"], "invalid_type", "integer", "boolean"),
    ({"redemption_limit": 2.5}, ["redemption_limit"], "invalid_type", "integer", "float"),
    ({"redemption_limit": -1}, ["redemption_limit"], "too_small", "integer", "-1"),
    ({"redemption_limit": 2**31}, ["redemption_limit"], "too_big", "integer", "2147483648"),
    ({"type": None}, ["type"], "invalid_type", "string", "null"),
    ({"type": {}}, ["type"], "invalid_type", "string", "object"),
    ({"type": "free"}, ["type"], "invalid_enum_value", "amount, percent", "free"),
    ({"discount_amount": None}, ["discount_amount"], "invalid_type", "integer", "null"),
    ({"discount_amount": "1250"}, ["discount_amount"], "invalid_type", "integer", "string"),
    ({"discount_amount": -1}, ["discount_amount"], "too_small", "integer", "-1"),
    ({"discount_amount": 2**63}, ["discount_amount"], "too_big", "integer", "9223372036854775808"),
    ({"currency": "nok"}, ["currency"], "invalid_enum_value", "the 155 supported codes", "nok"),
    ({"currency": "XXX"}, ["currency"], "invalid_enum_value", "the 155 supported codes", "XXX"),
    ({"currency": 578}, ["currency"], "invalid_type", "string", "integer"),
    ({"discount_percent": 10}, ["discount_percent"], "unrecognized_keys", "undefined", "integer"),
    ({"type": "percent", "discount_amount": None, "currency": None}, ["discount_percent"], "invalid_type", "number",
     "undefined"),
    ({"product_ids": "itm_1"}, ["product_ids"], "invalid_type", "array", "string"),
    ({"product_ids": [7]}, ["product_ids", 0], "invalid_type", "string", "integer"),
    ({"product_ids": ["itm_00000000000000"]}, ["product_ids", 0], "unknown_product", "id of a product",
     "itm_00000000000000"),
    ({"repeat": "limited"}, ["repeat"], "invalid_enum_value", "once, forever, duration", "limited"),
    ({"repeat": None}, ["repeat"], "invalid_type", "string", "null"),
    ({"repeat": "duration"}, ["duration"], "invalid_type", "object", "undefined"),
    ({"repeat": "duration", "duration": None}, ["duration"], "invalid_type", "object", "null"),
    ({"repeat": "duration", "duration": 3}, ["duration"], "invalid_type", "object", "integer"),
    ({"repeat": "duration", "duration": {"count": 0, "period": "days"}}, ["duration", "count"], "too_small", "integer",
     "0"),
    ({"repeat": "duration", "duration": {"count": 1, "period": "hours"}}, ["duration", "period"], "invalid_enum_value",
     "days, weeks, months, years", "hours"),
    ({"repeat": "duration", "duration": {"count": 1}}, ["duration", "period"], "invalid_type", "string", "undefined"),
    ({"duration": {"count": 1, "period": "days"}}, ["duration"], "unrecognized_keys", "undefined", "object"),
    ({"repeat": "forever", "duration": {"count": 1, "period": "days"}}, ["duration"], "unrecognized_keys", "undefined",
     "object"),
]  # fmt: skip
FAULTY_PERCENT = [
    (-1, "too_small", "-1"),
    (100.1, "too_big", "100.1"),
    (12.34567, "too_precise", "12.34567"),
    ("30", "invalid_type", "string"),
    (None, "invalid_type", "null"),
]


def nothing_was_made(api) -> bool:
    return api("GET", "/v1/coupons").json()["meta"]["total"] == 0


@pytest.mark.parametrize("prefix", ["/v1/coupons", "/v1/coupons/{id}"])
@pytest.mark.parametrize("body", NO_JSON, ids=[str(place) for place in range(len(NO_JSON))])
def test_what_is_no_json(api, body, prefix):
    made = api("POST", "/v1/coupons", HARBOUR).json() if "{id}" in prefix else {"id": ""}

    answer = api("PUT" if "{id}" in prefix else "POST", prefix.format(id=made["id"]), body)

    assert answer.status_code == 400
    assert answer.json().keys() == {"statusCode", "type", "message"}
    assert answer.json()["type"] == "validation_error"
    assert answer.json()["message"].startswith("The body is not JSON")


@pytest.mark.parametrize(("body", "received"), NO_OBJECT)
def test_what_is_no_object(api, body, received):
    answer = api("POST", "/v1/coupons", body)

    assert answer.status_code == 400
    [fault] = answer.json()["errors"]
    assert (fault["path"], fault["expected"], fault["received"]) == ([], "object", received)


@pytest.mark.parametrize(("wrong", "path", "code", "expected", "received"), FAULTY)
def test_one_fault(api, wrong, path, code, expected, received):
    answer = api("POST", "/v1/coupons", {**HARBOUR, **wrong})

    assert answer.status_code == 400, answer.content
    [fault] = answer.json()["errors"]
    told = {"code": code, "expected": expected, "received": received, "path": path, "message": fault["message"]}
    assert fault == told
    named = ".".join(map(str, path))
    assert answer.json()["message"] == f"{named}: {fault['message']}"
    assert nothing_was_made(api)


@pytest.mark.parametrize(("percent", "code", "received"), FAULTY_PERCENT)
def test_a_faulty_percentage(api, percent, code, received):
    answer = api("POST", "/v1/coupons", {**OPENING, "discount_percent": percent})

    [fault] = answer.json()["errors"]
    assert (fault["path"], fault["code"], fault["received"]) == (["discount_percent"], code, received)


@pytest.mark.parametrize("number", ["1e999999", "-1e999999", "1e-999999", "123456789012345678901234567890.5"])
@pytest.mark.parametrize("key", ["discount_amount", "redemption_limit", "discount_percent"])
def test_numbers_beyond_measure(api, number, key):
    kind = "percent" if key == "discount_percent" else "amount"
    body = f'{{"name":"x","description":null,"expiration_date":null,"type":"{kind}","{key}":{number}}}'

    answer = api("POST", "/v1/coupons", body.encode())

    assert answer.status_code == 400
    assert [key] in [fault["path"] for fault in answer.json()["errors"]]
    assert len(answer.content) < 2000


def test_every_fault_at_once(api):
    answer = api(
        "POST",
        "/v1/coupons",
        {"type": "amount", "discount_amount": -5, "currency": "BYN", "description": 1, "product_ids": ["itm_x", 3],
         "repeat": "duration", "duration": {"count": 1.5}},
    )  # fmt: skip

    assert [fault["path"] for fault in answer.json()["errors"]] == [
        ["name"], ["description"], ["expiration_date"], ["redemption_limit"], ["discount_amount"], ["currency"],
        ["product_ids", 1], ["duration", "count"], ["duration", "period"],
    ]  # fmt: skip
    assert nothing_was_made(api)


def test_products_of_another_organization_are_unknown(api):
    [foreign] = make_public_products(make_organization("Elsewhere"), 1)

    answer = api("POST", "/v1/coupons", {**HARBOUR, "product_ids": [foreign]})

    assert answer.json()["errors"][0]["code"] == "unknown_product"
    assert nothing_was_made(api)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("take=101", ["take"]), ("take=-1", ["take"]), ("take=ten", ["take"]), ("take=", ["take"]), ("take=1.0", ["take"]),
        ("skip=-1", ["skip"]), ("skip=%2B1", ["skip"]), ("skip=%D9%A3", ["skip"]), ("take=1e1&skip=x", ["take", "skip"]),
    ],
)  # fmt: skip
def test_a_window_that_is_none(api, query, names):
    answer = api("GET", f"/v1/coupons?{query}")

    assert answer.status_code == 400
    assert answer.json()["type"] == "validation_error"
    assert [fault["path"] for fault in answer.json()["errors"]] == [[name] for name in names]
