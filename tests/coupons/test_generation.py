"""Random codes: what a pattern makes, what its check character notices, and what a batch is."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from hypothesis import assume, given
from hypothesis import strategies as st
from psycopg import sql

from bookingoffice.audit.models import AuditEntry
from bookingoffice.database.rows import execute
from bookingoffice.database.scope import tenant_scope
from bookingoffice.errors import Malformed, RuleViolation
from coupons.batch_files import batch_csv
from coupons.codes import code_faults
from coupons.generation import ALPHABET, CHECK, DIGITS, LETTERS, PLACES, is_slip, pattern_of
from coupons.models import Coupon, CouponBatch
from coupons.services import generation
from coupons.services.generation import Wanted, generate_coupons
from tests.builders import NOON, TESTER, make_coupon, make_organization
from tests.coupons.racing import at_once

ACT = {"actor": TESTER, "moment": NOON}
FIFTEEN = {"kind": "percent", "percent": 15}

plain = st.text("ABKQS01-é ", max_size=5)
places = st.lists(st.sampled_from("#?*-A7"), min_size=3, max_size=30).map("".join)
patterns = st.builds("{}{}".format, places.filter(set("#?*").intersection), st.sampled_from(["", "!"]))


# -- the codes themselves


@given(patterns, plain)
def test_codes_follow_their_pattern_and_are_no_slips(text, prefix):
    pattern = pattern_of(text, prefix)

    for code in pattern.draw(20):
        assert code_faults(code) == []
        assert code.startswith(prefix)
        whole = text if CHECK in text else text + CHECK
        for said, place in zip(code.removeprefix(prefix), whole, strict=True):
            assert said in PLACES.get(place, place)
        assert not is_slip(code, pattern)
        assert not is_slip(code.lower().replace("-", " "), pattern)


@given(st.data(), patterns, plain)
def test_one_wrong_character_is_a_slip(data, text, prefix):
    pattern = pattern_of(text, prefix)
    [code] = pattern.draw(1)
    at = data.draw(st.sampled_from([at for at, said in enumerate(code) if said not in "- "]))
    others = [said for said in ALPHABET + "01OLUVZ" if said.lower() != code[at].lower()]  # as many, whatever was drawn
    wrong = data.draw(st.sampled_from(others))

    assert is_slip(code[:at] + wrong + code[at + 1 :], pattern)


@given(st.data(), patterns, plain)
def test_two_swapped_neighbours_are_a_slip(data, text, prefix):
    pattern = pattern_of(text, prefix)
    [code] = pattern.draw(1)
    said = code.replace("-", "").replace(" ", "")
    assume(len(said) > 1)
    at = data.draw(st.integers(0, len(said) - 2))
    assume(said[at].lower() != said[at + 1].lower())

    assert is_slip(said[:at] + said[at + 1] + said[at] + said[at + 2 :], pattern)


@pytest.mark.parametrize("typed", ["", "SUMMER", "WINTER-CC23", "SUMMER-CC234567", "C2C2C2C2C2C"])
def test_what_is_nothing_like_the_pattern_is_no_slip(typed):
    assert not is_slip(typed, pattern_of("SUMMER-??##"))


def test_the_alphabet_has_no_two_that_look_alike():
    for group in ("0OQD", "1ILJ", "2Z", "5S", "8B", "UVY", "AEIOU"):
        kept = set(group) & set(ALPHABET)
        assert len(kept - {"D", "J"}) <= 1, group
    assert len(set(ALPHABET)) == 23 == len(DIGITS) + len(LETTERS)


def test_every_character_is_as_likely():
    drawn = Counter("".join(code[:-1] for code in pattern_of("*").draw(23_000)))

    assert set(drawn) == set(ALPHABET)
    assert all(800 < number < 1200 for number in drawn.values())


@pytest.mark.parametrize(
    ("pattern", "prefix", "code"),
    [
        ("ABC", "", "pattern_without_places"),
        ("#!?!", "", "pattern_with_two_checks"),
        ("#" * 64, "", "code_too_long"),
        ("##\u202e", "", "code_with_control_character"),
        ("##", "\x00", "code_with_control_character"),
    ],
)
def test_patterns_that_make_no_codes(pattern, prefix, code):
    with pytest.raises(Malformed) as refusal:
        pattern_of(pattern, prefix)

    assert [fault.code for fault in refusal.value.faults] == [code]


# -- batches


@pytest.fixture
def organization(db):
    organization = make_organization()
    with tenant_scope(organization.pk):
        yield organization


def test_a_batch_is_exactly_as_many_coupons_alike_in_all_but_the_code(organization, monkeypatch):
    monkeypatch.setattr(generation, "PORTION", 400)
    heard: list[int] = []
    wanted = Wanted(1000, {**FIFTEEN, "quota": 1, "season_ids": None}, prefix="SPA-", label="Spa", quota=900)

    batch_id = generate_coupons(organization, wanted, **ACT, told=heard.append)

    made = Coupon.objects.filter(batch_id=batch_id)
    assert made.count() == made.values("code_key").distinct().count() == sum(heard) == 1000
    assert heard == [400, 400, 200]
    assert set(made.values_list("percent", "quota", "code_generated", "created_at")) == {(15, 1, True, NOON)}
    assert all(coupon.name == coupon.code and coupon.code.startswith("SPA-") for coupon in made)
    assert CouponBatch.objects.get().quota == 900
    lines = b"".join(batch_csv(organization, batch_id)).decode().splitlines()
    assert lines[0] == "code,id,public_id"
    assert sorted(line.split(",")[0] for line in lines[1:]) == sorted(made.values_list("code", flat=True))


def test_every_coupon_of_a_batch_has_its_history(organization):
    batch_id = generate_coupons(organization, Wanted(50, FIFTEEN), **ACT)

    entries = AuditEntry.objects.filter(table_name="coupons", action="created")
    assert entries.count() == 50
    assert AuditEntry.objects.get(table_name="coupon_batches").row_id == batch_id
    compared = """
    SELECT count(*) FROM coupons JOIN audit_entries AS entries ON entries.organization_id = %(organization_id)s
        AND entries.row_id = coupons.id AND entries.row_label = coupons.code
        AND entries.changes = public.audit_difference(NULL, to_jsonb(coupons))
    WHERE coupons.organization_id = %(organization_id)s AND coupons.batch_id = %(batch_id)s
    """
    assert execute(sql.SQL(compared), organization_id=organization.pk, batch_id=batch_id) == [(50,)]


def test_codes_that_somebody_has_are_drawn_anew(organization, monkeypatch):
    monkeypatch.setattr("coupons.generation.MARGIN", 1)
    generate_coupons(organization, Wanted(30, FIFTEEN, pattern="##"), **ACT)

    generate_coupons(organization, Wanted(20, FIFTEEN, pattern="##"), **ACT)

    assert Coupon.objects.values("code_key").distinct().count() == 50
    with pytest.raises(RuleViolation) as refusal:
        generate_coupons(organization, Wanted(40, FIFTEEN, pattern="##"), **ACT)
    assert refusal.value.code == "pattern_used_up"


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (Wanted(0, FIFTEEN), "count_out_of_range"),
        (Wanted(1_000_001, FIFTEEN), "count_out_of_range"),
        (Wanted(6, FIFTEEN, pattern="###"), "pattern_too_small"),
    ],
)
def test_numbers_that_are_refused(organization, wanted, code):
    with pytest.raises(RuleViolation) as refusal:
        generate_coupons(organization, wanted, **ACT)

    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("template", "codes"),
    [
        ({}, ["value_missing"]),
        ({"kind": "percent", "percent": "many"}, ["not_a_percentage"]),
        ({"kind": "percent", "percent": 101}, ["not_a_percentage"]),
        ({"kind": "amount", "amount_minor": True, "currency": "EUR"}, ["not_an_integer"]),
        ({"kind": "amount", "amount_minor": 5}, ["currency_missing"]),
        ({**FIFTEEN, "code": "MINE", "fts": 1}, ["unknown_column", "unknown_column"]),
    ],
)
def test_templates_that_are_refused(organization, template, codes):
    with pytest.raises(Malformed) as refusal:
        generate_coupons(organization, Wanted(3, template), **ACT)

    assert [fault.code for fault in refusal.value.faults] == codes
    assert Coupon.objects.count() == CouponBatch.objects.count() == 0


def test_batches_at_once_never_share_a_code(committed_db, monkeypatch):
    monkeypatch.setattr("coupons.generation.MARGIN", 2)
    organization = make_organization()

    def making():
        generate_coupons(organization, Wanted(60, FIFTEEN, pattern="###"), **ACT)

    assert at_once(organization, [making] * 4) == Counter(done=4)
    with tenant_scope(organization.pk):
        assert Coupon.objects.values("code_key").distinct().count() == 240


# -- the command


def test_the_command_writes_the_codes(committed_db, tmp_path, capsys):
    organization = make_organization()
    make_coupon(organization, "OTHER")
    file = tmp_path / "codes.csv"

    call_command("generate_coupons", "7", amount="12.50", pattern="##-??##", prefix="GIFT-", uses=1, output=str(file))

    codes = [line.split(",")[0] for line in file.read_text().splitlines()[1:]]
    assert len(codes) == 7
    assert all(code.startswith("GIFT-") for code in codes)
    with tenant_scope(organization.pk):
        kept = set(Coupon.objects.exclude(batch_id=None).values_list("amount_minor", "currency", "quota"))
    assert kept == {(1250, "EUR", 1)}
    assert capsys.readouterr().err.startswith("7 coupons made; their batch is ")


def test_codes_that_expire_on_a_day_are_good_until_its_end_where_the_organization_is(committed_db, tmp_path):
    organization = make_organization(timezone="Europe/Amsterdam")
    for expires in ("2027-12-31", "2028-01-01T00:00"):
        call_command("generate_coupons", "1", percent="5", expires=expires, output=str(tmp_path / "codes.csv"))

    with tenant_scope(organization.pk):
        deadlines = set(Coupon.objects.values_list("expires_at", flat=True))
    assert deadlines == {datetime(2027, 12, 31, 23, tzinfo=UTC)}


def test_a_template_without_an_end_is_a_sentence(committed_db, tmp_path):
    make_organization()
    (tmp_path / "template.json").write_text("[" * 100_000)

    with pytest.raises(CommandError, match="this is not JSON"):
        call_command("generate_coupons", "1", template=str(tmp_path / "template.json"))


def test_a_refused_command_leaves_no_file_and_no_batch(committed_db, tmp_path):
    organization = make_organization()
    file = tmp_path / "codes.csv"

    with pytest.raises(CommandError, match="good for 5 codes"):
        call_command("generate_coupons", "700", percent="5", pattern="###", output=str(file))
    with pytest.raises(CommandError, match="'soon' is no date and no instant"):
        call_command("generate_coupons", "7", percent="5", expires="soon", output=str(file))
    with pytest.raises(CommandError, match="Is a directory"):
        call_command("generate_coupons", "7", percent="5", output=str(tmp_path))

    assert not file.exists()
    with tenant_scope(organization.pk):
        assert not CouponBatch.objects.exists()
