"""The door to the Rasa workers: one loopback round trip per turn."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import aiohttp

from bot.ports import Ask, EngineUnavailable, Turn
from conversation.events import BotMessage, Button, Card, Entity, Figure, Guess, Part, TicketAsked

TURN_SECONDS: Final = 8.0
TRIES: Final = 2
START_SECONDS: Final = 30.0


class RasaWorkers:
    """Spreads turns over the workers that app says are ready; a worker that fails is left out at once.

    Any worker can serve any turn, so a turn whose worker died is simply asked again of another one.
    """

    def __init__(self, seconds: float = TURN_SECONDS) -> None:
        self._busy: dict[str, int] = {}
        self._seconds = seconds
        self._session: aiohttp.ClientSession | None = None
        self._some = asyncio.Event()
        self._starting = False

    def expect(self) -> None:
        """The first worker is on its way: turns wait for it longer than for one that went away."""
        self._starting = True

    def add(self, url: str) -> None:
        """A worker is ready at this address."""
        self._busy.setdefault(url, 0)
        self._starting = False
        self._some.set()

    async def ready(self) -> None:
        """Wait until there is a worker."""
        await self._some.wait()

    def remove(self, url: str) -> None:
        """A worker is going or gone."""
        self._busy.pop(url, None)
        if not self._busy:
            self._some.clear()

    async def close(self) -> None:
        """Drop the connections."""
        if self._session is not None:
            await self._session.close()

    async def turn(self, ask: Ask) -> Turn:
        """As Engine.turn."""
        reason = "no worker is ready"
        for _ in range(TRIES):
            try:
                async with asyncio.timeout(START_SECONDS if self._starting else self._seconds / TRIES):
                    return _turn_of(await self._post(ask))
            except (aiohttp.ClientError, OSError) as error:  # TimeoutError is an OSError
                reason = type(error).__name__
        raise EngineUnavailable(reason)

    async def _post(self, ask: Ask) -> Mapping[str, Any]:
        await self._some.wait()
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        worker = min(self._busy, key=lambda url: self._busy[url])
        self._busy[worker] += 1
        try:
            async with self._session.post(f"{worker}/webhooks/kefu/turn", json=_body(ask)) as response:
                answer: Mapping[str, Any] = await response.json()
                if response.status >= 500:
                    raise aiohttp.ClientError(f"worker answered {response.status}")
                if response.status >= 400:
                    raise ValueError(f"the engine refused field {answer['error']['field']}: {answer['error']['code']}")
                return answer
        except (aiohttp.ClientConnectionError, asyncio.CancelledError):
            # Gone or hanging: who watches the workers says when it is back.
            self.remove(worker)
            raise
        finally:
            if worker in self._busy:
                self._busy[worker] -= 1


def _body(ask: Ask) -> dict[str, Any]:
    metadata = {
        "conversation": ask.conversation,
        "cause": ask.cause,
        "language": ask.language,
        "contact": ask.contact,
        "at": ask.at or None,
        "offer": ask.offer or None,
    }
    return {
        "text": ask.text,
        "payload": ask.payload or None,
        "metadata": metadata,
        "state": ask.state or None,
    }


def _turn_of(answer: Mapping[str, Any]) -> Turn:
    return Turn(
        messages=tuple(_message(message) for message in answer["messages"]),
        language=answer["language"],
        intent=answer["intent"]["name"] or "",
        confidence=answer["intent"]["confidence"],
        entities=tuple(Entity(e["entity"], str(e["value"])) for e in answer["entities"]),
        actions=tuple(answer["actions"]),
        policy=answer["policy"] or "",
        state=answer["state"],
        handoff=(answer["handoff"] or {}).get("reason", ""),
        close=answer.get("close", False),
        guesses=tuple(Guess(guess["name"], guess["confidence"]) for guess in answer.get("guesses") or ()),
        parts=tuple(_part(wish) for wish in answer.get("wishes") or ()),
        ticket=TicketAsked(**answer["ticket"]) if answer.get("ticket") else None,
        repeat=answer.get("repeat", False),
        aside=answer.get("aside", False),
        figures=tuple(Figure(name, float(value)) for name, value in (answer.get("figures") or {}).items()),
    )


def _part(wish: Mapping[str, Any]) -> Part:
    return Part(wish["start"], wish["end"], wish["intent"], wish["confidence"])


def _message(message: Mapping[str, Any]) -> BotMessage:
    card = message.get("card")
    return BotMessage(
        text=message.get("text") or "",
        buttons=tuple(Button(button["title"], button["payload"]) for button in message.get("buttons") or ()),
        image=message.get("image") or "",
        card=Card(
            card["title"],
            tuple((k, v) for k, v in card["rows"]),
            card.get("link") or "",
        )
        if card
        else None,
    )
