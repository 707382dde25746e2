"""Commands that show no page start without the admin's."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from bookingoffice.commands import OfficeCommand
from bookingoffice.errands import ERRANDS, PAGES, apps_for

PROJECT = Path(__file__).parents[2]
COMMANDS = {
    path.stem: ".".join(path.relative_to(PROJECT).with_suffix("").parts)
    for app in ("bookingoffice", "coupons", "seasons")
    for path in (PROJECT / app).rglob("management/commands/[a-z]*.py")
}
PAGES_OF = """
import sys; sys.argv = ["manage.py", *{arguments}]
from django.conf import settings
from bookingoffice.errands import apps_for
settings.INSTALLED_APPS = apps_for(sys.argv[1:], settings.INSTALLED_APPS)
import django; django.setup()
from django.contrib import admin
print(len(admin.site._registry), end=" ")
from django.urls import reverse; reverse("admin:index")
print(len(admin.site._registry))
"""


def test_every_command_of_ours_is_one():
    ours = {
        name for name, module in COMMANDS.items() if issubclass(importlib.import_module(module).Command, OfficeCommand)
    }

    assert ours <= ERRANDS <= COMMANDS.keys()


@pytest.mark.parametrize("arguments", [[], ["check"], ["up"], ["shell"], ["--help"]])
def test_all_others_have_the_pages(arguments):
    assert apps_for(arguments, ["unfold", PAGES]) == ["unfold", PAGES]


def test_an_errand_finds_the_pages_when_an_address_is_asked_for(tmp_path):
    counts = []
    for arguments in (["list_organizations"], ["check"]):
        done = subprocess.run(
            [sys.executable, "-c", PAGES_OF.format(arguments=arguments)],
            env={"BOOKINGOFFICE_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "bookingoffice.settings"},
            cwd=PROJECT,
            check=True,
            capture_output=True,
            text=True,
        )
        counts.append([int(number) for number in done.stdout.split()])

    (before, after), (all_of_them, still) = counts
    assert before == 0
    assert after == all_of_them == still > 10
