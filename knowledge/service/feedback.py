"""Questions that an entry has answered, as customers have told: what ranking can learn from."""

from datetime import datetime

from conversation.events import Event, MessageReceived, SourceGiven
from conversation.log import Log
from knowledge.store.uses import Uses


async def helpful(log: Log, uses: Uses, since: datetime) -> list[tuple[str, str]]:
    """Each question and the entry that helped; what was erased is gone from here too."""
    found = []
    for use in await uses.judged("helpful", since):
        _, _, seq = use.id.partition("seq:")
        event = await log.event(int(seq)) if seq.isdigit() else None
        question = _question(await log.history(event.conversation), event.seq, use.entry) if event else ""
        if question:
            found.append((question, use.entry))
    return found


def _question(history: list[Event], judged: int, entry: str) -> str:
    """The last message before the entry was given, before it was judged."""
    asked = said = ""
    for event in history:
        if event.seq >= judged:
            break
        match event.fact:
            case MessageReceived(text=text):
                asked = "" if event.redacted else text
            case SourceGiven(entry=given) if given == entry:
                said = asked
    return said
