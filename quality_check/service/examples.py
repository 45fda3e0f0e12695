"""Messages that reviewers mark as examples of something, and the rules that would find them."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from conversation.log import Log
from language.pii import mask
from quality_check.rules.proposing import Proposal, drafted, propose
from quality_check.rules.transcript import Said, said, transcript
from quality_check.store.inspections import InspectionStore, matching
from quality_check.store.rows import Rows
from quality_check.store.work import Example

MARKED: Final = 500  # of one name that are read
OTHERS: Final = 4_000  # messages that nobody marked


@dataclass(frozen=True, slots=True)
class Found:
    """A proposal, and a rule in YAML made of it."""

    proposal: Proposal
    rule: str


class Examples:
    """Only places are kept; the words are read from the log, so erasure reaches them."""

    def __init__(
        self,
        log: Log,
        inspections: InspectionStore,
        examples: Rows[Example],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._log = log
        self._inspections = inspections
        self.examples = examples
        self._clock = clock

    async def mark(self, name: str, seq: int, by: str) -> Example:
        """This message is an example; a second time is the first. Raises LookupError when it is no message."""
        event = await self._log.event(seq)
        if event is None or event.redacted or said(event) is None:
            raise LookupError(f"there is no message at {seq}")
        id = uuid5(NAMESPACE_URL, f"example/{name}/{seq}").hex
        kept, _ = await self.examples.add(Example(id, name, event.conversation, seq, by, self._clock()))
        return kept

    async def listed(self, *conditions: object) -> list[tuple[Example, Said]]:
        """Those that are still there, latest first, with their words."""
        found = []
        for one in await self.examples.select(*conditions, limit=MARKED):
            event = await self._log.event(one.seq)
            if event and not event.redacted and (told := said(event)):
                found.append((one, told))
        return found

    async def find(self, name: str, last: int) -> tuple[list[Found], int, int]:
        """Rules for the marked messages of a name, how many there are, and how many others they were held against.

        The others are unmarked messages of the same role in the `last` inspected conversations.
        """
        marked = await self.listed(self.examples.table.c.name == name)
        if not marked:
            return [], 0, 0
        role = max({told.role for _, told in marked}, key=[told.role for _, told in marked].count)
        good = [told for _, told in marked if told.role == role]
        taken = {told.seq for told in good}
        others: list[Said] = []
        for one in await self._inspections.select(*matching({}), limit=last):
            events = await self._log.history(one.conversation, before=one.upto + 1)
            others += [each for each in transcript(events) if each.role == role and each.seq not in taken and each.text]
            if len(others) >= OTHERS:
                break
        words, rest = ([mask(one.text) for one in some] for some in (good, others[:OTHERS]))

        def found() -> list[Found]:
            return [Found(one, drafted(one, name, role, words, rest[:50])) for one in propose(words, rest)]

        return await asyncio.to_thread(found), len(words), len(rest)

    async def names(self) -> Sequence[tuple[str, int]]:
        """Each name and how many messages it has."""
        return sorted((await self.examples.count(by="name")).items())
