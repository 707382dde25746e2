"""Settings that are refused, in a process that reads them as the server does; and Django's own check for deployment."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from bookingoffice.database.server.folder import PROJECT

LONG = "a long and quite random text of letters, 0123456789-abcdefgh"


def started(**variables):
    return subprocess.run(
        [sys.executable, "-c", "from django.conf import settings; settings.DEBUG"],
        env={**os.environ, **variables},
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("BOOKINGOFFICE_SECRET_KEY", "short"),
        ("BOOKINGOFFICE_SECRET_KEY", "ab" * 40),
        ("BOOKINGOFFICE_SECRET_KEY", f"django-insecure-{LONG}"),
        ("BOOKINGOFFICE_HOSTS", "*"),
        ("BOOKINGOFFICE_HOSTS", "office.example,*"),
        ("BOOKINGOFFICE_METRICS_TOKEN", "guess"),
        ("BOOKINGOFFICE_LOG_FORMAT", "xml"),
        ("BOOKINGOFFICE_LOG_LEVEL", "LOUD"),
        ("BOOKINGOFFICE_RATE_PER_KEY", "-1"),
        ("BOOKINGOFFICE_RATE_LIMITS", "perhaps"),
    ],
)
def test_an_unsafe_or_odd_setting_ends_the_start_and_names_its_variable(variable, value):
    answer = started(**{variable: value})

    assert answer.returncode != 0
    assert f"{variable}=" in answer.stderr.splitlines()[-1]
    if variable.endswith(("KEY", "TOKEN")) and not value.startswith("-"):
        assert value not in answer.stderr


def test_on_a_developers_desk_all_is_let():
    assert started(BOOKINGOFFICE_DEBUG="1", BOOKINGOFFICE_SECRET_KEY="short", BOOKINGOFFICE_HOSTS="*").returncode == 0


def test_djangos_check_for_deployment_finds_nothing():
    answer = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env={**os.environ, "BOOKINGOFFICE_HTTPS": "1", "BOOKINGOFFICE_SECRET_KEY": LONG, "BOOKINGOFFICE_DEBUG": "0"},
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )

    assert (answer.returncode, answer.stderr) == (0, "")
