"""Whatever is sent: never a fault of ours, and a refusal has its four keys."""

from __future__ import annotations

import json

from hypothesis import event, given, note
from hypothesis import strategies as st

from tests.bookingoffice.postgrest_fuzz import model
from tests.bookingoffice.postgrest_fuzz.asking import Answer, Asker
from tests.bookingoffice.postgrest_fuzz.budget import examples
from tests.bookingoffice.postgrest_fuzz.calling import calls
from tests.bookingoffice.postgrest_fuzz.tampering import headers, queries
from tests.bookingoffice.postgrest_fuzz.undoing import undone
from tests.bookingoffice.postgrest_fuzz.writing import writes

STATUSES = {200, 201, 204, 206, 300, 400, 403, 404, 405, 406, 409, 413, 415, 416}
METHODS = ["GET", "HEAD", "OPTIONS"]


def judge(answer: Answer, method: str) -> None:
    note(str(answer))
    event(f"{method} {answer.status}")  # told by --hypothesis-show-statistics
    assert answer.status in STATUSES
    if method == "HEAD" or answer.status in (204,):
        assert answer.text == ""
    elif answer.status >= 300:
        assert answer.text == "{}" or list(json.loads(answer.text)) == ["code", "details", "hint", "message"]


@examples(200)
@given(data=st.data())
def test_a_tampered_read(ask: Asker, rows: model.Rows, data: st.DataObject) -> None:
    table, query = data.draw(queries(rows))
    method = data.draw(st.sampled_from(METHODS))

    judge(ask(method, table, query, **data.draw(headers())), method)


@examples(150)
@given(data=st.data())
def test_a_write(ask: Asker, rows: model.Rows, data: st.DataObject) -> None:
    write = data.draw(writes(rows))

    with undone():
        judge(ask(write.method, write.table, write.query, write.body, **write.headers), write.method)


@examples(100)
@given(data=st.data())
def test_a_call(ask: Asker, rows: model.Rows, data: st.DataObject) -> None:
    call = data.draw(calls(rows))

    with undone():
        judge(ask(call.method, call.table, call.query, call.body, **call.headers), call.method)
