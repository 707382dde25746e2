"""How lines of the log are written, whatever a stranger sends."""

from __future__ import annotations

import logging
from io import StringIO
from logging.config import dictConfig
from typing import Any

import pytest
from django.core.exceptions import DisallowedHost

from bookingoffice.watching.logs import logging_settings


@pytest.fixture(params=["text", "json"])
def lines(request):
    """What has been written by a logger, as it stands in the log."""
    written = StringIO()
    settings: Any = logging_settings("INFO", request.param)
    settings["handlers"]["stderr"]["stream"] = written
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    dictConfig(settings)
    yield lambda: written.getvalue().removesuffix("\n").split("\n")
    root.handlers[:] = before
    root.setLevel(level)


def test_an_address_with_line_breaks_makes_one_line(lines):
    logging.getLogger("bookingoffice.access").info("%s %s", "GET", "/v1/x\nforged \x1b[31m\r\x85\u2028")

    [line] = lines()
    assert "\\nforged \\" in line
    assert "\x1b" not in line


def test_a_host_that_is_not_ours_is_told_of_shortly(lines):
    host = "x" * 60_000
    try:
        raise DisallowedHost(f"Invalid HTTP_HOST header: {host!r}.")
    except DisallowedHost as error:
        logging.getLogger("django.security.DisallowedHost").error(str(error), exc_info=error)

    [line] = lines()
    assert "Invalid HTTP_HOST header: 'xxx" in line
    assert len(line) < 600


def test_what_nobody_foresaw_is_told_of_in_full(lines):
    try:
        raise RuntimeError("broken")
    except RuntimeError as error:
        logging.getLogger("bookingoffice.postgrest").error("GET /v1/\n", exc_info=error)

    assert "Traceback" in "".join(lines())


@pytest.mark.parametrize("path", ["/admin/join/%s/", "/admin/password/Mg/%s/", "/ical/seasons/%s.ics"])
def test_an_address_that_lets_in_is_not_told(lines, path):
    address = path % "Zm9v-secret_1"
    fields = {"path": address, "status": "200"}

    logging.getLogger("bookingoffice.access").info("GET %s 200 1.00 ms", address, extra={"fields": fields})

    [line] = lines()
    assert "secret" not in line
    assert path.partition("%s")[0] in line
    assert "200" in line
