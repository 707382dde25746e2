"""Who may come in: organizations are opened, keys issued and revoked, people given a role."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from difflib import get_close_matches
from uuid import UUID
from zoneinfo import available_timezones

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from bookingoffice import money, records
from bookingoffice.accounts.models import DEFAULT_SCOPES, ApiKey, Member, Organization, Role, Scope
from bookingoffice.audit.actors import Actor
from bookingoffice.audit.writing import witnessed
from bookingoffice.database.scope import tenant_scope
from bookingoffice.errors import RuleViolation
from bookingoffice.localized import DEFAULT, name_faults


def create_organization(name: str, *, currency: str, timezone: str, language: str = "en-US") -> Organization:
    """Opens the new organization's own scope: nobody else may write its row. Refuses what no row should hold."""
    _refuse_bad_name(name)
    money.exponent(currency)
    _refuse_unknown_timezone(timezone)
    _refuse_bad_language(language)
    organization_id = records.uuid7()
    with tenant_scope(organization_id):
        return Organization.objects.create(
            id=organization_id,
            name={DEFAULT: name.strip()},
            currency=currency,
            timezone=timezone,
            languages=[language],
            default_language=language,
        )


def _refuse_bad_name(name: str) -> None:
    if not name.strip() or not name.isprintable():
        raise RuleViolation("bad_name", _("A name is one line with at least one letter or digit."), field="name")


def _refuse_unknown_timezone(timezone: str) -> None:
    known = available_timezones()
    if timezone not in known:
        close = get_close_matches(timezone, known, 1, 0.6)
        raise RuleViolation(
            "unknown_timezone",
            _("%(timezone)s is not a time zone we know; use a name such as Europe/Amsterdam.")
            % {"timezone": repr(timezone)},
            field="timezone",
            hint=f"Was {close[0]} meant?" if close else None,
        )


def _refuse_bad_language(language: str) -> None:
    if language == DEFAULT or name_faults({DEFAULT: "", language: ""}):
        raise RuleViolation(
            "bad_language",
            _("%(language)s is not a language tag such as “nl” or “nl-NL”.") % {"language": repr(language)},
            field="language",
        )


def issue_key(
    organization_id: UUID,
    *,
    actor: Actor,
    moment: datetime,
    label: str = "",
    scopes: Collection[str] = DEFAULT_SCOPES,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """The record and the key itself, which nobody can show again. Runs in the organization's scope."""
    _refuse_unknown_scopes(scopes)
    if expires_at and expires_at <= moment:
        raise RuleViolation("expires_in_the_past", _("The key would be expired already."), field="expires_at")
    if not label.isprintable():
        raise RuleViolation("bad_label", _("A label is one line of text."), field="label")
    ids: list[UUID] = []
    with witnessed(ApiKey, organization_id, ids, actor=actor, moment=moment):
        key, token = ApiKey.issue(organization_id, label=label, scopes=scopes, expires_at=expires_at)
        ids.append(key.pk)
    return key, token


def _refuse_unknown_scopes(scopes: Collection[str]) -> None:
    unknown = sorted(set(scopes) - set(Scope.values))
    if unknown or not scopes:
        said = (
            _("%(unknown)s is not a scope") % {"unknown": repr(unknown[0])}
            if unknown
            else _("A key has at least one scope")
        )
        raise RuleViolation(
            "unknown_scope",
            _("%(said)s; choose from %(choices)s.") % {"said": said, "choices": ", ".join(Scope.values)},
            field="scopes",
        )


def revoke_key(organization_id: UUID, key_id: UUID, *, actor: Actor, moment: datetime) -> ApiKey:
    """From the next request on the key opens nothing. Revoking again keeps the first moment."""
    key: ApiKey | None = ApiKey.objects.of(organization_id).select_for_update().filter(pk=key_id).first()
    if key is None:
        raise RuleViolation("key_not_found", _("There is no such API key."))
    if key.revoked_at is None:
        key.revoked_at = moment
        with witnessed(ApiKey, organization_id, [key.pk], actor=actor, moment=moment, action="revoked"):
            key.save(update_fields=["revoked_at"])
    return key


def add_member(organization_id: UUID, user: User, *, role: str, actor: Actor, moment: datetime) -> Member:
    """Gives the user this role in the organization, whatever the role was before."""
    if role not in Role.values:
        raise RuleViolation(
            "unknown_role",
            _("%(role)s is not a role; choose from %(choices)s.")
            % {"role": repr(role), "choices": ", ".join(Role.values)},
            field="role",
        )
    present: Member | None = Member.objects.of(organization_id).select_for_update().filter(user=user).first()
    member = present or Member(organization_id=organization_id, user=user, role=role)
    with witnessed(Member, organization_id, [member.pk], actor=actor, moment=moment):
        if member.role != role or present is None:
            member.role, member.updated_at = role, moment
            member.save()
    return member
