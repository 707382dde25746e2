"""Beneath the admin's address, so that its look may be used there; nobody needs to have logged in."""

from __future__ import annotations

from django.urls import path

from bookingoffice.accounts.entrance.joining import join
from bookingoffice.accounts.entrance.log_in import log_in
from bookingoffice.accounts.entrance.new_password import new_password

urlpatterns = [
    path("login/", log_in),
    path("join/<str:secret>/", join, name="join"),
    path("password/<str:user>/<str:token>/", new_password, name="new_password"),
]
