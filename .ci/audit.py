"""Holds the pinned packages against the published advisories. Where these cannot be had it says so, and lets the gate go on:
a gate that fails because a service is away would soon be switched off, and one that passes in silence would be believed."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

PINS = ("requirements/runtime.txt", "requirements/holidays.txt")
LOUD = "!" * 78


def main() -> int:
    checked, unchecked, faults = 0, 0, []
    for dependency in _told():
        if "skip_reason" in dependency:
            unchecked += 1
            continue
        checked += 1
        faults += [f"{dependency['name']} {dependency['version']}: {fault['id']}" for fault in dependency["vulns"]]
    if not checked or unchecked:
        print(
            LOUD,
            f"NOT CHECKED for known faults: {unchecked or 'all'} packages; no advisories were to be had.",
            LOUD,
            sep="\n",
        )
    print(f"{checked} packages checked, {len(faults)} known faults", *faults, sep="\n")
    return 1 if faults else 0


def _told() -> list[dict[str, object]]:
    """pip-audit ends with 1 for faults as for a service that is away, so its words are read and not its end."""
    with tempfile.TemporaryDirectory() as place:
        result = Path(place) / "result.json"
        command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "--progress-spinner", "off"]
        command += ["--format", "json", "--output", str(result), *(part for pin in PINS for part in ("-r", pin))]
        try:
            subprocess.run(command, timeout=120, capture_output=True, check=False)
        except subprocess.TimeoutExpired:
            return []
        return list(json.loads(result.read_text())["dependencies"]) if result.exists() else []


if __name__ == "__main__":
    sys.exit(main())
