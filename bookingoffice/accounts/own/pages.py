"""What these pages have in common."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def page(request: HttpRequest, template: str, **words: Any) -> TemplateResponse:
    return TemplateResponse(request, template, {**admin.site.each_context(request), **words})


def myself(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def wanted_page(request: HttpRequest) -> str:
    """Where the person was going; never another site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return reverse("admin:index")
