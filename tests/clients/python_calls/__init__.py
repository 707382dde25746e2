"""The reads that the Python client's documentation shows, by subject."""

from __future__ import annotations

from tests.clients.python_calls.calls import Call, Ids, coded, codes
from tests.clients.python_calls.containers import CONTAINERS, SEARCHES
from tests.clients.python_calls.embeds import EMBEDS
from tests.clients.python_calls.filters import FILTERS
from tests.clients.python_calls.shapes import MODIFIERS, SELECTS

READS = [*FILTERS, *CONTAINERS, *SEARCHES, *MODIFIERS, *SELECTS, *EMBEDS]

__all__ = ["READS", "Call", "Ids", "coded", "codes"]
