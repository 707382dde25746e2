"""Who calls: made by the site from an API key, read by the engine."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

READ = "read"
UNFILTERED_WRITES = "unfiltered_writes"


@dataclass(frozen=True, slots=True)
class Caller:
    """One API key at work. Every statement sees the rows of `organization_id` and no others."""

    organization_id: UUID
    scopes: frozenset[str] = frozenset()
    api_key_id: UUID | None = None

    def may(self, scope: str) -> bool:
        return scope in self.scopes
