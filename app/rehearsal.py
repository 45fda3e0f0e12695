"""Plays scripted conversations: a model's own worker, and the demo shop itself as new for each of them."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final

from app.engine import EnginePool, engine_command
from bot.adapters.rasa import RasaWorkers
from bot.ports import Ask, Engine, EngineUnavailable, Turn
from bot.rules.cases import Case, Played, Step
from demo_shop.stage import Stage, open_stage

LOAD_SECONDS: Final = 300.0  # whatever else the machine does meanwhile
TURN_SECONDS: Final = 60.0


async def rehearse(
    model: Path,
    cases: Sequence[Case],
    goods: Mapping[str, Any],
    told: Callable[[int], None] = lambda _: None,
    command: Sequence[str] = (),
) -> list[tuple[Case, Played]]:
    """What comes of each case with this model. `told` hears how many are done.

    `command` starts the engine, by default as the house does. Raises EngineUnavailable.
    """
    results = []
    async with AsyncExitStack() as closing:
        stage = await closing.enter_async_context(open_stage(goods))
        workers = RasaWorkers(TURN_SECONDS)
        closing.push_async_callback(workers.close)
        pool = EnginePool(workers, command or engine_command("serve"), model=model, count=1, shop_url=stage.url)
        pool.start()
        closing.push_async_callback(pool.stop)
        await _loaded(workers)
        for number, case in enumerate(cases):
            results.append((case, await _play(case, f"case{number}", stage, workers)))
            told(number + 1)
    return results


async def _loaded(workers: RasaWorkers) -> None:
    try:
        async with asyncio.timeout(LOAD_SECONDS):
            await workers.ready()
    except TimeoutError as error:
        raise EngineUnavailable(f"the model was not loaded within {LOAD_SECONDS:g} s") from error


async def _play(case: Case, name: str, stage: Stage, engine: Engine) -> Played:
    await stage.reset()
    turns: list[Turn] = []
    for number, step in enumerate(case.turns):
        if step.shop:
            stage.away = step.shop == "away"
        last = turns[-1] if turns else None
        text, payload = await _said(step, last, stage)
        state = last.state if last else ""
        # Causes in the order of their letters: so are the shop's deeds.
        ask = Ask(name, "customer", f"turn{number:03}", case.language, text, payload, state)
        turns.append(await engine.turn(ask))
    return Played(tuple(turns), tuple(await stage.done()))


async def _said(step: Step, last: Turn | None, stage: Stage) -> tuple[str, str]:
    """A message's text and its payload: a button has both."""
    if step.press:
        buttons = [button for message in (last.messages if last else ()) for button in message.buttons]
        title = next((button.payload for button in buttons if button.title == step.press), step.press)
        return step.press, title if title.startswith("/") else ""
    code = await stage.code() if "{" in step.user else ""
    wrong = f"{(int(code or 0) + 1) % 10**6:06}"
    return step.user.replace("{code}", code).replace("{wrong}", wrong), ""


def read_goods(path: Path) -> dict[str, Any]:
    """A shop's goods, as data/seed/shop.json has them. Raises OSError, ValueError."""
    try:
        goods = json.loads(path.read_text("utf-8-sig"))
    except ValueError as error:
        raise ValueError(f"{path}: this is not JSON: {error}") from None
    if not isinstance(goods, dict):
        raise ValueError(f"{path}: an object is missing")
    for part in ("orders", "parcels", "coupons"):
        if not isinstance(goods.get(part), list):
            raise ValueError(f"{path}: {part}: a list is missing")
    return goods
