"""What assist's doors work with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from fastapi import Request

from agent_assist.service.advise import Advise
from agent_assist.service.memory import Memory
from agent_assist.service.suggest import Suggest
from conversation.log import Log
from conversation.model import Conversation


class Person(Protocol):
    """A member of staff."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def role(self) -> str: ...


Asks = Callable[[Request], Awaitable[Person]]
"""Who is signed in. Raises Refused."""

Sees = Callable[[Request, str], Awaitable[Conversation]]
"""A conversation that whoever is signed in may see. Raises Refused."""


@dataclass(frozen=True, slots=True)
class Assist:
    """The room."""

    log: Log
    memory: Memory
    suggest: Suggest
    advise: Advise
