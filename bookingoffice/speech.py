"""Sentences of rules that know no framework: English, until somebody who knows the reader's language has taught more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


def _english(one: str, many: str, number: int) -> str:
    return one if number == 1 else many


@dataclass
class Tongue:
    text: Callable[[str], str] = str
    counted: Callable[[str, str, int], str] = _english


TONGUE = Tongue()


def teach(text: Callable[[str], str], counted: Callable[[str, str, int], str]) -> None:
    """Once, when the process begins; what was taught knows at each sentence who reads it."""
    TONGUE.text, TONGUE.counted = text, counted


def gettext(message: str) -> str:
    return TONGUE.text(message)


def ngettext(one: str, many: str, number: int) -> str:
    return TONGUE.counted(one, many, number)


def gettext_noop(message: str) -> str:
    """Collected for translation here, translated where it is said."""
    return message
