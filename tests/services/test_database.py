"""The door to the database."""

import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from agent_assist.store.answers import Answer, Answers
from app.migrations import upgrade
from conversation.database import Transactions, open_engine, padded
from conversation.events import ConversationStarted, Event
from conversation.signals import LocalSignals
from desk.store.access import Access
from desk.store.deliveries import Deliveries
from desk.store.reports import ReportRows
from desk.store.search import Said, SearchIndex
from quality_check.store.inspections import InspectionStore


async def test_an_error_tells_the_statement_and_none_of_its_words(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(OperationalError) as failed:
        async with engine.begin() as connection:
            await connection.execute(text("INSERT INTO nowhere VALUES (:words)"), {"words": "my card is 4111"})
    await engine.dispose()
    assert "INSERT INTO nowhere" in str(failed.value)
    assert "4111" not in str(failed.value)


async def test_only_what_is_made_from_the_log_again_is_spared_the_fsync(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite+aiosqlite:///{tmp_path / 'some.db'}")
    transactions = Transactions(engine)

    def synchronous(connection: Connection) -> int:
        found: int = connection.exec_driver_sql("PRAGMA synchronous").scalar_one()
        return found

    full, normal = 2, 1
    told = [await transactions.run(synchronous, derived=derived) for derived in (False, True, False)]
    transactions.close()
    await engine.dispose()
    assert told == [full, normal, full]


def test_padding_adds_no_value_and_ends_at_a_power_of_two() -> None:
    told = [padded(range(count)) for count in (0, 1, 2, 3, 5, 512)]
    assert [len(some) for some in told] == [0, 1, 2, 4, 8, 512]
    assert [set(some) for some in told] == [set(range(count)) for count in (0, 1, 2, 3, 5, 512)]


async def test_batches_of_every_size_leave_few_statements_prepared(postgres_url: str) -> None:
    """Each connection keeps them, here and in the server: with a form for each size memory grew for many minutes."""
    await upgrade(postgres_url)
    transactions = Transactions(open_engine(postgres_url))
    at, started = datetime(2026, 1, 1, tzinfo=UTC), ConversationStarted("k", "widget", "demo", "en")
    for count in range(1, 65):
        seqs = range(count)
        ids = [f"c{n}" for n in seqs]
        await ReportRows(transactions).take([Event(n, id, "start", at, started) for n, id in enumerate(ids, 1)])
        await SearchIndex(transactions).keep([Said(n, "c", at, "customer", ("hello",)) for n in seqs])
        await Access(transactions.engine, LocalSignals()).alive(ids)
        await Deliveries(transactions).add([("hook", n, "ConversationStarted") for n in seqs], at)
        await Answers(transactions).keep([Answer(n, n, "c", at, "a", "en", "", "", "", 0, "") for n in seqs])
        await InspectionStore(transactions).opinions(ids)
    async with transactions.engine.connect() as connection:
        prepared = await connection.scalars(text("SELECT statement FROM pg_prepared_statements"))
        forms = Counter(re.sub(r"(\$\d+::\w+(, )?)+", "…", statement) for statement in prepared)
    await transactions.engine.dispose()
    assert sum(" IN (…)" in statement for statement in forms) == 7
    assert max(forms.values()) <= 7  # sizes from 1 to 64
