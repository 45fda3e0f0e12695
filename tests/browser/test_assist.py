"""An agent solves a case by suggestions alone, without writing a word."""

import asyncio
from typing import Any

from playwright.async_api import Browser, Locator, Page, Route, expect

from tests.browser.conftest import Home
from tests.browser.people import Person, customer, open_page, say, sign_in
from tests.browser.test_day import PASSWORD, ask_for_a_person, choose

INVOICE = "电子发票会在一小时内发到您的邮箱，请注意查收。"
CALL = """async ([path, body]) => {
  const { csrf } = await (await fetch("/api/session")).json();
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf };
  return (await fetch(`/api${path}`, { method: "POST", headers, body: JSON.stringify(body) })).status;
}"""


async def post(page: Page, path: str, body: dict[str, Any]) -> None:
    assert await page.evaluate(CALL, [path, body]) in (200, 201)


async def keys_insert_and_dismiss(desk: Page, panel: Locator, box: Locator) -> None:
    await desk.keyboard.press("Alt+Digit1")
    await expect(box).to_have_value(INVOICE)
    await box.fill("")
    await panel.get_by_role("button", name="忽略 1").click()
    await expect(panel.get_by_text(INVOICE)).to_have_count(0)


async def what_is_typed_goes_on_and_is_doubted(desk: Page, panel: Locator, box: Locator) -> None:
    await box.fill("电子发票会")
    await panel.get_by_role("button", name="补全").wait_for()
    await box.press("Alt+Enter")
    await expect(box).to_have_value(INVOICE)
    await box.fill("我保证今天一定退款到账")
    await desk.get_by_role("status").get_by_text("承诺退款").wait_for()
    await box.press("Alt+Enter")  # nothing to go on with: nothing is sent either
    await expect(box).to_have_value("我保证今天一定退款到账")
    await box.press("Enter")
    await desk.get_by_role("alert").get_by_text("承诺退款").wait_for()
    await expect(desk.get_by_role("log").get_by_text("电子发票会", exact=True)).to_have_count(0)
    await box.fill("")


async def nothing_moves_while_somebody_writes(wang: Person, desk: Page, panel: Locator, box: Locator) -> None:
    await say(wang.page, "请问电子发票多久能收到呢")
    await panel.get_by_text(INVOICE).wait_for()
    await box.fill("我先看一下")
    before = await panel.get_by_role("listitem").all_inner_texts()
    await say(wang.page, "那个电子发票到底多久能收到呀")
    await panel.get_by_role("button", name="有新推荐").wait_for()
    assert await panel.get_by_role("listitem").all_inner_texts() == before
    await box.fill("")
    await expect(panel.get_by_role("button", name="有新推荐")).to_have_count(0)
    await panel.get_by_text(INVOICE).wait_for()


async def what_is_dismissed_stays_so(wang: Person, desk: Page, panel: Locator) -> None:
    """Also while the same words are on their way for the next message."""
    made, dismissed = asyncio.Event(), asyncio.Event()

    async def late(route: Route) -> None:
        told = await (await route.fetch()).json()
        newer = (told["suggested"] or {}).get("seq") != first
        if newer and told["suggested"]:
            made.set()
        if newer:
            await dismissed.wait()
        await route.fulfill(json=told)

    path = desk.url.split("/c/")[1]
    view = f"fetch('/api/conversations/{path}/assist').then((it) => it.json())"
    first = (await desk.evaluate(view))["suggested"]["seq"]
    await desk.route("**/assist", late)
    await say(wang.page, "麻烦看看电子发票多久能收到呀")
    await made.wait()
    await panel.get_by_role("button", name="忽略 1").click()
    dismissed.set()
    await expect(panel.get_by_text(INVOICE)).to_have_count(0)
    await desk.reload()
    await panel.get_by_role("checkbox", name="问税号").wait_for()
    await expect(panel.get_by_text(INVOICE)).to_have_count(0)
    await desk.unroute("**/assist", late)


async def who_writes_on_keeps_what_they_wrote(desk: Page, panel: Locator, box: Locator) -> None:
    """While a text is being made better."""
    asked, written = asyncio.Event(), asyncio.Event()

    async def slow(route: Route) -> None:
        asked.set()
        await written.wait()
        await route.fulfill(json={"text": "您好，我看一下。", "made_by": "llm"})

    await desk.route("**/polish", slow)
    await box.fill("我看一下")
    await panel.get_by_role("button", name="更礼貌").click()
    await asked.wait()
    await panel.get_by_text("处理中……").wait_for()
    await box.fill("我看一下，马上好")
    written.set()
    await panel.get_by_text("处理中……").wait_for(state="detached")
    await expect(box).to_have_value("我看一下，马上好")
    await desk.unroute("**/polish")
    await box.fill("")


async def what_is_unfinished_is_told_before_closing(desk: Page, panel: Locator) -> None:
    await panel.get_by_role("checkbox", name="问税号").wait_for()
    await desk.get_by_role("button", name="结束", exact=True).click()
    dialog = desk.get_by_role("dialog", name="结束")
    await dialog.get_by_role("alert").get_by_text("问税号").wait_for()
    await dialog.get_by_role("button", name="取消").click()


async def it_fits_a_phone(mei: Person, panel: Locator) -> None:
    await mei.page.set_viewport_size({"width": 390, "height": 820})
    await panel.get_by_role("checkbox", name="问税号").wait_for()
    wide = await mei.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    assert await mei.flaws() == []
    await mei.page.set_viewport_size({"width": 1300, "height": 820})


async def without_the_room_the_desk_works_on(wang: Person, desk: Page, panel: Locator, box: Locator) -> None:
    await desk.route("**/assist", lambda route: route.abort())
    await say(wang.page, "还有一个问题")
    await panel.get_by_text("推荐服务暂时无法访问").wait_for()
    await box.fill("您请说")
    await desk.keyboard.press("Enter")
    await wang.page.get_by_text("您请说").wait_for()
    await desk.wait_for_timeout(4000)  # all that was said has been asked about, in vain
    await desk.unroute("**/assist")
    await expect(panel.get_by_text("推荐服务暂时无法访问")).to_have_count(0, timeout=20_000)  # it tries again by itself


async def what_does_not_answer_is_named(wang: Person, desk: Page, panel: Locator) -> None:
    async def without(route: Route) -> None:
        told = await (await route.fetch()).json()
        await route.fulfill(json={**told, "without": ["library"]})

    await desk.route("**/assist", without)
    await say(wang.page, "另外想再问一下别的")
    await panel.get_by_text("知识库暂时没有回应，推荐可能不全。").wait_for()
    await desk.unroute("**/assist")


async def test_a_case_is_solved_by_suggestions_alone(home: Home, browser: Browser) -> None:
    home.command("agent", "add", "mei", "--name", "小美", "--role", "supervisor", "--password", PASSWORD)
    mei = await open_page(browser, "zh-CN", 1300)
    await sign_in(mei, home, "mei", PASSWORD)
    desk = mei.page
    canned = {"scope": "company", "group": "", "shortcut": "fp", "title": "发票多久能收到", "language": "zh"}
    await post(desk, "/canned", {**canned, "text": INVOICE})
    await desk.get_by_role("combobox", name="我的状态").select_option("online")
    wang = await customer(browser, home, "zh-CN")
    await ask_for_a_person(wang, "zh-CN", "你好")
    await wang.page.get_by_text("小美 为您服务").wait_for()
    await choose(desk, "中文")
    panel = desk.get_by_role("region", name="推荐话术")

    await panel.get_by_role("region", name="此前情况").get_by_text("由机器人转来").wait_for()
    assert await mei.flaws() == []

    await say(wang.page, "我要开发票，抬头是公司")
    await panel.get_by_role("button", name="请问是哪一笔订单需要开票？麻烦发一下订单号。").click()
    box = desk.get_by_role("textbox", name="回复")
    await expect(box).to_have_value("请问是哪一笔订单需要开票？麻烦发一下订单号。")
    await expect(box).to_be_focused()
    await desk.keyboard.press("Enter")
    await wang.page.get_by_text("请问是哪一笔订单需要开票？").wait_for()
    await expect(panel.get_by_role("region", name="此前情况")).to_have_count(0)

    await say(wang.page, "KF10000001，发票多久能收到")
    await panel.get_by_text(INVOICE).wait_for()
    await keys_insert_and_dismiss(desk, panel, box)
    await what_is_typed_goes_on_and_is_doubted(desk, panel, box)
    await box.fill("我看一下")
    await box.press("Enter")  # what was dismissed may be suggested again after an answer
    await wang.page.get_by_text("我看一下").wait_for()
    await nothing_moves_while_somebody_writes(wang, desk, panel, box)
    assert await mei.flaws() == []
    await who_writes_on_keeps_what_they_wrote(desk, panel, box)
    await what_is_dismissed_stays_so(wang, desk, panel)
    await box.fill("请您稍候")
    await box.press("Enter")
    await wang.page.get_by_text("请您稍候").wait_for()
    await say(wang.page, "请问电子发票多久能收到呢")
    await panel.get_by_text(INVOICE).wait_for()
    await expect(panel.get_by_role("checkbox", name="问订单号")).to_be_checked()
    await desk.keyboard.press("Alt+Shift+Digit1")
    await wang.page.get_by_text(INVOICE).wait_for()
    await expect(panel.get_by_role("checkbox", name="告知发送方式")).to_be_checked()
    await what_is_unfinished_is_told_before_closing(desk, panel)
    await it_fits_a_phone(mei, panel)
    await what_does_not_answer_is_named(wang, desk, panel)
    await without_the_room_the_desk_works_on(wang, desk, panel, box)

    await desk.goto(f"{home.url}/desk/#/p/assist")
    await desk.get_by_role("row", name="快捷回复").get_by_role("cell", name="100 %").first.wait_for()
    assert await mei.flaws() == []
    assert "Suggest" not in await wang.page.content()
    assert mei.wrong == wang.wrong == []
