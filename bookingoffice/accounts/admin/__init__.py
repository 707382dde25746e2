"""The staff's door: organizations, members, keys, users and history; and what every other page of the admin is made of."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from bookingoffice.accounts.admin import history, invitations, keys, members, organizations, users

__all__ = ["history", "invitations", "keys", "members", "organizations", "users"]

admin.site.index_title = gettext_lazy("Back office")
