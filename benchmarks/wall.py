"""How old the numbers on the wall are: somebody asks for a person, and the wallboard is watched until it says so."""

import asyncio
import json
from contextlib import suppress
from itertools import count
from time import perf_counter
from typing import Any, Final

import aiohttp
from websockets.asyncio.client import ClientConnection, connect

from web.sessions import COOKIE

EVERY_SECONDS: Final = 1.7  # no multiple of the wallboard's own second
LATE_SECONDS: Final = 4.0


class Wall:
    """A supervisor's wallboard; `ages` are seconds from what happened to the first frame that counts it.

    Each probe is a customer who comes and asks for a person: one more that waits, one more conversation of the day.
    """

    def __init__(self) -> None:
        self.ages: dict[str, list[float]] = {"waiting": [], "volume": []}
        self._pending: dict[str, list[float]] = {"waiting": [], "volume": []}
        self._seen: dict[str, int] | None = None

    async def watch(self, port: int, cookie: str) -> None:
        """Until cancelled."""
        headers = {"Cookie": f"{COOKIE}={cookie}"}
        url = f"127.0.0.1:{port}"
        async with (
            connect(f"ws://{url}/live", additional_headers=headers, compression=None, ping_interval=None) as live,
            aiohttp.ClientSession(f"http://{url}") as widget,
            asyncio.TaskGroup() as both,
        ):
            await live.send(json.dumps({"type": "wallboard", "on": True}))
            both.create_task(self._read(live))
            both.create_task(self._probe(widget))

    async def _read(self, live: ClientConnection) -> None:
        async for raw in live:
            if '"wallboard"' in raw and (frame := json.loads(raw))["type"] == "wallboard":
                self._count({"waiting": frame["waiting"], "volume": frame["today"]["volume"]})

    def _count(self, now: dict[str, int]) -> None:
        before, self._seen = self._seen or now, now
        for name, value in now.items():
            for _ in range(min(value - before[name], len(self._pending[name]))):
                self.ages[name].append(perf_counter() - self._pending[name].pop(0))

    async def _probe(self, widget: aiohttp.ClientSession) -> None:
        for n in count():
            await asyncio.sleep(EVERY_SECONDS)
            if self._seen is None:
                continue
            self._pending["volume"].append(perf_counter())
            session = await _post(widget, "/widget/session", {"site": "demo", "language": "zh"})
            self._pending["waiting"].append(perf_counter())
            await _post(widget, "/widget/wishes", {"type": "person", "id": f"p{n}"}, session["token"])

    def told(self) -> dict[str, Any]:
        """Probes that were seen, those never seen, and the oldest number in seconds."""
        ages = [age for some in self.ages.values() for age in some]
        late = perf_counter() - LATE_SECONDS
        unseen = sum(since < late for some in self._pending.values() for since in some)
        oldest = round(max(ages), 2) if ages else None
        return {"wall_probes": len(ages), "wall_unseen": unseen, "wall_oldest_s": oldest}


async def _post(widget: aiohttp.ClientSession, path: str, body: dict[str, str], token: str = "") -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with widget.post(path, json=body, headers=headers) as answer:
        answer.raise_for_status()
        told: dict[str, Any] = await answer.json()
        return told


async def leave(task: asyncio.Task[None]) -> None:
    """Cancel it; what went wrong before rises here."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
