"""The JavaScript client from its package index, unmodified, against the running server: the calls its documentation shows."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.clients.scene import Business

SCRIPTS = Path(__file__).parent / "js"
MISSING = [program for program in ("node", "npm") if shutil.which(program) is None]
INSTALLED = SCRIPTS / "node_modules" / ".package-lock.json"  # npm's own note of what it installed


def packages(lock: Path) -> dict[str, Any]:
    named = json.loads(lock.read_text())["packages"]
    return {name: package["integrity"] for name, package in named.items() if name}


@pytest.fixture
def installed() -> None:
    """`npm ci`, once and again when the lock changes."""
    if MISSING and os.environ.get("CI") != "true":
        pytest.skip(f"not installed: {', '.join(MISSING)}")
    if not INSTALLED.exists() or packages(INSTALLED) != packages(SCRIPTS / "package-lock.json"):
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=SCRIPTS, check=True, timeout=300)


def test_the_documented_calls(installed: None, address: str, lakeside: Business, business: Business) -> None:
    """Fails with node's own report of the calls that went wrong."""
    environment = {
        "ADDRESS": address,
        "READ_KEY": lakeside.token,
        "READ_IDS": json.dumps(lakeside.ids),
        "WRITE_KEY": business.token,
        "WRITE_IDS": json.dumps(business.ids),
    }

    run = subprocess.run(
        ["node", "--test", "documented_calls.mjs"],
        cwd=SCRIPTS,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert run.returncode == 0, run.stdout + run.stderr
    counted = dict(re.findall(r"^\W*(tests|pass) (\d+)$", run.stdout, re.MULTILINE))
    assert counted["pass"] == counted["tests"]
    assert int(counted["tests"]) > 100
