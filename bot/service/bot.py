"""Room 2: the bot answers what it holds."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from bot.ports import Ask, Conversations, Engine, EngineUnavailable, Vision
from bot.rules.library import informed, is_plain, judged, knows_better, not_understood, offer_in
from bot.rules.turns import apology, bot_answers, chosen, facts_of, files_received, handed_to, pictures_of
from conversation.events import BotReplied, Event, Fact, MessageReceived, PicturesSeen, Seen
from conversation.log import HolderChanged, Log
from conversation.model import BOT
from knowledge.ports import Knowledge, Wish

REMEMBERED: Final = 10_000

log = logging.getLogger(__name__)


class Bot:
    """Asks the dialogue engine and records its answer, unless somebody else has the conversation by then.

    Who needs a person goes to the group of their site (`group_of`; "" is anybody).
    """

    HEARS: Final[frozenset[type[Fact]]] = frozenset({MessageReceived})

    def __init__(
        self,
        log: Log,
        conversations: Conversations,
        engine: Engine,
        library: Knowledge | None = None,
        vision: Vision | None = None,
        group_of: Callable[[str], str] = lambda site: "",
    ) -> None:
        self._log = log
        self._conversations = conversations
        self._engine = engine
        self._library = library
        self._vision = vision
        self._group_of = group_of
        self._last: OrderedDict[str, tuple[int, BotReplied]] = OrderedDict()
        self.handlers: Mapping[type[Fact], Callable[[Event], Awaitable[None]]] = dict.fromkeys(self.HEARS, self.answer)

    async def answer(self, event: Event) -> None:
        """Answer a customer's message once; a repeated call finds the answer recorded."""
        assert isinstance(event.fact, MessageReceived)
        now = await self._conversations.load(event.conversation)
        cause = f"seq:{event.seq}"
        if not bot_answers(now):
            return
        # A reply that came after this message may be one to an earlier message: only the log knows.
        if now.bot_seq > event.seq and await self._log.recorded(event.conversation, cause):
            return
        last = await self._last_reply(event.conversation, now.bot_seq)
        state = last.state if last else ""
        pictures = await self._look(event, now.language)
        seen = " ".join(one.text for one in pictures.pictures) if pictures else ""
        ask = Ask(
            conversation=event.conversation,
            contact=now.contact,
            cause=cause,
            language=now.language,
            text=f"{event.fact.text} {seen}".strip(),
            payload=await self._payload(event.fact),
            state=state,
            at=event.at.isoformat(),
            offer=offer_in(last),
        )
        unseen = () if seen else files_received(event.fact, now.language, state)
        facts = unseen or judged(ask) or await self._turn(ask, event.seq, last)
        facts = handed_to(self._group_of(now.site), facts)
        await self._record(event, cause, facts, (pictures,) if pictures else ())

    async def _record(self, event: Event, cause: str, answer: tuple[Fact, ...], seen: tuple[Fact, ...]) -> None:
        """The answer while the bot holds the conversation, and what was seen for whoever does."""
        try:
            done = await self._log.append(event.conversation, *answer, *seen, cause=cause, only_while=BOT)
        except HolderChanged:
            log.info("seq %d: a late answer was dropped, a person has taken over", event.seq)
            if seen:
                await self._log.append(event.conversation, *seen, cause=cause)
            return
        self._remember(done.events[0])

    async def _turn(self, ask: Ask, seq: int, last: BotReplied | None) -> tuple[Fact, ...]:
        """The engine's turn, or the library's answer to what the engine has not understood or answers to everybody
        alike, or an apology."""
        try:
            turn = await self._engine.turn(ask)
        except EngineUnavailable as error:
            log.warning("the engine did not answer seq %d: %s", seq, error)
            return apology(ask.language, ask.state)
        lost = not_understood(turn)
        if self._library is not None and (lost or (is_plain(turn) and not ask.payload)):
            answer = await self._library.answer(Wish(ask.text))
            if lost or knows_better(answer):
                return informed(ask, turn, answer, seq, last)
        return facts_of(turn, last)

    async def _look(self, event: Event, language: str) -> PicturesSeen | None:
        """What the message's pictures show, in words; None when there are none, or nobody who can look."""
        assert isinstance(event.fact, MessageReceived)
        found = pictures_of(event.fact)
        if self._vision is None or not found:
            return None
        told = await asyncio.gather(*(self._vision.look(one, event.fact.text, language) for one in found))
        seen = tuple(Seen(one.id, text) for one, text in zip(found, told, strict=True) if text)
        return PicturesSeen(event.seq, seen) if seen else None

    async def _last_reply(self, conversation: str, seq: int) -> BotReplied | None:
        """The bot's last reply, from memory or from the log, which knows it to be at `seq` or later."""
        kept = self._last.get(conversation)
        if kept is not None and kept[0] >= seq:
            return kept[1]
        event = await self._log.event(seq) if seq else None
        return event.fact if event is not None and isinstance(event.fact, BotReplied) else None

    def _remember(self, event: Event) -> None:
        assert isinstance(event.fact, BotReplied)
        self._last[event.conversation] = (event.seq, event.fact)
        self._last.move_to_end(event.conversation)
        if len(self._last) > REMEMBERED:
            self._last.popitem(last=False)

    async def _payload(self, message: MessageReceived) -> str:
        """What the pressed button means: the log knows, the customer's browser does not."""
        if message.choice is None:
            return ""
        offered = await self._log.event(message.choice.seq)
        if offered is None or not isinstance(offered.fact, BotReplied):
            return ""
        button = chosen(offered.fact, message.choice)
        return button.payload if button else ""
