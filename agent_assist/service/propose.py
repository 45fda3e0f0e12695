"""What agents wrote with good success, as canned replies and questions of the library that a person may accept."""

from collections.abc import Sequence
from typing import Final

from agent_assist.ports import Canned, Refusals
from agent_assist.rules.proposals import Proposal, Said, proposed
from agent_assist.service.memory import Memory
from agent_assist.store.answers import Answers
from knowledge.ports import Knowledge, Wish

NEWEST: Final = 2000  # answers of conversations that ended well
PROPOSED: Final = 50
KNOWN: Final = 0.5  # the library answers a question this surely


class Propose:
    """Read anew each time: it is asked a few times a day."""

    def __init__(
        self, memory: Memory, answers: Answers, canned: Canned, refusals: Refusals, knowledge: Knowledge | None
    ) -> None:
        self._memory = memory
        self._refusals = refusals
        self._answers = answers
        self._canned = canned
        self._knowledge = knowledge

    async def proposals(self) -> list[Proposal]:
        """The most often said first; what is a canned reply, was refused or is answered by the library is left out."""
        said = [Said(one.conversation, one.agent, one.asked, one.reply) for one in await self._answers.praised(NEWEST)]
        known, refused = await self._canned.texts(), await self._refusals.texts()
        found: Sequence[Proposal] = await self._memory.work(proposed, said, known, refused)
        return [one for one in found[:PROPOSED] if one.kind == "canned" or not await self._answered(one.question)]

    async def refuse(self, text: str, by: str) -> None:
        """This answer, and what says the same, is proposed to nobody any more."""
        await self._refusals.add(text, by)

    async def _answered(self, question: str) -> bool:
        if self._knowledge is None:
            return False
        hits = await self._knowledge.search(Wish(question, "staff", limit=1))
        return any(hit.carries >= KNOWN for hit in hits)
