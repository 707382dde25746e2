"""Many callers at one moment, each with a connection and a transaction of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

from django.db import IntegrityError, connections

from bookingoffice.database.scope import tenant_scope
from bookingoffice.errors import RuleViolation

Act = Callable[[], object]


def at_once(organization_id: UUID, acts: Sequence[Act]) -> Counter[str]:
    """How they ended: `done`, a refusal's code, or `duplicate`. Any other error is the test's failure."""
    gate = Barrier(len(acts))

    def run(act: Act) -> str:
        try:
            connections["default"].ensure_connection()
            gate.wait(timeout=20)
            with tenant_scope(organization_id):
                act()
        except RuleViolation as refusal:
            return refusal.code
        except IntegrityError:
            return "duplicate"
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(run, acts))
