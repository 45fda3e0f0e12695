"""Supervisors and colleagues beside the agent: whisper, barge in, invite, and force a state; all on record."""

from conversation.events import ParticipantJoined, ParticipantLeft, Whispered
from conversation.log import Appended, HolderChanged, Log
from conversation.model import Holder
from conversation.signals import Signals
from desk.ports import Presence
from desk.store.changes import Changes
from desk.store.staff import Staff


class Supervision:
    """Every act has the caller's id, as the desk's. Permissions are asked at the door."""

    def __init__(self, log: Log, presence: Presence, signals: Signals, changes: Changes) -> None:
        self._log = log
        self._presence = presence
        self._signals = signals
        self._changes = changes

    async def whisper(self, conversation: str, by: Staff, id: str, text: str) -> Appended:
        """Tell the agent something that the customer never sees."""
        return await self._log.append(conversation, Whispered(by.id, by.name, text), cause=f"act:{id}")

    async def barge(self, conversation: str, by: Staff, id: str) -> Appended:
        """Write to the customer beside the holder. Raises HolderChanged unless an agent holds it."""
        return await self._join(conversation, by, by, id, "barge", "")

    async def invite(self, conversation: str, by: Staff, id: str, colleague: Staff, note: str) -> Appended:
        """Let a colleague write to the customer too. Raises HolderChanged unless an agent holds it."""
        return await self._join(conversation, colleague, by, id, "invite", note)

    async def _join(self, conversation: str, who: Staff, by: Staff, id: str, way: str, note: str) -> Appended:
        now = await self._log.load(conversation)
        if now.status != "open" or now.holder.kind != "agent":
            raise HolderChanged(now)
        fact = ParticipantJoined(who.name, who.id, by.id, way, note)
        held = Holder("agent", now.holder.agent)
        return await self._log.append(conversation, fact, cause=f"act:{id}", only_while=held)

    async def leave(self, conversation: str, who: Staff, by: Staff, id: str) -> Appended:
        """Take part no longer, or be dismissed by the holder."""
        return await self._log.append(conversation, ParticipantLeft(who.name, who.id, by.id), cause=f"act:{id}")

    async def force(self, who: Staff, state: str, by: Staff, reason: str) -> None:
        """Set a colleague's state; they are told who did it and why, and so is the audit."""
        await self._presence.set(who.id, state)
        self._signals.publish("forced", {"staff": who.id, "presence": state, "by": by.name, "reason": reason})
        await self._changes.record(by.id, by.name, "presence.forced", who.id, {"state": state, "reason": reason})
