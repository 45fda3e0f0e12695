"""Questions and answers out of a document, for a person to accept (文档问答抽取)."""

from typing import Final

from knowledge.ports import Wish
from knowledge.rules.asking import questions_in
from knowledge.rules.pairs import alike
from knowledge.service.library import Library
from knowledge.service.search import Search
from knowledge.store.entries import Entry

WAITING: Final = 200
ALIKE: Final = 0.9  # questions made after one pattern are alike in most of their words


async def propose_from(library: Library, search: Search, entry: Entry) -> list[Entry]:
    """What the document answers and the library has no pair for yet; nobody is answered with it before it is accepted.

    No more are proposed while WAITING others wait for a person.
    """
    waiting, total = await library.entries.page(states=["proposed"], limit=WAITING, offset=0)
    known, made = [one.title for one in waiting], list[Entry]()
    for question, answer, number in questions_in(await library.entries.pieces(entry.id, entry.version)):
        if total + len(made) >= WAITING or any(alike(question, one) >= ALIKE for one in known):
            continue
        hits = await search.search(Wish(question, "staff", limit=3))
        if any(alike(question, hit.passage.question) >= ALIKE for hit in hits if hit.passage.kind == "pair"):
            continue
        note = f"document {entry.id}, passage {number}"[:300]
        made.append(await library.propose(question, answer, note, entry))
        known.append(question)
    return made
