"""How much of a request is read before it is refused, so that hostile input never reaches PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """Counts, except `name_bytes` and `body_bytes`; each bound is the largest size that is still served."""

    target_bytes: int = 16384
    logic_depth: int = 16
    select_depth: int = 8
    select_items: int = 256
    conditions: int = 256
    list_members: int = 1000
    path_steps: int = 32
    order_terms: int = 32
    name_bytes: int = 63
    body_bytes: int = 8 * 1024 * 1024
    body_rows: int = 10_000
    json_depth: int = 256
    answer_rows: int = 1000


WORKING_BOUNDS = Bounds()
