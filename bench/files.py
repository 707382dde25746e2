"""`python -m bench.files`: files of coupons in and out, by command and over HTTP, against the bare COPY of the same rows, in turns.

COPY cannot write through row-level security, so it runs above it, as the superuser, into the same table with all of its
constraints, without history. Our side is the whole of it: the start of the process, the checks, the serving role, the history of
every coupon. A file of CSV goes in; what comes out has every column that a coupon has.
"""

from __future__ import annotations

import argparse
import http.client
import os
import resource
import subprocess
import time
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import urlencode

from bench.house import HOST, House, command, environment, manage, opened
from bench.spread import ratios, told

COLUMNS: Final = "organization_id, code, name, description, kind, percent, definition, quota, valid_from, expires_at"
HEADER: Final = "code,name,description,percent,quota,valid_from,expires_at\n"
DEFINITION: Final = '"{""type"": ""relative"", ""restrictions"": [], ""value"": -15}"'
BOUNDARY: Final = "a-line-between-parts"


def rows(number: int) -> Iterator[str]:
    for each in range(number):
        yield f'WINTER-{each:07d},Winter {each},"for friends, and theirs",15,40,2027-01-01T00:00:00Z,2027-12-31T23:00:00Z\n'


def write_file(house: House, number: int) -> Path:
    path = house.folder.path / "in.csv"
    with path.open("w") as stream:
        stream.write(HEADER)
        stream.writelines(rows(number))
    return path


def write_copy(house: House, number: int) -> BinaryIO:
    """The same rows with what COPY has to be told: whose they are, and the definition."""
    stream = (house.folder.path / "copy.csv").open("w+b")
    beginning, between = f"{house.organization_id},", f",percent,15,{DEFINITION},"
    stream.writelines((beginning + between.join(row.split(",15,"))).encode() for row in rows(number))
    return stream


def cleared(house: House) -> None:
    with house.maintenance() as link:
        link.execute("TRUNCATE coupons, audit_entries, file_imports CASCADE")
        link.execute("CHECKPOINT")


def copy_in(house: House, source: BinaryIO) -> float:
    source.seek(0)
    begun = time.perf_counter()
    statement = f"COPY coupons ({COLUMNS}) FROM STDIN (FORMAT csv)"
    with house.maintenance() as link, link.transaction(), link.cursor() as cursor, cursor.copy(statement) as copy:
        while piece := source.read(1 << 18):
            copy.write(piece)
    return time.perf_counter() - begun


def copy_out(house: House, statement: str) -> float:
    begun = time.perf_counter()
    with (
        house.maintenance() as link,
        link.cursor() as cursor,
        cursor.copy(f"COPY {statement} TO STDOUT (FORMAT csv)") as copy,
    ):
        for _ in copy:
            pass
    return time.perf_counter() - begun


def measured(house: House, *arguments: str) -> tuple[float, int]:
    """Seconds and the most kilobytes of memory of one command."""
    begun = time.perf_counter()
    process = subprocess.Popen(manage(*arguments), env=environment(house.folder), stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, arguments
    return time.perf_counter() - begun, usage.ru_maxrss


class Staff:
    """A person at the admin, logged in."""

    def __init__(self, house: House) -> None:
        self._link = http.client.HTTPConnection(HOST, house.port, timeout=3600)
        self._cookies: SimpleCookie = SimpleCookie()
        password = command(house.folder, "create_staff", "bench", "--organization", str(house.organization_id))
        self.get("/admin/login/")
        form = {"username": "bench", "password": password.split()[-1], "csrfmiddlewaretoken": self.token}
        status, _ = self.post("/admin/login/", urlencode(form).encode(), "application/x-www-form-urlencoded")
        assert status == 302, status

    @property
    def token(self) -> str:
        return self._cookies["csrftoken"].value

    def get(self, path: str) -> tuple[int, int]:
        return self._ask("GET", path)[:2]

    def text(self, path: str) -> str:
        return self._ask("GET", path, keep=True)[2].decode()

    def post(self, path: str, body: bytes, kind: str) -> tuple[int, str]:
        return self._ask("POST", path, body, {"Content-Type": kind, "Referer": f"http://{HOST}/"})[0], self.location

    def _ask(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None, *, keep: bool = False
    ) -> tuple[int, int, bytes]:
        cookie = "; ".join(f"{name}={each.value}" for name, each in self._cookies.items())
        self._link.close()  # a server may have closed what was idle meanwhile
        self._link.request(method, path, body or None, {**(headers or {}), "Cookie": cookie})
        answer = self._link.getresponse()
        for each in answer.headers.get_all("Set-Cookie") or ():
            self._cookies.load(each)
        self.location = answer.headers.get("Location", "")
        length, kept = 0, b""
        while piece := answer.read(1 << 16):
            length += len(piece)
            kept += piece if keep else b""
        return answer.status, length, kept


def import_over_http(staff: Staff, path: Path) -> float:
    """From the press of the button until the page says that it is imported: checked, confirmed, imported."""
    begun = time.perf_counter()
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{staff.token}\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="in.csv"\r\n\r\n'
    )
    body = head.encode() + path.read_bytes() + f"\r\n--{BOUNDARY}--\r\n".encode()
    page = "/admin/coupons/coupon/files/import/"
    status, address = staff.post(page, body, f"multipart/form-data; boundary={BOUNDARY}")
    assert status == 302, status
    _until(staff, address, 'name="confirm"')
    form = urlencode({"confirm": "1", "csrfmiddlewaretoken": staff.token}).encode()
    assert staff.post(address, form, "application/x-www-form-urlencoded")[0] == 302
    _until(staff, address, "Imported.")
    return time.perf_counter() - begun


def _until(staff: Staff, address: str, words: str) -> None:
    while words not in (page := staff.text(address)):
        assert "files-note" not in page, "the file was refused"
        time.sleep(0.2)


def export_over_http(staff: Staff) -> tuple[float, int]:
    begun = time.perf_counter()
    status, length = staff.get("/admin/coupons/coupon/files/export/?as=csv")
    assert status == 200, status
    return time.perf_counter() - begun, length


def most_memory_of_server(house: House) -> int:
    """Kilobytes of the largest process of ours that serves or works files off."""
    found = [0]
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            command_line = (status.parent / "cmdline").read_bytes()
            environment = (status.parent / "environ").read_bytes()
            ours = str(house.folder.path).encode() in environment and b"postgres" not in command_line[:200]
            found += [
                int(line.split()[1]) for line in status.read_text().splitlines() if ours and line.startswith("VmHWM")
            ]
        except OSError:
            continue
    return max(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--coupons", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    times: dict[str, list[float]] = {}
    memory: dict[str, int] = {}

    def keep(name: str, seconds: float, kilobytes: int = 0) -> None:
        times.setdefault(name, []).append(seconds)
        memory[name] = max(memory.get(name, 0), kilobytes)

    with opened() as house:
        path, source, staff = write_file(house, given.coupons), write_copy(house, given.coupons), Staff(house)
        before = most_memory_of_server(house)
        for _ in range(given.rounds):
            cleared(house)
            keep("COPY in", copy_in(house, source))
            cleared(house)
            keep("import over HTTP", import_over_http(staff, path))
            cleared(house)
            keep("import by command", *measured(house, "import_coupons", str(path)))
            keep("COPY out, the table as it is", copy_out(house, "coupons"))
            keep("COPY out, the file's columns", copy_out(house, f"({statement_of_export(house)})"))
            keep("export by command", *measured(house, "export_coupons", str(house.folder.path / "out.csv")))
            keep("export over HTTP", export_over_http(staff)[0])
            keep("import of what is there", *measured(house, "import_coupons", str(house.folder.path / "out.csv")))
        after = most_memory_of_server(house)
    told_of(given.coupons, times, memory, before, after)


STATEMENT: Final = """
from uuid import UUID
from bookingoffice.accounts.models import Organization
from bookingoffice.datafiles.exporting import query_of
from coupons.files import CouponSheet
print(query_of(CouponSheet(), Organization(id=UUID("{organization}")), "csv").as_string())
"""


def statement_of_export(house: House) -> str:
    """What the export itself asks PostgreSQL for."""
    script = STATEMENT.format(organization=house.organization_id)
    return command(house.folder, "shell", "--no-imports", "-c", script)


def told_of(coupons: int, times: dict[str, list[float]], memory: dict[str, int], before: int, after: int) -> None:
    print(f"{coupons:,} coupons, {len(next(iter(times.values())))} rounds; median (least to most)")
    for name, seconds in times.items():
        kilobytes = f", {memory[name] // 1024} MiB at most" if memory[name] else ""
        print(f"{name}: {told(seconds, '.1f')} s{kilobytes}")
    for name in ("import over HTTP", "import by command", "import of what is there"):
        print(f"{name}, rate as a multiple of COPY in: {told(ratios(times['COPY in'], times[name]), '.2f')}")
    for name in ("export by command", "export over HTTP"):
        for yardstick in ("COPY out, the file's columns", "COPY out, the table as it is"):
            print(f"{name}, rate as a multiple of {yardstick}: {told(ratios(times[yardstick], times[name]), '.2f')}")
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"the largest process of the server: {before // 1024} MiB before, {after // 1024} MiB after; this one {own // 1024} MiB"
    )


if __name__ == "__main__":
    main()
