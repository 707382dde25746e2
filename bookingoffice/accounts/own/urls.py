"""Below the admin's address."""

from __future__ import annotations

from django.contrib import admin
from django.urls import path

from bookingoffice.accounts.gate import CODE_PAGE, SETUP_PAGE
from bookingoffice.accounts.own import account, second_factor

own = admin.site.admin_view

urlpatterns = [
    path("account/", own(account.account), name="account"),
    path("account/sessions/<uuid:session_id>/end/", own(account.end_session), name="end_session"),
    path("account/sessions/end/", own(account.end_other_sessions), name="end_other_sessions"),
    path("account/second-factor/", own(second_factor.ask_second_factor), name=CODE_PAGE),
    path("account/two-factor/", own(second_factor.set_up_two_factor), name=SETUP_PAGE),
    path("account/two-factor/off/", own(second_factor.turn_off_two_factor), name="two_factor_off"),
    path("account/two-factor/codes/", own(second_factor.new_recovery_codes), name="new_recovery_codes"),
    path("password_change/", own(account.change_password)),
]
