"""What these pages have in common: the look of the log-in page, and no trace in any cache."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

View = Callable[..., HttpResponse]


def entrance(view: View) -> View:
    """Neither cached nor told to a debugger. The address, which is a secret, goes to no other site as no page's does here;
    to forbid it to our own too would hide the form's origin from the check against forged posts.
    """
    secret: View = never_cache(sensitive_post_parameters()(view))
    return secret


def page(request: HttpRequest, template: str, status: int = 200, **words: Any) -> TemplateResponse:
    return TemplateResponse(request, template, {**admin.site.each_context(request), **words}, status=status)
