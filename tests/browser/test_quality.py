"""A rule is written, tried on the past and activated; it hits live, alerts, and its score is appealed and decided.

Then messages are marked, and a rule is looked for that finds them.
"""

import asyncio
from typing import Any

from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import Home
from tests.browser.people import Person, open_page, sign_in

PASSWORD = "correct horse battery"
RULE = """id: says_wait
name: {zh: 让客户久等, en: Makes the customer wait}
section: process
severity: severe
score: -20
when:
  said: {role: agent, keyword: {words: [稍等]}}
hits: [[{agent: 请稍等}]]
misses: [[{agent: 好的}]]
"""


async def staff(browser: Browser, home: Home, login: str, name: str, role: str) -> Person:
    home.command("agent", "add", login, "--name", name, "--role", role, "--password", PASSWORD)
    person = await open_page(browser, "zh-CN", 1300)
    await sign_in(person, home, login, PASSWORD)
    return person


async def act(page: Page, home: Home, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Over HTTP, as whoever is signed in at the page; the desk's own pages have their own story."""
    session = await (await page.request.get(f"{home.url}/api/session")).json()
    done = await page.request.post(f"{home.url}{path}", data=body, headers={"X-CSRF-Token": session["csrf"]})
    assert done.ok, await done.text()
    told: dict[str, Any] = await done.json()
    return told


async def talk(mei: Person, home: Home, answer: str) -> str:
    """A customer asks, Mei takes over and answers."""
    begun = await act(mei.page, home, "/widget/session", {"site": "demo", "language": "zh"})
    token = {"Authorization": f"Bearer {begun['token']}"}
    said = {"id": "m1", "text": "我的耳机坏了，电话13812345678"}
    assert (await mei.page.request.post(f"{home.url}/widget/messages", data=said, headers=token)).ok
    here: str = begun["conversation"]
    await act(mei.page, home, f"/api/conversations/{here}/take", {"id": "t"})
    await act(mei.page, home, f"/api/conversations/{here}/replies", {"id": f"r{here}", "text": answer})
    return here


async def end(mei: Person, home: Home, here: str) -> None:
    await act(mei.page, home, f"/api/conversations/{here}/close", {"id": "c", "reason": ""})


async def test_from_a_rule_to_the_final_word(home: Home, browser: Browser) -> None:
    sue = await staff(browser, home, "sue", "林主管", "supervisor")
    mei = await staff(browser, home, "mei", "小美", "agent")
    await end(mei, home, await talk(mei, home, "请稍等"))
    await supervisor_writes_a_rule(sue, home)
    here = await talk(mei, home, "您好，请稍等")
    await mei.page.goto(f"{home.url}/desk/#/c/{here}")
    await mei.page.get_by_text("质检提示：让客户久等").wait_for()
    await expect(mei.page.get_by_text("告警：质检规则")).to_be_visible()
    await end(mei, home, here)
    await agent_appeals(mei, home)
    await supervisor_decides(sue, home)
    await mei.page.reload()
    await mei.page.get_by_text("裁定人：林主管").wait_for()
    await supervisor_looks_for_a_rule(sue, home)
    assert sue.wrong == mei.wrong == []


async def supervisor_writes_a_rule(sue: Person, home: Home) -> None:
    page = sue.page
    await page.goto(f"{home.url}/desk/#/p/quality/rules")
    await page.get_by_role("button", name="新建规则").click()
    editor = page.get_by_role("textbox", name="规则（YAML）")
    await editor.fill(RULE.replace("请稍等", "好的呀"))
    await page.get_by_role("button", name="保存").click()
    await expect(page.get_by_role("alert")).to_contain_text("says_wait.hits[0]")
    await editor.fill(RULE)
    await page.get_by_role("button", name="保存").click()
    await page.get_by_text("已存入草稿，样例全部通过。").wait_for()
    await page.get_by_role("button", name="开始").click()
    row = page.get_by_role("region", name="回测").get_by_role("row").filter(has_text="让客户久等")
    await expect(row.get_by_role("cell").nth(3)).to_have_text("1")
    assert await sue.flaws() == []
    await page.get_by_role("button", name="启用草稿").click()
    await page.get_by_role("dialog").get_by_role("button", name="启用草稿").click()
    await page.get_by_text("第 2 版生效中").wait_for()


async def agent_appeals(mei: Person, home: Home) -> None:
    page = mei.page
    await page.goto(f"{home.url}/desk/#/p/my-quality")
    row = page.get_by_role("row").filter(has_text="让客户久等")
    async with asyncio.timeout(60):  # until it is scored
        while not await row.count():
            await page.reload()
            await page.get_by_role("heading", name="我的质检").wait_for()
            await page.wait_for_load_state("networkidle")
    await row.get_by_role("link").first.click()
    await expect(page.get_by_label("会话内容").locator("mark").filter(has_text="稍等")).to_be_visible()
    assert await page.get_by_text("13812345678").count() == 0
    await page.get_by_role("button", name="我已阅读").click()
    await page.get_by_text("已标记为已读。").wait_for()
    await page.get_by_role("button", name="申诉", exact=True).click()
    await page.get_by_role("checkbox", name="申诉: 让客户久等").check()
    await page.get_by_role("textbox", name="申诉理由").fill("客户同意等候。")
    await page.get_by_role("button", name="发送").click()
    await page.get_by_text("申诉已提交。").wait_for()
    assert await mei.flaws() == []


async def supervisor_decides(sue: Person, home: Home) -> None:
    page = sue.page
    await page.goto(f"{home.url}/desk/#/p/quality/appeals")
    await page.get_by_role("link", name="小美").click()
    await page.get_by_text("客户同意等候。").wait_for()
    await page.get_by_role("textbox", name="裁定理由").fill("属实，不计。")
    await page.get_by_role("button", name="裁定", exact=True).click()
    await page.get_by_text("裁定人：林主管").wait_for()
    await expect(page.get_by_text("已裁定").first).to_be_visible()
    await expect(page.locator(".hit.out")).to_contain_text("让客户久等")
    assert await sue.flaws() == []
    await page.goto(f"{home.url}/desk/#/p/quality")
    await page.get_by_text("得分走势").wait_for()
    assert await sue.flaws() == []


async def supervisor_looks_for_a_rule(sue: Person, home: Home) -> None:
    page = sue.page
    await page.goto(f"{home.url}/desk/#/p/quality/models")
    await page.get_by_text("小模型逐条判断消息").wait_for()
    assert await sue.flaws() == []
    await page.goto(f"{home.url}/desk/#/p/quality/scores")
    await page.locator("main.page table a").first.click()
    await page.locator("input[list=example-names]").fill("报修")
    mark = page.locator(".bubble").filter(has_text="我的耳机坏了").get_by_role("button")
    await mark.click()
    await expect(mark).to_have_attribute("aria-pressed", "true")
    await page.goto(f"{home.url}/desk/#/p/quality/rules")
    await expect(page.locator(".examples li")).to_contain_text("我的耳机坏了")
    await page.get_by_role("button", name="找规则").click()
    await page.get_by_text("依据 1 条标记消息").or_(page.get_by_text("没有能区分这些消息的词句")).wait_for()
    assert await sue.flaws() == []
