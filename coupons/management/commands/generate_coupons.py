"""`generate_coupons COUNT`: Makes a batch of coupons with random codes and writes the codes as CSV."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError
from django.db import DataError, IntegrityError
from django.utils import timezone

from bookingoffice.accounts.deadlines import deadline
from bookingoffice.accounts.finding import the_organization
from bookingoffice.accounts.models import Organization
from bookingoffice.audit.actors import Actor
from bookingoffice.commands import OfficeCommand
from bookingoffice.database.scope import tenant_scope
from bookingoffice.datafiles.sources import STANDARD, progress, writing
from bookingoffice.money import major_to_minor
from coupons.batch_files import batch_csv
from coupons.generation import DEFAULT
from coupons.services.generation import Wanted, generate_coupons


class Command(OfficeCommand):
    help = "Makes a batch of coupons with random codes and writes the codes as CSV."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("count", type=int, help="how many")
        parser.add_argument("--organization", metavar="ID", help="needed when there are several")
        parser.add_argument(
            "--pattern", default=DEFAULT, help="# digit, ? letter, * either, ! check character (default: %(default)s)"
        )
        parser.add_argument("--prefix", default="", help="stands before every code as it is")
        value = parser.add_mutually_exclusive_group(required=True)
        value.add_argument("--percent", type=_number, help="what each takes off, 0 to 100")
        value.add_argument("--amount", type=_number, help="what each takes off, such as 12.50, in --currency")
        value.add_argument(
            "--template", metavar="FILE", help="a JSON object with the columns that all share (-: stdin)"
        )
        parser.add_argument("--currency", help="of --amount (default: the organization's)")
        parser.add_argument(
            "--uses", type=int, metavar="N", help="how often each may be used (without: as often as they like)"
        )
        parser.add_argument("--shared-uses", type=int, metavar="N", help="how often all of them may be used together")
        parser.add_argument(
            "--expires", metavar="WHEN", help="a date (until its end, in the organization's time zone) or an instant"
        )
        parser.add_argument("--label", default="", help="what the batch is called")
        parser.add_argument("--output", default=STANDARD, metavar="FILE", help="(default: -, the standard output)")

    def handle(self, *args: Any, count: int, organization: str | None, output: str, **options: Any) -> None:
        place = the_organization(organization)
        wanted = Wanted(
            count=count,
            template=_template(place, options),
            pattern=options["pattern"],
            prefix=options["prefix"],
            label=options["label"],
            quota=options["shared_uses"],
        )
        act: Any = {"actor": Actor.command("generate_coupons"), "moment": timezone.now()}
        with writing(output) as stream, tenant_scope(place.pk), progress("Making", " codes", count) as bar:
            batch_id = _generated(place, wanted, **act, told=bar.update)
            with closing(batch_csv(place, batch_id)) as pieces:
                for piece in pieces:
                    stream.write(piece)
        self.stderr.write(f"{count} coupons made; their batch is {batch_id}.", str)


def _generated(place: Organization, wanted: Wanted, **act: Any) -> UUID:
    """What the database finds wrong with the template, in its own words."""
    try:
        return generate_coupons(place, wanted, **act)
    except (DataError, IntegrityError) as error:
        raise CommandError(f"The template cannot be kept: {str(error).splitlines()[0]}.") from error


def _template(place: Organization, options: dict[str, Any]) -> dict[str, Any]:
    expires = options["expires"]
    columns: dict[str, Any] = {
        "quota": options["uses"],
        "expires_at": None if expires is None else deadline(expires, place.timezone, field="expires"),
    }
    if options["template"]:
        columns |= _read(options["template"])
    elif options["percent"] is not None:
        columns |= {"kind": "percent", "percent": options["percent"]}
    else:
        columns |= _amount(options["amount"], options["currency"] or place.currency)
    return {name: value for name, value in columns.items() if value is not None}


def _amount(amount: Decimal, currency: str) -> dict[str, Any]:
    return {"kind": "amount", "amount_minor": major_to_minor(amount, currency), "currency": currency}


def _read(file: str) -> dict[str, Any]:
    try:
        text = sys.stdin.read() if file == STANDARD else Path(file).read_text(encoding="utf-8")
        template = json.loads(text, parse_float=Decimal)
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise CommandError(f"{file}: this is not JSON: {error}.") from error
    if not isinstance(template, dict):
        raise CommandError(f"{file}: a template is one JSON object.")
    return template


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except ArithmeticError:
        raise ArgumentTypeError(f"{text!r} is no number") from None
