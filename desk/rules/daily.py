"""Filters of views, and variables of canned replies."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from conversation.model import Conversation

GAP: Final = re.compile(r" +(?=[,.!?;])")
VARIABLE: Final = re.compile(r"\{\{\s*([a-z.]+)\s*\}\}")
EQUAL: Final = ("status", "group", "language", "channel", "site")


@dataclass(frozen=True, slots=True)
class Filter:
    """Which conversations a view shows; None does not matter, agent "me" is whoever looks; who was asked in
    or barged in has a conversation too."""

    status: str | None = None
    holder: str | None = None
    agent: str | None = None
    group: str | None = None
    tag: str | None = None
    language: str | None = None
    channel: str | None = None
    site: str | None = None
    priority: int | None = None
    unread: bool | None = None

    def shows(self, now: Conversation, me: str) -> bool:
        """Does the view show this conversation to `me`?"""
        agent = me if self.agent == "me" else self.agent
        return (
            all(getattr(self, name) in (None, getattr(now, name)) for name in EQUAL)
            and self.holder in (None, now.holder.kind)
            and agent in (None, now.holder.agent, *now.participants)
            and (self.tag is None or self.tag in now.tags)
            and (self.priority is None or now.priority >= self.priority)
            and (self.unread is None or self.unread == (now.unread > 0))
        )


def fill(text: str, values: Mapping[str, Any]) -> str:
    """A canned reply with its variables filled in; an unknown one stays as it is, an empty one leaves no gap before a
    sign."""
    filled = VARIABLE.sub(lambda found: str(values.get(found[1], found[0])), text)
    return GAP.sub("", filled) if GAP.search(filled) and not GAP.search(text) else filled


def closeness(words: str, canned: Mapping[str, Any]) -> int:
    """How well a canned reply fits what was typed: its shortcut best, then its title, then its text; 0 is not."""
    wanted = words.casefold().lstrip("/")
    if not wanted or canned["shortcut"].casefold() == wanted:
        return 4
    if canned["shortcut"].casefold().startswith(wanted):
        return 3
    return 2 if wanted in canned["title"].casefold() else 1 if wanted in canned["text"].casefold() else 0
