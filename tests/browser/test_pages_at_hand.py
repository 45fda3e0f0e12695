"""What a page shows while it is read, and on a phone."""

import asyncio
import re

import pytest
from playwright.async_api import Browser, Route, expect

from tests.browser.conftest import Home
from tests.browser.people import open_page, sign_in

pytestmark = pytest.mark.usefixtures("no_engine")


async def test_what_is_being_read_says_so_and_the_way_through_the_settings_is_one_row(
    home: Home, browser: Browser
) -> None:
    root = await open_page(browser, "zh-CN", 390)
    page, read = root.page, asyncio.Event()

    async def late(route: Route) -> None:
        await read.wait()
        await route.continue_()

    await sign_in(root, home, "admin", home.password)
    for address in ("tickets", "staff"):
        await page.route(re.compile(rf"/api/{address}(\?|$)"), late)
        await page.goto(f"{home.url}/desk/#/p/{address}")
        await page.get_by_text("正在读取……").wait_for()
        await expect(page.locator("main table")).to_have_count(0)
        read.set()
        await page.get_by_text("正在读取……").wait_for(state="detached")
        read.clear()
    await page.goto(f"{home.url}/desk/#/p/audit")
    sections = page.locator(".sections")
    here = sections.locator("[aria-current]")
    await expect(here).to_have_text("审计")
    await expect(here).to_be_in_viewport()
    assert (await sections.bounding_box() or {})["height"] < 40
    await page.keyboard.press("?")
    await expect(page.locator(".keys kbd").nth(1)).to_have_text("↓")
    assert root.wrong == []
