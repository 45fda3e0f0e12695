"""A model trained once per content of data/training, its actions at hand, and a shop for each dialogue."""

import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from rasa.core.agent import Agent
from rasa.model_training import train
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

from kefu_engine.actions import shop as door

from .shop_fake import ShopFake

ENGINE = Path(__file__).parents[2]
TRAINING = ENGINE.parents[1] / "data" / "training"
CONFIG = Path(os.environ["KEFU_SCRATCH_CONFIG"])
CACHE = ENGINE / ".cache" / "models"


class InProcess(EndpointConfig):
    """Rasa's action endpoint without a server."""

    def __init__(self) -> None:
        super().__init__("in-process")
        self._executor = ActionExecutor()
        self._executor.register_package("kefu_engine.actions")

    async def request(self, *, json: dict[str, Any], **_: Any) -> dict[str, Any] | None:
        """Run one action."""
        return await self._executor.run(json)


@pytest.fixture(scope="session")
def model() -> Path:
    """Trained when no model of this content is in the cache."""
    digest = hashlib.sha256()
    for path in [CONFIG, *sorted(TRAINING.rglob("*.yml"))]:
        digest.update(path.read_bytes())
    trained = CACHE / f"{digest.hexdigest()[:16]}.tar.gz"
    if not trained.exists():
        files = [str(TRAINING / "nlu"), str(TRAINING / "rules.yml")]
        train(str(TRAINING / "domain"), str(CONFIG), files, str(CACHE), fixed_model_name=trained.name)
    return trained


@pytest.fixture(scope="session")
def agent(model: Path) -> Agent:
    """Rasa with the model and our actions."""
    return Agent.load(model, action_endpoint=InProcess())


@pytest_asyncio.fixture
async def shop(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ShopFake]:
    """A shop at KEFU_SHOP_URL."""
    fake = ShopFake()
    async with fake.open() as url:
        monkeypatch.setenv("KEFU_SHOP_URL", url)
        yield fake
        await door.close()
