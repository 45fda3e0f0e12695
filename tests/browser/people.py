"""What customers and staff do in front of a browser, and what a screen reader would trip over."""

from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, Page

from app.config import ROOT
from tests.browser.conftest import Home

AXE = ROOT / "consoles" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


@dataclass
class Person:
    """Somebody at a page, and what went wrong in its scripts."""

    page: Page
    wrong: list[str] = field(default_factory=list)

    async def flaws(self) -> list[str]:
        """What axe finds on the page as it stands: the rule, and where it is broken."""
        await self.page.evaluate(AXE.read_text("utf-8"))
        found: dict[str, Any] = await self.page.evaluate("rules => axe.run({runOnly: rules})", RULES)
        return [f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]]


async def open_page(browser: Browser, locale: str, width: int, *, dark: bool = False) -> Person:
    """A browser of its own."""
    scheme = "dark" if dark else "light"
    size = {"width": width, "height": 820}
    context = await browser.new_context(locale=locale, viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
    person = Person(await context.new_page())
    person.page.on("pageerror", lambda error: person.wrong.append(str(error)))
    person.page.on("dialog", lambda dialog: person.wrong.append(f"a dialog of the browser's: {dialog.message}"))
    return person


async def customer(browser: Browser, home: Home, locale: str) -> Person:
    """At the shop's page on a phone, with the widget open."""
    person = await open_page(browser, locale, 390)
    await person.page.goto(home.url)
    await person.page.get_by_role("button", name="打开客服对话" if locale == "zh-CN" else "Open support chat").click()
    return person


async def say(page: Page, text: str) -> None:
    """Write it where one writes."""
    box = page.get_by_role("textbox").last
    await box.fill(text)
    await box.press("Enter")


async def sign_in(person: Person, home: Home, login: str, password: str) -> None:
    """At the desk."""
    await person.page.goto(f"{home.url}/desk/")
    await person.page.locator("input").nth(0).fill(login)
    await person.page.locator("input").nth(1).fill(password)
    await person.page.keyboard.press("Enter")
    await person.page.get_by_role("banner").wait_for()
