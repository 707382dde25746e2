"""The set-up script, with stand-ins for Python: what it asks for, what it says, and what it leaves alone."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bookingoffice.database.server.folder import PROJECT

TOOLS = ("sh", "dirname", "cat", "cksum", "printf")

# A Python that has no venv, as Debian's is without python3-venv.
WITHOUT_VENV = f"""#!/bin/sh
case "$*" in *ensurepip*) exit 1;; esac
exec '{sys.executable}' "$@"
"""

# Makes an environment whose Python notes what it is asked to install and prints what it is asked to run.
PRETENDER = """#!/bin/sh
case "$*" in
    *"-m venv"*) for last in "$@"; do :; done; mkdir -p "$last/bin"; cp "$0" "$last/bin/python";;
    *"-m pip"*) echo "pip: $*" >&2;;
    -c*print*) echo 3.11;;
    -c*) ;;
    *) printf '[%s]' "$@"; cat;;
esac
"""


class Checkout:
    """The script and its pins alone, in a folder whose path has a space, with a PATH of our choosing."""

    def __init__(self, place: Path) -> None:
        self.project = place / "a checkout"
        self.programs = place / "bin"
        self.programs.mkdir()
        for tool in (*TOOLS, "mkdir", "cp"):
            found = shutil.which(tool)
            assert found is not None
            (self.programs / tool).symlink_to(found)
        shutil.copytree(PROJECT / "requirements", self.project / "requirements")
        shutil.copy(PROJECT / "run", self.project / "run")

    def put(self, name: str, script: str) -> None:
        (self.programs / name).write_text(script)
        (self.programs / name).chmod(0o755)

    def run(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.project / "run"), *arguments],
            env={"PATH": str(self.programs)},
            cwd=self.programs,
            input=stdin,
            capture_output=True,
            text=True,
        )


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_without_python_it_says_what_to_install(checkout: Checkout) -> None:
    refused = checkout.run("up")

    assert (refused.returncode, refused.stdout) == (1, "")
    assert "Python 3.11 or later is needed" in refused.stderr


def test_an_old_python_is_passed_over(checkout: Checkout) -> None:
    checkout.put("python3", "#!/bin/sh\nexit 1\n")
    checkout.put("python3.13", PRETENDER)

    assert "Making .venv with " + str(checkout.programs / "python3.13") in checkout.run("version").stderr


def test_without_venv_it_names_the_package(checkout: Checkout) -> None:
    checkout.put("python3", WITHOUT_VENV)

    refused = checkout.run("up")

    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert (refused.returncode, refused.stdout) == (1, "")
    assert f"apt-get install python{version}-venv" in refused.stderr


def test_a_command_gets_its_arguments_and_its_input_and_the_output_is_its_own(checkout: Checkout) -> None:
    checkout.put("python3", PRETENDER)

    answer = checkout.run("import_coupons", "-", "--label", "two words", stdin="code,name")

    manage = checkout.project / "manage.py"
    assert answer.stdout == f"[{manage}][import_coupons][-][--label][two words]code,name"
    assert f"-r {checkout.project}/requirements/runtime.txt" in answer.stderr


def test_installs_once_and_again_when_the_pins_change(checkout: Checkout) -> None:
    checkout.put("python3", PRETENDER)
    assert "pip:" in checkout.run("version").stderr

    assert checkout.run("version").stderr == ""

    with (checkout.project / "requirements" / "runtime.txt").open("a") as pins:
        pins.write("# a newer release\n")
    assert "pip:" in checkout.run("version").stderr


def test_test_installs_what_tests_need_and_runs_pytest(checkout: Checkout) -> None:
    checkout.put("python3", PRETENDER)

    answer = checkout.run("test", "-k", "codes")

    assert answer.stdout == "[-m][pytest][-n][auto][-k][codes]"
    assert "requirements/dev.txt" in answer.stderr
    assert "requirements/browser.txt" in answer.stderr
