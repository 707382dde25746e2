"""What a detail line shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bookingoffice.postgrest.resources import Column, Resource
from bookingoffice.postgrest.sqlerrors import visible_detail

COUPONS = Resource(
    "coupons", (Column("id", "uuid"), Column("organization_id", "uuid"), Column("batch", "uuid", hidden=True))
)


@pytest.mark.parametrize(
    ("detail", "constraint", "shown"),
    [
        ("Key (organization_id, id)=(aa, 5) already exists.", "coupons_pkey", "Key (id)=(5) already exists."),
        (
            "Key (organization_id, name)=(aa, a, b) already exists.",
            "coupons_organization_id_name_key",
            "Key (organization_id, name)=(aa, a, b) already exists.",
        ),
        ("Key (organization_id, batch)=(aa, bb) is not present.", "x", None),
        ('Key (id)=(5) is not present in table "t".', "x", 'Key (id)=(5) is not present in table "t".'),
        ("Failing row contains (aa, secret).", "x", None),
        ('Token "x" is invalid.', "", 'Token "x" is invalid.'),
    ],
)
def test_details(detail: str, constraint: str, shown: str | None) -> None:
    assert visible_detail(detail, constraint, COUPONS) == shown


def test_a_whole_row_where_all_of_it_is_on_the_wire() -> None:
    row = "Failing row contains (aa, null)."

    assert visible_detail(row, "x", replace(COUPONS, complete=True)) == row
