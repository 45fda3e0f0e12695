"""What staff keep is known at once in the process that it was changed in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from conversation.database import writing
from desk.store.shelf import Shelf


async def test_who_asks_in_the_midst_of_a_change_keeps_nobody_from_knowing_it(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = Shelf(engine, "rule")

    @asynccontextmanager
    async def asked_meanwhile(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
        await shelf.lately()
        async with writing(engine) as connection:
            yield connection

    monkeypatch.setattr("desk.store.shelf.writing", asked_meanwhile)
    await shelf.put("mei", {"name": "Fast"}, "r1")
    assert [one.id for one in await shelf.lately()] == ["r1"]
    assert await shelf.remove("r1")
    assert await shelf.lately() == []
