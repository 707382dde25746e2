"""Importing and exporting in tests, as an operator does it, and the lines that are told."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from bookingoffice.accounts.models import Organization


class Desk:
    """One organization's files: `subject` is `coupons` or `seasons`."""

    def __init__(self, subject: str, organization: Organization, folder: Path) -> None:
        self.subject = subject
        self.organization = organization
        self.folder = folder

    def put_in(self, content: str | bytes, name: str = "rows.csv", **options) -> str:
        """What the command printed."""
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        printed = io.StringIO()
        self._call(f"import_{self.subject}", path, stdout=printed, **options)
        return printed.getvalue().strip()

    def refused(self, content: str | bytes, name: str = "rows.csv", **options) -> list[str]:
        """The lines of the faults, without the path before the line's number."""
        told = io.StringIO()
        with pytest.raises(CommandError, match="Nothing was imported") as refusal:
            self.put_in(content, name, stderr=told, **options)
        assert refusal.value.returncode == 1
        prefix = f"{self.folder / name}:"
        lines = told.getvalue().splitlines()
        assert all(line.startswith(prefix) for line in lines)
        return [line.removeprefix(prefix) for line in lines]

    def take_out(self, name: str = "out.csv", **options) -> bytes:
        path = self.folder / name
        self._call(f"export_{self.subject}", path, **options)
        return path.read_bytes()

    def of(self, organization: Organization) -> Desk:
        return Desk(self.subject, organization, self.folder)

    def _call(self, command: str, path: Path, **options) -> None:
        options.setdefault("stderr", io.StringIO())
        call_command(command, str(path), organization=str(self.organization.pk), **options)
