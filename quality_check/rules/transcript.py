"""A conversation's facts as the rules read them, and places in it as the log names them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from conversation.events import AgentReplied, BotReplied, Event, MessageLeft, MessageReceived, Spot
from quality_check.rules.view import Hit, Place, Reading, Role, Turn

TURNS = (MessageReceived, MessageLeft, BotReplied, AgentReplied)


@dataclass(frozen=True, slots=True)
class Said:
    """One message: its place in the log, who said it (`by` is the agent's id, else the role) and when."""

    seq: int
    role: Role
    by: str
    name: str
    at: datetime
    text: str
    redacted: bool = False

    def turn(self) -> Turn:
        """As rules see it."""
        return Turn(self.role, self.text, self.at.timestamp())


def said(event: Event) -> Said | None:
    """The message of an event, None when it is none. A bot's bubbles are one message, a line each."""
    match event.fact:
        case MessageReceived(text=text) | MessageLeft(text=text):
            return Said(event.seq, "customer", "customer", "", event.at, text, event.redacted)
        case AgentReplied(agent=agent, name=name, text=text):
            return Said(event.seq, "agent", agent, name, event.at, text, event.redacted)
        case BotReplied(messages=messages):
            text = "\n".join(one.text for one in messages if one.text)
            return Said(event.seq, "bot", "bot", "", event.at, text, event.redacted)
    return None


def transcript(events: Iterable[Event]) -> list[Said]:
    """All messages in order."""
    return [one for event in events if (one := said(event))]


def subject(messages: Sequence[Said]) -> str:
    """Who is judged: the agent who spoke last, else the bot."""
    return next((one.by for one in reversed(messages) if one.role == "agent"), "bot")


def spots(hit: Hit, seqs: Sequence[int]) -> tuple[Spot, ...]:
    """Its places by seq; `seqs` are the messages' places in the log, first turn first."""
    return tuple(Spot(seqs[place.turn - 1], place.start, place.end) for place in hit.places)


def places(found: Iterable[Spot], messages: Sequence[Said]) -> tuple[Place, ...]:
    """Back again, with the words as the log has them now."""
    return placed(found, numbered(messages))


def numbered(messages: Sequence[Said]) -> Mapping[int, tuple[int, str]]:
    """Each message's number as a turn, and its words, by seq."""
    return {one.seq: (number, one.text) for number, one in enumerate(messages, 1)}


def placed(found: Iterable[Spot], turns: Mapping[int, tuple[int, str]]) -> tuple[Place, ...]:
    """As `places`, for many of one conversation."""
    return tuple(
        Place(turns[spot.seq][0], spot.start, spot.end, turns[spot.seq][1][spot.start : spot.end])
        for spot in found
        if spot.seq in turns
    )


def kept(reading: Reading, seqs: Sequence[int]) -> dict[str, Any]:
    """A reading to keep: its places by seq, without the words, which may be taken back."""
    where = [{"seq": seqs[place.turn - 1], "start": place.start, "end": place.end} for place in reading.places]
    return {"model": reading.model, "label": reading.label, "confidence": reading.confidence, "spots": where}


def reading_of(told: Mapping[str, Any], messages: Sequence[Said]) -> Reading:
    """Back again, as `places` does."""
    found = places([Spot(**spot) for spot in told["spots"]], messages)
    return Reading(told["model"], told["label"], told["confidence"], found)
