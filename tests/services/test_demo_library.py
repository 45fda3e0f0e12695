"""What the demo's customers asked, in a house that runs meanwhile."""

import asyncio
from pathlib import Path

from app.asked import asked_library
from app.config import Settings
from app.demo import LIBRARY
from app.wiring.ground import open_log
from app.wiring.knowledge import open_knowledge
from conversation.events import SourceGiven
from knowledge.api.hall import KnowledgeHall
from knowledge.service.library import Options

LOOKS_SECONDS = 1.5  # until the house looks for what is new


async def take(house: KnowledgeHall, name: str) -> None:
    content = await asyncio.to_thread((LIBRARY / name).read_bytes)
    assert [taken.outcome async for taken in house.library.take(name, content, Options(), "lin")] == ["new"]


async def test_the_demo_is_answered_once_the_running_house_has_indexed_its_library(
    tmp_path: Path, kefu_db: str
) -> None:
    settings = Settings(var=tmp_path, database_url=kefu_db)
    async with open_log(settings) as log, open_knowledge(settings, log.transactions, follows=False) as house:
        await take(house, "gift-cards.md")
        await house.following.arrive()  # from here on this process alone writes the index
        await take(house, "商品手册.md")
        asking = asyncio.create_task(asked_library(settings))
        await asyncio.sleep(LOOKS_SECONDS)
        await house.following.arrive()
        told = await asking
    given = {fact.title for one in told for *_, fact in one.facts if isinstance(fact, SourceGiven)}
    assert given == {"Gift cards", "商品手册"}
