"""Reads of rows, begun and ended in the event loop. A thread is asked only where something is to be waited for that is not
PostgreSQL's answer, where that answer is long, and where it has to be asked again."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import copy_context
from functools import partial
from typing import Any, Final, NoReturn

import psycopg

from bookingoffice.awaiting import Awaiting
from bookingoffice.chunked import Application
from bookingoffice.database import pipeline
from bookingoffice.database.batches import Values
from bookingoffice.database.link import Asked
from bookingoffice.database.links import Links
from bookingoffice.postgrest.execution import is_worth_another_try
from bookingoffice.serving.porch.answers import Answer, Give, Parts
from bookingoffice.serving.porch.environs import bodiless
from bookingoffice.serving.porch.hands import Hands
from bookingoffice.serving.porch.heads import Head
from bookingoffice.serving.porch.patience import Patience
from bookingoffice.serving.porch.repeats import Repeat, Repeats

LONG: Final = 64 * 1024  # bytes; to read through and to pack more than that takes a millisecond
Outcome = list[Values] | Exception


class Reads:
    def __init__(self, application: Application, links: Links, hands: Hands, patience: Patience) -> None:
        self._application = application
        self._repeats = Repeats(application)
        self._links = links
        self._hands = hands
        self._patience = patience
        self._packing = Hands(1)  # of its own, or long answers would wait behind whoever waits for the database

    def known(self, head: Head, client: str) -> Repeat | None:
        """What `again` takes, where a head of this shape came before from the address `client`."""
        return self._repeats.of(head, client)

    def again(self, known: Repeat, send: Give) -> None:
        self._answer(known.environ, send, known.application)

    def take(self, environ: dict[str, Any], send: Give, head: Head | None = None) -> None:
        """Of a `head` that may come again it is noted that it came, and what the parser made of it."""
        if head:
            self._repeats.note(head, environ)
        self._answer(partial(bodiless, environ), send, self._application)

    def _answer(self, environ: Callable[[], dict[str, Any]], send: Give, application: Application) -> None:
        answer = Answer(self._application, environ, send)
        if not self._begin(answer, application):
            self._patience.bound(answer)

    def _begin(self, answer: Answer, application: Application) -> bool:
        """Whether the answer is made, or being made; else it waits."""
        try:
            parts = answer.context.run(answer.parts_at_once, application)
        except Exception as error:
            return self._made(answer, partial(_raised, error))
        if isinstance(parts, Awaiting):
            told = partial(self._told, answer, parts)
            return self._links.ask(Asked(parts.read, told, answer.context, answer.begin))
        if isinstance(parts, list):
            return self._made(answer, lambda: parts)
        at_once = not self._hands.waiting
        self._hands.give(partial(self._by_hand, answer, lambda: parts))
        return at_once

    def _made(self, answer: Answer, parts: Callable[[], Parts]) -> bool:
        answer.begin()
        answer.make_here(parts)
        return True

    def _told(self, answer: Answer, parts: Awaiting, outcome: Outcome) -> None:
        """In the loop and in the request's context, of which a thread gets a copy: it may be there before this one has left."""
        if isinstance(outcome, Exception):
            if _is_asked_again(outcome):
                self._hands.give(partial(copy_context().run, answer.make, lambda: parts))
            else:
                answer.make_here(partial(parts.told, partial(_raised, outcome)))
            return
        make = partial(parts.told, lambda _: outcome)
        if _length(outcome) <= LONG:
            answer.make_here(make)
        else:
            self._packing.give(partial(copy_context().run, answer.make, make))

    def _by_hand(self, answer: Answer, parts: Callable[[], Parts]) -> None:
        if answer.begin():
            answer.context.run(answer.make, parts)


def _raised(error: Exception, *_: pipeline.Read) -> NoReturn:
    raise error


def _is_asked_again(error: Exception) -> bool:
    """In a thread, where it can be waited for: a connection that was lost, or what PostgreSQL gave up for another's sake."""
    return not isinstance(error, psycopg.Error) or error.sqlstate is None or is_worth_another_try(error)


def _length(rows: list[Values]) -> int:
    return sum([sum(map(len, filter(None, row))) for row in rows])
