"""The door to the database."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from conversation.database import Transactions, open_engine


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
