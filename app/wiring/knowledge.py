"""The library: its store, its index on disk, and the processes that read files and write the index."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

from app.background import background
from app.config import ROOT, Settings
from app.wiring.llm import open_llm
from conversation.database import Transactions
from knowledge.adapters.index import TantivyIndex
from knowledge.adapters.indexing import IndexerProcess
from knowledge.adapters.parser import ParserProcess
from knowledge.api.hall import KnowledgeHall
from knowledge.rules.synonyms import Synonyms
from knowledge.service.following import Following
from knowledge.service.grounded import Grounded
from knowledge.service.library import Library
from knowledge.service.search import Search
from knowledge.store.entries import Entries
from knowledge.store.uses import Uses

SYNONYMS: Final = ROOT / "data" / "lexicons" / "synonyms.txt"


@asynccontextmanager
async def open_knowledge(
    settings: Settings, transactions: Transactions, *, follows: bool = True
) -> AsyncIterator[KnowledgeHall]:
    """The library; with `follows` the index keeps to it."""
    folder = settings.var / "knowledge"
    entries, parser, indexer = Entries(transactions), ParserProcess(), IndexerProcess(folder)
    index = TantivyIndex(folder)
    search = Search(index, read_synonyms())
    uses = Uses(transactions)
    following = Following(entries, index, indexer, uses, search)
    async with AsyncExitStack() as closing:
        closing.callback(search.close)
        closing.push_async_callback(parser.close)
        closing.push_async_callback(indexer.close)
        if follows:
            await closing.enter_async_context(background(following.run()))
        answers = Grounded(search, open_llm(settings))
        yield KnowledgeHall(entries, Library(entries, parser), search, answers, following, uses)


def read_synonyms() -> Synonyms:
    """Those of the house."""
    return Synonyms(SYNONYMS.read_text("utf-8").splitlines())
