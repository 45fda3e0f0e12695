"""What agents wrote with good success, as canned replies and questions of the library that a person may accept."""

from collections.abc import Sequence
from typing import Final

from agent_assist.ports import Canned
from agent_assist.rules.proposals import Proposal, Said, proposed
from agent_assist.service.memory import Memory
from agent_assist.store.answers import Answers
from knowledge.ports import Knowledge, Wish

NEWEST: Final = 2000  # answers of conversations that ended well
PROPOSED: Final = 50
KNOWN: Final = 0.5  # the library answers a question this surely


class Propose:
    """Read anew each time: it is asked a few times a day."""

    def __init__(self, memory: Memory, answers: Answers, canned: Canned, knowledge: Knowledge | None) -> None:
        self._memory = memory
        self._answers = answers
        self._canned = canned
        self._knowledge = knowledge

    async def proposals(self) -> list[Proposal]:
        """The most often said first; what is a canned reply or answered by the library already is left out."""
        said = [Said(one.conversation, one.agent, one.asked, one.reply) for one in await self._answers.praised(NEWEST)]
        known = await self._canned.texts()
        found: Sequence[Proposal] = await self._memory.work(proposed, said, known)
        return [one for one in found[:PROPOSED] if one.kind == "canned" or not await self._answered(one.question)]

    async def _answered(self, question: str) -> bool:
        if self._knowledge is None:
            return False
        hits = await self._knowledge.search(Wish(question, "staff", limit=1))
        return any(hit.carries >= KNOWN for hit in hits)
