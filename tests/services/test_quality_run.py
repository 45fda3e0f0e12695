"""The whole store inspected once more: the same by every engine, gone on with after a crash, nothing twice."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from signal import SIGKILL
from typing import Any

import pytest

from app.config import Settings
from app.inspecting import Outcome, work
from app.rerun import Run, rules_of
from app.wiring.ground import open_log
from conversation.events import AgentReplied, ConversationClosed, ConversationStarted, MessageReceived, Scored
from conversation.log import Log
from quality_check.adapters.crews import Crew, dask, processes
from quality_check.store.inspections import InspectionStore, inspections

CONVERSATIONS = 70  # more than two parts
START = ConversationStarted("k", "widget", "demo", "zh")
RUBRIC = "rules: [{id: only, score: -7, when: {a: {role: customer, keyword: {words: [投诉]}}}}]"


@pytest.fixture
async def settings(tmp_path: Path, kefu_db: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A store of ended conversations, one that goes on, and one that ended unsaid."""
    monkeypatch.setattr("app.rerun.PART", 32)
    settings = Settings(var=tmp_path, database_url=kefu_db)
    async with open_log(settings) as log:
        for number in range(CONVERSATIONS):
            await _talk(log, f"c{number}", "我要投诉你们" if number % 3 else "请问怎么退货")
        await log.append("open", START, MessageReceived("在吗"), cause="all")
        await log.append("unsaid", START, ConversationClosed("a", "done"), cause="all")
    return settings


async def _talk(log: Log, id: str, said: str) -> None:
    facts = (START, MessageReceived(said), AgentReplied("a", "Lin", "您好，祝您愉快"), ConversationClosed("a", "done"))
    await log.append(id, *facts, cause="all")


def here(work: Callable[[Any], Any], parts: Iterable[Any]) -> Iterator[Any]:
    """A crew of this process."""
    return map(work, parts)


async def kept(settings: Settings) -> dict[str, str]:
    async with open_log(settings) as log:
        found = [one async for one in InspectionStore(log.transactions).each()]
    told = [asdict(one) | {"at": None} for one in found]
    return {str(one["id"]): json.dumps(one, sort_keys=True, default=str) for one in told}


async def run(settings: Settings, crew: Crew, rubric: str = "", since: datetime | None = None) -> list[Outcome]:
    outcomes: list[Outcome] = []
    await Run(settings, await rules_of(settings, rubric), since).go(crew, outcomes.append)
    return outcomes


async def test_everything_is_inspected_once(settings: Settings) -> None:
    first = await run(settings, here)
    assert (sum(len(one.fresh) for one in first), sum(one.left_out for one in first)) == (CONVERSATIONS, 1)
    before = await kept(settings)
    assert len(before) == CONVERSATIONS
    again = await run(settings, here)
    assert (sum(len(one.fresh) for one in again), sum(one.before for one in again)) == (0, CONVERSATIONS)
    assert await kept(settings) == before
    async with open_log(settings) as log:
        assert not await log.of_kinds(["Scored"])  # the log is left alone


async def test_a_run_that_is_cut_off_goes_on(settings: Settings) -> None:
    def dying(work: Callable[[Any], Any], parts: Iterable[Any]) -> Iterator[Any]:
        yield from islice(map(work, parts), 1)
        raise OSError("the power went off")

    with pytest.raises(OSError, match="power"):
        await run(settings, dying)
    some = len(await kept(settings))
    assert 0 < some < CONVERSATIONS
    outcomes = await run(settings, here)
    assert sum(one.before for one in outcomes) == some
    assert len(await kept(settings)) == CONVERSATIONS


KILLED = """
import os, signal
import app.rerun
from app.commands.quality import quality
from quality_check.store.inspections import InspectionStore

app.rerun.PART = 8
record, parts = InspectionStore.record, int(os.environ["PARTS"])

async def kept(self, fresh):
    global parts
    await record(self, fresh)
    parts -= 1
    if parts == 0:
        os.kill(os.getpid(), signal.SIGKILL)

InspectionStore.record = kept
quality(["run", "--workers", "1", "--json"])
"""


async def test_a_command_that_is_killed_goes_on_where_it_was(settings: Settings) -> None:
    async def command(parts: int) -> tuple[int | None, bytes]:
        env = os.environ | {
            "KEFU_VAR": str(settings.var),
            "KEFU_DATABASE_URL": settings.database(),
            "PARTS": str(parts),
        }
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, env=env, stdout=PIPE)
        told, _ = await process.communicate()
        return process.returncode, told

    async def moments() -> dict[str, datetime]:
        async with open_log(settings) as log:
            return {one.conversation: one.at async for one in InspectionStore(log.transactions).each()}

    assert await command(3) == (-SIGKILL, b"")
    some = await moments()
    assert len(some) in (23, 24)  # three parts, in one of which nobody spoke perhaps
    code, told = await command(0)
    assert (code, json.loads(told)["inspected"], json.loads(told)["before"]) == (
        0,
        CONVERSATIONS - len(some),
        len(some),
    )
    after = await moments()
    assert (len(after), {id: after[id] for id in some}) == (CONVERSATIONS, some)
    async with open_log(settings) as log:
        assert await InspectionStore(log.transactions).count() == CONVERSATIONS


async def test_every_crew_finds_the_same(settings: Settings) -> None:
    rules = await rules_of(settings, "")
    async with open_log(settings) as log:
        parts = [part async for part in Run(settings, rules, None)._parts(log)]

    def found(crew: Crew) -> dict[str, str]:
        return {one.id: str(asdict(one) | {"at": 0}) for out in crew(work, parts) for one in out.fresh}

    alone = await asyncio.to_thread(found, here)
    with processes(2) as crew:
        assert await asyncio.to_thread(found, crew) == alone
    with dask(2, "") as crew:
        assert await asyncio.to_thread(found, crew) == alone


async def test_a_file_is_kept_as_a_version_whose_scores_do_not_count(settings: Settings, tmp_path: Path) -> None:
    await run(settings, here)
    file = tmp_path / "mine.yml"
    file.write_text(RUBRIC)
    outcomes = await run(settings, here, str(file))
    found = [one for outcome in outcomes for one in outcome.fresh]
    assert {line.rule for one in found for line in one.hits} == {"only"}
    async with open_log(settings) as log:
        store = InspectionStore(log.transactions)
        assert await store.count() == CONVERSATIONS
        assert await store.count(inspections.c.rubric == found[0].rubric) == 0
    assert (await rules_of(settings, str(file))).rubric.version == found[0].rubric
    file.write_text("rules: [{id: 1}]")
    with pytest.raises(ValueError, match=r"mine\.yml:1: id"):
        await rules_of(settings, str(file))
    with pytest.raises(LookupError):
        await rules_of(settings, "99")


async def test_only_what_ended_since(settings: Settings) -> None:
    outcomes = await run(settings, here, since=datetime.now(UTC) + timedelta(hours=1))
    assert sum(len(one.fresh) for one in outcomes) == 0


async def test_a_later_score_in_the_log_makes_nothing_new(settings: Settings) -> None:
    await run(settings, here)
    async with open_log(settings) as log:
        await log.append("c1", Scored("x", 1, 1, "a", 90.0, False, ()), cause="score:x")
    outcomes = await run(settings, here)
    assert sum(len(one.fresh) for one in outcomes) == 0
