"""How many open conversations agents have in hand, exactly, inside one transaction."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, bindparam, select, text

from conversation.codec import decode_conversation
from conversation.events import AgentAssigned, ConversationReopened, Fact
from conversation.log import NoRoom, Room
from conversation.model import Conversation
from conversation.sql.tables import conversations

_LOCK: Final = text(
    "SELECT pg_advisory_xact_lock(7532, k) FROM "
    "(SELECT DISTINCT hashtext(a) AS k FROM unnest(CAST(:agents AS text[])) AS a ORDER BY 1) AS ordered"
)
_OPEN: Final = select(conversations.c.body).where(
    conversations.c.status == "open",
    conversations.c.holder == "agent",
    conversations.c.agent.in_(bindparam("agents", expanding=True)),
)


def receivers(facts: Iterable[Fact]) -> set[str]:
    """Agents whom these facts give a conversation."""
    return {fact.agent for fact in facts if isinstance(fact, AgentAssigned | ConversationReopened)}


class Hands:
    """Open conversations by agent and channel, kept up to date while a batch is recorded.

    On PostgreSQL whoever gives an agent a conversation holds that agent's lock until the commit, so that what is
    counted here can only have become less (docs/decisions/0003-exact-assignment.md). SQLite has one writer anyway.
    """

    def __init__(self, connection: Connection, given: set[str], asked: set[str]) -> None:
        self._channels: defaultdict[str, Counter[str]] = defaultdict(Counter)
        if given and connection.dialect.name == "postgresql":
            connection.execute(_LOCK, {"agents": sorted(given)})
        if asked:
            for row in connection.execute(_OPEN, {"agents": sorted(asked)}):
                now = decode_conversation(row.body)
                self._channels[now.holder.agent][now.channel] += 1

    def check(self, room: Room | None) -> None:
        """Raise NoRoom unless the agent has room."""
        if room is not None and not room.has(self._channels[room.agent]):
            raise NoRoom(room.agent)

    def move(self, before: Conversation, after: Conversation) -> None:
        """A conversation went from hand to hand."""
        self._count(before, -1)
        self._count(after, 1)

    def _count(self, now: Conversation, by: int) -> None:
        if now.status == "open" and now.holder.kind == "agent":
            self._channels[now.holder.agent][now.channel] += by
