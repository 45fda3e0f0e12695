"""The whole house as people meet it: a real browser, the real engine, the real log."""

import json
import subprocess

import aiohttp
import pytest
from playwright.async_api import Browser

from tests.browser.conftest import KEFU, Home
from tests.browser.people import open_page, say, sign_in


async def test_a_customer_asks_in_both_languages_a_person_takes_over_and_closes(home: Home, browser: Browser) -> None:
    person = await open_page(browser, "zh-CN", 390)
    customer = person.page
    await customer.goto(home.url)
    await customer.get_by_role("button", name="打开客服对话").click()
    await say(customer, "查订单 KF10000001")
    await customer.get_by_text("SF1390024471").first.wait_for()
    await say(customer, "where is my order KF20000001?")
    await customer.get_by_text("Order KF20000001", exact=True).wait_for()
    await customer.locator("header").get_by_role("button", name="转人工").click()
    await customer.get_by_role("form", name="留言").wait_for()

    staff = await open_page(browser, "zh-CN", 1400)
    agent = staff.page
    await sign_in(staff, home, "admin", home.password)
    await agent.get_by_role("combobox").first.select_option("online")
    await customer.get_by_text("Admin 为您服务").wait_for()
    await agent.get_by_text("Order KF20000001").or_(agent.get_by_text("where is my order")).first.click()
    await agent.get_by_role("textbox").last.fill("您好，我来处理 <b>马上</b>")
    await agent.keyboard.press("Enter")
    await customer.get_by_text("您好，我来处理 <b>马上</b>").wait_for()
    await customer.reload()  # the panel comes back as it was
    await customer.get_by_text("您好，我来处理 <b>马上</b>").wait_for()

    conversation = await only_conversation(home)
    printed = home.command("log", "show", conversation)
    kinds = [line.split("\t")[3] for line in printed.splitlines()]
    assert kinds.count("MessageReceived") == 2
    assert kinds.count("BotReplied") == 2
    assert kinds.count("AgentReplied") == 1

    await agent.goto(f"{home.url}/desk/#/p/audit")
    await agent.get_by_role("heading", name="审计").wait_for()
    await agent.get_by_role("table").get_by_role("link").first.click()
    await agent.get_by_role("log").get_by_text("您好，我来处理 <b>马上</b>").wait_for()
    assert agent.url.endswith(f"#/c/{conversation}")
    assert person.wrong == staff.wrong == []


@pytest.mark.usefixtures("no_engine")
async def test_an_address_opens_no_page_that_its_reader_may_not_see(home: Home, browser: Browser) -> None:
    password = "correct horse battery"
    subprocess.run(
        [KEFU, "agent", "add", "mei", "--name", "小美", "--password", password], env=home.environment, check=True
    )
    person = await open_page(browser, "zh-CN", 390)
    page = person.page
    await page.goto(f"{home.url}/desk/#/p/staff")
    await page.locator("input").nth(0).fill("mei")
    await page.locator("input").nth(1).fill(password)
    await page.keyboard.press("Enter")
    await page.get_by_text("您暂无会话").wait_for()
    assert await page.get_by_role("heading", name="人员").count() == 0
    await page.keyboard.press("?")
    await page.get_by_role("dialog", name="键盘快捷键").wait_for()
    assert person.wrong == []


async def only_conversation(home: Home) -> str:
    """The one conversation of the house, over HTTP as the desk asks for it."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        body = {"login": "admin", "password": home.password}
        async with session.post(f"{home.url}/api/session", json=body) as answer:
            assert answer.status == 200
        async with session.get(f"{home.url}/api/conversations?view=open") as answer:
            (found,) = json.loads(await answer.text())["conversations"]
            return str(found["id"])


async def test_what_is_written_is_shown_as_text(home: Home, browser: Browser) -> None:
    for greeting in ("hello", "你好", "<script>alert(1)</script>", "/restart"):
        person = await open_page(browser, "en-US", 1200)
        page = person.page
        await page.goto(home.url)
        await page.get_by_role("button", name="Open support chat").click()
        await say(page, greeting)
        await page.locator(".mine").get_by_text(greeting, exact=True).wait_for()
        await page.locator(".row:not(.mine) .bubble").nth(1).wait_for()
        assert person.wrong == []
