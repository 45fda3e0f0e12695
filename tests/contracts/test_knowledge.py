"""The library's store, on SQLite and on PostgreSQL."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from conversation.database import Transactions, open_engine
from conversation.signals import LocalSignals
from conversation.sql import SqlLog
from knowledge.ports import Piece
from knowledge.rules.rank import MEASURES
from knowledge.store.entries import Entries, Entry, EntryChanged, NameTaken, origin
from knowledge.store.ranking import Ranking
from knowledge.store.tables import metadata
from knowledge.store.uses import Gap, Use, Uses

NOW = datetime(2026, 11, 1, 8, tzinfo=UTC)


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Transactions]:
    """Empty tables of each kind."""
    engine = open_engine(database_url)
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    log = SqlLog(engine, LocalSignals())
    yield log.transactions
    await log.close()
    await engine.dispose()


async def test_an_entry_in_versions(store: Transactions) -> None:
    entries = Entries(store)
    entry = Entry("e", "file", "退货.md", "退货", tags=("退货", "a b"), since=date(2026, 1, 1), state="published")
    first = await entries.put(entry, [Piece("七天内")], digest="d1", was=0)
    second = await entries.put(first, [Piece("十天内", heading="期限", page=2)], digest="d2", was=1)
    assert (first.version, second.version, second.revision) == (1, 2, 2)
    assert await entries.find("e") == second
    assert await entries.pieces("e", 1) == [Piece("七天内")]
    assert [one.version for one in await entries.history("e")] == [2, 1]
    assert await entries.digest(second) == "d2"
    with pytest.raises(EntryChanged):
        await entries.put(first, [Piece("五天内")], was=1)
    with pytest.raises(NameTaken):
        await entries.put(Entry("f", "file", "退货.md", "other"), [Piece("x")], was=0)
    assert await entries.revision() == 2
    found, total = await entries.page(states=["published"], tag="退货", text="退", limit=5, offset=0)
    assert ([one.id for one in found], total) == (["e"], 1)
    assert (await entries.page(states=["published"], tag="货", limit=5, offset=0))[1] == 0
    escaped = text(f"UPDATE knowledge_entries SET tags = '{json.dumps(second.tags)}'")
    await store.run(lambda connection: connection.execute(escaped))  # as an older kefu wrote it
    assert (await entries.page(states=["published"], tag="退货", limit=5, offset=0))[1] == 1
    (filed,), revision = await entries.changed(1, 10)
    assert (filed.document, filed.shared["since"], revision) == ("e", date(2026, 1, 1), 2)
    assert "十天内" in filed.pieces
    await entries.put(replace(second, state="archived"), was=2)
    (filed,), revision = await entries.changed(2, 10)
    assert (filed.pieces, revision) == ("[]", 3)
    assert await entries.changed(3, 10) == ([], 3)


async def test_of_two_changes_at_once_one_counts(store: Transactions) -> None:
    entries = Entries(store)
    entry = await entries.put(Entry("e", "pair", "n", "t"), [Piece("a")], was=0)
    outcomes = await asyncio.gather(
        *(entries.put(entry, [Piece(f"b{n}")], was=1) for n in range(5)), return_exceptions=True
    )
    assert sum(isinstance(one, EntryChanged) for one in outcomes) == 4
    assert (await entries.revision(), len(await entries.history("e"))) == (2, 2)


async def test_what_was_made_of_an_erased_message_loses_its_words(store: Transactions) -> None:
    entries = Entries(store)
    made = Entry("e", "pair", "n", "我叫王小明", state="published")
    made = await entries.put(made, [Piece("好的", "pair", "我叫王小明")], note=origin("c_1", 12, 13), was=0)
    await entries.put(Entry("f", "pair", "m", "其他"), [Piece("x", "pair", "y")], note=origin("cx1", 12, 13), was=0)
    await entries.erase("c_1", 14)
    assert await entries.find("e") == made
    await entries.erase("c_1", 13)
    gone = await entries.find("e")
    assert gone is not None
    assert (gone.state, gone.title, gone.revision) == ("removed", "", 3)
    assert await entries.pieces("e", 1) == []
    assert await entries.pieces("f", 1)


async def test_words_of_a_person_stay_when_what_they_began_with_is_erased(store: Transactions) -> None:
    entries = Entries(store)
    made = await entries.put(Entry("e", "pair", "n", "a"), [Piece("b", "pair", "a")], note=origin("c", 5, 6), was=0)
    await entries.put(made, [Piece("own words", "pair", "q")], was=1)
    await entries.erase("c", 5)
    assert await entries.pieces("e", 1) == []
    assert (await entries.pieces("e", 2))[0].text == "own words"


async def test_uses_count_once_and_gaps_are_settled(store: Transactions) -> None:
    uses = Uses(store)
    used = [Use(f"seq:{n}", "e", "helpful" if n else "given", NOW + timedelta(hours=n)) for n in range(3)]
    gap = Gap(7, "c1", NOW, "zh", "能用比特币吗")
    for _ in range(2):
        await uses.keep(used, [gap])
    assert await uses.counts(NOW) == {"e": {"given": 1, "helpful": 2}}
    assert [use.id for use in await uses.judged("helpful", NOW)] == ["seq:1", "seq:2"]
    assert await uses.times(NOW + timedelta(hours=2)) == [(NOW + timedelta(hours=2), "helpful")]
    assert await uses.open_gaps() == [gap]
    await uses.settle([7], "answered")
    assert await uses.open_gaps() == []
    await uses.keep([], [Gap(8, "c1", NOW, "zh", "x")])
    await uses.keep([], erased=[8])
    assert await uses.open_gaps() == []


async def test_the_latest_weights_count(store: Transactions) -> None:
    ranking = Ranking(store)
    assert await ranking.latest() is None
    for weight in (1.0, 2.0):
        await ranking.keep(dict.fromkeys(MEASURES, weight), {"is": {"mrr_at_10": 0.5}})
    assert await ranking.latest() == (2.0,) * len(MEASURES)
    await ranking.keep({"other": 1.0}, {})
    assert await ranking.latest() is None
