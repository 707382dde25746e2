"""What `up` prints: where to look, how to get in, and one line to paste."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bookingoffice.accounts.models import Organization

if TYPE_CHECKING:
    from bookingoffice.demo import DemoCredentials


def addresses(url: str) -> Iterator[str]:
    yield "bookingoffice is running."
    yield ""
    yield f"  Admin      {url}/admin/"
    yield f"  API        {url}/v1/"


def first_start(url: str, demo: DemoCredentials) -> Iterator[str]:
    """The only time that the password and the key are seen: both are kept as digests."""
    yield f"  Sign in    {demo.staff_username}  {demo.staff_password}"
    yield f"  API key    {demo.api_key}  ({demo.organization_name})"
    yield ""
    yield "Both are shown this once. Try:"
    yield f"  curl -H 'Authorization: Bearer {demo.api_key}' '{url}{demo.curl_path}'"


def later_start(organizations: Sequence[Organization]) -> Iterator[str]:
    yield ""
    if not organizations:
        yield "There is no organization yet:"
        yield "  ./run create_organization 'Seaside cabins' --currency EUR --timezone Europe/Amsterdam"
        yield "  ./run create_staff USERNAME --role owner"
        return
    yield "A new API key, a new password:"
    for organization in organizations:
        yield f"  ./run create_api_key {organization.pk}   # {organization}"
    yield "  ./run changepassword USERNAME"


def closing(host: str, hosts_are_set: bool) -> Iterator[str]:
    yield ""
    if host not in {"127.0.0.1", "localhost", "::1"} and not hosts_are_set:
        yield "Others are refused until BOOKINGOFFICE_HOSTS lists the names by which they call this machine."
    yield "Stop with Ctrl-C."
