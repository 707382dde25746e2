"""Lists drawn once. The theme draws the head of a list anew for each of its rows, and a template for each tick box and badge.

What it draws stays what it is, to the letter: here it is only remembered, the head with its list, the rest by its texts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache, wraps
from typing import Any, Final

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from unfold.admin import checkbox
from unfold.templatetags import unfold_list

MOST_TEXTS: Final = 1000
PLACE: Final = "the-row-s-own-key"

Heads = Callable[[Any], Iterator[dict[str, Any]]]
Badge = Callable[[Any, str, Any], SafeString]


def tick_box(key: object) -> SafeString:
    return mark_safe(_tick_box(get_language()).replace(PLACE, escape(str(key))))  # noqa: S308  # escaped here


@lru_cache
def _tick_box(language: str | None) -> str:
    return str(checkbox.render(ACTION_CHECKBOX_NAME, PLACE))


def once_a_list(heads: Heads) -> Heads:
    @wraps(heads)
    def remembered(changelist: Any) -> Iterator[dict[str, Any]]:
        if not hasattr(changelist, "drawn_heads"):
            changelist.drawn_heads = list(heads(changelist))
        return iter(changelist.drawn_heads)

    return remembered


def once_a_text(badge: Badge) -> Badge:
    @lru_cache(MOST_TEXTS)
    def drawn(value: str | tuple[str, ...], colours: tuple[tuple[str, str], ...]) -> SafeString:
        return badge(value, "", dict(colours))

    @wraps(badge)
    def remembered(value: Any, empty_value_display: str, label: Any) -> SafeString:
        if not isinstance(label, dict) or not isinstance(value, str | tuple):
            return badge(value, empty_value_display, label)
        texts = value if isinstance(value, str) else tuple(map(str, value))
        return drawn(texts, tuple(label.items()))

    return remembered


def install() -> None:
    """Twice is as good as once."""
    if not hasattr(unfold_list.result_headers, "__wrapped__"):
        theme: Any = unfold_list
        theme.result_headers = once_a_list(theme.result_headers)
        theme.display_for_label = once_a_text(theme.display_for_label)
