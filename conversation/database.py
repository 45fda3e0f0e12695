"""Opening the database: SQLite as a durable, one-writer store; PostgreSQL as it comes."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import orjson
from sqlalchemy import Connection, DateTime, Dialect, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.types import TypeDecorator

from conversation.log import LogUnavailable

T = TypeVar("T")

READERS: Final = 2  # threads that ask SQLite: one for the tail, one for whoever else asks


class Moment(TypeDecorator[datetime]):
    """A time in UTC; SQLite keeps no zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Into the database."""
        return value if value is None or dialect.name != "sqlite" else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Out of it."""
        return value if value is None or dialect.name != "sqlite" else value.replace(tzinfo=UTC)


NAMING: Final = {"ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s"}
"""How every table names its indexes and constraints, so that migrations find them."""


def open_engine(url: str) -> AsyncEngine:
    """An engine for `sqlite+aiosqlite:///…` or `postgresql+asyncpg://…`. Commits are fsynced."""
    # Errors are logged: what customers wrote is no part of them.
    kept: Mapping[str, Any] = {"json_serializer": to_json, "hide_parameters": True}
    if not url.startswith("sqlite"):
        # The last one used first: its statements are prepared.
        engine = create_async_engine(url, pool_size=10, max_overflow=10, pool_use_lifo=True, **kept)
        event.listen(engine.sync_engine, "checkout", _still_open)
        return engine
    engine = create_async_engine(url, pool_size=5, max_overflow=0, **kept)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def to_json(value: Any) -> str:
    """For JSON columns; dataclasses may be in it."""
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


def _still_open(_connection: Any, record: Any, _proxy: Any) -> None:
    """Replace what a server that went has closed. Known from the socket: a ping would be three trips on every use."""
    if record.driver_connection.is_closed():
        raise DisconnectionError


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=10000",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and then writes could find the file changed in between: writers lock at once.
    options = connection.get_execution_options()
    if options.get("writes", False):
        connection.exec_driver_sql(f"PRAGMA synchronous={'NORMAL' if options.get('derived', False) else 'FULL'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    elif not options.get("one_query", False):  # a single query is a transaction of its own
        connection.exec_driver_sql("BEGIN")


def padded(values: Iterable[T]) -> list[T]:
    """The values for an `IN (…)`, the last one repeated until there are a power of two of them.

    Each length is a statement of its own, and a connection to PostgreSQL keeps the latest hundred prepared, here and in
    the server: so they are ten, and are found prepared.
    """
    some = list(values)
    return some + some[-1:] * ((1 << (len(some) - 1).bit_length()) - len(some))


@asynccontextmanager
async def reading(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection for reading. Raises LogUnavailable."""
    with _translated():
        async with engine.connect() as connection:
            yield connection


@asynccontextmanager
async def writing(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction that is committed at the end, or rolled back on an error. Raises LogUnavailable."""
    with _translated():
        async with engine.execution_options(writes=True).begin() as connection:
            yield connection


class Transactions:
    """Runs a function on a connection: to write in one durable transaction, or to ask one query.

    On SQLite each statement through the asynchronous driver would be a trip to its thread and back; here a whole
    transaction is one trip (docs/decisions/0002-fewer-trips.md).
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._asked = engine.execution_options(isolation_level="AUTOCOMMIT")  # BEGIN and ROLLBACK are trips too
        self._own: Engine | None = None
        if engine.dialect.name == "sqlite":
            own = engine.url.set(drivername="sqlite")
            self._own = create_engine(own, pool_size=1 + READERS, max_overflow=0, json_serializer=to_json)
            event.listen(self._own, "connect", _prepare_sqlite)
            event.listen(self._own, "begin", _begin_sqlite)
            self._writer = ThreadPoolExecutor(1, "kefu-writer")
            self._readers = ThreadPoolExecutor(READERS, "kefu-reader")

    async def run(self, work: Callable[[Connection], T], *, derived: bool = False) -> T:
        """Commit what `work` does, or nothing if it raises. Raises LogUnavailable.

        What is `derived` is made from the log again by a reader whose cursor is stored later, so on SQLite it becomes
        durable with the next commit that is not (docs/decisions/0005-durable-in-order.md).
        """
        if self._own is None:
            async with writing(self.engine) as connection:
                return await connection.run_sync(work)
        return await asyncio.get_running_loop().run_in_executor(self._writer, self._run, work, derived)

    async def ask(self, work: Callable[[Connection], T]) -> T:
        """What `work` finds with one query. Raises LogUnavailable."""
        if self._own is None:
            async with reading(self._asked) as connection:
                return await connection.run_sync(work)
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._ask, work)

    def _run(self, work: Callable[[Connection], T], derived: bool) -> T:
        assert self._own is not None
        options = {"writes": True, "derived": derived}
        with _translated(), self._own.connect().execution_options(**options) as connection, connection.begin():
            return work(connection)

    def _ask(self, work: Callable[[Connection], T]) -> T:
        assert self._own is not None
        with _translated(), self._own.connect().execution_options(one_query=True) as connection:
            return work(connection)

    def close(self) -> None:
        """Drop the connection; nothing may be running."""
        if self._own is not None:
            self._writer.shutdown()
            self._readers.shutdown()
            self._own.dispose()


# SQLSTATE classes of a server that is away, full, going down or just starting.
AWAY: Final = ("08", "53", "57P")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (OSError, DBAPIError) as error:
        if not _is_away(error):
            raise
        # The driver's message may quote the row, so only its type goes on.
        raise LogUnavailable(f"the store does not answer ({type(error).__name__})") from error


def _is_away(error: OSError | DBAPIError) -> bool:
    if isinstance(error, (OSError, OperationalError, InterfaceError)) or error.connection_invalidated:
        return True
    return str(getattr(error.orig, "sqlstate", "")).startswith(AWAY)
