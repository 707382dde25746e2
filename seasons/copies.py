"""A season copied: its days and rows as they are, under a name that tells the two apart."""

from __future__ import annotations

from collections.abc import Mapping

from bookingoffice.localized import DEFAULT


def copied_name(name: Mapping[str, str]) -> dict[str, str]:
    """The same name with " (copy)" after its default text; the other languages stay."""
    return {**name, DEFAULT: f"{name[DEFAULT]} (copy)"}
