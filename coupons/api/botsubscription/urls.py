"""`validate` comes before an id. No address ends with a slash, and every other one is answered here too."""

from __future__ import annotations

from django.urls import path, re_path

from coupons.api.botsubscription.views import CouponList, Nothing, OneCoupon, Validate

COUPONS = "v2/projects/<str:project_id>/coupons"

_calls = [
    path(COUPONS, CouponList.as_view()),
    path(f"{COUPONS}/validate", Validate.as_view()),
    path(f"{COUPONS}/<str:coupon_id>", OneCoupon.as_view()),
]

urlpatterns = [*_calls, re_path(r"^", Nothing.as_view())]
"""The whole dialect, for an address of its own."""

root_urlpatterns = [*_calls, re_path(r"^v2/projects(?:/|$)", Nothing.as_view())]
"""What the vendor's documents print, for the root."""
