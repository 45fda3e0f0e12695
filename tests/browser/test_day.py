"""A day at the desk: a customer, two agents and a supervisor at once, and a second customer who was offered help."""

import asyncio
import re

from playwright.async_api import Browser, Page, Route, expect

from tests.browser.conftest import Home
from tests.browser.people import Person, customer, open_page, say, sign_in

PASSWORD = "correct horse battery"


async def staff(browser: Browser, home: Home, login: str, name: str, role: str, locale: str) -> Person:
    """Somebody who works here, signed in and online."""
    home.command("agent", "add", login, "--name", name, "--role", role, "--password", PASSWORD)
    person = await open_page(browser, locale, 1300)
    await sign_in(person, home, login, PASSWORD)
    return person


async def ask_for_a_person(person: Person, locale: str, first: str) -> None:
    await say(person.page, first)
    await person.page.locator(".row:not(.mine) .bubble").nth(1).wait_for()
    name = "转人工" if locale == "zh-CN" else "Talk to a person"
    await person.page.locator("header").get_by_role("button", name=name).click()


async def choose(page: Page, mark: str) -> None:
    """The conversation in the list that bears a mark: its language, or a tag."""
    await page.get_by_role("navigation", name="会话列表").get_by_text(mark, exact=True).first.click()


async def close_menu_and_press(page: Page, menu: str, name: str) -> None:
    await page.get_by_role("region", name="会话").get_by_role("button", name=menu).click()
    await page.get_by_role("button", name=name, exact=True).click()


async def test_from_a_question_to_whisper_take_over_ticket_and_rating(home: Home, browser: Browser) -> None:
    sue = await staff(browser, home, "sue", "林主管", "supervisor", "zh-CN")
    await write_canned_reply(sue)
    mei = await staff(browser, home, "mei", "小美", "agent", "zh-CN")
    await mei.page.get_by_role("combobox", name="我的状态").select_option("online")
    wang = await customer(browser, home, "zh-CN")
    ben = await invited_customer(browser, home)
    await ask_for_a_person(wang, "zh-CN", "订单 KF10000001 的耳机右边没声音")
    await ask_for_a_person(ben, "en-US", "where is my order KF20000001?")
    await wang.page.get_by_text("小美 为您服务").wait_for()
    await ben.page.get_by_text("小美 is with you").wait_for()

    await agent_answers(mei, wang, ben)
    await reply_goes_where_it_was_written(mei, wang, ben)
    bob = await staff(browser, home, "bob", "Bob", "agent", "en-US")
    await colleague_joins(mei, bob, wang)
    await answer_is_lost_on_the_way(mei, wang)
    await supervisor_whispers(sue, mei, wang)
    await supervisor_takes_over(sue, mei, wang)
    await supervisor_sets_a_state(sue, mei)
    await ticket_and_rating(sue, wang)
    await agent_signs_out(mei, home)
    assert wang.wrong == ben.wrong == mei.wrong == bob.wrong == sue.wrong == []


async def invited_customer(browser: Browser, home: Home) -> Person:
    """At the shop's page on a phone: something goes into the cart, and help is offered."""
    person = await open_page(browser, "en-US", 390)
    page = person.page
    async with page.expect_request("**/widget/visit"):  # from here on the widget hears of events
        await page.goto(home.url)
    await page.get_by_role("button", name="Add to cart").click()
    await page.get_by_text("Any trouble with your order?").wait_for()
    assert await person.flaws() == []
    await page.get_by_role("button", name="Chat now").click()
    await page.get_by_role("log").get_by_text("Any trouble with your order?").wait_for()
    return person


async def colleague_joins(mei: Person, bob: Person, wang: Person) -> None:
    """Three in one conversation: the customer, their agent and a colleague who was asked in."""
    await choose(mei.page, "售后")
    await mei.page.get_by_role("button", name="转接", exact=True).click()
    form = mei.page.get_by_role("dialog", name="转接")
    colleague = await form.locator("option").filter(has_text="Bob").get_attribute("value")
    await form.get_by_role("combobox").select_option(colleague)
    await form.get_by_text("Bob 目前无法接待").wait_for()
    assert await mei.flaws() == []
    await form.get_by_role("button", name="关闭窗口").click()
    await close_menu_and_press(mei.page, "更多", "邀请同事")
    await mei.page.keyboard.press("Escape")
    await expect(mei.page.get_by_role("region", name="会话").get_by_role("button", name="更多")).to_be_focused()
    await close_menu_and_press(mei.page, "更多", "邀请同事")
    form = mei.page.get_by_role("dialog", name="邀请同事")
    colleague = await form.locator("option").filter(has_text="Bob").get_attribute("value")
    await form.get_by_role("combobox").select_option(colleague)
    await form.get_by_label("给同事的备注").fill("帮忙看看库存")
    await form.get_by_role("button", name="邀请同事").click()
    await wang.page.get_by_text("Bob 为您服务").wait_for()
    await bob.page.get_by_role("navigation", name="Conversations").get_by_text("售后", exact=True).click()
    # What is suggested takes room below what was said.
    await bob.page.get_by_role("region", name="Suggestions").get_by_role("combobox").wait_for()
    await expect(bob.page.get_by_text("小美 invited Bob: 帮忙看看库存")).to_be_in_viewport(ratio=1)
    await bob.page.get_by_role("textbox", name="Reply").fill("I am from the warehouse")
    await bob.page.keyboard.press("Enter")
    await wang.page.get_by_text("I am from the warehouse").wait_for()
    await bob.page.get_by_role("button", name="Leave").click()
    await wang.page.get_by_text("Bob 已离开").wait_for()


async def answer_is_lost_on_the_way(mei: Person, wang: Person) -> None:
    """The reply arrives and its answer does not; the page is opened anew, and the reply is there once."""
    page = mei.page

    async def lose(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await page.route("**/replies", lose)
    await page.get_by_role("textbox", name="回复").fill("网络不好，我再说一遍")
    await page.keyboard.press("Enter")
    await wang.page.get_by_text("网络不好，我再说一遍").wait_for()
    await page.unroute("**/replies")
    await page.reload()
    await choose(page, "售后")
    await page.get_by_role("log").get_by_text("网络不好，我再说一遍").wait_for()
    await page.wait_for_load_state("networkidle")
    await page.wait_for_function("!Object.keys(localStorage).some(key => key.includes('unsent'))")
    assert await page.get_by_role("log").get_by_text("网络不好，我再说一遍").count() == 1
    assert await wang.page.get_by_text("网络不好，我再说一遍").count() == 1


async def write_canned_reply(sue: Person) -> None:
    page = sue.page
    await page.get_by_role("button", name="更多").click()
    await page.get_by_role("button", name="快捷回复").click()
    await page.get_by_text("还没有快捷回复").wait_for()
    await page.get_by_role("button", name="新建快捷回复").click()
    form = page.get_by_role("dialog", name="新建快捷回复")
    await form.get_by_label("短语").fill("hi")
    await form.get_by_label("标题").fill("问候")
    await form.get_by_label("适用范围").select_option("company")
    await form.get_by_label("内容").press_sequentially("您好，我是 ")
    await form.get_by_role("button", name="我的姓名").click()
    assert await sue.flaws() == []
    await form.get_by_role("button", name="保存").click()
    await page.get_by_text("您好，我是 {{agent.name}}").wait_for()
    assert await sue.flaws() == []
    await page.get_by_role("button", name="会话", exact=True).click()


async def agent_answers(mei: Person, wang: Person, ben: Person) -> None:
    page = mei.page
    await choose(page, "中文")
    box = page.get_by_role("textbox", name="回复")
    await box.press_sequentially("/hi")
    await page.get_by_role("option", name="/hi 问候").wait_for()
    assert await mei.flaws() == []
    await box.fill("")

    async def slowly(route: Route) -> None:
        await asyncio.sleep(0.5)
        await route.continue_()

    await page.route("**/api/canned?*", slowly)
    await box.press_sequentially("/hi")
    await box.press("Enter")  # quicker than the list: it is waited for, and "/hi" is not sent
    await expect(box).to_have_value("您好，我是 小美")
    await page.unroute("**/api/canned?*")
    await box.press("Enter")
    await wang.page.get_by_text("您好，我是 小美").wait_for()

    await box.fill("百分之百给您退")
    await box.press("Enter")
    await page.get_by_text("以下内容不宜发送").wait_for()
    assert await wang.page.get_by_text("百分之百给您退").count() == 0
    await box.fill("我马上为您核实")
    await box.press("Enter")
    await wang.page.get_by_text("我马上为您核实").wait_for()

    await page.get_by_role("button", name="添加标签").click()
    await page.get_by_role("combobox", name="添加标签").fill("售后")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="移除标签 售后").wait_for()
    profile = page.get_by_role("complementary", name="客户资料")
    await profile.get_by_text("无线降噪耳机").wait_for()
    await profile.get_by_role("button", name="将 KF10000001 以卡片发给客户").click()
    await box.press("Enter")
    await wang.page.get_by_role("heading", name="KF10000001").last.wait_for()
    assert await mei.flaws() == []

    await choose(page, "英文")
    await page.get_by_role("textbox", name="回复").fill("Hello Ben, one moment")
    await page.keyboard.press("Enter")
    await ben.page.get_by_text("Hello Ben, one moment").wait_for()
    await close_menu_and_press(page, "更多", "请客户稍候")
    await page.get_by_role("dialog", name="请客户稍候").get_by_role("button", name="请客户稍候").click()
    await ben.page.get_by_text("one moment please").wait_for()


async def reply_goes_where_it_was_written(mei: Person, wang: Person, ben: Person) -> None:
    """While a reply is looked at for words that should not be sent, more is typed and another one is opened."""
    page = mei.page
    go_on = asyncio.Event()

    async def slowly(route: Route) -> None:
        await go_on.wait()
        await route.continue_()

    await page.route("**/check", slowly)
    await choose(page, "售后")
    box = page.get_by_role("textbox", name="回复")
    await box.fill("这句话是给王女士的")
    await box.press("Enter")
    await box.press_sequentially("，还有一句")
    await page.get_by_role("button", name="备注", exact=True).click()
    await choose(page, "英文")
    await page.get_by_role("log").get_by_text("Hello Ben, one moment").wait_for()
    go_on.set()
    await wang.page.get_by_text("这句话是给王女士的", exact=True).wait_for()
    await page.unroute("**/check")
    assert await ben.page.get_by_text("这句话是给王女士的").count() == 0
    assert await page.get_by_role("log").get_by_text("这句话是给王女士的").count() == 0
    await choose(page, "售后")
    await expect(page.get_by_role("textbox", name="回复")).to_have_value("，还有一句")
    await page.get_by_role("textbox", name="回复").fill("")


async def supervisor_whispers(sue: Person, mei: Person, wang: Person) -> None:
    page = sue.page
    await page.get_by_role("searchbox", name="搜索（/）").fill("右边没声音")
    await page.keyboard.press("Enter")
    await page.get_by_text("找到 1 条消息").wait_for()
    await page.locator("mark").first.click()
    await page.get_by_text("您正在旁听，小美 看不到您").wait_for()
    await page.get_by_role("log").locator("mark").first.wait_for()
    await choose(mei.page, "售后")
    await mei.page.get_by_role("log").get_by_text("您好，我是 小美").wait_for()
    assert await mei.page.get_by_text("正在查看：林主管").count() == 0
    await page.get_by_role("button", name="密语", exact=True).click()
    await page.get_by_role("textbox", name="密语给 小美").fill("给他一张优惠券")
    await page.keyboard.press("Enter")
    await mei.page.get_by_role("log").get_by_text("给他一张优惠券").wait_for()
    assert await wang.page.get_by_text("优惠券").count() == 0
    assert await sue.flaws() == []


async def supervisor_takes_over(sue: Person, mei: Person, wang: Person) -> None:
    page = sue.page
    await page.get_by_role("button", name="介入会话").click()
    await page.get_by_text("您正与当前客服一起参与此会话").wait_for()
    await mei.page.get_by_text("正在查看：林主管").wait_for()
    await page.get_by_role("button", name="回复", exact=True).click()
    await page.get_by_role("textbox", name="回复").fill("我是主管，和小美一起为您处理")
    await page.keyboard.press("Enter")
    await wang.page.get_by_text("我是主管，和小美一起为您处理").wait_for()
    await page.get_by_role("button", name="接管").click()
    await page.get_by_role("button", name="结束", exact=True).wait_for()
    await expect(wang.page.get_by_text("林主管 为您服务")).to_have_count(1)
    await expect(mei.page.get_by_text("请在左侧选择一个会话")).to_be_visible()
    await expect(mei.page.get_by_role("alert")).to_contain_text("您不再处理与")


async def supervisor_sets_a_state(sue: Person, mei: Person) -> None:
    page = sue.page
    await page.get_by_role("button", name="监控大屏").click()
    await page.get_by_role("combobox", name="小美 的状态").select_option("break")
    form = page.get_by_role("dialog", name="将 小美 设为小休")
    await form.get_by_label("原因").fill("接得太久了")
    assert await sue.flaws() == []
    await form.get_by_role("button", name="确定").click()
    await expect(mei.page.get_by_role("combobox", name="我的状态")).to_have_value("break")
    await mei.page.get_by_text("林主管 将您的状态改为“小休”：接得太久了。").wait_for()
    await page.get_by_role("button", name="会话", exact=True).click()


async def ticket_and_rating(sue: Person, wang: Person) -> None:
    page = sue.page
    await close_menu_and_press(page, "更多", "新建工单")
    form = page.get_by_role("dialog", name="新建工单")
    await form.get_by_label("标题").fill("耳机右侧无声，退款")
    await form.get_by_label("订单号").fill("KF10000001")
    assert await sue.flaws() == []
    await form.get_by_role("button", name="创建工单").click()
    await wang.page.get_by_text("工单 #1001 耳机右侧无声，退款：已创建").wait_for()

    await page.get_by_role("link", name=re.compile("#1001")).first.click()
    await page.get_by_role("combobox", name=re.compile("^状态")).select_option("checking")
    await wang.page.get_by_text("工单 #1001 耳机右侧无声，退款：审核中").wait_for()
    await page.get_by_role("button", name="回复客户").click()
    await page.get_by_role("textbox", name="回复客户").fill("退款已提交审核")
    await page.get_by_role("button", name="添加", exact=True).click()
    await page.get_by_text("客户可见").wait_for()
    assert await sue.flaws() == []
    await wang.page.get_by_role("button", name="我的工单").click()
    await wang.page.get_by_text("退款已提交审核").wait_for()
    assert await wang.flaws() == []
    await wang.page.get_by_role("textbox", name="补充说明 #1001").fill("好的，谢谢")
    await wang.page.get_by_role("button", name="发送").click()
    await wang.page.get_by_text("好的，谢谢").wait_for()
    await wang.page.get_by_role("button", name="我的工单").click()
    await page.get_by_text("好的，谢谢").wait_for()

    await page.get_by_role("definition").get_by_role("link").first.click()
    await page.get_by_role("button", name="结束", exact=True).click()
    await page.get_by_role("dialog", name="结束").get_by_role("button", name="结束").click()
    wrap_up = page.get_by_role("dialog", name="填写小结")
    await wrap_up.get_by_label("退换货与退款").check()
    await wrap_up.get_by_label("小结", exact=True).fill("耳机故障，已提交退款")
    assert await sue.flaws() == []
    await wrap_up.get_by_role("button", name="完成").click()
    await page.get_by_text("林主管 完成小结：退换货与退款，已解决").wait_for()
    await wang.page.get_by_role("button", name="5 星").click()
    await wang.page.get_by_role("button", name="提交").click()
    await wang.page.get_by_text("感谢您的评价").wait_for()
    await page.get_by_text("评价 5/5").wait_for()
    assert await wang.flaws() == []


async def agent_signs_out(mei: Person, home: Home) -> None:
    page = mei.page
    await choose(page, "英文")
    await page.get_by_role("textbox", name="回复").fill("half a reply")
    await page.get_by_role("button", name="小美", exact=True).click()
    await page.get_by_role("button", name="退出登录").click()
    await page.get_by_role("button", name="登录").wait_for()
    assert "half a reply" not in await page.evaluate("JSON.stringify(localStorage)")
    await sign_in(mei, home, "mei", PASSWORD)
    await choose(page, "英文")
    await expect(page.get_by_role("textbox", name="回复")).to_have_value("half a reply")
