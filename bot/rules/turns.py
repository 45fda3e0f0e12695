"""What the bot does when; pure."""

from dataclasses import replace
from typing import Final

from bot.ports import Turn
from conversation.events import (
    Attachment,
    BotMessage,
    BotReplied,
    Button,
    Choice,
    ConversationClosed,
    Fact,
    HandoffRequested,
    MessageReceived,
)
from conversation.model import BOT, Conversation

LOOKED_AT: Final = 3
_SORRY: Final = {
    "zh": "抱歉，我现在回答不了您，正在为您转接人工客服，请稍候。",
    "en": "Sorry, I can't answer just now. I'm passing you on to a colleague, one moment please.",
}
_NOTHING: Final = {"zh": "请告诉我您想办什么。", "en": "Please tell me what you would like to do."}
_FILES: Final = {
    "zh": ("收到您的文件。我看不了文件里的内容，请用文字告诉我您的问题，或者让人工客服来看。", "人工客服"),
    "en": (
        "I have your file, but can't look into it. Tell me in words, or let a colleague see it.",
        "Talk to a person",
    ),
}


def bot_answers(now: Conversation) -> bool:
    """Is this conversation the bot's to answer?"""
    return now.status == "open" and now.holder == BOT


def chosen(reply: BotReplied, choice: Choice) -> Button | None:
    """The button the customer pressed, or None when that reply has no such button."""
    buttons = [button for message in reply.messages for button in message.buttons]
    return buttons[choice.button] if 0 <= choice.button < len(buttons) else None


def facts_of(turn: Turn, last: BotReplied | None = None) -> tuple[Fact, ...]:
    """A turn as facts: what was said, and that a person is needed or that it is over; `last` may be said again."""
    messages = last.messages if turn.repeat and last else turn.messages
    said = BotReplied(
        messages or (BotMessage(_NOTHING.get(turn.language, _NOTHING["en"])),),
        turn.language,
        intent=turn.intent,
        confidence=turn.confidence,
        entities=turn.entities,
        actions=turn.actions,
        policy=turn.policy,
        guesses=turn.guesses,
        parts=turn.parts,
        state=turn.state,
        figures=turn.figures,
    )
    asked = (turn.ticket,) if turn.ticket else ()
    if turn.handoff:
        return said, *asked, HandoffRequested(turn.handoff)
    if turn.close:
        return said, *asked, ConversationClosed("bot")
    return said, *asked


def handed_to(group: str, facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """These, with whoever is to be handed to a person going to this group."""
    return tuple(replace(one, group=group) if isinstance(one, HandoffRequested) else one for one in facts)


def files_received(message: MessageReceived, language: str, state: str) -> tuple[Fact, ...]:
    """The answer to files without a word, which no engine looks into: shall a person? () for anything else."""
    if message.text.strip() or message.choice or not message.attachments:
        return ()
    text, person = _FILES.get(language, _FILES["en"])
    said = BotMessage(text, (Button(person, "/human"),))
    return (BotReplied((said,), language, policy="files_received", state=state),)


def pictures_of(message: MessageReceived) -> tuple[Attachment, ...]:
    """What of it can be looked at."""
    return tuple(one for one in message.attachments if one.media_type.startswith("image/"))[:LOOKED_AT]


def apology(language: str, state: str) -> tuple[Fact, ...]:
    """What the customer gets when the engine is away: a plain sentence and the way to a person, never silence."""
    said = BotReplied(
        (BotMessage(_SORRY.get(language, _SORRY["en"])),),
        language,
        policy="engine_unavailable",
        state=state,
    )
    return said, HandoffRequested("engine_unavailable")
