"""Which door an address belongs to."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from bookingoffice.accounts.switching import switch_organization
from bookingoffice.api import engine

urlpatterns = [
    path("", RedirectView.as_view(url="/admin/")),
    path("admin/organization/", switch_organization, name="switch_organization"),
    path("admin/", admin.site.urls),
    path("v1/", include(engine.urls)),
    path("bookingmood/v1/", include(engine.urls)),
]
