"""Every refusal of the house: a code for machines that never changes, a sentence for people that says what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class RuleViolation(Exception):
    """One broken rule. `field` names the column or form field, `hint` a next step, where there is one."""

    def __init__(self, code: str, sentence: str, *, field: str | None = None, hint: str | None = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.field = field
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one value: `row` counts from 0 in what was sent, `path` points inside it (`intervals[0].min.day`)."""

    field: str
    code: str
    message: str
    path: str = ""
    row: int = 0


class Malformed(Exception):
    """What was sent cannot be kept: every fault at once, in the order of the rows."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults[0].message)
        self.faults = tuple(faults)
