"""The page about files names every column of every kind, and its examples work."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

from bookingoffice.database.server.folder import PROJECT
from bookingoffice.datafiles.uploads import sheet_of
from tests.builders import make_organization
from tests.datafiles import Desk

PAGE = (PROJECT / "docs" / "files.md").read_text()


def chapter(kind: str) -> str:
    return PAGE.partition(f"\n## {kind.capitalize()}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("kind", settings.FILE_SHEETS)
def test_every_column_is_told(kind):
    table = [line.split("|")[1] for line in chapter(kind).splitlines() if line.startswith("| `")]
    told = [name for cell in table for name in re.findall(r"`(\w+)`", cell)]

    assert sorted(told) == sorted(column.name for column in sheet_of(kind).columns)


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "ending"), [("products", "csv"), ("bookings", "json")])
def test_an_example_is_imported(kind, ending, tmp_path):
    example = re.search(r"```\w*\n(.*?)```", chapter(kind), re.DOTALL)
    assert example
    desk = Desk(kind, make_organization(), tmp_path)

    assert desk.put_in(example[1], f"rows.{ending}").startswith("1 ")
