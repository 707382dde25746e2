"""Beneath the admin's address, so that its look may be used there; nobody needs to have logged in."""

from __future__ import annotations

from django.urls import path

from bookingoffice.accounts.entrance.joining import join
from bookingoffice.accounts.entrance.log_in import log_in

urlpatterns = [
    path("login/", log_in),
    path("join/<str:secret>/", join, name="join"),
]
