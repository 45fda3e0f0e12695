"""What a model takes messages for, many at a time: its side of a training's comparison."""

import asyncio
import json
from pathlib import Path

from kefu_engine.turn import Engine


def judge(model: Path, texts: Path, out: Path) -> None:
    """Write the likeliest intent of each text of a JSON list, as a JSON list."""
    engine, asked = Engine(model), json.loads(texts.read_text("utf-8"))

    async def all_of_them() -> list[str]:
        return [await engine.likeliest(text) for text in asked]

    out.write_text(json.dumps(asyncio.run(all_of_them())), "utf-8")
