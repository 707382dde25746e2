"""Figures of several rounds, told with their spread: a machine that others use too has no single speed."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median


def told(figures: Sequence[float], form: str = ".0f") -> str:
    """The median, and the least and the most in brackets."""
    return f"{median(figures):{form}} ({min(figures):{form}} to {max(figures):{form}})"


def ratios(measured: Sequence[float], yardsticks: Sequence[float]) -> list[float]:
    """Round by round, so that what slows a whole round down does not count."""
    return [figure / yardstick for figure, yardstick in zip(measured, yardsticks, strict=True)]
