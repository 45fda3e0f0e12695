"""What the bot was not sure of is collected from the log, and people say what it should have understood."""

import asyncio
import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bot.rules.corpus import Corpus, Problem, read_corpus, same
from bot.rules.unclear import LOW, as_yaml, clusters, last_said, why_unclear
from bot.store.examples import Examples, Taught
from bot.store.inbox import Inbox, Unclear
from conversation.events import (
    BotFaulted,
    BotReplied,
    Event,
    Fact,
    HandoffRequested,
    MessageReceived,
    Part,
    Rated,
    Redacted,
    SourceJudged,
)
from conversation.log import Log
from language.pii import mask

SHOWN: Final = 300
LOOKED_BACK: Final = 12
HELD_OUT: Final = 5  # one in so many taught sentences is kept for measuring
LABELLED: Final = "nlu/labelled.yml"
ASKING: Final = "human"  # the intent of who asks for a person


class BadExamples(ValueError):
    """What was taught does not fit what is known; `problems` says where."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(str(problems[0]))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Shown:
    """A message with its words, and its parts with theirs when it was taken for several wishes."""

    item: Unclear
    text: str
    parts: Sequence[tuple[str, Part]] = ()


@dataclass(frozen=True, slots=True)
class Brought:
    """What an import brought: how many examples; and what it left out, since only examples are taught: the kind
    (regex, lookup, synonym, rules, stories, a mark of an `entity`, a section of the domain), how many, where first."""

    taught: int
    left_out: Sequence[tuple[str, int, int]]


class Review:
    """The inbox and what is taught from it; `base` is the training files that the house came with, by name."""

    HEARS: Final[frozenset[type[Fact]]] = frozenset(
        {BotReplied, HandoffRequested, Rated, SourceJudged, BotFaulted, Redacted}
    )

    def __init__(self, log: Log, inbox: Inbox, examples: Examples, base: Mapping[str, str]) -> None:
        self._log = log
        self._inbox = inbox
        self._examples = examples
        self._base = base
        self._corpus: Corpus | None = None

    async def take(self, events: Sequence[Event]) -> None:
        """Collect; again is harmless."""
        found = [one for event in events if (one := await self._unclear(event)) is not None]
        erased = {event.fact.target for event in events if isinstance(event.fact, Redacted)}
        if found or erased:
            await self._inbox.keep(found, erased)
            await self._examples.forget(erased)

    async def _unclear(self, event: Event) -> Unclear | None:
        match event.fact:
            case BotReplied() if why := why_unclear(event.fact):
                said = await self._answered(event)
                return self._item(said, why, event.fact) if said else None
            case HandoffRequested():
                # Who asks for a person was understood; what went before was not dealt with.
                asked = event.fact.reason == "asked" or await self._asks(event)
                return await self._before(event, "handed_off", int(asked))
            case Rated() if event.fact.score <= LOW:
                return await self._before(event, "low_rating", 0)
            case BotFaulted(message=seq):
                reply = await self._log.event(seq)
                said = await self._answered(reply) if reply else None
                if said and reply and isinstance(reply.fact, BotReplied):
                    return self._item(said, "quality", reply.fact)
            case SourceJudged() if not event.fact.helpful:
                return await self._before(event, "unhelpful", 0)
        return None

    async def _answered(self, event: Event) -> Event | None:
        """The message in words that a reply answers."""
        if not event.cause.startswith("seq:"):
            return None
        said = await self._log.event(int(event.cause.removeprefix("seq:")))
        return last_said([said]) if said else None

    async def _asks(self, event: Event) -> bool:
        """Was the message that led to it understood as asking for a person?"""
        led_to = await self._log.recorded(event.conversation, event.cause)
        return any(isinstance(one.fact, BotReplied) and one.fact.intent == ASKING for one in led_to)

    async def _before(self, event: Event, why: str, skip: int) -> Unclear | None:
        events = await self._log.history(event.conversation, before=event.seq, limit=LOOKED_BACK)
        said = last_said(events, skip)
        if said is None:
            return None
        replies = [one.fact for one in events if one.cause == f"seq:{said.seq}" and isinstance(one.fact, BotReplied)]
        return self._item(said, why, replies[0]) if replies else None

    def _item(self, said: Event, why: str, reply: BotReplied) -> Unclear:
        guesses = [(guess.intent, guess.confidence) for guess in reply.guesses] or [(reply.intent, reply.confidence)]
        return Unclear(
            said.seq, said.conversation, said.at, reply.language, why, reply.intent, reply.confidence, guesses
        )

    async def groups(self) -> list[list[Shown]]:
        """The latest open messages, those that are alike together, the most frequent first."""
        found = [one for item in await self._inbox.open(SHOWN) if (one := await self._shown(item)).text]
        alike = await asyncio.to_thread(clusters, [one.text for one in found])
        return [[found[place] for place in group] for group in alike]

    async def waiting(self) -> int:
        """How many messages wait."""
        return await self._inbox.count()

    async def _shown(self, item: Unclear) -> Shown:
        event = await self._log.event(item.seq)
        if event is None or event.redacted or not isinstance(event.fact, MessageReceived):
            return Shown(item, "")
        text = event.fact.text
        led_to = await self._log.recorded(item.conversation, f"seq:{item.seq}")
        parts = [part for reply in led_to if isinstance(reply.fact, BotReplied) for part in reply.fact.parts]
        return Shown(item, mask(text), [(mask(text[part.start : part.end].strip()), part) for part in parts])

    async def label(self, seqs: Collection[int], intent: str, by: str) -> int:
        """These messages should be taken for `intent`; gives how many were taught. Raises BadExamples."""
        found = [await self._shown(item) for item in await self._inbox.find(seqs)]
        now = datetime.now(UTC)
        taught = [Taught(one.text, intent, held_out(one.text), one.item.seq, by, now) for one in found if one.text]
        await self._teach(taught)
        await self._inbox.settle(seqs, "labelled")
        return len(taught)

    async def label_part(self, seq: int, part: int, intent: str, by: str) -> bool:
        """This part of a message should be taken for `intent`; False when there is none. The message goes on waiting,
        for its other parts. Raises BadExamples."""
        for shown in [await self._shown(item) for item in await self._inbox.find([seq])]:
            if part < len(shown.parts) and (text := shown.parts[part][0]):
                await self._teach([Taught(text, intent, held_out(text), seq, by, datetime.now(UTC))])
                return True
        return False

    async def dismiss(self, seqs: Collection[int]) -> None:
        """Nothing is to be learned from these."""
        await self._inbox.settle(seqs, "dismissed")

    async def unlearn(self, id: int) -> bool:
        """Forget an example, and let its message wait again; False when there is none."""
        gone = await self._examples.remove(id)
        if gone is not None and gone.seq is not None:
            await self._inbox.settle([gone.seq], "open")
        return gone is not None

    async def bring_in(self, name: str, text: str, by: str) -> Brought:
        """The examples of a training file of Rasa's. Raises BadExamples, and then none was taken."""
        corpus, problems = await asyncio.to_thread(read_corpus, {**self._base, name: text})
        problems += [
            Problem(file, line, f"an import brings examples and declares nothing; no intent is called {intent}")
            for intent, (file, line) in corpus.intents.items()
            if file == name
        ]
        if problems:
            raise BadExamples(problems)
        now = datetime.now(UTC)
        new = [Taught(e.text, e.intent, held_out(e.text), None, by, now) for e in corpus.examples if e.file == name]
        await self._teach(new)
        lines: dict[str, list[int]] = {}
        for kind, file, line in corpus.beside:
            if file == name:
                lines.setdefault(kind, []).append(line)
        return Brought(len(new), [(kind, len(found), found[0]) for kind, found in lines.items()])

    async def _teach(self, taught: Sequence[Taught]) -> None:
        """Only what contradicts neither the house's own files nor itself. Raises BadExamples."""
        pairs = [(one.text, one.intent) for one in taught]
        _, problems = await asyncio.to_thread(read_corpus, {**self._base, LABELLED: as_yaml(pairs)})
        if problems:
            raise BadExamples(problems)
        await self._examples.add(taught)

    async def taught(self) -> list[Taught]:
        """All examples that people have given, latest first."""
        return await self._examples.all()

    async def exported(self) -> str:
        """They, as a training file of Rasa's."""
        return as_yaml([(one.text, one.intent) for one in await self._examples.all()])

    async def files(self) -> dict[str, str]:
        """Everything that a new model is trained from: the house's own files, and what was taught but not held out."""
        pairs = [(one.text, one.intent) for one in await self._examples.all() if not one.heldout]
        return {**self._base, **({LABELLED: as_yaml(pairs)} if pairs else {})}

    async def intents(self) -> dict[str, int]:
        """Every intent, and how many examples it has."""
        counts = dict.fromkeys(self.corpus().intents, 0)
        for intent in [one.intent for one in self.corpus().examples] + [one.intent for one in await self.taught()]:
            counts[intent] = counts.get(intent, 0) + 1
        return counts

    def corpus(self) -> Corpus:
        """What the house's own files hold."""
        if self._corpus is None:
            self._corpus, _ = read_corpus(self._base)
        return self._corpus


def held_out(text: str) -> bool:
    """Is this sentence for measuring? The same one always is or never."""
    return int.from_bytes(hashlib.sha256(same(text).encode()).digest()[:4]) % HELD_OUT == 0
