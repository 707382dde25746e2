"""What must not be served to others: settings that are allowed on a developer's desk alone."""

from __future__ import annotations

from collections.abc import Sequence

from bookingoffice.env import OddSetting

SHORTEST_KEY = 50
FEWEST_LETTERS = 5
SHORTEST_TOKEN = 16


def refuse_unsafe(*, debug: bool, secret_key: str, hosts: Sequence[str], metrics_token: str) -> None:
    """Outside debug. A refusal never repeats what is secret."""
    if debug:
        return
    if (
        len(secret_key) < SHORTEST_KEY
        or len(set(secret_key)) < FEWEST_LETTERS
        or secret_key.startswith("django-insecure-")
    ):
        expected = (
            f"at least {SHORTEST_KEY} random characters; leave it out and one is made and kept in the data folder"
        )
        raise OddSetting("BOOKINGOFFICE_SECRET_KEY", "…", expected)
    if any(host in ("*", ".") for host in hosts):
        raise OddSetting("BOOKINGOFFICE_HOSTS", ",".join(hosts), "the names by which this machine is called, never all")
    if metrics_token and len(metrics_token) < SHORTEST_TOKEN:
        raise OddSetting("BOOKINGOFFICE_METRICS_TOKEN", "…", f"at least {SHORTEST_TOKEN} characters")
