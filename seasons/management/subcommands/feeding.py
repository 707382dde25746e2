"""`feed`: where calendars find the seasons."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from django.urls import reverse
from django.utils import timezone

from seasons.feed_addresses import ensure_feed, renew_feed
from seasons.management.subcommands.base import ACTOR, Desk, Subcommand


class Feed(Subcommand):
    name = "feed"
    help = "The path of the calendar feed, to be put behind the host's name. Made on the first call."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--renew", action="store_true", help="a new path; the old one is gone")

    def run(self, desk: Desk, options: Namespace) -> None:
        with desk.scope():
            act = renew_feed if options.renew else ensure_feed
            secret = act(desk.organization, actor=ACTOR, moment=timezone.now())
        path = reverse("season_feed", args=[secret])
        desk.tell({"path": path}, [path])
