"""What comes out of a backup is what went in: rows, rights, rules, keys, numbers; and the house works on it."""

from __future__ import annotations

import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from bookingoffice.accounts import two_factor
from bookingoffice.accounts.models import Member
from bookingoffice.database.scope import tenant_scope
from bookingoffice.keeping import databases
from bookingoffice.request_log import partitions
from bookingoffice.webhooks.models import Cursor
from coupons.models import Coupon
from tests.bookingoffice.accounts.desks import make_user
from tests.bookingoffice.keeping.rows import everything
from tests.bookingoffice.webhooks.builders import make_webhook, told_events
from tests.builders import make_booking, make_coupon, make_key, make_organization, make_season, make_use


@pytest.fixture
def lakeside(database):
    organization = make_organization("Lakeside", currency="EUR")
    coupon = make_coupon(organization, "Été–10", quota=5)
    make_use(organization, coupon)
    make_season(organization)
    make_webhook(organization)
    partitions.make(timezone.now().date())
    user = make_user(username="anna")
    with tenant_scope(organization.pk):
        Member.objects.create(organization=organization, user=user, role="owner")
    TOTPDevice.objects.create(user=user, confirmed=True)
    organization.paper = two_factor._new_codes(user)
    organization.key = make_key(organization)
    return organization


def spoil(organization) -> None:
    """Everything that was there is changed, and there is more."""
    with tenant_scope(organization.pk):
        Coupon.objects.of(organization.pk).update(description="spoiled")
    StaticToken.objects.all().delete()
    make_organization("Another")


def ask(key: str, method: str, path: str, **body: object) -> object:
    return getattr(Client(), method)(
        path, data=body or None, content_type="application/json", headers={"Authorization": f"Bearer {key}"}
    )


def test_everything_is_as_it_was(run, database, lakeside, tmp_path):
    before = everything(database)
    told = run("backup", tmp_path / "office.backup")
    spoil(lakeside)

    run("restore", tmp_path / "office.backup", "--replace")

    after = everything(database)
    for table in ("webhook_cursors",):  # numbered anew
        assert len(after.pop(table)) == len(before.pop(table)) == 1
    assert after == before
    assert "restored and compared" in told
    assert (tmp_path / "office.backup").stat().st_mode & 0o777 == 0o600


def test_the_house_works_on_it(run, database, lakeside, file):
    run("restore", file, "--replace")

    [coupon] = ask(lakeside.key, "get", "/v1/coupons?select=id,code").json()
    booking = make_booking(lakeside)
    used = ask(lakeside.key, "post", "/v1/coupon_uses", coupon_id=coupon["id"], booking_id=str(booking.pk))
    two_factor.check_code(StaticToken.objects.first().device.user, lakeside.paper[0])
    assert (coupon["code"], used.status_code) == ("Été–10", 201)
    assert ask("3f1c1f9e-0000-4000-8000-000000000000", "get", "/v1/coupons").status_code == 401
    call_command("check_ledger")


@pytest.mark.parametrize("asked", ["--undo", "--forget"])
def test_what_was_replaced_has_no_dry_run(run, database, lakeside, file, asked):
    run("restore", file, "--replace")

    with pytest.raises(CommandError, match="go with a FILE") as refused:
        run("restore", asked, "--dry-run")

    assert refused.value.returncode == 2
    run("restore", "--undo")


@pytest.mark.forgets_the_tenant
def test_policies_and_protected_columns_hold(run, database, lakeside, file):
    run("restore", file, "--replace")

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM coupons")
        assert cursor.fetchone() == (0,)
    for statement in ("UPDATE coupons SET quota = 9", "INSERT INTO coupon_uses DEFAULT VALUES", "CREATE TABLE mine ()"):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            tenant_scope(lakeside.pk),
            connection.cursor() as c,
        ):
            c.execute(statement)
    call_command("check", databases=["default"])


def test_what_was_replaced_can_be_put_back(run, refusal, database, lakeside, file):
    spoil(lakeside)
    spoiled = everything(database)
    run("restore", file, "--replace")

    run("restore", "--undo")

    assert everything(database) == spoiled
    run("restore", "--forget")
    assert "nothing to put back" in refusal("restore", "--undo")


def test_webhooks_go_on_though_another_server_numbers_anew(run, database, lakeside, tmp_path):
    """The number of a transaction far ahead of this server's, as one that has lived long would have."""
    told_events(lakeside)
    with tenant_scope(lakeside.pk):
        Cursor.objects.of(lakeside.pk).update(horizon=10**12, mark=10**12)
    run("backup", tmp_path / "office.backup", "--no-verify")
    run("restore", tmp_path / "office.backup", "--replace")

    before = told_events(lakeside)
    make_coupon(lakeside, "NEW")

    assert told_events(lakeside)[len(before) :] == ["coupons.created"]


def test_one_moment_is_kept_while_others_write(run, database, lakeside, tmp_path):
    """Proved by the comparison of rows, which would differ if the count and the dump were of two moments."""
    made: list[Coupon] = []
    ended = threading.Event()

    def write():
        while not ended.is_set():
            made.append(make_coupon(lakeside, f"C{len(made)}"))
        connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        told = run("backup", tmp_path / "office.backup")
    finally:
        ended.set()
        writer.join()

    assert "restored and compared" in told
    assert len(made) > 3


def test_an_older_backup_is_brought_up_to_date(run, database, lakeside, tmp_path):
    call_command("migrate", "webhooks", "0002", database="owner", verbosity=0)
    try:
        run("backup", tmp_path / "old.backup", "--no-verify")
        told = run("restore", tmp_path / "old.backup", "--replace")
    finally:
        call_command("migrate", database="owner", verbosity=0)

    assert "1 newer migrations" in told
    assert told_events(lakeside)


def test_the_secret_key_goes_along(run, database, lakeside, settings, tmp_path):
    """From a folder that keeps its own to one that has made another."""
    settings.SECRET_KEY = theirs = settings.DATA.secret_key()
    run("backup", tmp_path / "office.backup", "--no-verify")
    settings.DATA.write_private("secret-key", "x" * 50)
    settings.SECRET_KEY = "x" * 50

    told = run("restore", tmp_path / "office.backup", "--replace")

    assert settings.DATA.secret_key() == theirs
    assert "SECRET_KEY" not in told
    run("restore", "--undo")
    assert settings.DATA.secret_key() == "x" * 50


def test_a_given_secret_key_is_not_kept_and_a_wrong_one_is_told(run, database, lakeside, settings, file):
    assert settings.SECRET_KEY.encode() not in file.read_bytes()
    settings.SECRET_KEY = "y" * 50

    told = run("restore", file, "--replace")

    assert "The SECRET_KEY is not the one of the backup" in told


def test_a_wrong_counter_is_kept_and_told(run, refusal, database, lakeside, tmp_path):
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            f"SET bookingoffice.organization_id = '{lakeside.pk}'; UPDATE coupon_counters SET used = used + 3"
        )
        cursor.execute("RESET bookingoffice.organization_id")

    told = refusal("backup", tmp_path / "office.backup")

    assert "ledger is not" in told
    assert (tmp_path / "office.backup").exists()


def test_a_folder_gets_files_by_the_moment_and_keeps_the_newest(run, database, lakeside, tmp_path):
    folder = tmp_path / "kept"
    folder.mkdir()
    (folder / "bookingoffice-notes.backup").touch()
    for day in range(1, 5):
        (folder / f"bookingoffice-2026010{day}T000000Z.backup").touch()

    run("backup", folder, "--no-verify", "--keep", 2)

    names = sorted(path.name for path in folder.iterdir())
    assert names[0] == "bookingoffice-20260104T000000Z.backup"
    assert len(names) == 3


def test_nobody_else_keeps_meanwhile(refusal, database, lakeside, tmp_path):
    from bookingoffice.keeping.keeper import Keeper

    with databases.alone(Keeper.here()):
        assert "under way" in refusal("backup", tmp_path / "office.backup")
