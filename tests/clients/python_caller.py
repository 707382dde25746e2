"""The Python client from the package index, unmodified, as a program holds it open: in its sync and in its async form."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from postgrest import APIError, AsyncPostgrestClient, SyncPostgrestClient

from tests.clients.python_calls import Ids

Build = Callable[[Any, Ids], Any]


@dataclass(frozen=True)
class Caller:
    """Both forms build a call alike; `finish` executes it. `ids` are the rows that calls may name."""

    client: Any
    finish: Callable[[Any], Any]
    ids: Ids

    def __call__(self, build: Build) -> Any:
        return self.finish(build(self.client, self.ids))

    def data(self, build: Build) -> Any:
        return self(build).data

    def refusal(self, build: Build) -> APIError:
        with pytest.raises(APIError) as refusal:
            self(build)
        return refusal.value

    def for_key(self, token: str, ids: Ids) -> Caller:
        """The same open client in another organization's name."""
        return Caller(self.client.schema("public").auth(token), self.finish, ids)


@contextmanager
def sync_caller(address: str) -> Iterator[Caller]:
    with SyncPostgrestClient(address) as client:
        yield Caller(client, lambda call: call.execute(), {})


@contextmanager
def async_caller(address: str) -> Iterator[Caller]:
    """One event loop for all calls, as the open connections belong to it."""
    with asyncio.Runner() as runner:
        client = AsyncPostgrestClient(address)

        async def executed(call: Any) -> Any:
            return await call.execute()

        yield Caller(client, lambda call: runner.run(executed(call)), {})
        runner.run(client.aclose())


FORMS = {"sync": sync_caller, "async": async_caller}
