"""The page of one coupon answers while it is written: it reads the coupon back and tries it, before anything is saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _

from bookingoffice.accounts.desk import organization_of
from bookingoffice.accounts.models import Organization
from bookingoffice.errors import RuleViolation
from coupons.admin.answers import Answer, answer_of
from coupons.admin.example import PREFIX, ExampleForm, specimen
from coupons.admin.results import results_of
from coupons.admin.targets import offered
from coupons.admin.typed import Typed, typed_terms
from coupons.facts import zone_of
from coupons.models import Coupon
from coupons.models.coupon import State
from coupons.sentence import sentence
from coupons.services.reading import names_in
from coupons.services.trying import noon_of, try_terms
from coupons.terms import Terms

ASKING: Final = "_check"
"""The name of buttons that answer and save nothing."""
STATE_COLOURS: Final = {State.ACTIVE: "good", State.SCHEDULED: "soon"}


class CouponEditor:
    """Stands before a ModelAdmin."""

    def get_urls(self) -> list[URLPattern]:
        """Before the page of one coupon, whose address matches everything."""
        page: Any = self
        inherited: Any = super()
        ours = path("draft/", page.admin_site.admin_view(page.draft_view), name="coupons_coupon_draft")
        return [ours, *inherited.get_urls()]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        inherited: Any = super()
        form: Any = inherited.get_form(request, obj, change, **kwargs)
        form.asking = ASKING in request.POST
        return form

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        page: Any = self
        coupon: Coupon | None = kwargs.get("obj")
        can_write = page.has_change_permission(request, coupon) if coupon else page.has_add_permission(request)
        ask_form = "coupon_form" if can_write else "coupon_ask"
        context |= {
            **live(request, coupon, context["adminform"].form),
            "lively": can_write,
            "ask_form": ask_form,
            "state": State(coupon.state) if coupon else None,  # type: ignore[attr-defined]
        }
        context["example"].belong_to(ask_form)
        if coupon:
            context["colour"] = STATE_COLOURS.get(context["state"], "over")
            context["results"] = results_of(organization_of(request), coupon.pk, moment=timezone.now())
        inherited: Any = super()
        return inherited.render_change_form(request, context, *args, **kwargs)

    def draft_view(self, request: HttpRequest) -> HttpResponse:
        """The live parts of the page for values that are not saved, as HTML."""
        page: Any = self
        key = request.GET.get("coupon", "")
        coupon = page.get_object(request, key) if key else None
        if key and coupon is None:
            raise Http404
        allowed = page.has_view_permission(request, coupon) if coupon else page.has_add_permission(request)
        if request.method != "POST" or not allowed:
            raise PermissionDenied
        form = page.get_form(request, coupon, change=coupon is not None)(request.POST, instance=coupon)
        form.is_valid()
        return TemplateResponse(request, "coupons/live.html", live(request, coupon, form))


def live(request: HttpRequest, coupon: Coupon | None, form: Any) -> dict[str, Any]:
    """What follows the fields as they are typed."""
    organization = organization_of(request)
    typed = typed_terms(organization, coupon, form, timezone.now())
    names, zone = names_in(organization, [typed.terms]), zone_of(organization)
    example = ExampleForm(organization, _things(organization), _tried(request, typed.terms))
    return {
        "reading": sentence(typed.terms, names, zone),
        "unfinished": typed.unfinished,
        "example": example,
        "answer": _answer(organization, typed, example, names),
    }


@dataclass(frozen=True)
class Things:
    """What a line of the example can be for, and the plans it can be on."""

    lines: list[tuple[str, Any]]
    plans: list[tuple[str, str]]


def _things(organization: Organization) -> Things:
    found = {
        field: sorted(((str(row.pk), str(row)) for row in rows), key=_label)
        for field, rows in offered(organization).items()
    }
    rent = [("rent:", _("Rent of anything")), *((f"rent:{key}", label) for key, label in found["products"])]
    fees = [("fee:", _("Any other fee")), *((f"fee:{key}", label) for key, label in found["services"])]
    return Things([(_("Rent"), rent), (_("Fees"), fees)], found["plans"])


def _label(choice: tuple[str, str]) -> str:
    return choice[1].casefold()


def _tried(request: HttpRequest, terms: Terms) -> Mapping[str, Any]:
    """What somebody asks about, else an example."""
    asked = request.POST if request.method == "POST" else request.GET
    given: Mapping[str, Any] = asked
    return given if any(name.startswith(f"{PREFIX}-") for name in asked) else specimen(terms, timezone.localdate())


def _answer(organization: Organization, typed: Typed, example: ExampleForm, names: Mapping[UUID, str]) -> Answer:
    if not example.is_valid():
        return Answer(_("The example is not right:"), faults=tuple(example.faults()))
    if _lacks_value(typed.terms):
        return Answer(_("Say how much it gives, and this box says what the guest gets."))
    moment = noon_of(organization, example.cart, timezone.now())
    kept, beside = example.kept, example.cleaned_data["beside"]
    try:
        trial = try_terms(
            organization, typed.terms, example.cart, booking_id=kept.pk if kept else None, beside=beside, moment=moment
        )
    except RuleViolation:
        unknown = (_("Other code"), _("There is no coupon of this code."))
        return Answer(_("The example is not right:"), faults=(unknown,))
    return answer_of(trial, names, zone_of(organization), example.labels())


def _lacks_value(terms: Terms) -> bool:
    amount = terms.amount_minor is None or not terms.currency
    return (terms.kind == "percent" and terms.percent is None) or (terms.kind == "amount" and amount)
