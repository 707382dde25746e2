"""A link that carries a secret is in one answer and nowhere else: no message, no session, no cache keeps it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse


def link_shown(
    page: Any, request: HttpRequest, *, title: str, sentence: str, link: str, mailed_to: str = ""
) -> HttpResponse:
    context = {
        **page.admin_site.each_context(request),
        "title": title,
        "sentence": sentence,
        "link": link,
        "mailed_to": mailed_to,
        "opts": page.opts,
    }
    return TemplateResponse(request, "admin/link_shown.html", context)
