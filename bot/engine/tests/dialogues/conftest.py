"""A model trained once per content of data/training, its actions at hand, and a shop for each dialogue."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from rasa.core.agent import Agent
from rasa.model_training import train

from kefu_engine.actions import shop as door
from kefu_engine.executor import InProcess
from kefu_engine.turn import Engine

from .shop_fake import ShopFake

ENGINE = Path(__file__).parents[2]
TRAINING = ENGINE.parents[1] / "data" / "training"
CONFIG = ENGINE / "config.yml"
CACHE = ENGINE / ".cache" / "models"


@pytest.fixture(scope="session")
def model() -> Path:
    """Trained when no model of this content is in the cache."""
    digest = hashlib.sha256()
    components = sorted((ENGINE / "kefu_engine" / "components").glob("*.py"))
    for path in [CONFIG, *sorted(TRAINING.rglob("*.yml")), *components]:
        digest.update(path.read_bytes())
    trained = CACHE / f"{digest.hexdigest()[:16]}.tar.gz"
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


@pytest_asyncio.fixture
async def shop(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ShopFake]:
    """A shop at KEFU_SHOP_URL."""
    fake = ShopFake()
    async with fake.open() as url:
        monkeypatch.setenv("KEFU_SHOP_URL", url)
        yield fake
        await door.close()
