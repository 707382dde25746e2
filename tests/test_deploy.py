"""What can be held of the files in deploy/ without the programs that read them."""

from __future__ import annotations

import pytest

from bookingoffice.database.server.folder import PROJECT


@pytest.mark.parametrize("unit", sorted((PROJECT / "deploy").glob("*.service")), ids=lambda unit: unit.name)
def test_a_unit_that_may_write_nowhere_has_a_place_for_passing_files(unit):
    """Without one `backup` ends before it begins."""
    lines = unit.read_text().splitlines()
    assert "ProtectSystem=strict" in lines
    assert "PrivateTmp=yes" in lines
