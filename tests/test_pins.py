"""What is committed pins versions and hashes; where they are fetched from is the business of the machine that fetches."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from bookingoffice.database.server.folder import PROJECT

REQUIREMENTS = sorted((PROJECT / "requirements").glob("*.txt"))
LOCKS = re.compile(r"(^|/)(requirements.*|.*[.-]lock(\.json|\.yaml|file)?|package-lock\.json|npm-shrinkwrap\.json)$")
HOST = re.compile(
    r"[a-z][a-z0-9+.-]*://|--(extra-)?index-url|--find-links|\b[a-z0-9-]+\.(org|com|net|io|dev)\b", re.IGNORECASE
)


def committed() -> list[Path]:
    if not (PROJECT / ".git").exists():
        pytest.skip("not a checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=True)
    return [PROJECT / name for name in listed.stdout.split("\0") if name]


def pins(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", path.read_text(), re.MULTILINE))


def test_no_committed_lock_names_a_host() -> None:
    locks = [path for path in committed() if LOCKS.search(path.relative_to(PROJECT).as_posix()) or path in REQUIREMENTS]

    assert {path.name for path in REQUIREMENTS} <= {path.name for path in locks}
    assert [path.name for path in locks if HOST.search(path.read_text())] == []


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.stem)
def test_every_pin_has_its_hashes(path: Path) -> None:
    blocks = re.split(r"^(?=\S)", path.read_text(), flags=re.MULTILINE)

    assert [block for block in blocks if block and not re.search(r"--hash=sha256:[0-9a-f]{64}", block)] == []


def test_all_groups_agree_on_their_versions() -> None:
    """Installing one after the other must not take back what the other installed."""
    runtime = pins(PROJECT / "requirements" / "runtime.txt")

    for path in REQUIREMENTS:
        other = pins(path)
        assert {name: other[name] for name in runtime.keys() & other.keys()} == {
            name: runtime[name] for name in runtime.keys() & other.keys()
        }
    assert runtime.keys() <= pins(PROJECT / "requirements" / "dev.txt").keys()


def test_every_dependency_is_pinned() -> None:
    declared = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    groups = {
        "runtime": declared["project"]["dependencies"],
        "holidays": declared["project"]["optional-dependencies"]["holidays"],
        **declared["dependency-groups"],
    }

    for group, lines in groups.items():
        pinned = {name.lower() for name in pins(PROJECT / "requirements" / f"{group}.txt")}
        names = {re.split(r"[\[<>=~! ;]", line)[0].lower() for line in lines}
        assert names <= pinned, group
