"""The table of tasks names walks and pictures that there are."""

from __future__ import annotations

import re

from bookingoffice.database.server.folder import PROJECT
from tests.browser.test_first_day import SCREENS


def test_every_task_is_walked_and_has_its_pictures() -> None:
    told = (PROJECT / "docs" / "tasks.md").read_text()
    walks = set(re.findall(r"`(test_\w+\.py)`", told))
    named = set(re.findall(r"`([a-z]+(?:-[a-z]+)*)`", told)) - {"chromium"}

    assert len(named) > 50
    assert named - {picture.stem for picture in SCREENS.glob("*.png")} == set()
    assert {walk for walk in walks if not (PROJECT / "tests" / "browser" / walk).exists()} == set()
