"""`kefu knowledge …`, `kefu eval search` and `kefu eval extract`."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.progress import Progress

from app.commands.knowledge_train import train
from app.commands.terminal import AsJson, tell
from app.config import Settings
from app.migrations import upgrade
from app.wiring.ground import open_log
from app.wiring.knowledge import open_knowledge
from benchmarks import arrival, extraction, library, retrieval
from knowledge.api.hall import KnowledgeHall
from knowledge.ports import Answer, Audience, Unreadable, Wish
from knowledge.rules.files import TAKEN, check_size
from knowledge.service.asking import propose_from
from knowledge.service.library import Options, Taken
from language.lines import BadLine

BY: Final = "command"
PAGE: Final = 200  # entries
EmbeddingUrl = Annotated[str, typer.Option(help="vectors from this server (OpenAI's /embeddings)")]
EmbeddingModel = Annotated[str, typer.Option()]
knowledge = typer.Typer(no_args_is_help=True, add_completion=False)


@knowledge.callback()
def about() -> None:
    """The library that the bot and agents are answered from (docs/knowledge.md)."""


@knowledge.command("import")
def take(
    path: Annotated[Path, typer.Argument(exists=True, help="a file, a zip, or a folder of them")],
    folder: Annotated[str, typer.Option(help="where they stand in the library")] = "",
    tags: Annotated[str, typer.Option(help="by comma; without any they are suggested from the content")] = "",
    staff: Annotated[
        bool, typer.Option("--staff", help="for staff only: customers are never answered from it")
    ] = False,
    draft: Annotated[bool, typer.Option("--draft", help="to be published by a person")] = False,
) -> None:
    """Take documents in; what changed is a new version, what is refused is named, and the rest goes on."""
    audience: Audience = "staff" if staff else "public"
    chosen = tuple(tag.strip() for tag in tags.split(",") if tag.strip())
    options = Options(folder.strip("/"), chosen, audience=audience, publish=not draft)
    done = asyncio.run(_take(path, options))
    for one in done:
        if one.outcome == "refused":
            typer.echo(f"{one.name}: {one.refusal}", err=True)
        elif one.entry and one.entry.scanned and one.outcome != "same":
            typer.echo(f"{one.name}: no text on page {', '.join(map(str, one.entry.scanned))}: scanned", err=True)
    counted = Counter(one.outcome for one in done)
    passages = sum(one.entry.passages for one in done if one.entry and one.outcome in ("new", "changed"))
    typer.echo(", ".join(f"{count} {outcome}" for outcome, count in sorted(counted.items())) + f"; {passages} passages")
    if counted["refused"] or not done:
        raise typer.Exit(1)


async def _take(path: Path, options: Options) -> list[Taken]:
    files = list(_files(path))
    async with opened() as library:
        with Progress(transient=True) as shown:
            task, done = shown.add_task(path.name, total=len(files)), list[Taken]()
            for file in files:
                inner = "/".join(file.relative_to(path).parts[:-1]) if file != path else ""
                place = replace(options, folder="/".join(filter(None, (options.folder, inner))))
                try:
                    check_size(file.name, file.stat().st_size)
                except Unreadable as error:
                    done.append(Taken(file.name, "refused", refusal=error))
                else:
                    content = await asyncio.to_thread(file.read_bytes)
                    done += [taken async for taken in library.library.take(file.name, content, place, BY)]
                shown.advance(task)
        await library.following.catch_up()
    return done


def _files(path: Path) -> Iterator[Path]:
    """The file itself, or what a folder holds that is taken; links are not followed out of it."""
    if path.is_file():
        yield path
        return
    for one in sorted(path.rglob("*")):
        if one.is_file() and not one.is_symlink() and one.suffix.lower() in (*TAKEN, ".zip"):
            yield one


@asynccontextmanager
async def opened() -> AsyncIterator[KnowledgeHall]:
    """The library as the settings say, at the present shape of the database."""
    settings = Settings()
    settings.var.mkdir(parents=True, exist_ok=True)
    await upgrade(settings.database())
    async with open_log(settings) as log, open_knowledge(settings, log.transactions, follows=False) as library:
        yield library


knowledge.command("train")(train)


@knowledge.command("propose")
def propose(folder: Annotated[str, typer.Option(help="of documents in this folder alone")] = "") -> None:
    """Propose pairs that published documents answer; nobody is answered with one before a person accepts it."""

    async def proposed() -> list[str] | None:
        async with opened() as library:
            await library.following.catch_up()
            entries, place = library.entries, 0
            documents, total = await entries.page(states=["published"], folder=folder, limit=PAGE, offset=0)
            while (place := place + PAGE) < total:
                documents += (await entries.page(states=["published"], folder=folder, limit=PAGE, offset=place))[0]
            if not (files := [one for one in documents if one.kind == "file"]):
                return None
            made = [await propose_from(library.library, library.search, one) for one in files]
            return [one.title for some in made for one in some]

    if (questions := asyncio.run(proposed())) is None:
        typer.echo(f"there is no published document in {folder or 'the library'}", err=True)
        raise typer.Exit(1)
    for question in questions:
        typer.echo(question)
    typer.echo(f"{len(questions)} proposed; they wait in the library, under proposed", err=True)


@knowledge.command("ask")
def ask(
    question: str,
    staff: Annotated[bool, typer.Option("--staff", help="also from what is for staff only")] = False,
) -> None:
    """What the library answers, with its source."""

    async def asked() -> Answer:
        async with opened() as library:
            await library.following.catch_up()
            return await library.search.answer(Wish(question, "staff" if staff else "public"))

    answer = asyncio.run(asked())
    if answer.hit is None:
        typer.echo(f"nothing in the library answers this (sure {answer.sure:.2f})")
        raise typer.Exit(1)
    source = answer.hit.passage
    page = f", page {source.page}" if source.page else ""
    typer.echo(f"{answer.text}\n— {source.title}{page} (sure {answer.sure:.2f})")


def eval_search(
    docs: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="JSON lines of doc_id and text")],
    queries: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="JSON lines of text and doc_id or doc_ids")
    ],
    as_json: AsJson = False,
    embedding_url: EmbeddingUrl = "",
    embedding_model: EmbeddingModel = "default",
    beside: Annotated[bool, typer.Option("--bm25", help="also plain BM25 over the same words")] = False,
) -> None:
    """Is the right document found: recall, MRR, nDCG, time per question, the index's build time and size."""
    try:
        documents = retrieval.read_documents(docs)
        asked = retrieval.read_questions(queries, documents)
    except (BadLine, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    server = (embedding_url, embedding_model) if embedding_url else None
    with tempfile.TemporaryDirectory() as folder:
        told = asyncio.run(retrieval.measure_search(documents, asked, Path(folder), server))
    if beside:
        told["bm25"] = retrieval.bm25(documents, asked)
    tell(told, as_json)


def eval_extract(
    truth: Annotated[
        list[Path],
        typer.Option(
            exists=True, dir_okay=False, help="JSON lines of document, question, answer; of several each is a library"
        ),
    ],
    as_json: AsJson = False,
    embedding_url: EmbeddingUrl = "",
    embedding_model: EmbeddingModel = "default",
    show: Annotated[bool, typer.Option("--show", help="also every question that was not answered right")] = False,
    fit: Annotated[
        bool, typer.Option("--fit", help="also the weights of the evidence that these facts suggest")
    ] = False,
) -> None:
    """How many known facts of the documents are answered right, wrong, or not at all."""
    try:
        server = (embedding_url, embedding_model) if embedding_url else None
        sets = [extraction.read_truth(one) for one in truth]
        judged = [one for facts in sets for one in asyncio.run(extraction.measure_extraction(*facts, server))]
    except (BadLine, OSError) as error:  # EmbedderAway is an OSError
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    told = extraction.figures(judged)
    if fit:
        told["weights"] = extraction.fitted(judged)
    for one in judged if show and not as_json else ():
        if one.answer.known if not one.truth.answers else not one.right:
            wanted = " | ".join(one.truth.answers) or "(nothing)"
            typer.echo(f"{one.truth.question}\t{wanted}\t{one.answer.text!r}\t{one.answer.sure:.2f}")
    tell(told, as_json)


def bench_knowledge(
    as_json: AsJson = False,
    passages: Annotated[int, typer.Option(min=1000)] = 100_000,
    asked: Annotated[int, typer.Option(min=100, help="questions")] = 1000,
    documents: Annotated[int, typer.Option(min=1, help="imported while the chat goes on")] = 1000,
) -> None:
    """Many passages asked, opened and changed; a 100-page document to its answer; the chat beside an import."""
    told = {
        "size": asyncio.run(library.measure_size(passages, asked)),
        "document": asyncio.run(library.measure_document()),
        "import": asyncio.run(arrival.measure_import(library.articles(documents))),
    }
    tell(told, as_json)
