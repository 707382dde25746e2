"""Acts of several callers at the same moment, on real connections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import IntegrityError, connections

from bookingoffice.database.scope import tenant_scope
from bookingoffice.errors import RuleViolation


def at_once(organization, acts: Sequence[Callable[[], object]]) -> Counter[str]:
    """Each act in a thread and a transaction of its own; counts how they ended."""
    gate = Barrier(len(acts))

    def run(act):
        try:
            connections["default"].ensure_connection()
            gate.wait(timeout=30)
            with tenant_scope(organization.pk):
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
