"""A house that `kefu up` started, and a browser to meet it with."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Browser, async_playwright, expect

from app.config import ROOT
from tests.servers.ports import free_port

MODEL = ROOT / "var" / "models" / "demo.tar.gz"
KEFU = Path(sys.executable).with_name("kefu")
expect.set_options(timeout=30_000)  # as long as Playwright waits for all else: a busy machine is no finding


@dataclass
class Home:
    """A running house."""

    url: str
    var: Path
    environment: dict[str, str]

    @property
    def password(self) -> str:
        """The first admin's."""
        return (self.var / "first-password").read_text()

    def command(self, *words: str) -> str:
        """What a kefu command prints."""
        done = subprocess.run(
            [KEFU, *words], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=True
        )
        return done.stdout


@pytest.fixture
def no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """No bot is needed here; it is said to run elsewhere."""
    monkeypatch.setenv("KEFU_ENGINE_URLS", '["http://127.0.0.1:9"]')


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    """Started as a newcomer starts it, with the trained model."""
    port = free_port()
    environment = os.environ | {"KEFU_VAR": str(tmp_path), "KEFU_PORT": str(port), "KEFU_MODEL": str(MODEL)}
    environment |= {"KEFU_WORKERS": "1"}
    running = subprocess.Popen([KEFU, "up"], cwd=ROOT, env=environment)
    url = f"http://127.0.0.1:{port}"
    try:
        await _answers(url)
        yield Home(url, tmp_path, environment)
    finally:
        running.send_signal(2)
        assert running.wait(60) == 0


async def _answers(url: str) -> None:
    """Raises TimeoutError when nobody does in three minutes."""
    async with aiohttp.ClientSession() as session, asyncio.timeout(180):
        while True:
            try:
                async with session.get(f"{url}/health"):
                    return
            except aiohttp.ClientError:
                await asyncio.sleep(0.1)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Chromium, as `scripts/bootstrap.py browser` installs it."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield opened
        await opened.close()
