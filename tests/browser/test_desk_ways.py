"""Ways about the desk: back and forward, a network that goes, reminders, and a customer who is blocked."""

import asyncio

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.conftest import Home
from tests.browser.people import Person, customer, open_page, say, sign_in

pytestmark = pytest.mark.usefixtures("no_engine")
PASSWORD = "correct horse battery"
# How far apart the middles of the name and of the contact's button are, in pixels of height.
APART = """header => {
  const [name, contact] = ["h2", "[aria-label=Contact]"].map(one => header.querySelector(one).getBoundingClientRect());
  return Math.abs(name.y + name.height / 2 - contact.y - contact.height / 2);
}"""


async def agent(browser: Browser, home: Home, width: int, role: str = "agent") -> Person:
    """Xiaomei, signed in and online."""
    home.command("agent", "add", "mei", "--name", "小美", "--role", role, "--password", PASSWORD)
    mei = await open_page(browser, "zh-CN", width)
    await sign_in(mei, home, "mei", PASSWORD)
    await mei.page.get_by_role("combobox", name="我的状态").select_option("online")
    return mei


async def comes(browser: Browser, home: Home, locale: str = "zh-CN") -> Person:
    """A customer who asked for a person and has one."""
    person = await customer(browser, home, locale)
    ask, joined = ("转人工", "小美 为您服务") if locale == "zh-CN" else ("Talk to a person", "小美 is with you")
    await person.page.get_by_role("button", name=ask).click()
    await person.page.get_by_text(joined).wait_for()
    return person


def rows(page: Page) -> Locator:
    """The list's."""
    return page.get_by_role("navigation", name="会话列表").locator(".row")


async def press_of_contact(page: Page, name: str) -> None:
    """What the menu beside the customer's profile has."""
    await page.get_by_role("complementary", name="客户资料").get_by_role("button", name="更多").click()
    await page.get_by_role("button", name=name, exact=True).click()


async def test_back_leads_from_the_conversation_to_the_list_and_a_reload_stays(home: Home, browser: Browser) -> None:
    mei = await agent(browser, home, 390)
    wang, ben = await comes(browser, home), await comes(browser, home, "en-US")
    page = mei.page
    await say(wang.page, "耳机没声音")
    await say(ben.page, "where is it")
    await rows(page).filter(has_text="where is it").click()
    reply = page.get_by_role("textbox", name="回复")
    await reply.wait_for()
    here = page.url
    await page.reload()
    await reply.wait_for()
    assert page.url == here
    await page.go_back()
    await expect(reply).to_have_count(0)
    await rows(page).filter(has_text="耳机没声音").click()
    await page.get_by_role("log").get_by_text("耳机没声音").wait_for()
    profile = page.get_by_role("complementary", name="客户资料")
    await page.get_by_role("region", name="会话").get_by_role("button", name="客户", exact=True).click()
    await profile.wait_for()
    await page.go_back()
    await expect(profile).to_be_hidden()
    await page.get_by_role("region", name="会话").get_by_role("button", name="返回").click()
    await expect(page).to_have_url(f"{home.url}/desk/#/")
    await expect(reply).to_have_count(0)
    await page.go_forward()
    await page.get_by_role("log").get_by_text("耳机没声音").wait_for()
    await page.goto(f"{home.url}/desk/#/c/nobody")
    await page.get_by_text("该会话不存在").wait_for()
    await expect(page).to_have_url(f"{home.url}/desk/#/")
    assert mei.wrong == wang.wrong == ben.wrong == []


async def test_a_phone_has_the_contact_beside_the_name_and_reminds_of_nothing_past(
    home: Home, browser: Browser
) -> None:
    mei = await agent(browser, home, 390)
    page = mei.page
    await comes(browser, home)
    await page.get_by_role("banner").get_by_role("button", name="小美").click()
    await page.get_by_role("button", name="English").click()
    await page.get_by_role("navigation", name="Conversations").locator(".row").first.click()
    talk = page.get_by_role("region", name="Conversations")
    await talk.get_by_role("textbox", name="Reply").wait_for()
    assert await talk.locator("header.head").evaluate(APART) < 4
    await talk.get_by_role("button", name="More").click()
    await page.get_by_role("button", name="Remind me").click()
    dialog = page.get_by_role("dialog", name="Remind me")
    await dialog.get_by_label("at", exact=True).fill("2020-01-01T09:00")
    await dialog.get_by_role("button", name="Remind me").click()
    await dialog.get_by_text("This time is over").wait_for()
    assert await mei.flaws() == []
    await dialog.get_by_role("button", name="in 1 h").click()
    await expect(dialog).to_have_count(0)
    await talk.get_by_text("You will be reminded").wait_for()
    assert mei.wrong == []


async def test_by_keyboard_alone_the_focus_is_never_lost(home: Home, browser: Browser) -> None:
    mei = await agent(browser, home, 1300)
    wang = await comes(browser, home)
    page, press = mei.page, mei.page.keyboard.press
    await rows(page).first.wait_for()
    for key in ("j", "Enter"):
        await press(key)
    await page.get_by_role("textbox", name="回复").wait_for()
    await press("r")
    await page.keyboard.type("马上为您查")
    await press("Enter")
    await wang.page.get_by_text("马上为您查").wait_for()
    await press("Escape")
    await expect(rows(page).first).to_be_focused()
    await press("l")
    await page.keyboard.type("换货")
    await press("Enter")
    await expect(page.get_by_role("button", name="添加标签")).to_be_focused()
    await press("?")
    await expect(page.get_by_role("dialog").get_by_role("button", name="关闭窗口")).to_be_focused()
    await press("Escape")
    await expect(page.get_by_role("button", name="添加标签")).to_be_focused()
    await press("e")
    await expect(page.get_by_role("dialog", name="结束").get_by_role("textbox")).to_be_focused()
    await press("Tab")
    await press("Enter")
    wrap_up = page.get_by_role("dialog", name="填写小结")
    await expect(wrap_up.get_by_role("radio").first).to_be_focused()
    await press("Space")
    async with asyncio.timeout(30):
        while not await wrap_up.get_by_role("button", name="完成").evaluate("it => it === document.activeElement"):
            await press("Tab")
    await press("Enter")
    await expect(wrap_up).to_have_count(0)
    await expect(page.locator("body")).not_to_be_focused()
    assert mei.wrong == wang.wrong == []


async def test_a_row_that_moves_up_the_list_keeps_the_focus(home: Home, browser: Browser) -> None:
    mei = await agent(browser, home, 1300)
    wang = await comes(browser, home)
    await comes(browser, home, "en-US")
    await expect(rows(mei.page)).to_have_count(2)
    for key in ("j", "j"):
        await mei.page.keyboard.press(key)
    await expect(rows(mei.page).last).to_be_focused()
    await say(wang.page, "还有一件事")
    await expect(rows(mei.page).first).to_contain_text("还有一件事")
    await expect(rows(mei.page).first).to_be_focused()


async def test_a_network_that_goes_mid_reply_loses_no_word_and_sends_none_twice(home: Home, browser: Browser) -> None:
    mei = await agent(browser, home, 1300)
    wang = await comes(browser, home)
    page, reply = mei.page, mei.page.get_by_role("textbox", name="回复")
    await rows(page).first.click()
    await reply.fill("我帮您查一下")
    await page.context.set_offline(True)
    await reply.press("Enter")
    await page.get_by_text("连接").first.wait_for()
    await reply.press_sequentially("稍等，正在看")
    await say(wang.page, "在吗")
    await page.context.set_offline(False)
    await wang.page.get_by_text("我帮您查一下").wait_for()
    await page.get_by_role("log").get_by_text("在吗").wait_for()
    await expect(reply).to_have_value("稍等，正在看")
    await page.reload()
    await expect(reply).to_have_value("稍等，正在看")
    for talk in (page, wang.page):
        await expect(talk.get_by_role("log").get_by_text("我帮您查一下", exact=True)).to_have_count(1)
    assert mei.wrong == wang.wrong == []


async def test_a_blocked_customer_reads_that_they_cannot_write(home: Home, browser: Browser) -> None:
    mei = await agent(browser, home, 1300, "supervisor")
    ben = await comes(browser, home, "en-US")
    page, told = ben.page, ben.page.get_by_text("You cannot write here at present.")
    await rows(mei.page).first.click()
    await press_of_contact(mei.page, "拉黑")
    await mei.page.get_by_role("dialog").get_by_role("button", name="拉黑").click()
    await told.wait_for()
    await expect(page.get_by_role("textbox")).to_have_count(0)
    assert await ben.flaws() == []
    await page.reload()
    await told.wait_for()
    await expect(page.get_by_role("button", name="Retry")).to_have_count(0)
    await press_of_contact(mei.page, "解除拉黑")
    await page.get_by_role("textbox").wait_for()
    await expect(told).to_have_count(0)
    assert mei.wrong == ben.wrong == []


async def test_several_tickets_move_at_once_and_a_merge_says_what_becomes_of_which(
    home: Home, browser: Browser
) -> None:
    mei = await agent(browser, home, 1300)
    page = mei.page
    csrf = (await (await page.request.get(f"{home.url}/api/session")).json())["csrf"]
    for n in (1, 2, 3):
        ticket = {"id": f"t{n}", "type": "question", "title": f"第 {n} 件"}
        await page.request.post(f"{home.url}/api/tickets", data=ticket, headers={"X-CSRF-Token": csrf})
    await page.goto(f"{home.url}/desk/#/p/tickets")
    for n in (1, 2):
        await page.get_by_role("checkbox", name=f"选择工单 {1000 + n}").check()
    bulk = page.locator("form").filter(has_text="已选 2 个")
    await bulk.get_by_label("状态").select_option("waiting")
    assert await mei.flaws() == []
    await bulk.get_by_role("button", name="应用").click()
    told = page.get_by_role("status").filter(has_text="已修改 2 个")
    await told.wait_for()
    await expect(page.get_by_role("row").filter(has_text="待客户回复")).to_have_count(2)
    await page.get_by_role("checkbox", name="选择工单 1001").check()
    await page.get_by_role("button", name="全部", exact=True).click()
    await expect(told).to_have_count(0)
    await expect(page.get_by_role("checkbox", name="选择工单 1001")).not_to_be_checked()
    await page.get_by_role("link", name="第 1 件").click()
    await page.get_by_label("保留的工单编号").fill("1001")
    await page.get_by_role("button", name="合并", exact=True).click()
    await page.get_by_text("这就是当前工单").wait_for()
    await page.get_by_label("保留的工单编号").fill("1003")
    await page.get_by_role("button", name="合并", exact=True).click()
    asked = page.get_by_role("dialog", name="合并")
    await asked.get_by_text("#1001 第 1 件 将标为已合并，并指向 #1003 第 3 件").wait_for()
    assert await mei.flaws() == []
    await asked.get_by_role("button", name="合并").click()
    await page.get_by_role("heading", name="#1003 第 3 件").wait_for()
    await page.get_by_text("小美 并入了 #1001 第 1 件").wait_for()
    await page.go_back()
    await page.get_by_role("heading", name="#1001 第 1 件").wait_for()
    await page.get_by_text("小美 将此工单合并到 #1003 第 3 件").wait_for()
    await page.go_back()
    await page.get_by_role("checkbox", name="选择工单 1002").wait_for()
    assert mei.wrong == []
