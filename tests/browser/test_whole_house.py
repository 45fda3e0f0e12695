"""The whole house as people meet it: a real browser, the real engine, the real log."""

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Browser, Page, async_playwright

from app.config import ROOT

MODEL = ROOT / "var" / "models" / "demo.tar.gz"
KEFU = Path(sys.executable).with_name("kefu")


@dataclass
class Home:
    """A house that `kefu up` started."""

    url: str
    var: Path
    environment: dict[str, str]

    @property
    def password(self) -> str:
        """The first admin's."""
        return (self.var / "first-password").read_text()

    def command(self, *words: str) -> str:
        """What a kefu command prints."""
        done = subprocess.run(
            [KEFU, *words], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=True
        )
        return done.stdout


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    """Started as a newcomer starts it, with the trained model."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"KEFU_VAR": str(tmp_path), "KEFU_PORT": str(port), "KEFU_MODEL": str(MODEL)}
    environment |= {"KEFU_WORKERS": "1"}
    running = subprocess.Popen([KEFU, "up"], cwd=ROOT, env=environment)
    url = f"http://127.0.0.1:{port}"
    async with aiohttp.ClientSession() as session, asyncio.timeout(60):
        while True:
            try:
                async with session.get(f"{url}/health"):
                    break
            except aiohttp.ClientError:
                await asyncio.sleep(0.1)
    yield Home(url, tmp_path, environment)
    running.send_signal(2)
    assert running.wait(30) == 0


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Chromium, as `scripts/bootstrap.py browser` installs it."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield opened
        await opened.close()


async def open_page(browser: Browser, locale: str, width: int) -> tuple[Page, list[str]]:
    """A page and what goes wrong in its scripts."""
    context = await browser.new_context(locale=locale, viewport={"width": width, "height": 800})
    page = await context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    return page, wrong


async def say(page: Page, text: str) -> None:
    box = page.get_by_role("textbox").last
    await box.fill(text)
    await box.press("Enter")


async def test_a_customer_asks_in_both_languages_a_person_takes_over_and_closes(home: Home, browser: Browser) -> None:
    customer, customer_wrong = await open_page(browser, "zh-CN", 390)
    await customer.goto(home.url)
    await customer.get_by_role("button", name="打开客服对话").click()
    await say(customer, "查订单 KF10000001")
    await customer.get_by_text("SF1390024471").first.wait_for()
    await say(customer, "where is my order KF20000001?")
    await customer.get_by_text("Order KF20000001", exact=True).wait_for()
    await customer.locator("header").get_by_role("button", name="转人工").click()
    await customer.get_by_role("form", name="留言").wait_for()

    agent, agent_wrong = await open_page(browser, "zh-CN", 1400)
    await agent.goto(f"{home.url}/desk/")
    await agent.locator("input").nth(0).fill("admin")
    await agent.locator("input").nth(1).fill(home.password)
    await agent.keyboard.press("Enter")
    await agent.get_by_role("combobox").first.select_option("online")
    await customer.get_by_text("Admin 为您服务").wait_for()
    await agent.get_by_text("Order KF20000001").or_(agent.get_by_text("where is my order")).first.click()
    await agent.get_by_role("textbox").last.fill("您好，我来处理 <b>马上</b>")
    await agent.keyboard.press("Enter")
    await customer.get_by_text("您好，我来处理 <b>马上</b>").wait_for()

    conversation = await only_conversation(home)
    printed = home.command("log", "show", conversation)
    kinds = [line.split("\t")[3] for line in printed.splitlines()]
    assert kinds.count("MessageReceived") == 2
    assert kinds.count("BotReplied") == 2
    assert kinds[-1] in ("AgentReplied", "MessagesRead")

    await agent.goto(f"{home.url}/desk/#/p/audit")
    await agent.get_by_role("heading", name="审计").wait_for()
    await agent.get_by_role("link", name=conversation[-8:]).first.click()
    await agent.get_by_role("log").get_by_text("您好，我来处理 <b>马上</b>").wait_for()
    assert agent.url.endswith(f"#/c/{conversation}")
    assert customer_wrong == agent_wrong == []


async def test_an_address_opens_no_page_that_its_reader_may_not_see(home: Home, browser: Browser) -> None:
    password = "correct horse battery"
    subprocess.run(
        [KEFU, "agent", "add", "mei", "--name", "小美", "--password", password], env=home.environment, check=True
    )
    page, wrong = await open_page(browser, "zh-CN", 390)
    await page.goto(f"{home.url}/desk/#/p/staff")
    await page.locator("input").nth(0).fill("mei")
    await page.locator("input").nth(1).fill(password)
    await page.keyboard.press("Enter")
    await page.get_by_text("您暂无会话").wait_for()
    assert await page.get_by_role("heading", name="人员").count() == 0
    await page.keyboard.press("?")
    await page.get_by_role("dialog", name="键盘快捷键").wait_for()
    assert wrong == []


async def only_conversation(home: Home) -> str:
    """The one conversation of the house, over HTTP as the desk asks for it."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        body = {"login": "admin", "password": home.password}
        async with session.post(f"{home.url}/api/session", json=body) as answer:
            assert answer.status == 200
        async with session.get(f"{home.url}/api/conversations?view=open") as answer:
            (found,) = json.loads(await answer.text())["conversations"]
            return str(found["id"])


@pytest.mark.parametrize("greeting", ["hello", "你好", "<script>alert(1)</script>", "/restart"])
async def test_what_is_written_is_shown_as_text(home: Home, browser: Browser, greeting: str) -> None:
    page, wrong = await open_page(browser, "en-US", 1200)
    alerts: list[str] = []
    page.on("dialog", lambda dialog: alerts.append(dialog.message))
    await page.goto(home.url)
    await page.get_by_role("button", name="Open support chat").click()
    await say(page, greeting)
    await page.locator(".mine").get_by_text(greeting, exact=True).wait_for()
    await page.locator(".row:not(.mine) .bubble").nth(1).wait_for()
    assert alerts == wrong == []
