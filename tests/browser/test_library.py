"""A supervisor at the library's pages, in a language that is not the browser's own."""

import asyncio

import pytest
from playwright.async_api import Browser, FilePayload, expect

from tests.browser.conftest import Home
from tests.browser.people import open_page, sign_in

pytestmark = pytest.mark.usefixtures("no_engine")
LONG, SHORT = "七天无理由退货的期限是几天", "无理由退货期限是几天"


async def test_a_supervisor_files_documents_and_finds_what_contradicts(home: Home, browser: Browser) -> None:
    root = await open_page(browser, "zh-CN", 1280)
    page = root.page
    await sign_in(root, home, "admin", home.password)
    await page.goto(f"{home.url}/desk/#/p/knowledge")
    dialog = page.get_by_role("dialog").last

    await page.get_by_role("button", name="导入文档").click()
    files = [("empty.txt", b""), *((f"{n}.md", f"# 门店 {n}\n\n门店 {n} 有车位。".encode()) for n in range(3))]
    loads = [FilePayload(name=name, mimeType="text/plain", buffer=content) for name, content in files]
    await dialog.get_by_label("生效日期").fill("2026-01-20")
    await dialog.get_by_label("目录").click()
    await dialog.locator("input[type=file]").set_input_files(loads)
    await expect(dialog.get_by_role("status")).to_contain_text("已导入 3 个段落；1 个文件未导入", timeout=300_000)
    await expect(dialog.get_by_role("row").first).to_contain_text("empty.txt")
    assert await dialog.locator("input[type=date]").count() == 0
    assert await root.flaws() == []
    await dialog.get_by_role("button", name="关闭").first.click()

    for question, days in ((LONG, 30), (SHORT, 7)):
        await page.get_by_role("button", name="新建问答").click()
        await dialog.get_by_label("问题").fill(question)
        await dialog.get_by_label("答案").fill(f"签收后 {days} 天内可以无理由退货。")
        await dialog.get_by_role("button", name="保存").click()
        await page.get_by_role("button", name=question).wait_for()
    await page.get_by_role("button", name="门店 1").click()
    await dialog.get_by_role("button", name="属性").click()
    await expect(dialog.get_by_label("生效日期")).to_have_value("2026-01-20")
    await page.keyboard.press("Escape")

    for _ in range(60):  # until the index has the other one, too
        await page.get_by_role("button", name=LONG).click()
        await dialog.get_by_role("button", name="编辑").wait_for()
        if await dialog.get_by_text("说法不一致").count():
            break
        await page.keyboard.press("Escape")
        await dialog.wait_for(state="hidden")
        await asyncio.sleep(0.5)
    await dialog.get_by_role("button", name=SHORT).click()
    await expect(dialog.get_by_role("heading").first).to_have_text(SHORT)
    await page.wait_for_function("document.activeElement.closest('.dialog') !== null")
    await dialog.get_by_role("button", name="编辑").click()
    await expect(dialog.get_by_role("heading")).to_have_text("编辑")
    await dialog.get_by_label("答案").fill("签收后 8 天内可以无理由退货。")
    await dialog.get_by_role("button", name="保存").click()
    await dialog.get_by_text("历史版本").click()
    await dialog.get_by_role("button", name="版本 1").click()
    await dialog.get_by_role("button", name="恢复为新版本").click()
    await expect(dialog).to_contain_text("恢复自版本 1")
    assert root.wrong == []
