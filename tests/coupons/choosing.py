"""An act of a list as a person does it: choose rows, look at what it would do, confirm."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tests.bookingoffice.accounts.desks import Desk


def previewed(desk: Desk, page: str, act: str, *ids: UUID, query: str = "", **options: Any) -> Any:
    """The page between; without ids all that match `query`."""
    return desk.client.post(f"/admin/coupons/{page}/{query}", _sent(act, ids, {"step": "preview", **options}))


def carry_out(desk: Desk, page: str, act: str, *ids: UUID, query: str = "", **options: Any) -> Any:
    """Confirms what the page between said; answers the list with what was done."""
    seen = previewed(desk, page, act, *ids, query=query, **options)
    assert seen.status_code == 200, seen
    sent = _sent(act, ids, {"step": "confirm", "expected": seen.context["plan"].seal, **options})
    return desk.client.post(f"/admin/coupons/{page}/{query}", sent, follow=True)


def _sent(act: str, ids: tuple[UUID, ...], more: dict[str, Any]) -> dict[str, Any]:
    chosen = {"_selected_action": [str(key) for key in ids] or ["all"], "select_across": "0" if ids else "1"}
    return {"action": act, **chosen, **more}
