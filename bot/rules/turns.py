"""What the bot does when; pure."""

from typing import Final

from bot.ports import Turn
from conversation.events import (
    BotMessage,
    BotReplied,
    Button,
    Choice,
    ConversationClosed,
    Fact,
    HandoffRequested,
)
from conversation.model import BOT, Conversation

_SORRY: Final = {
    "zh": "抱歉，我现在回答不了您，正在为您转接人工客服，请稍候。",
    "en": "Sorry, I can't answer just now. I'm passing you on to a colleague, one moment please.",
}


def bot_answers(now: Conversation) -> bool:
    """Is this conversation the bot's to answer?"""
    return now.status == "open" and now.holder == BOT


def chosen(reply: BotReplied, choice: Choice) -> Button | None:
    """The button the customer pressed, or None when that reply has no such button."""
    buttons = [button for message in reply.messages for button in message.buttons]
    return buttons[choice.button] if 0 <= choice.button < len(buttons) else None


def facts_of(turn: Turn) -> tuple[Fact, ...]:
    """A turn as facts: what was said, and that a person is needed or that it is over."""
    said = BotReplied(
        turn.messages,
        turn.language,
        intent=turn.intent,
        confidence=turn.confidence,
        entities=turn.entities,
        actions=turn.actions,
        policy=turn.policy,
        state=turn.state,
    )
    if turn.handoff:
        return said, HandoffRequested(turn.handoff)
    if turn.close:
        return said, ConversationClosed("bot")
    return (said,)


def apology(language: str, state: str) -> tuple[Fact, ...]:
    """What the customer gets when the engine is away: a plain sentence and the way to a person, never silence."""
    said = BotReplied(
        (BotMessage(_SORRY.get(language, _SORRY["en"])),),
        language,
        policy="engine_unavailable",
        state=state,
    )
    return said, HandoffRequested("engine_unavailable")
