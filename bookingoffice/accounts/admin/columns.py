"""A column of a list, or a read-only line of a page, that no database column is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.utils.functional import Promise
from unfold.decorators import display

Column = TypeVar("Column", bound=Callable[..., Any])


def column(
    description: str | Promise,
    *,
    ordering: str | None = None,
    label: Mapping[str, str] | None = None,
    header: bool | None = None,
) -> Callable[[Column], Column]:
    """`label` draws a badge and gives the colour of each text; `header` draws a list of two texts, one over the other."""
    decorated: Callable[[Column], Column] = display(
        description=description,  # type: ignore[arg-type]  # a lazy text is one
        ordering=ordering,
        label=dict(label) if label else None,
        header=header,
    )
    return decorated
