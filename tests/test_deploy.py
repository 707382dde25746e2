"""What can be held of the files in deploy/ without the programs that read them."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.urls import reverse

from bookingoffice.database.server.folder import PROJECT
from bookingoffice.datafiles.admin.uploading import ENVELOPE
from bookingoffice.datafiles.uploads import LARGEST

MEBIBYTE = 1024 * 1024
IMPORTED = ["coupons_coupon", "seasons_season", "references_product", "references_booking"]


@pytest.mark.parametrize("unit", sorted((PROJECT / "deploy").glob("*.service")), ids=lambda unit: unit.name)
def test_a_unit_that_may_write_nowhere_has_a_place_for_passing_files(unit):
    """Without one `backup` ends before it begins."""
    lines = unit.read_text().splitlines()
    assert "ProtectSystem=strict" in lines
    assert "PrivateTmp=yes" in lines


def test_nginx_lets_through_what_the_office_takes():
    """And a little more, so that the office says itself what is too much."""
    told = (PROJECT / "deploy" / "nginx.conf").read_text()

    everywhere, files = (int(size) * MEBIBYTE for size in re.findall(r"client_max_body_size (\d+)m;", told))

    assert everywhere > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert files > LARGEST + ENVELOPE


@pytest.mark.parametrize("kind", IMPORTED)
def test_nginx_knows_where_files_are_handed_in(kind):
    [address] = re.findall(
        r"location ~ (\S+) \{\s+client_max_body_size", (PROJECT / "deploy" / "nginx.conf").read_text()
    )

    assert re.search(address, reverse(f"admin:{kind}_files_import"))
