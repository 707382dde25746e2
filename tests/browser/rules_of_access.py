"""axe-core, injected into a page: what keeps people with a keyboard or a screen reader from using it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

SCRIPTS = Path(__file__).parents[1] / "clients" / "js"
AXE = SCRIPTS / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = ("serious", "critical")
OF_LOOKS = (
    "color-contrast",
    "link-in-text-block",
    "scrollable-region-focusable",
    "target-size",
    "link-name",
    "button-name",
)
"""What another colour or another width can break on a page that is sound otherwise."""


def axe_script() -> Path:
    """Installed with `npm ci` where it is not there yet; skips without npm, but never in CI."""
    if not AXE.exists():
        if not shutil.which("npm") and os.environ.get("CI") != "true":
            pytest.skip("npm is not installed")
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=SCRIPTS, check=True, timeout=300)
    return AXE


def grave_violations(page: Any, within: str = "body", rules: Sequence[str] = ()) -> list[str]:
    """One line each: the rule, what it asks, and the first elements that break it. All rules unless some are named."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(axe_script().read_text())  # the page's own policy lets no script of ours in by an element
    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    found = page.evaluate("([within, options]) => axe.run(within, options)", [within, options])
    return [
        f"{each['id']}: {each['help']}: {[node['target'] for node in each['nodes'][:4]]}"
        for each in found["violations"]
        if each["impact"] in GRAVE
    ]
