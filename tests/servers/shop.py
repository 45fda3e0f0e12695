"""The demo shop for the engine's tests, which run in another environment: a line in, a line out.

`python tests/servers/shop.py GOODS` first prints {"url"}; then {"do": "reset" | "send" | "away" | "back"} is answered
by {}, {"do": "done"} by {"done": [[deed, order, asked]]}, {"do": "code"} by {"code"}. The end of the input ends it.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from demo_shop.stage import Stage, open_stage


async def obey(stage: Stage, order: str) -> dict[str, Any]:
    """Do one thing and say what came of it."""
    match order:
        case "done":
            return {"done": await stage.done()}
        case "code":
            return {"code": await stage.code()}
        case "away" | "back":
            stage.away = order == "away"
        case "send":
            await stage.send()
        case "reset":
            await stage.reset()
    return {}


async def main(goods: dict[str, Any]) -> None:
    """Until the input ends."""
    async with open_stage(goods) as stage:
        print(json.dumps({"url": stage.url}), flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            print(json.dumps(await obey(stage, json.loads(line)["do"])), flush=True)


if __name__ == "__main__":
    asyncio.run(main(json.loads(Path(sys.argv[1]).read_text("utf-8"))))
