"""Import and export in the admin: nothing is kept before a person says so, and nobody sees another's file."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from bookingoffice.audit.models import AuditEntry
from bookingoffice.datafiles import uploads
from bookingoffice.datafiles.admin import door, uploading
from bookingoffice.datafiles.faults import FileFault
from bookingoffice.datafiles.models import FileImport, FileImportFault, FileImportPart, State
from bookingoffice.datafiles.worker import Worker
from coupons.models import Coupon
from tests.bookingoffice.accounts.desks import Desk, make_desk
from tests.builders import make_coupon, make_product, make_season, make_use

pytestmark = pytest.mark.django_db

PAGES = ["coupons_coupon", "seasons_season", "references_product", "references_booking"]
GOOD = b"code,percent\nA1,5\nA2,10\n"
BAD = b"code,percent\nA1,5\nA2,x\n,5\nA1,7\n"


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def upload(desk: Desk, content: bytes, page: str = "coupons_coupon", name: str = "rows.csv") -> Any:
    """The page of the file."""
    file = SimpleUploadedFile(name, content)
    response = desk.client.post(reverse(f"admin:{page}_files_import"), {"file": file})
    assert response.status_code == 302, response.content.decode()
    return desk.client.get(response["Location"])


def press(desk: Desk, page: Any, button: str) -> Any:
    return desk.client.post(page.request["PATH_INFO"], {button: "1"}, follow=True)


def codes(desk: Desk) -> set[str]:
    with desk.scope():
        return set(Coupon.objects.values_list("code", flat=True))


def test_a_file_is_shown_before_it_is_imported(desk):
    make_coupon(desk.organization, "A2")
    make_coupon(desk.organization, "A3")

    page = upload(desk, GOOD + b"A3,15\n")

    job = page.context["job"]
    assert (job.state, job.made, job.changed, job.unchanged) == ("checked", 1, 1, 1)
    assert codes(desk) == {"A2", "A3"}

    done = press(desk, page, "confirm")

    assert done.context["job"].state == "done"
    assert codes(desk) == {"A1", "A2", "A3"}
    with desk.scope():
        assert FileImportPart.objects.count() == 0
        entry = AuditEntry.objects.get(table_name="coupons", row_label="A1")
        assert (entry.actor_kind, entry.actor_label) == ("staff", desk.user.get_username())


def test_every_bad_row_is_shown_and_nothing_can_be_confirmed(desk):
    page = upload(desk, BAD)

    assert [(fault.line, fault.column, fault.code) for fault in page.context["page"]] == [
        (3, "percent", "not_a_number"),
        (4, "code", "required"),
        (5, "code", "duplicate_code"),
    ]
    assert "is not a number such as 12.5" in page.content.decode()

    press(desk, page, "confirm")

    assert codes(desk) == set()


def test_a_header_that_nobody_can_keep_is_shown_as_far_as_it_can_be(desk):
    page = upload(desk, b"co\0de" + b"x" * 1000 + b",percent\nA1,5\n")

    assert "Header, column “co\ufffdde" in page.content.decode()
    assert len(page.content) < 100_000


def test_many_faults_come_in_pages_at_the_same_cost(desk):
    few = upload(desk, b"code,percent\nA1,x\n")
    many = upload(desk, b"code,percent\n" + b"A1,x\n" * 120)
    assert many.context["job"].faults >= 120
    costs = []
    for page in (few, many):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            shown = desk.client.get(page.request["PATH_INFO"], {"page": 1})
        costs.append(len(queries))

    assert costs[0] == costs[1]
    assert len(shown.context["page"]) == door.FAULTS_ON_A_PAGE
    assert "?page=2" in shown.content.decode()


def test_a_refused_import_leaves_nothing_and_says_why(desk):
    page = upload(desk, GOOD)
    make_coupon(desk.organization, "A1", public_id="x", percent=50, kind="percent")
    with desk.scope():  # made meanwhile, and used: its value stays
        make_use(desk.organization, Coupon.objects.get(code="A1"))

    done = press(desk, page, "confirm")

    assert done.context["job"].state == "refused"
    assert [fault.code for fault in done.context["page"]] == ["kept_once_redeemed"]
    assert codes(desk) == {"A1"}


def test_a_second_press_imports_nothing_more(desk):
    page = upload(desk, GOOD)
    press(desk, page, "confirm")

    assert press(desk, page, "confirm").status_code == 200

    with desk.scope():
        assert AuditEntry.objects.filter(table_name="coupons").count() == 2


def test_a_file_can_be_forgotten(desk):
    page = upload(desk, GOOD)

    press(desk, page, "discard")

    with desk.scope():
        assert (FileImport.objects.count(), FileImportPart.objects.count()) == (0, 0)


def test_nobody_else_sees_a_file(desk):
    page = upload(desk, BAD)
    address = page.request["PATH_INFO"]
    colleague = make_desk(organization=desk.organization)
    stranger = make_desk()
    elsewhere = make_desk(user=desk.user)

    assert colleague.client.get(address).status_code == 404
    assert colleague.client.post(address, {"discard": "1"}).status_code == 404
    assert stranger.client.get(address).status_code == 404
    assert address.split("/")[-2] not in colleague.get("coupons_coupon_files_import").content.decode()
    elsewhere.client.post(reverse("switch_organization"), {"organization": str(elsewhere.organization.pk)})
    assert elsewhere.client.get(address).status_code == 404
    assert desk.client.get(address).status_code == 200
    assert desk.client.get(address.replace("coupons/coupon", "seasons/season")).status_code == 404


def test_viewers_export_and_do_not_import(desk):
    viewer = make_desk("viewer", organization=desk.organization)

    assert viewer.get("coupons_coupon_files_export").status_code == 200
    assert viewer.get("coupons_coupon_files_import").status_code == 403
    file = SimpleUploadedFile("rows.csv", GOOD)
    assert viewer.post("coupons_coupon_files_import", file=file).status_code == 403


def test_a_form_of_another_site_is_refused(desk):
    client = Client(enforce_csrf_checks=True)
    client.force_login(desk.user)
    file = SimpleUploadedFile("rows.csv", GOOD)

    assert client.post(reverse("admin:coupons_coupon_files_import"), {"file": file}).status_code == 403
    assert codes(desk) == set()


def test_a_file_that_says_it_is_too_large_is_not_read(desk):
    response = desk.client.generic(
        "POST", reverse("admin:coupons_coupon_files_import"), b"", "multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(uploads.LARGEST + uploading.ENVELOPE + 1),
    )  # fmt: skip

    assert response.status_code == 413
    assert "larger than 200 MB" in response.content.decode()


def test_a_file_that_grows_too_large_is_left(desk, monkeypatch):
    monkeypatch.setattr(uploading, "LARGEST", 1000)
    file = SimpleUploadedFile("rows.csv", b"code\n" + b"A" * 2000)

    assert desk.post("coupons_coupon_files_import", file=file).status_code == 400
    with desk.scope():
        assert FileImport.objects.count() == 0


@pytest.mark.parametrize("content", [b"", None])
def test_no_file_is_a_sentence(desk, content):
    data = {} if content is None else {"file": SimpleUploadedFile("rows.csv", content)}

    response = desk.post("coupons_coupon_files_import", **data)

    assert response.status_code == 400
    assert "Choose a file" in response.content.decode()


def test_a_large_file_is_left_to_the_worker(desk, monkeypatch):
    monkeypatch.setattr(uploads, "SMALL", 10)
    page = upload(desk, GOOD)
    assert page.context["job"].state == "to_check"
    assert "data-looks-again" in page.content.decode()

    assert Worker().drain() == 1

    page = desk.client.get(page.request["PATH_INFO"])
    assert (page.context["job"].state, page.context["job"].made) == ("checked", 2)
    assert press(desk, page, "confirm").context["job"].state == "to_import"
    printed = io.StringIO()
    call_command("work_imports", once=True, stdout=printed)
    assert printed.getvalue() == "1 worked off\n"
    assert codes(desk) == {"A1", "A2"}


def test_a_file_of_several_pieces_is_put_together_again(desk, monkeypatch):
    monkeypatch.setattr(uploads, "PIECE", 7)
    monkeypatch.setattr(uploading, "PIECE", 7)

    page = upload(desk, GOOD)

    assert page.context["job"].made == 2
    with desk.scope():
        assert FileImportPart.objects.count() == 4


def test_who_dies_at_a_file_is_followed_by_another(desk, monkeypatch):
    monkeypatch.setattr(uploads, "SMALL", 10)
    upload(desk, GOOD)
    moment = timezone.now()
    with desk.scope():
        job = FileImport.objects.get()
        assert uploads.claim(job.pk, desk.organization.pk, moment) is not None
        assert uploads.claim(job.pk, desk.organization.pk, moment + timedelta(seconds=30)) is None
        assert uploads.claim(job.pk, desk.organization.pk, moment + timedelta(seconds=61)) is not None


def test_a_mistake_of_ours_is_told_and_the_next_file_has_its_turn(desk, monkeypatch, caplog):
    monkeypatch.setattr(uploads, "SMALL", 10)
    first, second = upload(desk, GOOD), upload(desk, GOOD)
    whole = uploads.work_off

    def fail_once(job: FileImport, *rest: Any) -> None:
        if str(job.pk) in first.request["PATH_INFO"]:
            raise ValueError("a mistake")
        whole(job, *rest)

    monkeypatch.setattr(uploads, "work_off", fail_once)

    assert Worker().drain() == 2

    assert desk.client.get(first.request["PATH_INFO"]).context["job"].state == "refused"
    assert desk.client.get(second.request["PATH_INFO"]).context["job"].state == "checked"
    assert "could not be worked off" in caplog.text


def test_files_are_forgotten_after_a_day(desk):
    upload(desk, GOOD)
    with desk.scope():
        FileImport.objects.filter(organization_id=desk.organization.pk).update(
            created_at=timezone.now() - timedelta(days=1, seconds=1)
        )

    Worker().drain()

    with desk.scope():
        assert (FileImport.objects.count(), FileImportPart.objects.count()) == (0, 0)


@pytest.mark.parametrize("page", PAGES)
def test_every_list_has_both_buttons_and_every_page_answers(desk, page):
    shown = desk.get(f"{page}_changelist", q="x")

    assert shown.status_code == 200
    assert "Import" in shown.content.decode()
    assert desk.get(f"{page}_import_file").status_code == 302
    assert desk.get(f"{page}_export_file", q="x")["Location"].endswith("files/export/?q=x")
    assert desk.get(f"{page}_files_import").status_code == 200
    assert desk.get(f"{page}_files_export").status_code == 200
    for kind in ("csv", "json", "xlsx"):
        answer = desk.get(f"{page}_files_export", **{"as": kind})
        assert answer.status_code == 200
        assert f'.{kind}"' in answer["Content-Disposition"]
        again = upload(desk, b"".join(answer.streaming_content), page, f"again.{kind}")
        assert (again.context["job"].state, again.context["job"].faults) == ("checked", 0)


def test_an_export_has_what_the_list_was_narrowed_to(desk):
    make_coupon(desk.organization, "SUMMER {x} 5%")
    make_coupon(desk.organization, "WINTER")

    answer = desk.get("coupons_coupon_files_export", **{"as": "xlsx", "q": "summer {x} 5%"})

    sheet: Any = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert [row[1].value for row in sheet.iter_rows()] == ["code", "SUMMER {x} 5%"]
    assert "1 row: what" in desk.get("coupons_coupon_files_export", q="summer").content.decode()
    assert "export_file/?q=summer" in desk.get("coupons_coupon_changelist", q="summer").content.decode()


def test_another_organizations_rows_are_not_exported(desk):
    make_coupon(make_desk().organization, "THEIRS")
    make_product(desk.organization), make_season(desk.organization)

    answer = desk.get("coupons_coupon_files_export", **{"as": "csv"})

    assert b"".join(answer.streaming_content).count(b"\n") == 1


def test_faults_are_kept_as_they_were_told():
    fields = {field.name for field in FileImportFault._meta.fields}

    assert set(FileFault._fields) <= fields
    assert State.TO_CHECK in State
