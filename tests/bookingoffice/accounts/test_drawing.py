"""A list is drawn from memory, and to the letter as the theme draws it."""

from __future__ import annotations

import re

import pytest
from django.utils.translation import override
from unfold.admin import ModelAdmin, checkbox
from unfold.templatetags import unfold_list

from bookingoffice.accounts.admin import drawing
from tests import builders
from tests.bookingoffice.accounts.desks import make_desk


def theirs(function):
    return function.__wrapped__


@pytest.mark.parametrize("language", ["en", "nl", "de"])
@pytest.mark.parametrize("key", ["01a2", '"><script>', "a&b"])
def test_a_tick_box_is_the_theme_s(language, key):
    with override(language):
        assert drawing.tick_box(key) == checkbox.render("_selected_action", key)


@pytest.mark.parametrize("value", [("active", "In use"), ("gone", "x"), "active", "none of them", "", "<b>"])
def test_a_badge_is_the_theme_s(value):
    colours = {"active": "success"}
    badge = unfold_list.display_for_label
    for _ in range(2):
        assert badge(value, "-", colours) == theirs(badge)(value, "-", colours)


@pytest.mark.django_db
def test_a_list_is_the_theme_s(monkeypatch):
    """Every list's own head and colours: two lists after each other, and one sorted."""
    desk = make_desk()
    for code in ("ONE", "TWO"):
        builders.make_coupon(desk.organization, code)
    pages = [
        ("coupons_coupon_changelist", {}),
        ("coupons_coupon_changelist", {"o": "1"}),
        ("references_product_changelist", {}),
    ]

    def drawn():
        return [text_without_tokens(desk.get(name, **query)) for name, query in pages]

    remembered = drawn()
    monkeypatch.setattr(unfold_list, "result_headers", theirs(unfold_list.result_headers))
    monkeypatch.setattr(unfold_list, "display_for_label", theirs(unfold_list.display_for_label))
    monkeypatch.setattr(drawing, "tick_box", lambda key: checkbox.render("_selected_action", str(key)))
    assert drawn() == remembered
    assert ModelAdmin.action_checkbox.short_description


def text_without_tokens(answer):
    return re.sub(r'(nonce|csrfmiddlewaretoken|value)="[A-Za-z0-9_/+=-]{20,}"', "", answer.content.decode())
