"""Addresses without a version and without a slash at the end; what else lies below them is not found, in this dialect's words."""

from __future__ import annotations

from django.urls import path, re_path

from coupons.api.fynn.door import unknown_address
from coupons.api.fynn.views import CouponsView, CouponView

root_urlpatterns = [
    path("coupons", CouponsView.as_view()),
    path("coupons/<str:coupon_id>", CouponView.as_view()),
    re_path("^coupons/", unknown_address),
]
"""As the vendor's documents print them."""

urlpatterns = [*root_urlpatterns, re_path("", unknown_address)]
"""The whole dialect below a prefix of its own."""
