"""A model trained once per content of data/training, its actions at hand, and a shop for each dialogue."""

import fcntl
import hashlib
import json
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from rasa.core.agent import Agent
from rasa.model_training import train

from kefu_engine.actions import shop as door
from kefu_engine.executor import InProcess
from kefu_engine.turn import Engine

ENGINE = Path(__file__).parents[2]
ROOT = ENGINE.parents[1]
TRAINING = ROOT / "data" / "training"
GOODS = Path(__file__).with_name("shop.json")
CONFIG = ENGINE / "config.yml"
CACHE = ENGINE / ".cache" / "models"


@pytest.fixture(scope="session")
def model() -> Path:
    """Trained when no model of this content is in the cache."""
    digest = hashlib.sha256()
    components = sorted((ENGINE / "kefu_engine" / "components").glob("*.[np][py]*"))
    for path in [CONFIG, *sorted(TRAINING.rglob("*.yml")), *components]:
        digest.update(path.read_bytes())
    trained = CACHE / f"{digest.hexdigest()[:16]}.tar.gz"
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of two processes that test, one trains
        if not trained.exists():
            files = [str(TRAINING / "nlu"), str(TRAINING / "rules.yml")]
            train(str(TRAINING / "domain"), str(CONFIG), files, str(CACHE), fixed_model_name=trained.name)
    return trained


@pytest.fixture(scope="session")
def agent(model: Path) -> Agent:
    """Rasa as it comes, with its trackers in memory."""
    return Agent.load(str(model), action_endpoint=InProcess())


@pytest.fixture(scope="session")
def engine(model: Path) -> Engine:
    """Ours: the dialogue state comes and goes with each turn."""
    return Engine(model)


class Shop:
    """The platform's demo shop, in its own environment (tests/servers/shop.py)."""

    def __init__(self) -> None:
        words = [str(ROOT / ".venv/bin/python"), str(ROOT / "tests/servers/shop.py"), str(GOODS)]
        self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = str(self._hear()["url"])

    def ask(self, order: str) -> dict[str, Any]:
        """One line in, one line out."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": order}) + "\n")
        self._process.stdin.flush()
        return self._hear()

    def _hear(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        told: dict[str, Any] = json.loads(self._process.stdout.readline())
        return told

    def close(self) -> None:
        """End it."""
        self._process.communicate()


@pytest.fixture(scope="session")
def demo_shop() -> Iterator[Shop]:
    """The real one, for the whole run."""
    shop = Shop()
    yield shop
    shop.close()


@pytest_asyncio.fixture
async def shop(demo_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Shop]:
    """It, as new, at KEFU_SHOP_URL."""
    demo_shop.ask("reset")
    monkeypatch.setenv("KEFU_SHOP_URL", demo_shop.url)
    yield demo_shop
    await door.close()
