"""Acts on one record that ask before they do: a page says what will happen, a button on it does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise

Text = str | Promise


def _always(record: Any) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Act:
    """`run` takes the page, the request and the record, and answers with a page of its own or with None: back to the record.

    `title` and `sentence` may say `%(record)s`. `offered` says for which records there is such an act.
    """

    name: str
    label: Text
    title: Text
    sentence: Text
    run: Callable[[Any, HttpRequest, Any], HttpResponse | None]
    offered: Callable[[Any], bool] = _always
    dangerous: bool = True


class WithActs:
    """Stands before a TenantAdmin. Whoever may write the table's rows may do its acts."""

    acts: ClassVar[Sequence[Act]] = ()
    change_form_outer_before_template = "admin/acts/bar.html"

    def get_urls(self) -> list[URLPattern]:
        page: Any = self
        ours = [
            path(
                f"<uuid:object_id>/{act.name}/",
                page.admin_site.admin_view(self.act_view),
                {"name": act.name},
                name=self.act_page(act),
            )
            for act in self.acts
        ]
        urls: Any = super()
        return [*ours, *urls.get_urls()]

    def act_page(self, act: Act) -> str:
        page: Any = self
        return f"{page.opts.app_label}_{page.opts.model_name}_{act.name}"

    def offers(self, request: HttpRequest, record: Any) -> Iterator[tuple[Text, str]]:
        """What the record's own page links to: label and address."""
        page: Any = self
        if not page.has_add_permission(request) and not page.has_change_permission(request, record):
            return
        for act in self.acts:
            if act.offered(record):
                yield act.label, reverse(f"admin:{self.act_page(act)}", args=[record.pk])

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        record = kwargs.get("obj")
        context["acts"] = list(self.offers(request, record)) if record is not None else []
        rendered: Any = super()
        return rendered.render_change_form(request, context, *args, **kwargs)

    def act_view(self, request: HttpRequest, object_id: UUID, name: str) -> HttpResponse:
        page: Any = self
        act = next(act for act in self.acts if act.name == name)
        record = page.get_object(request, str(object_id))
        if not page.has_add_permission(request) and not page.has_change_permission(request, record):
            raise PermissionDenied
        if record is None:
            raise Http404
        back = reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_change", args=[record.pk])
        if not act.offered(record):
            return HttpResponseRedirect(back)
        if request.method == "POST":
            answer: HttpResponse = page._kindly(request, lambda: act.run(page, request, record), back)
            return answer or HttpResponseRedirect(back)
        return TemplateResponse(request, "admin/acts/confirm.html", self._asked(request, act, record, back))

    def _asked(self, request: HttpRequest, act: Act, record: Any, back: str) -> dict[str, Any]:
        page: Any = self
        return {
            **page.admin_site.each_context(request),
            "title": str(act.title) % {"record": record},
            "sentence": str(act.sentence) % {"record": record},
            "act": act,
            "back": back,
            "opts": page.opts,
        }
