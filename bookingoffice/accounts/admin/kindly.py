"""What a service or the database refuses is told on the page it came from, and nothing of the act is left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from unfold.admin import ModelAdmin

from bookingoffice.accounts.admin.refusals import REFUSALS, Sentences, faults_of, sentence_of

View = Callable[[], Any]


class Kindly(ModelAdmin):
    """Forms show faults beside their fields (`TenantForm`); deletions and actions show them as a message."""

    sentences: ClassVar[Sentences] = {}

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """A refused save is undone and the same form is drawn again, with the reason beside its field."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except REFUSALS as refusal:
            request.refused = faults_of(refusal, self.sentences)  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        page = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return self._kindly(
            request,
            lambda: super(Kindly, self).delete_view(request, object_id, extra_context),
            reverse(page, args=[object_id]),
        )

    def response_action(self, request: HttpRequest, queryset: Any) -> Any:
        return self._kindly(
            request, lambda: super(Kindly, self).response_action(request, queryset), request.get_full_path()
        )

    def _kindly(self, request: HttpRequest, view: View, page: str) -> Any:
        """All or nothing; a refusal is told on the page."""
        try:
            with transaction.atomic():
                return view()
        except REFUSALS as refusal:
            messages.error(request, sentence_of(refusal, self.sentences))
            return HttpResponseRedirect(page)
