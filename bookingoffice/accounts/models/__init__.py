"""Who owns rows, who works for whom, and which programs may call."""

from bookingoffice.accounts.models.keys import DEFAULT_SCOPES, ApiKey, Scope, digest_of
from bookingoffice.accounts.models.organizations import Organization
from bookingoffice.accounts.models.people import Invitation, Member, Role
from bookingoffice.accounts.models.sessions import StaffSession

__all__ = [
    "DEFAULT_SCOPES",
    "ApiKey",
    "Invitation",
    "Member",
    "Organization",
    "Role",
    "Scope",
    "StaffSession",
    "digest_of",
]
