"""A cell of a list in two lines. The theme's own second line is too faint in the dark."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString


def two_lines(first: str, second: str) -> SafeString:
    return (
        format_html('{}<br><span class="desk-second">{}</span>', first, second) if second else format_html("{}", first)
    )
