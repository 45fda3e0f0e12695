"""Does the chat wait while many documents come in: the p99 of its messages before and during an import."""

import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from benchmarks.gateway import Pair, open_pairs, talk
from benchmarks.serving import free_port, kefu, running

WIDGETS: Final = 200
PER_SECOND: Final = 50
BEFORE_SECONDS: Final = 20.0
ROUND_SECONDS: Final = 2.0


async def measure_import(texts: Sequence[str]) -> dict[str, Any]:
    """A house without a bot, in which messages go from page to page at an even pace; milliseconds."""
    port = free_port()
    with tempfile.TemporaryDirectory() as var:
        folder = Path(var, "documents")
        await asyncio.to_thread(_write, folder, texts)
        process = kefu(var, port, "--rooms", "")
        async with running(process, f"http://127.0.0.1:{port}/health"), AsyncExitStack() as closing:
            pairs = await open_pairs(port, WIDGETS, closing)
            await _waits(pairs, ROUND_SECONDS)  # what the first messages import is not the chat's usual wait
            before = await _waits(pairs, BEFORE_SECONDS)
            began = perf_counter()
            program = Path(sys.executable).with_name("kefu")
            importing = await asyncio.create_subprocess_exec(
                *(program, "knowledge", "import", folder),
                env=os.environ | {"KEFU_VAR": var},
                stdout=asyncio.subprocess.DEVNULL,
            )
            during, ended = list[float](), asyncio.create_task(importing.wait())
            while not ended.done():
                during += await _waits(pairs, ROUND_SECONDS)
            took = perf_counter() - began
            if await ended:
                raise RuntimeError("the import failed")
    figures = {"documents": len(texts), "import_seconds": round(took, 1)}
    calm, busy = _p99(before), _p99(during)
    told = {"chat_p99_ms_before": round(calm, 2), "chat_p99_ms_during": round(busy, 2)}
    return {**figures, **told, "chat_p99_ratio": round(busy / calm, 2)}


async def _waits(pairs: Sequence[Pair], seconds: float) -> list[float]:
    """How long the messages of these seconds took."""
    await talk(pairs, PER_SECOND, seconds)
    waits = [wait for pair in pairs for wait in pair.waits]
    for pair in pairs:
        pair.waits.clear()
    return waits


def _write(folder: Path, texts: Sequence[str]) -> None:
    folder.mkdir()
    for number, text in enumerate(texts):
        (folder / f"{number:04d}.txt").write_text(text, "utf-8")


def _p99(waits: Sequence[float]) -> float:
    return sorted(waits)[int(len(waits) * 0.99)] * 1000
