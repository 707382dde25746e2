"""Between choosing rows and changing them stands a page: what will change, for how many, and what is left out and why."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bookingoffice.errors import RuleViolation
from coupons import wording

MOST_AT_ONCE: Final = 10_000
MOST_SHOWN: Final = 50


@dataclass(frozen=True)
class Step:
    """One row: how it is now and how it will be. `subject` is what the act needs to know of it."""

    subject: Any
    label: str
    now: str
    then: str


@dataclass(frozen=True)
class Refused:
    """A row that is left out."""

    label: str
    why: str


@dataclass
class Plan:
    steps: list[Step] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    note: str = ""

    @property
    def seal(self) -> str:
        """Another one where anything of what is told would be told otherwise."""
        told = [(str(step.subject.pk), str(step.now), str(step.then)) for step in self.steps]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


class Act:
    """One thing to do with many rows. `form` asks how, where that is to be asked."""

    name: ClassVar[str]
    title: Any
    button: Any
    danger: ClassVar[bool] = False
    form_class: ClassVar[type[forms.Form] | None] = None
    now_title: Any = ""
    then_title: Any = ""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.form: Any = None

    def rows(self, queryset: Any) -> list[Any]:
        """What was chosen; more than MOST_AT_ONCE is refused."""
        found = list(queryset[: MOST_AT_ONCE + 1])
        if len(found) > MOST_AT_ONCE:
            sentence = _("Those are more than %(most)s at once. Narrow the list down, or do it in parts.")
            raise RuleViolation("too_many_at_once", sentence % {"most": wording.number(MOST_AT_ONCE)})
        return found

    def asks(self, rows: Sequence[Any]) -> Any:
        """The form, bound once it has been sent."""
        if self.form_class is None:
            return None
        return self.form_class(self.request.POST if "step" in self.request.POST else None)

    def plan(self, rows: Sequence[Any]) -> Plan:
        raise NotImplementedError

    def write(self, steps: Sequence[Step]) -> str:
        """Does it, and says what was done."""
        raise NotImplementedError


def carried_out(page: Any, request: HttpRequest, queryset: Any, act: Act) -> HttpResponse | None:
    """The page between, or None once it is done; the list tells what was done."""
    rows = act.rows(queryset)
    act.form = act.asks(rows)
    ready = act.form is None or (act.form.is_bound and act.form.is_valid())
    plan = act.plan(rows) if ready else Plan()
    if request.POST.get("step") == "confirm" and ready and plan.steps:
        if request.POST.get("expected") == plan.seal:
            messages.success(request, act.write(plan.steps))
            return HttpResponseRedirect(request.get_full_path())
        plan.note = _("What was chosen has changed meanwhile. Look again before you confirm.")
    return TemplateResponse(request, "coupons/preview.html", _context(page, request, act, rows, plan, ready=ready))


def asked(page: Any, request: HttpRequest, act: Act, object_id: str) -> HttpResponse:
    """The page between for one row, from that row's own page; what it sends goes to the list."""
    rows = act.rows(page.get_queryset(request).filter(pk=page.row_at(request, object_id).pk))
    act.form = act.asks(rows)
    listed = reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_changelist")
    context = _context(page, request, act, rows, Plan(), ready=False, chosen=[object_id], back=listed)
    return TemplateResponse(request, "coupons/preview.html", context)


def _context(
    page: Any,
    request: HttpRequest,
    act: Act,
    rows: Sequence[Any],
    plan: Plan,
    *,
    ready: bool,
    chosen: Sequence[str] = (),
    back: str = "",
) -> dict[str, Any]:
    across = request.POST.get("select_across") == "1"
    chosen = chosen or (["all"] if across else request.POST.getlist(ACTION_CHECKBOX_NAME))
    hidden = [("action", act.name), ("select_across", "1" if across else "0")]
    return {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "title": act.title,
        "act": act,
        "plan": plan,
        "ready": ready,
        "form": act.form,
        "chosen_count": wording.number(len(rows)),
        "step_count": len(plan.steps),
        "steps": plan.steps[:MOST_SHOWN],
        "more_steps": max(0, len(plan.steps) - MOST_SHOWN),
        "refused": plan.refused[:MOST_SHOWN],
        "refused_count": len(plan.refused),
        "more_refused": max(0, len(plan.refused) - MOST_SHOWN),
        "hidden": [*hidden, *((ACTION_CHECKBOX_NAME, key) for key in chosen)],
        "back": back or request.get_full_path(),
    }
