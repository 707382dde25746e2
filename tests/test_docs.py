"""What a newcomer reads hangs together: every link leads somewhere, and every page is reached from the first."""

from __future__ import annotations

import re
from pathlib import Path

from bookingoffice.api import engine
from bookingoffice.database.server.folder import PROJECT

FIRST = PROJECT / "README.md"
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")


def links(page: Path) -> list[tuple[Path, str]]:
    return [
        ((page.parent / path).resolve() if path else page, anchor) for path, anchor in LINK.findall(page.read_text())
    ]


def anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def reached() -> set[Path]:
    found, ahead = {FIRST}, [FIRST]
    while ahead:
        new = {page for page, _ in links(ahead.pop()) if page.suffix == ".md" and page.is_file()} - found
        found |= new
        ahead += new
    return found


def test_every_page_is_reached_from_the_first():
    assert set((PROJECT / "docs").glob("*.md")) - reached() == set()


def test_every_link_leads_somewhere():
    for page in reached():
        for target, anchor in links(page):
            assert target.exists(), (page.name, target)
            assert not anchor or anchor in anchors(target), (page.name, anchor)


def test_every_table_and_function_of_the_row_grammar_is_told_of():
    told = set(re.findall(r"`(?:rpc/)?(\w+)`", (PROJECT / "docs" / "bookingmood.md").read_text()))

    assert (engine.catalog.resources.keys() | engine.functions.keys()) - told == set()
