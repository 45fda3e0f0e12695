"""One turn as a pure function: (dialogue state, message) → (turn, new state)."""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from kefu_engine.actions import words
from kefu_engine.actions.several import parts_of
from kefu_engine.executor import InProcess, failures
from kefu_engine.lean import PlannedRunner, settle
from kefu_engine.state import UnreadableState, pack, unpack

ESCAPE = "\u2060"
"""A word joiner, which shows and means nothing: before a customer's "/" it keeps Rasa from reading a payload."""

GUESSES = 3

log = logging.getLogger(__name__)


class ActionFailed(RuntimeError):
    """A custom action raised; its reply is lost, so the turn is."""


@dataclass(frozen=True)
class Ask:
    """What the platform sends; `payload` is a button's trusted meaning, `state` what the last turn returned."""

    text: str
    payload: str | None
    metadata: dict[str, Any]
    state: str | None


class Engine:
    """A loaded model."""

    def __init__(self, model: Path) -> None:
        actions = InProcess()
        agent = Agent.load(str(model), action_endpoint=actions)
        if agent.processor is None:
            raise ValueError(f"{model} is no trained model")
        self._processor = agent.processor
        self._processor.graph_runner = PlannedRunner(self._processor.graph_runner)
        self._domain = self._processor.domain
        settle(self._domain, actions)
        nodes = self._processor.model_metadata.predict_schema.nodes.values()
        self._asides = frozenset(intent for node in nodes for intent in node.config.get("asides", ()))
        self.model = str(self._processor.model_metadata.model_id)
        # Models of one domain understand each other's states: a new one takes over in the middle of a dialogue.
        self._shape = str(self._domain.fingerprint())[:16]

    async def turn(self, ask: Ask) -> dict[str, Any]:
        """The turn as docs/engine.md describes it. Raises ActionFailed."""
        failures.set([])
        channel = CollectingOutputChannel()
        sender = str(ask.metadata.get("conversation", "")) or "nobody"
        tracker, reset = await self._tracker(ask.state, sender, channel)
        if tracker.get_slot("language") is None and ask.metadata.get("language"):
            # Until words tell better: a number or a face is no language.
            tracker.update(SlotSet("language", ask.metadata["language"]), self._domain)
        if ask.metadata.get("offer"):
            tracker.update(SlotSet("offer", ask.metadata["offer"]), self._domain)
        start = len(tracker.events)
        message = UserMessage(_safe(ask), channel, sender, input_channel="kefu", metadata=ask.metadata)
        message.parse_data = await self._processor.parse_message(message, tracker)
        wishes = message.parse_data.get("wishes", [])
        parts = parts_of(message.parse_data, tracker.active_loop_name)
        for part in parts:
            said = UserMessage(safe_text(part.text), channel, sender, input_channel="kefu", metadata=ask.metadata)
            await self._take(said, tracker, part.then)
        if not parts:
            await self._take(message, tracker)
        if failures.get():
            raise ActionFailed(type(failures.get()[0]).__name__) from failures.get()[0]
        told = {**self._told(tracker, channel, start), "wishes": wishes if parts else []}
        return {**told, "state": pack(tracker, self._shape), "state_reset": reset}

    async def _take(
        self, message: UserMessage, tracker: DialogueStateTracker, then: dict[str, Any] | None = None
    ) -> None:
        """One message, or a part of one; the task `then` waits as if this message's task had interrupted it."""
        channel = message.output_channel
        await self._processor._handle_message_with_tracker(message, tracker)
        await self._processor.run_action_extract_slots(channel, tracker)
        if then:
            tracker.update(SlotSet("paused", then), self._domain)
            task = words.FORMS[then["form"]][tracker.get_slot("language") != "zh"]
            said = await self._processor.nlg.generate("utter_one_by_one", tracker, channel.name(), task=task)
            await channel.send_response(message.sender_id, said)
        await self._processor._run_prediction_loop(channel, tracker)

    async def likeliest(self, text: str) -> str:
        """The intent that the text most likely has, refused or not."""
        parsed = await self._processor.parse_message(UserMessage(_safe(Ask(text, None, {}, None))))
        ranking = [one["name"] for one in parsed.get("intent_ranking") or [] if one["name"] != "nlu_fallback"]
        return str(ranking[0]) if ranking else ""

    async def _tracker(
        self, state: str | None, sender: str, channel: CollectingOutputChannel
    ) -> tuple[DialogueStateTracker, bool]:
        reset = False
        if state:
            try:
                return unpack(state, self._shape, sender, self._domain), False
            except UnreadableState as error:
                log.warning("a dialogue state was not readable, the dialogue begins anew: %s", error)
                reset = True
        tracker = DialogueStateTracker(sender, self._domain.slots)
        await self._processor._update_tracker_session(tracker, channel)
        return tracker, reset

    def _told(self, tracker: DialogueStateTracker, channel: CollectingOutputChannel, start: int) -> dict[str, Any]:
        events = list(tracker.events)[start:]
        messages = [e for e in events if isinstance(e, UserUttered)]  # one, or the parts of one
        heard = messages[0] if messages else None
        acts = [e for e in events if isinstance(e, ActionExecuted) and e.action_name]
        ruled = [act for act in acts if act.policy]
        bubbles, customs = _bubbles(channel.messages)
        return {
            "messages": bubbles,
            "intent": {
                "name": heard.intent_name if heard else None,
                "confidence": (heard.intent.get("confidence") or 0.0) if heard else 0.0,
            },
            "aside": heard is not None and heard.intent_name in self._asides,
            "guesses": _guesses(heard),
            "entities": [
                {"entity": e["entity"], "value": str(e["value"])}
                for e in (entity for message in messages for entity in message.entities)
                if e["entity"] != "language"
            ],
            "actions": [act.action_name for act in acts if act.action_name != "action_listen"],
            "slots": {name: slot.value for name, slot in tracker.slots.items() if _is_told(name, slot.value)},
            "policy": ruled[0].policy if ruled else None,
            "language": tracker.get_slot("language") or "",
            "handoff": next((custom["handoff"] for custom in customs if "handoff" in custom), None),
            "close": any(custom.get("close") for custom in customs),
            "ticket": next((custom["ticket"] for custom in customs if "ticket" in custom), None),
            "figures": {name: value for custom in customs for name, value in custom.get("figures", {}).items()},
            "repeat": any(custom.get("repeat") for custom in customs),
        }


def _guesses(heard: UserUttered | None) -> list[dict[str, Any]]:
    """The likeliest intents, for whoever reviews what was not understood."""
    ranking = (heard.parse_data.get("intent_ranking") or []) if heard else []
    likely = [guess for guess in ranking if guess["name"] and guess["name"] != "nlu_fallback"][:GUESSES]
    return [{"name": guess["name"], "confidence": round(float(guess["confidence"]), 3)} for guess in likely]


def _safe(ask: Ask) -> str:
    """What Rasa reads: the trusted payload, or the customer's text, which is never one."""
    if ask.payload:
        return ask.payload
    return safe_text(ask.text)


def safe_text(said: str) -> str:
    """A customer's words as Rasa may read them: storable, and never a payload."""
    text = said.replace("\x00", " ").encode("utf-8", "replace").decode("utf-8")
    return ESCAPE + text if text.lstrip().startswith("/") else text


def _is_told(name: str, value: Any) -> bool:
    return (
        value is not None
        and not name.startswith(("requested_slot", "session_started"))
        and isinstance(value, (str, int, float, bool))
    )


def _bubbles(said: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What the bot said as bubbles, and what it asked of the platform."""
    bubbles, customs = [], []
    for one in said:
        custom = one.get("custom") or {}
        if custom:
            customs.append(custom)
        card = custom.get("card")
        if one.get("text") or one.get("image") or card:
            buttons = [{"title": b["title"], "payload": b.get("payload", "")} for b in one.get("buttons") or []]
            bubbles.append({"text": one.get("text") or "", "buttons": buttons, "image": one.get("image"), "card": card})
    return bubbles, customs
