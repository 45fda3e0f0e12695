"""Pictures of every page, in both languages, at a desk and on a phone: docs/screens, from a demo house of its own.

    .venv/bin/python scripts/screens.py [page …]

It needs the trained model, the consoles as built and Chromium (`make test` installs what is missing). The page of
quality's models also needs what `kefu quality train` wrote into var/models/quality; without, its pictures stay.
"""

import asyncio
import base64
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.request import urlopen

from playwright.async_api import Browser, Page, async_playwright

ROOT: Final = Path(__file__).resolve().parent.parent
KEFU: Final = Path(sys.executable).with_name("kefu")
SCREENS: Final = ROOT / "docs" / "screens"
PASSWORD: Final = "kefu-demo-2026"
ADMIN: Final = "chen"
LANGUAGES: Final = {"zh": "zh-CN", "en": "en-US"}
SIZES: Final = {"desktop": (1280, 800), "phone": (390, 844)}
QUALITY: Final = 55
OWN: Final = ("desk", "my-quality")  # pages of somebody who talks to customers
PUBLIC: Final = ("sign-in", "widget-offer", "widget")
PARTS: Final = ("quality-score", "quality-examples", "quality-models")  # of the page quality
MODELS: Final = ROOT / "var" / "models" / "quality"
MARKED: Final = {"zh": "客套", "en": "courtesy"}


def pages() -> list[str]:
    """Every page that there is: the conversations, one ticket, what needs no sign-in, and the console's own list."""
    listed = re.findall(r'^    id: "([a-z-]+)"', (ROOT / "consoles/desk/src/pages.ts").read_text("utf-8"), re.M)
    return [*PUBLIC, "desk", "one-ticket", *listed, *PARTS]


@contextmanager
def house() -> Iterator[str]:
    """A demo house with an administrator, for as long as it takes; its address."""
    with tempfile.TemporaryDirectory() as var, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        told = {"KEFU_VAR": var, "KEFU_PORT": str(port), "KEFU_WORKERS": "1"}
        environment = os.environ | told | {"KEFU_MODEL": str(ROOT / "var/models/demo.tar.gz")}
        chief = ("agent", "add", ADMIN, "--name", "陈经理", "--role", "admin", "--password", PASSWORD)
        if MODELS.exists():
            shutil.copytree(MODELS, Path(var) / "models" / "quality")
        for command in (("demo",), chief):
            subprocess.run([KEFU, *command], cwd=ROOT, env=environment, check=True)
        running = subprocess.Popen([KEFU, "up"], cwd=ROOT, env=environment)
        try:
            url = f"http://127.0.0.1:{port}"
            asyncio.run(_answers(url))
            yield url
        finally:
            running.send_signal(2)
            running.wait(60)


async def _answers(url: str) -> None:
    async with asyncio.timeout(300):
        while True:
            try:
                await asyncio.to_thread(lambda: urlopen(f"{url}/health").close())
                return
            except OSError:
                await asyncio.sleep(0.5)


async def sign_in(page: Page, url: str, login: str) -> None:
    """At the desk."""
    await page.goto(f"{url}/desk/")
    await page.locator("input").nth(0).fill(login)
    await page.locator("input").nth(1).fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.get_by_role("banner").wait_for()


async def show(page: Page, url: str, name: str, language: str) -> None:
    """Bring a page to where there is something to see."""
    if name == "sign-in":
        await page.goto(f"{url}/desk/")
        await page.locator("input").nth(1).wait_for()
    elif name.startswith("widget"):
        await show_widget(page, url, name, language)
    elif name == "desk":
        await page.goto(f"{url}/desk/#/")
        await page.get_by_role("combobox").first.select_option("online")
        await page.locator(".list .row, nav [role=listitem], nav li").first.click()
        await page.get_by_role("log").wait_for()
    elif name in PARTS:
        await show_quality(page, url, name, language)
    elif name == "one-ticket":
        await page.goto(f"{url}/desk/#/p/tickets")
        await page.locator("main.page table a").first.click()
        await page.locator(".one-ticket .talk").wait_for()
    else:
        await page.goto(f"{url}/desk/#/p/{name}")
        await page.locator("main.page h2").first.wait_for()
    await page.wait_for_load_state("networkidle")
    await page.wait_for_timeout(700)  # charts and lists are drawn


async def show_quality(page: Page, url: str, name: str, language: str) -> None:
    """One score with messages marked; a rule found for the marked messages; what the models got right."""
    if name == "quality-models":
        await page.goto(f"{url}/desk/#/p/quality/models")
        await page.locator("main.page .panel").first.wait_for()
        return
    if name == "quality-score":
        await page.goto(f"{url}/desk/#/p/quality/scores?subject=demo-mei")
        await page.locator("main.page table a").first.click()
        await page.locator("input[list=example-names]").fill(MARKED[language])
        pick = page.locator(".pick")
        await pick.first.wait_for()
        for n in range(min(3, await pick.count())):
            if await pick.nth(n).get_attribute("aria-pressed") == "false":
                await pick.nth(n).click()
                await page.wait_for_load_state("networkidle")
        await page.locator(".score-head").scroll_into_view_if_needed()
        return
    await page.goto(f"{url}/desk/#/p/quality/rules")
    await page.locator("main.page select.field").first.select_option(MARKED[language])
    await page.locator("main.page form .n-button--primary-type").first.click()
    await page.wait_for_load_state("networkidle")


async def show_widget(page: Page, url: str, name: str, language: str) -> None:
    """The shop's page: an offer of help, or a talk with the bot."""
    await page.goto(url)
    if name == "widget-offer":
        await page.wait_for_load_state("networkidle")  # what is pressed before the widget is there is not heard
        await page.locator("[data-kefu-event]").first.click()
        await page.locator(".offer").wait_for()
        return
    await page.get_by_role("button", name="打开客服对话" if language == "zh" else "Open support chat").click()
    box = page.get_by_role("textbox").last
    await box.fill("查订单 KF10000001" if language == "zh" else "where is my order KF20000001?")
    await box.press("Enter")
    await page.locator(".card").first.wait_for(timeout=60_000)


async def take(page: Page, path: Path) -> None:
    """What is in the window, as WebP."""
    session = await page.context.new_cdp_session(page)
    shot = await session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    await asyncio.to_thread(path.write_bytes, base64.b64decode(shot["data"]))


async def tour(browser: Browser, url: str, names: list[str], language: str, size: str) -> None:
    """One language and one size of window, in three browsers: nobody, an agent, the administrator."""
    width, height = SIZES[size]
    people = {"": PUBLIC, "mei": OWN, ADMIN: tuple(name for name in names if name not in (*PUBLIC, *OWN))}
    for login, theirs in people.items():
        wanted = [name for name in theirs if name in names]
        if not wanted:
            continue
        context = await browser.new_context(
            locale=LANGUAGES[language], viewport={"width": width, "height": height}, color_scheme="light"
        )
        page = await context.new_page()
        if login:
            await sign_in(page, url, login)
        for name in wanted:
            await show(page, url, name, language)
            await take(page, SCREENS / f"{name}-{language}-{size}.webp")
            print(f"{name} {language} {size}", flush=True)
        await context.close()


def index() -> None:
    """The page that shows them all."""
    shots = [(language, size) for language in LANGUAGES for size in SIZES]
    lines = ["# Every page", "", "Made by `.venv/bin/python scripts/screens.py` from the demo's house.", ""]
    lines += ["| page | " + " | ".join(" ".join(shot) for shot in shots) + " |", "|---" * 5 + "|"]
    for name in pages():
        files = (f"{name}-{language}-{size}.webp" for language, size in shots)
        lines.append(
            f"| {name} | " + " | ".join(f'<img src="{file}" alt="{file}" width="200">' for file in files) + " |"
        )
    (SCREENS / "README.md").write_text("\n".join(lines) + "\n", "utf-8")


async def photograph(url: str, names: list[str]) -> None:
    """All of them."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for language in LANGUAGES:
            for size in SIZES:
                await tour(browser, url, names, language, size)
        await browser.close()


if __name__ == "__main__":
    chosen = sys.argv[1:] or pages()
    if strange := set(chosen) - set(pages()):
        sys.exit(f"no page is called {', '.join(sorted(strange))}; there are {', '.join(pages())}")
    if not MODELS.exists():
        chosen = [name for name in chosen if name != "quality-models"]
    SCREENS.mkdir(exist_ok=True)
    with house() as address:
        asyncio.run(photograph(address, chosen))
    index()
