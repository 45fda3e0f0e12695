"""What every room stands on: the store, the log and its tail, signals, the company's settings."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

from sqlalchemy.ext.asyncio import AsyncEngine

from app.company import Company, read_company
from app.config import Settings
from app.wiring.owner import dead_owners, mark_of_life
from conversation.database import open_engine
from conversation.share import Shares
from conversation.signals import LocalSignals, Signals
from conversation.sql import SqlLog
from conversation.tail import Tail
from desk.adapters.presence import SignalledPresence
from desk.store.staff import Roster
from web.files import DiskFiles
from web.live import Live


@dataclass(frozen=True, slots=True)
class Ground:
    """Open until the process ends."""

    settings: Settings
    engine: AsyncEngine
    signals: Signals
    log: SqlLog
    tail: Tail
    shares: Shares
    live: Live
    company: Company
    files: DiskFiles
    roster: Roster
    presence: SignalledPresence


@asynccontextmanager
async def open_signals(settings: Settings) -> AsyncIterator[Signals]:
    """Redis when it is configured, else this process alone."""
    signals = _over_redis(settings.redis_url) if settings.redis_url else LocalSignals()
    try:
        yield signals
    finally:
        await signals.close()


def _over_redis(url: str) -> Signals:
    from conversation.redis import RedisSignals  # slow to import, and a house of one process does without

    signals = RedisSignals(url)
    signals.start()
    return signals


@asynccontextmanager
async def _open_store(settings: Settings) -> AsyncIterator[tuple[Signals, SqlLog]]:
    async with open_signals(settings) as signals, AsyncExitStack() as closing:
        engine = open_engine(settings.database())
        closing.push_async_callback(engine.dispose)
        log = SqlLog(engine, signals)
        closing.push_async_callback(log.close)
        yield signals, log


@asynccontextmanager
async def open_log(settings: Settings) -> AsyncIterator[SqlLog]:
    """The log alone, for commands."""
    async with _open_store(settings) as (_, log):
        yield log


@asynccontextmanager
async def open_roster(settings: Settings) -> AsyncIterator[Roster]:
    """The staff alone, for commands."""
    engine = open_engine(settings.database())
    try:
        yield Roster(engine)
    finally:
        await engine.dispose()


@asynccontextmanager
async def open_ground(settings: Settings) -> AsyncIterator[Ground]:
    """Everything of it, the tail following the log."""
    async with _open_store(settings) as (signals, log), AsyncExitStack() as closing:
        tail = Tail(log)
        await tail.start()
        closing.push_async_callback(tail.stop)
        live = Live(tail)
        closing.callback(live.close)
        owners = settings.var / "owners"
        shares = Shares(log, closing.enter_context(mark_of_life(owners)), partial(dead_owners, owners))
        company, files = read_company(settings.company), DiskFiles(settings.var / "files")
        engine, presence = log.transactions.engine, SignalledPresence(signals)
        roster = Roster(engine)
        yield Ground(settings, engine, signals, log, tail, shares, live, company, files, roster, presence)
