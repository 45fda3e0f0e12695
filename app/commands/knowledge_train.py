"""`kefu knowledge train`: how search orders what it finds, learned anew and kept only when it is better."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from app.config import Settings
from app.migrations import upgrade
from app.wiring.ground import open_log
from app.wiring.knowledge import open_knowledge
from benchmarks import ranking
from benchmarks.extraction import read_truth
from knowledge.ports import Passage
from knowledge.rules.learning import Lesson, better, judged, learn, split
from knowledge.rules.rank import MEASURES, WEIGHTS
from knowledge.service.feedback import helpful
from knowledge.store.uses import now
from language.lines import BadLine

SINCE: Final = timedelta(days=365)


def train(
    pairs: Annotated[list[Path] | None, typer.Option(exists=True, help="JSON lines of text1, text2 and label")] = None,
    truth: Annotated[
        list[Path] | None, typer.Option(exists=True, help="facts of documents, as for eval extract")
    ] = None,
) -> None:
    """Learn the order of what is found, from files and from answers that customers found helpful.

    A fifth of the questions is kept to compare with; the new weights count only when they do better there.
    """
    try:
        told = asyncio.run(_train(pairs or [], truth or []))
    except (BadLine, ValueError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    for name, value in told.items():
        typer.echo(f"{name}\t{value}")


async def _train(pairs: list[Path], truth: list[Path]) -> dict[str, Any]:
    sources = [await ranking.from_pairs(path) for path in pairs]
    sources += [await ranking.from_truth(*read_truth(path)) for path in truth]
    settings = Settings()
    settings.var.mkdir(parents=True, exist_ok=True)
    await upgrade(settings.database())
    async with open_log(settings) as log, open_knowledge(settings, log.transactions, follows=False) as library:
        await library.following.catch_up()
        known = [(text, _of(entry)) for text, entry in await helpful(log, library.uses, now() - SINCE)]
        sources.append(await ranking.lessons(library.search, known))
        told = weighed(sources, await library.ranking.latest() or WEIGHTS)
        if told["better"]:
            await library.ranking.keep(told["weights"], {"was": told["was"], "is": told["is"]})
    return {"questions": [len(source) for source in sources], **told}


def weighed(sources: list[list[Lesson]], standing: tuple[float, ...]) -> dict[str, Any]:
    """New weights beside those that stand. Raises ValueError when there is too little to learn from."""
    parts = [split(source) for source in sources]
    learned = learn([part for part, _ in parts])
    held = [part for _, part in parts]
    was, now_ = judged(held, standing), judged(held, [learned[name] for name in MEASURES])
    return {"weights": learned, "was": was, "is": now_, "better": better(now_, was)}


def _of(entry: str) -> Any:
    def right(passage: Passage) -> bool:
        return passage.document == entry

    return right
