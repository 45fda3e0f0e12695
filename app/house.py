"""The house put together: which store, which signals, which rooms, and who hears what."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from app.company import Company, read_company
from app.config import Settings
from bot.adapters.rasa import RasaWorkers
from bot.service import Bot
from channels.service import Channels
from conversation.events import Fact
from conversation.reader import Reader
from conversation.signals import LocalSignals, RedisSignals, Signals
from conversation.sql import SqlLog, open_engine
from conversation.tail import Tail
from desk.adapters.presence import SignalledPresence
from desk.service import Desk
from desk.store import Roster
from web.files import DiskFiles
from web.live import Live

# Who hears what: the whole wiring between the rooms.
WIRING: Final[Mapping[str, frozenset[type[Fact]]]] = {"bot": Bot.HEARS, "desk": Desk.HEARS}
ROOMS: Final = tuple(WIRING)


@dataclass(frozen=True, slots=True)
class House:
    """One process of kefu, running."""

    log: SqlLog
    signals: Signals
    live: Live
    company: Company
    files: DiskFiles
    engine: AsyncEngine
    workers: RasaWorkers
    channels: Channels
    desk: Desk
    roster: Roster
    presence: SignalledPresence
    readers: Mapping[str, Reader]


@asynccontextmanager
async def open_signals(settings: Settings) -> AsyncIterator[Signals]:
    """Redis when it is configured, else this process alone."""
    signals: LocalSignals | RedisSignals = LocalSignals()
    if settings.redis_url:
        signals = RedisSignals(settings.redis_url)
        signals.start()
    try:
        yield signals
    finally:
        await signals.close()


@asynccontextmanager
async def open_log(settings: Settings) -> AsyncIterator[SqlLog]:
    """The log alone, for commands."""
    engine = open_engine(settings.database())
    async with open_signals(settings) as signals:
        log = SqlLog(engine, signals)
        try:
            yield log
        finally:
            await log.close()
            await engine.dispose()


@asynccontextmanager
async def open_house(settings: Settings, rooms: tuple[str, ...] = ROOMS) -> AsyncIterator[House]:
    """Start the named rooms; at the end they finish what is in hand."""
    engine = open_engine(settings.database())
    async with open_signals(settings) as signals:
        log = SqlLog(engine, signals)
        tail = Tail(log)
        await tail.start()
        live, workers, roster = Live(tail), RasaWorkers(), Roster(engine)
        for url in settings.engine_urls:
            workers.add(url)
        presence = SignalledPresence(signals)
        company, files = read_company(settings.company), DiskFiles(settings.var / "files")
        desk = Desk(log, roster, presence, signals, files, company.hours)
        followers = {"bot": Bot(log, workers).handlers, "desk": desk.handlers}
        readers = {name: Reader(name, followers[name], log=log, tail=tail) for name in rooms}
        for reader in readers.values():
            reader.start()
        try:
            yield House(
                log,
                signals,
                live,
                company,
                files,
                engine,
                workers,
                Channels(log),
                desk,
                roster,
                presence,
                readers,
            )
        finally:
            for reader in readers.values():
                await reader.stop()
            live.close()
            await tail.stop()
            await workers.close()
            await log.close()
            await engine.dispose()
