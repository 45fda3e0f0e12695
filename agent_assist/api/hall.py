"""What assist's doors work with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import Request

from agent_assist.service.advise import Advise
from agent_assist.service.memory import Memory
from agent_assist.service.propose import Propose
from agent_assist.service.suggest import Suggest
from agent_assist.service.write import Write
from conversation.log import Log
from conversation.model import Conversation

Sees = Callable[[Request, str], Awaitable[Conversation]]
"""A conversation that whoever is signed in may see. Raises Refused."""


@dataclass(frozen=True, slots=True)
class Assist:
    """The room."""

    log: Log
    memory: Memory
    suggest: Suggest
    advise: Advise
    write: Write
    propose: Propose
