"""What an agent sees beside a conversation, made from its facts when asked: nothing of it can be out of date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, Final

from agent_assist.ports import Account, Accounts
from agent_assist.rules.actions import signs
from agent_assist.rules.dialogue import Turn, moment_after
from agent_assist.rules.guides import Guide, Progress, followed
from agent_assist.rules.mood import Mood, has_turned
from agent_assist.rules.report import report
from agent_assist.rules.talk import last_asked, learned, turns_of
from agent_assist.service.memory import Memory
from conversation.events import AgentReplied, Event, Suggested, SuggestionJudged, WrappedUp
from conversation.log import Log, Search
from conversation.model import Conversation

READ: Final = 300  # facts of a conversation, however long
PAST: Final = 2
COUNTED: Final = 20_000
PAGE: Final = 1000
REPORTED: Final = ("Suggested", "SuggestionJudged", "SuggestionSettled", "AgentReplied")
LIKELY: Final = 0.3  # an act that is likelier than this is named


@dataclass(frozen=True, slots=True)
class View:
    """The suggestions for the newest unanswered message with what was made of each (number to verdict); how far the
    guide was followed; the wish and what was found of it; the mood, message by message; earlier conversations; what
    agents mostly did in such a case beside answering, and how likely it is."""

    suggested: Event | None
    judged: Mapping[int, str]
    progress: Progress | None
    intent: str
    entities: Mapping[str, str]
    mood: Sequence[float]
    turned: bool
    past: Sequence[tuple[Conversation, str]]
    acts: Sequence[tuple[str, float]]


class Advise:
    """Reads the conversation's last facts."""

    def __init__(
        self,
        log: Log,
        memory: Memory,
        guides: Mapping[str, Guide],
        mood: Mood,
        accounts: Accounts | None = None,
    ) -> None:
        self._log = log
        self._memory = memory
        self._mood = mood
        self._accounts = accounts
        self.guides = guides

    async def view(self, now: Conversation) -> View:
        """All of it."""
        events = await self._log.history(now.id, limit=READ)
        suggested = _suggested(events, now.holder.agent)
        judged = _judged(events, suggested) if suggested else {}
        turns = turns_of(events)
        mood = self._mood.curve([turn.text for turn in turns if turn.role == "customer"])
        intent, entities = learned(events)
        return View(
            suggested,
            judged,
            followed(self.guides, events, turns),
            intent,
            entities,
            mood,
            has_turned(mood),
            await self._past(now),
            self._acts(now, turns),
        )

    def _acts(self, now: Conversation, turns: Sequence[Turn]) -> list[tuple[str, float]]:
        if (model := self._memory.models.actions) is None:
            return []
        known = {"channel": now.channel, "language": now.language, "group": now.group}
        return [
            (act, share) for act, share in model.shares(signs(moment_after(turns, known))) if act and share >= LIKELY
        ]

    async def _past(self, now: Conversation) -> list[tuple[Conversation, str]]:
        found = await self._log.find(Search(contact=now.contact), limit=PAST + 1)
        past = []
        for one in [other for other in found if other.id != now.id][:PAST]:
            ended = await self._log.history(one.id, limit=20)
            summaries = [event.fact.summary for event in ended if isinstance(event.fact, WrappedUp)]
            past.append((one, summaries[-1] if summaries else one.preview))
        return past

    async def account(self, now: Conversation) -> Account:
        """What the company knows of the customer."""
        return await self._accounts.of(now) if self._accounts else Account()

    async def report(self, since: datetime, zone: tzinfo = UTC) -> dict[str, Any]:
        """What became of suggestions since then, also by day of the zone; at most the newest 20,000 facts of it."""
        found: list[Event] = []
        while len(found) < COUNTED:
            page = await self._log.of_kinds(REPORTED, before=found[-1].seq if found else None, limit=PAGE)
            found += [event for event in page if event.at >= since]
            if len(page) < PAGE or page[-1].at < since:
                break
        return report(found, zone)


def _suggested(events: Sequence[Event], agent: str) -> Event | None:
    """The newest suggestions to this agent, for what is still unanswered."""
    asked = last_asked(events)
    fits = (
        one
        for one in reversed(events)
        if isinstance(one.fact, Suggested) and asked and one.fact.message == asked.seq and one.fact.agent == agent
    )
    return next(fits, None)


def _judged(events: Sequence[Event], suggested: Event) -> dict[int, str]:
    """What was made of each of these suggestions. The same words that were dismissed before stay so until the next
    answer, and those that are wrong stay wrong."""
    assert isinstance(suggested.fact, Suggested)
    given = {one.seq: one.fact for one in events if isinstance(one.fact, Suggested)}
    answered = max((one.seq for one in events if isinstance(one.fact, AgentReplied)), default=0)
    here, refused = dict[int, str](), dict[str, str]()
    for event in events:
        match event.fact:
            case SuggestionJudged(suggested=seq, number=number, verdict=verdict) if seq == suggested.seq:
                here[number] = verdict
            case SuggestionJudged(suggested=seq, number=number, verdict="dismissed" | "wrong" as verdict):
                if seq in given and (verdict == "wrong" or event.seq > answered):
                    refused[given[seq].suggestions[number].text] = verdict
    texts = [one.text for one in suggested.fact.suggestions]
    return {number: refused[text] for number, text in enumerate(texts) if text in refused} | here
