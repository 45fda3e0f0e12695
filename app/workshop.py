"""Where models are made and tried: the engine's own program in processes of their own, behind those that serve."""

import asyncio
import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from app.engine import ENGINE, PYTHON, engine_command
from app.rehearsal import rehearse
from bot.ports import EngineUnavailable
from bot.rules.cases import Case, Played
from bot.service.training import TrainingFailed

NICE: Final = ("nice", "-n", "10")
LIMITED: Final = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1"}
LINES: Final = 3  # of what a failed program said last


class EngineWorkshop:
    """Keeps versions beside the working model at `model`; `swaps` is False when others run the engine's workers."""

    def __init__(self, model: Path, goods: Mapping[str, Any], *, swaps: bool = True) -> None:
        self._model = model
        self._goods = goods
        self._swaps = swaps

    def path(self, name: str) -> Path:
        """The file of a version."""
        return self._model.parent / "versions" / f"{name}.tar.gz" if name else self._model

    async def train(self, files: Mapping[str, str], name: str) -> None:
        """As Workshop.train; the files' names lead into the folders that Rasa expects."""
        with TemporaryDirectory() as folder:
            await asyncio.to_thread(_write, Path(folder), files)
            config = str(ENGINE / "config.yml")
            await _run("train", "--data", folder, "--config", config, "--out", folder, "--fixed-name", "model")
            await asyncio.to_thread(_copy, Path(folder, "model.tar.gz"), self.path(name))

    async def judge(self, name: str, texts: Sequence[str]) -> Sequence[str]:
        """As Workshop.judge."""
        with TemporaryDirectory() as folder:
            asked, said = Path(folder, "texts.json"), Path(folder, "intents.json")
            await asyncio.to_thread(asked.write_text, json.dumps(list(texts)), "utf-8")
            await _run("judge", "--model", str(self.path(name)), "--texts", str(asked), "--out", str(said))
            intents: list[str] = json.loads(await asyncio.to_thread(said.read_text, "utf-8"))
            return intents

    async def rehearse(self, name: str, cases: Sequence[Case], told: Callable[[int], None]) -> Sequence[Played]:
        """As Workshop.rehearse."""
        command = [*NICE, *engine_command("serve")]
        try:
            played = await rehearse(self.path(name), cases, self._goods, told, command)
        except EngineUnavailable as error:
            raise TrainingFailed(f"the dialogues could not be played: {error}") from error
        return [one for _, one in played]

    async def put_to_work(self, name: str) -> None:
        """As Workshop.put_to_work: the pool of workers sees the new file and passes over, worker by worker."""
        if not self._swaps:
            raise TrainingFailed("the engine's workers are run by others; give them the version's file")
        if not self.path(name).exists():
            raise TrainingFailed(f"the file of version {name} is gone")
        await asyncio.to_thread(_copy, self.path(name), self._model)

    async def keep(self, name: str) -> bool:
        """As Workshop.keep."""
        if not self._model.exists():
            return False
        await asyncio.to_thread(_copy, self._model, self.path(name))
        return True


def _write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")


def _copy(source: Path, target: Path) -> None:
    """Whole or not at all, with a time of its own."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.part")
    shutil.copyfile(source, partial)
    partial.replace(target)


async def _run(*words: str) -> None:
    """Run the engine's program to its end. Raises TrainingFailed with its last lines; a cancelled one is killed."""
    if not PYTHON.exists():
        raise TrainingFailed("the engine is not installed here")
    process = await asyncio.create_subprocess_exec(
        *NICE,
        *engine_command(*words),
        cwd=ENGINE,
        env={**os.environ, **LIMITED},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _, said = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode:
        lines = said.decode("utf-8", "replace").strip().splitlines()[-LINES:]
        raise TrainingFailed(f"{words[0]}: {' / '.join(lines)}")
