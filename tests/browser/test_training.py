"""The trainer's loop in a browser: a message is set right, a model is made by the button, compared, put to work, and
taken back. What makes models is a stand-in of a second; the real one is tested by itself."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path

import pytest
import uvicorn
from playwright.async_api import Browser, expect

from app.config import Settings
from app.main import create_app
from app.wiring.ground import open_log
from bot.ports import Turn
from bot.rules.cases import Case, Played
from conversation.events import BotMessage, BotReplied, ConversationStarted, Guess, MessageReceived
from desk.store.staff import Staff
from tests.browser.people import open_page
from tests.journeys.people import PASSWORD, hire

SAID = "包裹好像被雨淋湿了"
BAD = "nlu:\n- intent: refund\n  examples: |\n    - 你好\n"


class Stage:
    """Trains nothing; all models are alike. Playing the dialogues waits until it is told to go on."""

    def __init__(self, *_: object, **__: object) -> None:
        self.worked: list[str] = []
        self.go = asyncio.Event()

    async def train(self, files: Mapping[str, str], name: str) -> None:
        assert any(SAID in text for text in files.values()), "what was taught is trained on"

    async def judge(self, name: str, texts: Sequence[str]) -> Sequence[str]:
        return ["greet"] * len(texts)

    async def rehearse(self, name: str, cases: Sequence[Case], told: Callable[[int], None]) -> Sequence[Played]:
        told(len(cases) // 2)
        await self.go.wait()
        turn = Turn((BotMessage("好"),), "zh", "greet", 1.0, (), (), "", "")
        return [Played((turn,) * len(case.turns), ()) for case in cases]

    async def put_to_work(self, name: str) -> None:
        self.worked.append(name)

    async def keep(self, name: str) -> bool:
        return True


@pytest.fixture
async def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    one = Stage()
    monkeypatch.setattr("app.wiring.training.EngineWorkshop", lambda *_, **__: one)
    return one


@pytest.fixture
async def url(tmp_path: Path, kefu_db: str, stage: Stage) -> AsyncIterator[str]:
    """A house with a trainer, and a message that the bot was not sure of; no engine."""
    settings = Settings(var=tmp_path, database_url=kefu_db, engine_urls=("http://127.0.0.1:9",))
    await hire(settings, Staff("t1", "tia", "Tia", "trainer", ("zh", "en"), (), 0))
    guesses = (Guess("track_parcel", 0.21), Guess("damaged_item", 0.2))
    reply = BotReplied((BotMessage("?"),), "zh", "track_parcel", 0.21, guesses=guesses)
    start = ConversationStarted("k", "widget", "demo", "zh")
    async with open_log(settings) as log:
        said = await log.append("c1", start, MessageReceived(SAID), cause="m1")
        await log.append("c1", reply, cause=f"seq:{said.seq}")
    server = uvicorn.Server(uvicorn.Config(create_app(settings), port=0, ws="websockets-sansio", log_level="warning"))
    serving = asyncio.create_task(server.serve())
    async with asyncio.timeout(60):
        while not server.started:
            await asyncio.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await serving


async def test_a_message_is_set_right_and_the_model_of_it_works_until_it_is_taken_back(
    url: str, stage: Stage, browser: Browser, tmp_path: Path
) -> None:
    tia = await open_page(browser, "en-US", 1300)
    page = tia.page
    await page.goto(f"{url}/desk/#/p/training")
    await page.locator("input").nth(0).fill("tia")
    await page.locator("input").nth(1).fill(PASSWORD)
    await page.keyboard.press("Enter")
    waiting = page.locator("article.unclear")
    await expect(waiting).to_contain_text(SAID)
    assert await tia.flaws() == []
    await page.get_by_role("group", name="The bot's guesses").get_by_role("button", name="damaged").click()
    await expect(waiting).to_have_count(0)

    await page.get_by_role("tab", name="Examples").click()
    await expect(page.get_by_role("cell", name=SAID)).to_be_visible()
    bad = tmp_path / "bad.yml"
    bad.write_text(BAD, "utf-8")
    await page.locator("input[type=file]").set_input_files(bad)
    await expect(page.get_by_role("status").first).to_contain_text("bad.yml:4")

    await page.get_by_role("tab", name="Models").click()
    await page.get_by_role("button", name="Train a new model").click()
    await expect(page.get_by_text("Playing conversations (3 of 3)")).to_be_visible()
    await expect(page.get_by_role("progressbar")).to_be_visible()
    await expect(page.get_by_role("button", name="Train a new model")).to_be_disabled()
    stage.go.set()
    made = page.get_by_role("row").filter(has_text="working")
    await expect(made.get_by_role("cell").first).to_have_text("2")
    await expect(made).to_contain_text("→")
    assert stage.worked == ["v2"]
    assert await tia.flaws() == []

    await page.get_by_role("button", name="Put to work").click()
    await page.get_by_role("dialog").get_by_role("button", name="Put to work").click()
    await expect(made.get_by_role("cell").first).to_have_text("1")
    assert stage.worked == ["v2", "v1"]
    assert tia.wrong == []
