"""Which door an address belongs to."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from bookingoffice import crossroads, documents
from bookingoffice.accounts.switching import switch_organization
from bookingoffice.api import engine
from bookingoffice.languages.choosing import choose_language
from coupons.api.botsubscription import urls as botsubscription
from coupons.api.fynn import urls as fynn
from coupons.api.hyperline import urls as hyperline

admin.autodiscover()  # a command may have started without

described = [
    address
    for dialect in documents.DIALECTS
    for address in (
        path(f"{dialect.prefix}/openapi.json", documents.document, {"dialect": dialect}),
        path(f"{dialect.prefix}/docs", documents.page, {"dialect": dialect}),
    )
]
"""Before the dialects, which answer everything else below their prefixes."""

urlpatterns = [
    path("", RedirectView.as_view(url="/admin/")),
    path("admin/organization/", switch_organization, name="switch_organization"),
    path("admin/language/", choose_language, name="choose_language"),
    path("admin/", include("bookingoffice.accounts.entrance.urls")),
    path("admin/", include("bookingoffice.accounts.own.urls")),
    path("admin/", admin.site.urls),
    *described,
    path("", include(botsubscription.root_urlpatterns)),
    re_path(r"^botsubscription(?:/|$)", include(botsubscription.urlpatterns)),
    path("v1/coupons", crossroads.coupons),
    path("", include(hyperline.root_urlpatterns)),
    path("v1/", include(engine.urls)),
    path("bookingmood/v1/", include(engine.urls)),
    re_path(r"^fynn(?:/|\Z)", include(fynn)),
    path("", include(fynn.root_urlpatterns)),
    re_path(r"^hyperline(?:/|\Z)", include(hyperline.urlpatterns)),
    path("ical/", include("seasons.api.ical")),
]

SORRY = "bookingoffice.accounts.entrance.sorry"
handler400, handler403, handler404, handler500 = (
    f"{SORRY}.{name}" for name in ("bad_request", "forbidden", "not_found", "failed")
)
