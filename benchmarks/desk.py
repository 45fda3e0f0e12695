"""How fast the desk is: assignments a second, from customer to desk, search, reports; on the store of the settings."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any, Final
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from sqlalchemy import insert

from app.migrations import upgrade
from conversation.codec import encode
from conversation.database import open_engine, writing
from conversation.events import ConversationStarted, Event, HandoffRequested, MessageReceived
from conversation.log import partition_of
from conversation.signals import LocalSignals
from conversation.sql import SqlLog
from conversation.sql.tables import events
from conversation.tail import Tail
from desk.adapters.presence import SignalledPresence
from desk.rules.people import Group
from desk.rules.premises import Premises
from desk.rules.reports import SLOT_SECONDS, Row
from desk.service.floor import Floor
from desk.service.reports import Reports
from desk.service.routing import Routing
from desk.service.search import Search
from desk.store.agent_time import AgentTimes
from desk.store.reports import ReportRows
from desk.store.reports import rows as rows_table
from desk.store.search import Said, SearchIndex, Wanted
from desk.store.staff import Roster, Staff
from language.fold import fold
from language.segment import words as segment

AT_ONCE: Final = 1000
PLACES: Final = 5
PER_SECOND: Final = 500
SECONDS: Final = 5
PAGE: Final = 5000
WORDS: Final = 8
QUERIES: Final = 300
MESSAGES_FROM: Final = 10**9
RARE: Final = 20_000
SEARCHED_AT: Final = datetime(2026, 1, 1, tzinfo=UTC)
ZH: Final = ("订单", "退款", "发票", "物流", "地址", "客服", "优惠", "质量")
EN: Final = ("order", "refund", "invoice", "delivery", "address", "agent", "coupon", "quality")

LANGUAGES: Final[Mapping[str, tuple[Sequence[str], Callable[[int], str]]]] = {
    "zh": (ZH, lambda n: chr(0x4E00 + n // 141) + chr(0x6000 + n % 141)),
    "en": (EN, lambda n: f"word{n}"),
}


class Crew:
    """Agents without a table."""

    def __init__(self, count: int) -> None:
        self._staff = [Staff(f"a{n}", f"a{n}", f"Agent {n}", "agent", ("zh", "en"), (), PLACES) for n in range(count)]

    async def all(self) -> list[Staff]:
        """Everybody."""
        return self._staff


async def bench(url: str, queued: int, agents: int, messages: int, rows: int) -> dict[str, Any]:
    """Figures by name. `url` "" is a fresh SQLite in a temporary folder; another database must be empty."""
    with TemporaryDirectory() as folder:
        target = url or f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}"
        await upgrade(target)
        return {
            "store": target.split("+")[0],
            **await _drain(target, queued, agents),
            **await _to_the_desk(target, agents),
            **await _search(target, messages),
            **await _report(target, rows),
        }


async def _drain(url: str, queued: int, agents: int) -> dict[str, Any]:
    """A full queue, and as many agents as it takes, who all come online at once."""
    engine, signals = open_engine(url), LocalSignals()
    log = SqlLog(engine, signals)
    tail, presence, crew = Tail(log), SignalledPresence(signals), Crew(max(agents, -(-queued // PLACES)))
    await tail.start()
    premises = Premises({"g": Group("g", {})})
    routing = Routing(log, Floor(log, tail, premises), crew, presence, signals, premises)
    started = ConversationStarted("k", "widget", "demo", "zh"), HandoffRequested("bench")
    for first in range(0, queued, AT_ONCE):
        names = [f"b{n}" for n in range(first, min(first + AT_ONCE, queued))]
        await asyncio.gather(*(log.append(name, *started, cause="bench") for name in names))
    await routing.route()
    for one in await crew.all():
        await presence.set(one.id, "online")
    begun, used, given = perf_counter(), process_time(), 0
    while given < queued and (some := await routing.route()):
        given += some
    seconds, used = perf_counter() - begun, process_time() - used
    loads = await log.loads()
    await tail.stop()
    await log.close()
    await engine.dispose()
    if given != queued or max(loads.values()) > PLACES:
        raise RuntimeError(f"{given} of {queued} were given, at most {max(loads.values())} to one of {PLACES} places")
    rates = {"assignments_per_s": round(given / seconds), "assignments_per_cpu_s": round(given / used)}
    return {"queued": queued, "agents": len(await crew.all()), **rates}


async def _to_the_desk(url: str, agents: int) -> dict[str, Any]:
    """Milliseconds from a customer's message being asked for to every watching desk having heard of it."""
    engine, signals = open_engine(url), LocalSignals()
    log = SqlLog(engine, signals)
    tail = Tail(log)
    await tail.start()
    heard: dict[str, float] = {}

    def hear(event: Event) -> None:
        heard[event.cause] = perf_counter()

    stops = [tail.listen(hear) for _ in range(agents)]
    sent: dict[str, float] = {}

    async def say(n: int) -> None:
        await asyncio.sleep(n / PER_SECOND)
        sent[f"say{n}"] = perf_counter()
        await log.append(f"b{n % 1000}", MessageReceived("订单到哪里了 where is it"), cause=f"say{n}")

    await asyncio.gather(*(say(n) for n in range(PER_SECOND * SECONDS)))
    while len([cause for cause in sent if cause in heard]) < len(sent):
        await asyncio.sleep(0.01)
    for stop in stops:
        stop()
    await tail.stop()
    await log.close()
    await engine.dispose()
    return {"customer_to_desk_p99_ms": _percentile([heard[c] - sent[c] for c in sent], 99)}


async def _search(url: str, messages: int) -> dict[str, Any]:
    """Queries of common and of rare words over so many messages, the messages found and read; milliseconds."""
    engine, dice = open_engine(url), Random(7)
    log = SqlLog(engine, LocalSignals())
    index = SearchIndex(log.transactions)
    search = Search(log, index, segment, fold)
    words = {name: _vocabulary(common, rare) for name, (common, rare) in LANGUAGES.items()}
    ranks = list(accumulate(1 / (n + 1) for n in range(len(words["zh"]))))
    for first in range(0, messages, PAGE):
        some = range(first, min(first + PAGE, messages))
        drawn = [dice.choices(words[("zh", "en")[n % 2]], cum_weights=ranks, k=WORDS) for n in some]
        await index.keep([_said(n, terms) for n, terms in zip(some, drawn, strict=True)])
        async with writing(engine) as connection:
            await connection.execute(insert(events), [_event(n, terms) for n, terms in zip(some, drawn, strict=True)])
    async with engine.connect() as connection:
        await connection.exec_driver_sql("ANALYZE")
        await connection.commit()
    spent: dict[str, list[float]] = {name: [] for name in words}
    for _ in range(QUERIES):
        for name, vocabulary in words.items():
            wanted = Wanted(tuple(dict.fromkeys(dice.choices(vocabulary, cum_weights=ranks, k=dice.randint(1, 3)))))
            begun = perf_counter()
            await search.find(wanted, None, 20)
            spent[name].append(perf_counter() - begun)
    await log.close()
    await engine.dispose()
    told = {f"search_{name}_p95_ms": _percentile(some, 95) for name, some in spent.items()}
    return {
        "messages": messages,
        "search_p95_ms": _percentile([one for some in spent.values() for one in some], 95),
        **told,
    }


def _vocabulary(common: Sequence[str], rare: Callable[[int], str]) -> list[str]:
    """Words, the most used first: how often one is used falls with its rank (Zipf's law)."""
    return [*common, *(rare(n) for n in range(RARE))]


def _said(n: int, words: Sequence[str]) -> Said:
    return Said(MESSAGES_FROM + n, f"b{n % 1000}", SEARCHED_AT, "customer", tuple(dict.fromkeys(words)))


def _event(n: int, words: Sequence[str]) -> dict[str, Any]:
    conversation = f"b{n % 1000}"
    return {
        "seq": MESSAGES_FROM + n,
        "partition": partition_of(conversation),
        "conversation": conversation,
        "cause": f"search{n}",
        "kind": "MessageReceived",
        "at": SEARCHED_AT,
        "fact": encode(MessageReceived(" ".join(words))),
        "redacted": False,
    }


async def _report(url: str, count: int) -> dict[str, Any]:
    """Reports of every kind over so many conversations: the slowest one's seconds, and the percentiles'."""
    engine, dice = open_engine(url), Random(7)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for first in range(0, count, PAGE):
        made = [_row(n, start + timedelta(seconds=n * 20), dice) for n in range(first, min(first + PAGE, count))]
        async with writing(engine) as connection:
            await connection.execute(insert(rows_table), made)
    log, zone = SqlLog(engine, LocalSignals()), ZoneInfo("Asia/Shanghai")
    reports = Reports(log, ReportRows(log.transactions), AgentTimes(engine), Roster(engine), Premises())
    async with engine.connect() as connection:
        await connection.exec_driver_sql("ANALYZE")
        await connection.commit()
    end, slowest = start + timedelta(days=1000), 0.0
    for by in ("hour", "day", "agent", "group", "channel"):
        begun = perf_counter()
        await reports.figures(start, end, by, zone)
        slowest = max(slowest, perf_counter() - begun)
    spreads: dict[str, float] = {}
    for by in ("day", "hour"):
        begun = perf_counter()
        await reports.spread(start, end, by, zone, "wait_seconds")
        spreads[f"percentiles_by_{by}_s"] = round(perf_counter() - begun, 3)
    await log.close()
    await engine.dispose()
    return {"report_rows": count, "report_s": round(slowest, 3), **spreads}


def _row(n: int, at: datetime, dice: Random) -> dict[str, Any]:
    waited = dice.expovariate(1 / 40)
    row = Row(f"r{n}", n + 1, int(at.timestamp()) // SLOT_SECONDS, at, channel="widget", group=f"g{n % 5}")
    return row._replace(
        agent=f"a{n % 200}", handed_over=True, answered=True, wait_seconds=waited, rating=n % 5 + 1
    )._asdict()


def _percentile(seconds: list[float], share: int) -> float:
    return round(quantiles(seconds, n=100, method="inclusive")[share - 1] * 1000, 1)


def show(report: dict[str, Any]) -> None:
    """Print it for people."""
    table = Table("figure", "value")
    for name, value in report.items():
        table.add_row(name, str(value))
    Console().print(table)
