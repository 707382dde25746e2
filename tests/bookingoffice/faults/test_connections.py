"""Ten thousand connections at once, which ask for nothing: a request is answered among them, and their memory comes back."""

from __future__ import annotations

import os
import resource
import socket
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.bookingoffice.faults.doors import ask
from tests.builders import make_key, make_organization
from tests.databases import worker_database
from tests.serving import served

MANY = 10_000
ROOM = MANY + 500  # of descriptors, for the test and, inherited, for the server


@contextmanager
def descriptors(number):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard not in (resource.RLIM_INFINITY,) and hard < number:
        pytest.skip(f"a process may open {hard} files here, and {number} are needed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, number), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def memory_of(port):
    """Kilobytes in use by the processes of the server that listens there."""
    pages = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(port).encode() in (process / "cmdline").read_bytes():
                pages += int((process / "statm").read_text().split()[1])
        except OSError:
            continue
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


def test_ten_thousand_connections_at_once(committed_db):
    key = make_key(make_organization("Lakeside"))
    with descriptors(ROOM), served(worker_database()) as url:
        port = urlsplit(url).port
        assert ask(url, "/v1/coupons", key).status == 200
        before = memory_of(port)

        held = [socket.create_connection(("127.0.0.1", port), timeout=60) for _ in range(MANY)]
        begun = time.monotonic()
        answers = [ask(url, "/v1/coupons", key).status for _ in range(5)]
        took = time.monotonic() - begun
        during = memory_of(port)
        for one in held:
            one.close()
        wait_for_fewer(port)
        answers += [ask(url, "/v1/coupons", key).status for _ in range(5)]
        after = memory_of(port)

    assert answers == [200] * 10
    assert took < 10
    assert after - before < 64 * 1024, (before, during, after)


def wait_for_fewer(port):
    """Until the server has closed its ends too."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
        here = f":{port:04X}"
        if sum(line.split()[1].endswith(here) and line.split()[3] in ("01", "08") for line in lines) < 50:
            return
        time.sleep(0.2)
    raise AssertionError("the server keeps connections that are over")
