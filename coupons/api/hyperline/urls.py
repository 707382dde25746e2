"""The addresses of the dialect: whole under a prefix of its own, and what the vendor's reference prints at the root."""

from __future__ import annotations

from django.urls import path, re_path

from coupons.api.hyperline.door import no_such_route
from coupons.api.hyperline.views import Coupons, CreateCoupon, SingleCoupon

create_coupon = CreateCoupon.as_view()
"""For whoever tells a POST of this dialect from the row grammar's at the one address they share."""

urlpatterns = [
    path("v1/coupons", Coupons.as_view()),
    path("v1/coupons/<str:name>", SingleCoupon.as_view()),
    re_path(r"", no_such_route),
]

root_urlpatterns = [
    path("v1/coupons/<str:name>", SingleCoupon.as_view()),
    re_path(r"^v1/coupons/[^/]*/", no_such_route),
]
