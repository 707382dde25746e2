import pytest

from bookingoffice.postgrest import errors
from bookingoffice.postgrest.errors import Problem, status_of


@pytest.mark.parametrize(
    ("sqlstate", "status"),
    [
        ("23503", 409),
        ("23505", 409),
        ("23502", 400),
        ("25006", 405),
        ("25001", 500),
        ("42883", 404),
        ("42P01", 404),
        ("42501", 403),
        ("42703", 400),
        ("42P10", 400),
        ("22P02", 400),
        ("428C9", 400),
        ("21000", 400),
        ("28000", 403),
        ("0L000", 403),
        ("0P000", 403),
        ("54001", 413),
        ("08006", 503),
        ("53300", 503),
        ("57P01", 503),
        ("57014", 504),
        ("57P03", 500),
        ("40001", 503),
        ("40P01", 503),
        ("55P03", 503),
        ("40002", 500),
        ("P0001", 400),
        ("P0002", 500),
        ("XX000", 500),
        ("HV000", 500),
        ("F0000", 500),
        ("PT402", 402),
        ("PTxyz", 500),
        ("PT999", 500),
        ("", 400),
    ],
)
def test_the_status_of_an_sqlstate(sqlstate, status):
    assert status_of(sqlstate) == status


def test_a_body_has_four_keys_in_order():
    body = Problem(400, "X", "why", [1], "try").body()

    assert list(body.items()) == [("code", "X"), ("details", [1]), ("hint", "try"), ("message", "why")]


def test_several_relationships_are_listed():
    found = [{"cardinality": "one-to-many"}]
    problem = errors.several_relationships("a", "b", found, ["b_one_id_fkey", "b_two_id_fkey"])

    assert problem.status == 300
    assert problem.body() == {
        "code": "PGRST201",
        "details": found,
        "hint": "Try changing 'b' to one of the following: 'b!b_one_id_fkey', 'b!b_two_id_fkey'. "
        "Find the desired relationship in the 'details' key.",
        "message": "Could not embed because more than one relationship was found for 'a' and 'b'",
    }


def test_no_relationship_tells_what_was_searched():
    problem = errors.no_relationship("a", "b", embed_hint="c", hint=None)

    assert problem.message == "Could not find a relationship between 'a' and 'b' in the schema cache"
    assert problem.details == (
        "Searched for a foreign key relationship between 'a' and 'b' using the hint 'c' in the schema 'public', "
        "but no matches were found."
    )


@pytest.mark.parametrize(
    ("problem", "status", "code", "message"),
    [
        (errors.bad_put_filters(), 405, "PGRST105", "Filters must include all and only primary key columns with 'eq' operators"),
        (errors.unknown_schema(), 406, "PGRST106", "The schema must be one of the following: public"),
        (errors.limit_without_order(), 400, "PGRST109", "A 'limit' was applied without an explicit 'order'"),
        (errors.several_columns("text/plain"), 406, "PGRST113", "text/plain requested but more than one column was selected"),
        (errors.limited_put(), 400, "PGRST114", "limit/offset querystring parameters are not allowed for PUT"),
        (errors.mismatched_put(), 400, "PGRST115", "Payload values do not match URL in primary key column(s)"),
        (errors.not_singular(2), 406, "PGRST116", "JSON object requested, multiple (or no) rows returned"),
        (errors.unknown_method("TRACE"), 405, "PGRST117", "Unsupported HTTP method: TRACE"),
        (errors.bad_related_order("a", "x"), 400, "PGRST118", "A related order on 'x' is not possible"),
        (errors.bad_spread("a", "x"), 400, "PGRST119", "A spread operation on 'x' is not possible"),
        (errors.bad_embed_filter("x"), 400, "PGRST120", "Bad operator on the 'x' embedded resource"),
        (errors.unknown_column("x", "t"), 400, "PGRST204", "Column 'x' of relation 't' does not exist"),
        (errors.unknown_table("nope"), 404, "42P01", 'relation "public.nope" does not exist'),
    ],
)  # fmt: skip
def test_wordings(problem, status, code, message):
    assert (problem.status, problem.code, problem.message) == (status, code, message)


def test_details_of_refusals():
    assert errors.not_singular(2).details == "Results contain 2 rows, application/vnd.pgrst.object+json requires 1 row"
    assert errors.bad_spread("a", "x").details == "'a' and 'x' do not form a many-to-one or one-to-one relationship"
    assert dict(errors.missing_key().headers) == {"WWW-Authenticate": "Bearer"}
    assert errors.unknown_key().status == 401
