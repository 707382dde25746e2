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


CLICKABLE = r"""() => {
    const all = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [onclick],'
        + ' [\\@click], [x-on\\:click]';
    const shown = { checkOpacity: true, checkVisibilityCSS: true };
    const seen = (one) => one.checkVisibility(shown) && one.getClientRects().length > 0;
    /* Where a list has a search box, the box stands for the list. */
    const boxed = (one) => one.matches('.select2-hidden-accessible');
    const open = (one) => seen(one) && !one.disabled && !one.closest('[inert]') && !boxed(one);
    window.wanted = [...document.querySelectorAll(all)].filter(open);
    window.reached = new Set();
    document.addEventListener('focusin', (event) => window.reached.add(event.target));
    return window.wanted.length;
}"""
# A group of radio buttons is one stop. What wraps something that was reached is operated by it.
UNREACHED = """() => {
    const reached = [...window.reached];
    const groups = new Set(reached.filter((one) => one.type === 'radio').map((one) => one.name));
    const grouped = (one) => one.type === 'radio' && groups.has(one.name);
    const by = (one) => window.reached.has(one) || grouped(one) || reached.some((other) => one.contains(other));
    const left = window.wanted.filter((one) => !by(one) && one.checkVisibility());
    return left.map((one) => one.outerHTML.slice(0, 160));
}"""


def out_of_reach(page: Any) -> list[str]:
    """What a mouse can click on the open page and the Tab key does not come to."""
    number = page.evaluate(CLICKABLE)
    for _ in range(number + 20):
        page.keyboard.press("Tab")
    return list(page.evaluate(UNREACHED))
