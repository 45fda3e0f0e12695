"""Does the chat wait while many documents come in: the p99 of its messages alone and during an import."""

import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Final

from benchmarks.gateway import Pair, open_pairs, talk
from benchmarks.serving import free_port, kefu, running

WIDGETS: Final = 200
PER_SECOND: Final = 50
WINDOW_SECONDS: Final = 5.0
ALONE: Final = 4  # windows before the import, and as many after it: a machine's pace drifts


async def measure_import(texts: Sequence[str]) -> dict[str, Any]:
    """A house without a bot, in which messages go from page to page at an even pace; milliseconds."""
    port = free_port()
    with tempfile.TemporaryDirectory() as var:
        folder = Path(var, "documents")
        await asyncio.to_thread(_write, folder, texts)
        process = kefu(var, port, "--rooms", "")
        async with running(process, f"http://127.0.0.1:{port}/health"), AsyncExitStack() as closing:
            pairs = await open_pairs(port, WIDGETS, closing)
            await _waits(pairs)  # what the first messages import is not the chat's usual wait
            alone = [await _waits(pairs) for _ in range(ALONE)]
            began = perf_counter()
            program = Path(sys.executable).with_name("kefu")
            importing = await asyncio.create_subprocess_exec(
                *(program, "knowledge", "import", folder),
                env=os.environ | {"KEFU_VAR": var},
                stdout=asyncio.subprocess.DEVNULL,
            )
            during, ended = list[list[float]](), asyncio.create_task(importing.wait())
            while not ended.done():
                during.append(await _waits(pairs))
            took = perf_counter() - began
            if await ended:
                raise RuntimeError("the import failed")
            await _waits(pairs)  # the index may still be written
            alone += [await _waits(pairs) for _ in range(ALONE)]
    told = {"documents": len(texts), "import_seconds": round(took, 1)} | _figures("alone", alone)
    told |= _figures("during", during)
    return told | {"chat_p99_ratio": round(told["chat_p99_ms_during"] / told["chat_p99_ms_alone"], 2)}


async def _waits(pairs: Sequence[Pair]) -> list[float]:
    """How long the messages of a window took."""
    await talk(pairs, PER_SECOND, WINDOW_SECONDS)
    waits = [wait for pair in pairs for wait in pair.waits]
    for pair in pairs:
        pair.waits.clear()
    return waits


def _figures(when: str, windows: Sequence[Sequence[float]]) -> dict[str, float]:
    """Of all messages, and of the middle window: one stall of the machine is in the first alone."""
    every = [wait for waits in windows for wait in waits]
    middle = median(_p99(waits) for waits in windows)
    return {f"chat_p99_ms_{when}": round(_p99(every), 2), f"chat_p99_ms_{when}_median_window": round(middle, 2)}


def _write(folder: Path, texts: Sequence[str]) -> None:
    folder.mkdir()
    for number, text in enumerate(texts):
        (folder / f"{number:04d}.txt").write_text(text, "utf-8")


def _p99(waits: Sequence[float]) -> float:
    return sorted(waits)[int(len(waits) * 0.99)] * 1000
