"""The pool of engine workers: started, watched, replaced when they die or hang, exchanged for a new model."""

import asyncio
import logging
import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Final

import aiohttp

from app.background import background
from app.config import ROOT
from app.nursery import Nursery, NurseryFailed, Worker
from bot.adapters.rasa import RasaWorkers

ENGINE: Final = ROOT / "bot" / "engine"
PYTHON: Final = ENGINE / ".venv" / "bin" / "python"
WATCH_SECONDS: Final = 2.0
HEALTH_SECONDS: Final = 5.0
AGAIN_SECONDS: Final = 5.0

log = logging.getLogger(__name__)


def engine_command(*words: str) -> list[str]:
    """What runs the engine's own program in its own environment."""
    return [str(PYTHON), "-W", "ignore", "-m", "kefu_engine", *words]


class EnginePool:
    """Keeps `count` workers of the model at hand for RasaWorkers."""

    def __init__(self, workers: RasaWorkers, command: Sequence[str], *, model: Path, count: int, shop_url: str) -> None:
        self._workers = workers
        self._command = command
        self._model = model
        self._count = count
        self._shop_url = shop_url
        self._nursery: Nursery | None = None
        self._served: dict[int, Worker] = {}
        self._leaving: dict[int, Worker] = {}  # of the model before, until there are enough of the new one
        self._exited = asyncio.Event()
        self._loaded_at = 0.0
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; workers are announced to RasaWorkers as they become ready, which needs a trained model."""
        if self._model.exists():
            self._workers.expect()
        self._task = asyncio.create_task(self._run(), name="engine pool")

    async def stop(self) -> None:
        """End all workers."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        nursery, self._nursery = self._nursery, None
        if nursery is not None:
            await nursery.close()

    @property
    def pids(self) -> list[int]:
        """The workers' process ids."""
        return list(self._served)

    async def _run(self) -> None:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(HEALTH_SECONDS)) as session:
            while True:
                if self._nursery is None and not self._model.exists():
                    await asyncio.sleep(WATCH_SECONDS)  # nobody has trained one yet
                    continue
                try:
                    await self._fill(session)
                    await self._watch(session)
                except NurseryFailed as error:
                    log.error("%s; trying again in %g s", error, AGAIN_SECONDS)
                    await asyncio.sleep(AGAIN_SECONDS)

    async def _fill(self, session: aiohttp.ClientSession) -> None:
        """As many workers of the present model as there should be."""
        if self._nursery is None or self._model_changed():
            # Loading takes its time: meanwhile a worker that was left out for being slow must find its way back.
            async with background(self._keep_looking(session)):
                await self._exchange()
        assert self._nursery is not None
        while len(self._served) < self._count:
            await self._add(self._nursery)

    def _model_changed(self) -> bool:
        return self._model.exists() and self._model.stat().st_mtime != self._loaded_at

    async def _exchange(self) -> None:
        """Load the model anew and pass over to its workers one by one; no turn is dropped."""
        began, self._loaded_at = monotonic(), self._model.stat().st_mtime
        command = [*self._command, "--model", str(self._model.resolve())]
        fresh = await Nursery.start(command, ENGINE, self._shop_url, self._left)
        old, self._nursery = self._nursery, fresh
        self._leaving, self._served = self._served, {}
        for _ in range(self._count):
            await self._add(fresh)
            if old is not None and self._leaving:
                pid, worker = self._leaving.popitem()
                self._workers.remove(worker.url)
                old.drain(pid)
        if old is not None:
            await old.close()
        log.info("the bot is ready: %d workers after %.1f s", self._count, monotonic() - began)

    async def _add(self, nursery: Nursery) -> None:
        worker = await nursery.spawn()
        self._served[worker.pid] = worker
        self._workers.add(worker.url)

    def _left(self, nursery: Nursery, pid: int) -> None:
        """A worker (or with pid 0 the whole engine) is gone."""
        if nursery is not self._nursery:
            return
        gone = [pid] if pid else list(self._served)
        for one in gone:
            if worker := self._served.pop(one, None):
                self._workers.remove(worker.url)
                log.warning("engine worker %d is gone", one)
        if not pid:
            self._nursery = None
        self._exited.set()

    async def _watch(self, session: aiohttp.ClientSession) -> None:
        """Until a worker is gone or there is a new model."""
        self._exited.clear()
        while len(self._served) == self._count and not self._model_changed():
            await self._look(session)
            with suppress(TimeoutError):
                async with asyncio.timeout(WATCH_SECONDS):
                    await self._exited.wait()

    async def _keep_looking(self, session: aiohttp.ClientSession) -> None:
        while True:
            await self._look(session)
            await asyncio.sleep(WATCH_SECONDS)

    async def _look(self, session: aiohttp.ClientSession) -> None:
        """Those that answer are given turns; one that does not is killed."""
        for worker in (*self._served.values(), *self._leaving.values()):
            answers = await _answers(session, worker)
            if worker.pid not in self._served and worker.pid not in self._leaving:
                continue  # it has been told to leave meanwhile
            if answers:
                self._workers.add(worker.url)
            else:
                log.warning("engine worker %d does not answer and is killed", worker.pid)
                with suppress(ProcessLookupError):
                    os.kill(worker.pid, signal.SIGKILL)


async def _answers(session: aiohttp.ClientSession, worker: Worker) -> bool:
    try:
        async with session.get(f"{worker.url}/health") as answer:
            return answer.status == 200
    except (aiohttp.ClientError, OSError, TimeoutError):
        return False
