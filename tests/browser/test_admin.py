"""The supervisor's and the administrator's pages, as they are met in a browser."""

import re

import pyotp
import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import Home
from tests.browser.people import Person, open_page, sign_in

PAGES = (
    "visitors",
    "wallboard",
    "reports",
    "staff",
    "groups",
    "hours",
    "sites",
    "ticket-types",
    "roles",
    "tokens",
    "webhooks",
    "rules",
    "audit",
    "account",
)
TOO_WIDE = (
    "() => [document.documentElement, document.querySelector('.page')].some(one => one.scrollWidth > one.clientWidth)"
)
READING = re.compile("正在读取|Reading")


pytestmark = pytest.mark.usefixtures("no_engine")


async def admin(browser: Browser, home: Home, locale: str, width: int, *, dark: bool = False) -> Person:
    """The first administrator, signed in."""
    person = await open_page(browser, locale, width, dark=dark)
    await sign_in(person, home, "admin", home.password)
    return person


@pytest.mark.parametrize(("locale", "width", "dark"), [("zh-CN", 390, True), ("en-US", 1300, False)])
async def test_every_page_can_be_read_by_everybody(
    home: Home, browser: Browser, locale: str, width: int, dark: bool
) -> None:
    root = await admin(browser, home, locale, width, dark=dark)
    title, before = root.page.locator("main.page > h2"), ""
    for name in PAGES:
        await root.page.goto(f"{home.url}/desk/#/p/{name}")
        await expect(title).not_to_have_text(before)
        await root.page.locator("main.page > h2 ~ *").first.wait_for()
        await expect(root.page.get_by_text(READING)).to_have_count(0)
        before = await title.inner_text()
        assert await root.flaws() == [], name
        assert not await root.page.evaluate(TOO_WIDE), name
    assert root.wrong == []


async def test_a_group_is_made_a_workflow_grows_and_somebody_is_invited(home: Home, browser: Browser) -> None:
    root = await admin(browser, home, "en-US", 1300)
    page, dialog = root.page, root.page.get_by_role("dialog")
    await page.goto(f"{home.url}/desk/#/p/groups")
    await page.get_by_role("button", name="New group").click()
    await dialog.get_by_label("Id (a–z").fill("vip")
    await dialog.get_by_label("Name in Chinese").fill("贵宾")
    await dialog.get_by_label("Name in English").fill("VIP desk")
    await dialog.get_by_role("button", name="Save").click()
    await page.get_by_role("cell", name="VIP desk (vip)").wait_for()
    await page.goto(f"{home.url}/desk/#/p/ticket-types")
    await page.get_by_role("button", name="Change: Follow-up").click()
    await dialog.get_by_role("button", name="Add a state").click()
    fresh = dialog.get_by_role("group", name="State 4").first
    await fresh.get_by_label("Id (a–z").fill("done")
    await fresh.get_by_label("Name in Chinese").fill("待复核")
    await fresh.get_by_label("Name in English").fill("In review")
    await dialog.get_by_role("group", name="Open: May go on to").get_by_label("In review").check()
    await dialog.get_by_role("button", name="Save").click()
    await fresh.get_by_text("This id is taken above.").wait_for()
    assert await root.flaws() == []
    await fresh.get_by_label("Id (a–z").fill("review")
    await dialog.get_by_role("button", name="Save").click()
    await page.get_by_role("cell", name="Open, Waiting, Solved, In review").wait_for()
    await page.goto(f"{home.url}/desk/#/p/staff")
    await page.get_by_role("button", name="Add somebody").click()
    await dialog.get_by_label("Login").fill("zoe")
    await dialog.get_by_label("Name", exact=True).fill("Zoe")
    await dialog.get_by_label("VIP desk").check()
    await dialog.get_by_role("button", name="Save").click()
    link = await dialog.locator(".secret").inner_text()

    zoe = await open_page(browser, "en-US", 390)
    await zoe.page.goto(link)
    await zoe.page.get_by_role("heading", name="Welcome, Zoe").wait_for()
    assert await zoe.flaws() == []
    for label in ("New password", "Once more"):
        await zoe.page.get_by_label(label).fill("a password of her own")
    await zoe.page.get_by_role("button", name="Set password").click()
    await zoe.page.get_by_role("button", name="To the sign-in").click()
    await sign_in(zoe, home, "zoe", "a password of her own")
    await page.goto(f"{home.url}/desk/#/p/audit")
    await page.get_by_role("button", name="Settings and people").click()
    await expect(page.get_by_role("cell", name=re.compile("added somebody"))).to_be_visible()
    assert root.wrong == zoe.wrong == []


async def test_a_role_that_needs_a_second_factor_is_led_through_it(home: Home, browser: Browser) -> None:
    home.command("agent", "add", "sue", "--name", "Sue", "--role", "supervisor", "--password", "correct horse battery")
    root = await admin(browser, home, "en-US", 1300)
    await root.page.goto(f"{home.url}/desk/#/p/roles")
    row = root.page.get_by_role("row", name=re.compile("Supervisor"))
    await row.get_by_role("button", name="free to choose").click()
    await row.get_by_role("button", name="needed").wait_for()

    sue = await open_page(browser, "en-US", 390)
    await sue.page.goto(f"{home.url}/desk/")
    await sue.page.locator("input").nth(0).fill("sue")
    await sue.page.locator("input").nth(1).fill("correct horse battery")
    await sue.page.keyboard.press("Enter")
    await sue.page.get_by_role("button", name="Set it up").click()
    secret = await sue.page.locator(".secret").inner_text()
    await sue.page.get_by_label("Type the six digits").fill(pyotp.TOTP(secret).now())
    await sue.page.get_by_role("button", name="Confirm").click()
    code = await sue.page.locator(".codes span").first.inner_text()
    assert await sue.flaws() == []
    await sue.page.get_by_role("button", name="I have kept them").click()
    await sue.page.get_by_role("banner").wait_for()

    await sue.page.context.clear_cookies()
    await sue.page.reload()
    await sue.page.locator("input").nth(0).fill("sue")
    await sue.page.locator("input").nth(1).fill("correct horse battery")
    await sue.page.keyboard.press("Enter")
    await sue.page.get_by_label("Code of the authenticator").fill(code)
    await sue.page.keyboard.press("Enter")
    await sue.page.get_by_role("banner").wait_for()
    assert root.wrong == sue.wrong == []
