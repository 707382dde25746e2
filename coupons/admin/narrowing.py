"""What stands above a list: states as links, the other filters as one form, the way down by time, what to do with all of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from bookingoffice.accounts.admin.paging import MOST_COUNTED
from coupons import wording
from coupons.admin.dates import trail

PAGE, WHEN, STATE = "p", "when", "state"


def furnished(request: HttpRequest, response: Any, *, drawn: Sequence[str], table: str) -> Any:
    """The answer of a list's view with what its template draws; an answer that is no list (of an action) stays as it is."""
    listed: dict[str, Any] | None = getattr(response, "context_data", None)
    changes = listed and listed.get("cl")
    if not listed or not changes:
        return response
    choices = _drawn(changes, drawn)
    listed |= {
        "drawn": choices,
        "narrowed": any(choice["chosen"] for choice in choices),
        "kept": _kept(request, drawn),
        "states": _states(changes),
        "trail": trail(request, table),
        "with_when": _ending_in_when(changes),
        "without_when": changes.get_query_string({}, [WHEN, PAGE]),
        "matching": matching(changes.result_count),
        "offered_acts": _acts(listed),
    }
    return response


def matching(number: int) -> str:
    """Counting stops where nobody turns the page any more."""
    return (
        wording.number(number)
        if number < MOST_COUNTED
        else _("%(number)s or more") % {"number": wording.number(MOST_COUNTED)}
    )


def _drawn(changes: Any, names: Sequence[str]) -> list[dict[str, Any]]:
    """The filters that are drawn as choices, with what is chosen."""
    specs = {spec.parameter_name: spec for spec in changes.filter_specs}
    return [
        {
            "name": name,
            "title": specs[name].title,
            "chosen": specs[name].value() or "",
            "drawn_as": getattr(specs[name], "drawn_as", "select"),
            "options": _options(specs[name].lookup_choices, specs[name].value() or ""),
        }
        for name in names
        if name in specs
    ]


def _options(choices: Iterable[tuple[object, object]], chosen: str) -> SafeString:
    """Written here, because there may be hundreds, and a template takes a while for each."""
    lines = (
        f'<option value="{escape(str(key))}"{" selected" if str(key) == chosen else ""}>{escape(str(words))}</option>'
        for key, words in choices
    )
    return mark_safe("".join(lines))  # noqa: S308  # escaped above


def _kept(request: HttpRequest, drawn: Sequence[str]) -> list[tuple[str, str]]:
    """What else the address says, which the form of the filters keeps."""
    return [(name, str(value)) for name, value in request.GET.items() if name not in (*drawn, PAGE)]


def _states(changes: Any) -> list[dict[str, Any]]:
    """The states as links that keep everything else that was chosen."""
    [spec] = [spec for spec in changes.filter_specs if spec.parameter_name == STATE]
    return [
        {
            "link": changes.get_query_string({STATE: key} if key else {}, [PAGE] if key else [STATE, PAGE]),
            "words": words,
            "chosen": (spec.value() or "") == key,
        }
        for key, words in [("", _("All")), *spec.lookup_choices]
    ]


def _ending_in_when(changes: Any) -> str:
    """An address to which a time is written."""
    address = str(changes.get_query_string({}, [WHEN, PAGE]))
    return f"{address}{'' if address.endswith('?') else '&'}{WHEN}="


def _acts(listed: dict[str, Any]) -> list[tuple[str, Any]]:
    form = listed.get("action_form")
    return [(name, words) for name, words in form.fields["action"].choices if name] if form else []
