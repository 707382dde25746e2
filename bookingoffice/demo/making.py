"""One demo organization, made whole or not at all. The same moment makes the same rows; password and key are always new."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from bookingoffice.accounts.models import Organization, Role
from bookingoffice.accounts.services import add_member, create_organization, issue_key
from bookingoffice.audit.actors import Actor
from bookingoffice.database.scope import tenant_scope
from bookingoffice.demo.bookings import fill_year
from bookingoffice.demo.calendar import plan_seasons
from bookingoffice.demo.dice import Dice
from bookingoffice.demo.house import CURRENCY, NAME, TIMEZONE, furnish
from bookingoffice.demo.offers import offers
from bookingoffice.demo.spending import publish, put_away, spend

ACTOR: Final = Actor.command("demo")
CURL_PATH: Final = "/v1/coupons?select=code,description,quota,definition&order=created_at.desc&limit=5"
USERNAME: Final = "demo"


@dataclass(frozen=True, slots=True)
class DemoCredentials:
    """The only time that the password and the key are seen."""

    organization_id: UUID
    organization_name: str
    staff_username: str
    staff_password: str
    api_key: str
    curl_path: str


@transaction.atomic
def create_demo(moment: datetime) -> DemoCredentials:
    """A business that is a year old at the moment, with an owner who can log in and a key for programs."""
    organization = create_organization(NAME, currency=CURRENCY, timezone=TIMEZONE, language="en")
    user, password = _owner()
    with tenant_scope(organization.pk):
        _backdate(organization, moment - timedelta(days=366))
        _fill(organization, moment)
        add_member(organization.pk, user, role=Role.OWNER, actor=ACTOR, moment=moment)
        _, token = issue_key(organization.pk, label="Demo", actor=ACTOR, moment=moment)
    return DemoCredentials(organization.pk, NAME, user.username, password, token, CURL_PATH)


def _fill(organization: Organization, moment: datetime) -> None:
    dice = Dice()
    opened_at = moment - timedelta(days=365)
    house = furnish(organization, dice, opened_at)
    seasons = plan_seasons(organization, dice, actor=ACTOR, moment=opened_at)
    stays = fill_year(house, dice, moment)
    coupons = publish(house, dice, offers(house, seasons, moment), actor=ACTOR, moment=moment)
    spend(house, dice, coupons, stays, actor=ACTOR, moment=moment)
    put_away(house, coupons, actor=ACTOR, moment=moment)


def _backdate(organization: Organization, moment: datetime) -> None:
    Organization.objects.filter(pk=organization.pk).update(created_at=moment, updated_at=moment, languages=["en", "nl"])


def _owner() -> tuple[User, str]:
    """A login for the staff, who see their own organization and are no superuser."""
    taken = set(User.objects.filter(username__startswith=USERNAME).values_list("username", flat=True))
    number = next(number for number in range(1, len(taken) + 2) if _username(number) not in taken)
    password = secrets.token_urlsafe(12)
    user = User.objects.create_user(
        _username(number), password=password, is_staff=True, first_name="Demo", last_name="Owner"
    )
    return user, password


def _username(number: int) -> str:
    return USERNAME if number == 1 else f"{USERNAME}{number}"
