"""What cannot be kept or put back is refused in a sentence, and nothing is touched."""

from __future__ import annotations

import dataclasses
import resource
from contextlib import closing, contextmanager

import pytest
from django.conf import settings

from bookingoffice.database.addresses import OWNER_ROLE
from bookingoffice.database.server.locks import FolderLock
from bookingoffice.keeping import databases
from bookingoffice.keeping.archive import DUMP, MANIFEST, Backup, drafted
from bookingoffice.keeping.keeper import Keeper
from bookingoffice.keeping.refusals import Refused
from tests.bookingoffice.keeping.rows import everything
from tests.builders import make_coupon, make_organization
from tests.databases import administrator


@pytest.fixture
def lakeside(database):
    organization = make_organization("Lakeside")
    make_coupon(organization)
    return organization


@pytest.fixture
def untouched(database, lakeside):
    before = everything(database)
    yield
    assert everything(database) == before
    with closing(administrator()) as link:
        assert not databases.exists(link, databases.beside(database))


def rewritten(file, **changes):
    """Whole, and by another release."""
    backup = Backup(file)
    manifest = dataclasses.replace(backup.manifest(), **changes)
    place = file.with_name("other.backup")
    with drafted(place) as (draft, _):
        draft.add(DUMP, backup.portions(DUMP))
        draft.add(MANIFEST, [manifest.text()])
        draft.finish()
    return place


def test_data_are_not_replaced_unasked(refusal, untouched, file):
    assert "is not empty. --replace" in refusal("restore", file)


def test_a_newer_release_is_named(refusal, untouched, file):
    migrations = [*Backup(file).manifest().migrations, "coupons.0999_tomorrow"]

    told = refusal("restore", rewritten(file, migrations=migrations, release="9.0"), "--replace")

    assert "made by release 9.0, which is newer" in told
    assert "coupons.0999_tomorrow" in told


def test_a_newer_format_is_not_read(refusal, untouched, file):
    assert "by a newer release" in refusal("restore", rewritten(file, format=2), "--replace")


def test_other_roles_are_named(refusal, untouched, file):
    assert '"someone" and' in refusal("restore", rewritten(file, owner="someone"), "--replace")


def test_what_was_restored_is_counted(refusal, untouched, file):
    """A dump whose bytes are right and whose rows are fewer, or others, than were there."""
    tables = {**Backup(file).manifest().tables, "coupons": (1, "17")}

    assert "is not what was kept: coupons." in refusal("restore", rewritten(file, tables=tables), "--replace")


def test_rights_are_compared(refusal, untouched, file):
    assert "other rules or rights" in refusal("restore", rewritten(file, rules="0"), "--replace")


@pytest.mark.parametrize("place", [0.0, 0.001, 0.3, 0.9, 0.97, 0.985, 0.995])
def test_one_bit_is_enough(refusal, untouched, file, place):
    whole = bytearray(file.read_bytes())
    whole[int(len(whole) * place)] ^= 1
    file.write_bytes(whole)

    assert "damaged" in refusal("restore", file, "--replace") or not place


@pytest.mark.parametrize("kept", [0, 1, 600, -1400, -5000])
def test_a_file_that_was_cut_off_is_refused(refusal, untouched, file, kept):
    file.write_bytes(file.read_bytes()[:kept])

    assert "damaged" in refusal("restore", file, "--replace")


def test_what_is_no_backup_is_refused(refusal, untouched, tmp_path):
    (tmp_path / "letter.txt").write_text("Dear Anna")

    assert "is no backup" in refusal("restore", tmp_path / "letter.txt", "--replace")
    assert "cannot be read: No such file" in refusal("restore", tmp_path / "nowhere", "--replace")
    assert "is there and is no backup" in refusal("backup", tmp_path / "letter.txt")
    assert "There is no folder" in refusal("backup", tmp_path / "nowhere" / "file")
    assert "--keep takes" in refusal("backup", tmp_path, "--keep", "0")


def test_a_dump_that_does_not_restore_is_told(refusal, untouched, file):
    """Right bytes of a wrong dump: PostgreSQL's own words, in a sentence."""
    backup = Backup(file)
    with drafted(file.with_name("other.backup")) as (draft, place):
        draft.add(DUMP, [b"PGDMP and then nothing"])
        draft.add(MANIFEST, [backup.manifest().text()])
        draft.finish()
        assert place.exists()

    assert "pg_restore failed: pg_restore: error:" in refusal("restore", file.with_name("other.backup"), "--replace")


def test_nothing_is_replaced_under_a_running_up(refusal, untouched, file):
    lock = FolderLock(settings.DATA, "up")
    lock.take()
    lock.note("4711")
    try:
        assert "(process 4711): stop it first" in refusal("restore", file, "--replace")
    finally:
        lock.close()


def test_a_role_that_policies_bind_keeps_nothing(database):
    """It would see the rows of nobody, and pg_dump would fail in the middle."""
    keeper = Keeper.here()
    weak = dataclasses.replace(keeper, parts={**keeper.parts, "user": OWNER_ROLE})

    with pytest.raises(Refused, match="BYPASSRLS CREATEDB"):
        weak.refuse_weak_role()


@contextmanager
def files_no_longer_than(size):
    """As a disk that is full: the kernel refuses to write on."""
    _, hard = kept = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, kept)


def test_a_full_disk_leaves_the_last_backup_and_no_half_of_a_new_one(refusal, untouched, file):
    last = file.read_bytes()

    with files_no_longer_than(50_000):
        told = refusal("backup", file)

    assert "There is no room left in" in told
    assert file.read_bytes() == last
    assert [path.name for path in file.parent.iterdir() if ".part" in path.name] == []
