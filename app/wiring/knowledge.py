"""The library: its store, its index on disk, and the processes that read files and write the index."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Final

from app.background import background
from app.config import ROOT, Settings
from app.wiring.llm import open_llm
from conversation.database import Transactions
from knowledge.adapters.index import TantivyIndex
from knowledge.adapters.indexing import IndexerProcess, open_vectors
from knowledge.adapters.parser import ParserProcess
from knowledge.api.hall import KnowledgeHall
from knowledge.rules.synonyms import Synonyms
from knowledge.service.following import Following
from knowledge.service.grounded import Grounded
from knowledge.service.library import Library
from knowledge.service.search import Dense, Search
from knowledge.store.entries import Entries
from knowledge.store.ranking import Ranking
from knowledge.store.uses import Uses
from language.lines import BadLine
from language.meanings import Meanings, meanings

SYNONYMS: Final = ROOT / "data" / "lexicons" / "synonyms.txt"
MEANINGS: Final = ROOT / "bot" / "engine" / "kefu_engine" / "components" / "meanings.npz"  # the engine's; a file alone


@asynccontextmanager
async def open_knowledge(
    settings: Settings, transactions: Transactions, *, follows: bool = True
) -> AsyncIterator[KnowledgeHall]:
    """The library; with `follows` the indexes keep to it."""
    folder = settings.var / "knowledge"
    entries, uses, ranking, parser = Entries(transactions), Uses(transactions), Ranking(transactions), ParserProcess()
    index, words = TantivyIndex(folder), IndexerProcess("words", str(folder))
    where, key = _vectors_from(settings, folder), settings.embedding_key.get_secret_value()
    embedder, nearness = open_vectors(*where, key=key)
    vectors = IndexerProcess(*where, key=key)
    search = Search(index, read_synonyms(), read_meanings(), Dense(embedder, nearness))
    following = Following(entries, [(index, words), (nearness, vectors)], uses, ranking, search)
    async with AsyncExitStack() as closing:
        closing.callback(search.close)
        for child in (parser, words, vectors):
            closing.push_async_callback(child.close)
        await following.learn()
        if follows:
            await closing.enter_async_context(background(following.run()))
        answers = Grounded(search, open_llm(settings))
        library = Library(entries, parser, lambda term: index.rarity(term))  # which is another after each revision
        yield KnowledgeHall(entries, library, search, answers, following, uses, ranking)


def _vectors_from(settings: Settings, folder: Path) -> tuple[str, ...]:
    if settings.embedding_url:
        return "server", str(folder), settings.embedding_url, settings.embedding_model
    return "meanings", str(folder), str(MEANINGS)


@cache
def read_synonyms() -> Synonyms:
    """Those of the house, read once. Raises BadLine."""
    try:
        return Synonyms(SYNONYMS.read_text("utf-8").splitlines())
    except BadLine as error:
        raise BadLine(f"{SYNONYMS}:{error}") from error


def read_meanings() -> Meanings:
    """The table that understanding and search share."""
    return meanings(MEANINGS)
