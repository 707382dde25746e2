"""How much of a quota is used: a bar, and the same in words for who does not see it."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coupons import wording
from coupons.standing import MOST_COUNTED


def uses_bar(live_uses: int, quota: int | None) -> str | SafeString:
    if quota is None:
        return unlimited(live_uses)
    used = _("%(used)s of %(quota)s") % {"used": wording.number(live_uses), "quota": wording.number(quota)}
    left = _("%(left)s left") % {"left": wording.number(max(0, quota - live_uses))}
    return format_html(
        '<span class="quota"><progress value="{}" max="{}" aria-label="{}"></progress>'
        '<span class="quota-words">{} · <span class="quota-left">{}</span></span></span>',
        min(live_uses, quota), max(quota, 1), f"{used}, {left}", used, left,
    )  # fmt: skip


def unlimited(live_uses: int) -> str:
    if live_uses > MOST_COUNTED:
        return _("More than %(number)s") % {"number": wording.number(MOST_COUNTED)}
    words = ngettext("%(number)s use", "%(number)s uses", live_uses) % {"number": wording.number(live_uses)}
    return _("%(uses)s, no limit") % {"uses": words}
