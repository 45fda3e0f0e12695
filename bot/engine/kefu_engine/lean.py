"""What Rasa works out anew for every message although it stays the same for a model, worked out once."""

from collections.abc import Iterable
from copy import copy
from itertools import islice
from operator import is_
from types import SimpleNamespace
from typing import Any

from rasa.core import processor
from rasa.core.actions import action
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    ActiveLoop,
    DefinePrevUserUtteredFeaturization,
    EntitiesAdded,
    Event,
    Restarted,
    SessionStarted,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig


def settle(domain: Domain, endpoint: EndpointConfig) -> None:
    """A loaded domain no longer changes, so whether it is empty need not be asked by writing it out whole; nor are
    Rasa's own actions made anew to look one up."""
    empty, actions = domain.is_empty(), action.default_actions(endpoint)
    domain.is_empty = lambda: empty
    action.default_actions = lambda _=None: actions


# Rasa's processor copies deeply what its debug lines would show, shown or not; it copies nothing else.
processor.copy = SimpleNamespace(deepcopy=lambda shown: shown)


def _copy_slot(slot: Slot) -> Slot:
    """As copy.copy does, without the detour of pickling; each prediction copies all slots several times."""
    twin = object.__new__(type(slot))
    twin.__dict__.update(slot.__dict__)
    return twin


Slot.__copy__ = _copy_slot


def _copy_tracker(tracker: DialogueStateTracker) -> DialogueStateTracker:
    """As Rasa's copy does, without replaying every event; each action runs on a copy. Events are shared there too."""
    twin = object.__new__(type(tracker))
    own = {"slots": {name: _copy_slot(slot) for name, slot in tracker.slots.items()}, "events": copy(tracker.events)}
    twin.__dict__.update(tracker.__dict__ | own | {"active_loop": copy(tracker.active_loop)})
    twin.__dict__.pop("replay", None)
    return twin


DialogueStateTracker.copy = _copy_tracker

TAKING_BACK = {ActionReverted, ActiveLoop, Restarted, SessionStarted, UserUtteranceReverted}
_applied_of_rasa = DialogueStateTracker.applied_events


def _applied(tracker: DialogueStateTracker) -> list[Event]:
    """As Rasa's applied_events: all of them, unless one of those that take others back is there."""
    return list(tracker.events) if TAKING_BACK.isdisjoint(map(type, tracker.events)) else _applied_of_rasa(tracker)


DialogueStateTracker.applied_events = _applied


_extract_of_rasa = action.ActionExtractSlots.run


async def _extract(self: Any, channel: Any, nlg: Any, tracker: DialogueStateTracker, domain: Domain) -> list[Event]:
    """As Rasa's, asking only for slots that this message could fill."""
    view = copy(domain)
    view.slots = [slot for slot in domain.slots if any(_may_fill(one, tracker) for one in slot.mappings)]
    events: list[Event] = await _extract_of_rasa(self, channel, nlg, tracker, view)
    return events


def _may_fill(mapping: dict[str, Any], tracker: DialogueStateTracker) -> bool:
    """False when the message lacks the mapping's entity, its form is not open, or only an action fills it."""
    match mapping["type"]:
        case "from_entity":
            return any(one["entity"] == mapping["entity"] for one in tracker.latest_message.entities)
        case "custom":
            return "action" in mapping
        case "from_trigger_intent":
            return True
    loops = [condition.get("active_loop") for condition in mapping.get("conditions", ())]
    return not loops or None in loops or tracker.active_loop_name in loops


action.ActionExtractSlots.run = _extract


class Replay:
    """The states before each action and now, as Domain.states_for_tracker_history gives them for a tracker that grows:
    only what came since the last question is replayed."""

    _seen: list[Event]
    _told: int
    _states: list[State]
    _read: list[UserUttered]

    def __init__(self, tracker: DialogueStateTracker) -> None:
        self._tracker = tracker
        self._begin()

    @classmethod
    def of(cls, tracker: DialogueStateTracker) -> "Replay":
        """The tracker's own."""
        if not hasattr(tracker, "replay"):
            tracker.replay = cls(tracker)
        replay: Replay = tracker.replay
        return replay

    def states(self, domain: Domain) -> list[State]:
        """Raises what Domain.get_active_state raises."""
        applied = self._tracker.applied_events()
        kept = len(applied) >= len(self._seen) and all(map(is_, applied, self._seen))
        if not kept or self._rewritten(islice(self._tracker.events, self._told, None)):
            self._begin()
        for event in applied[len(self._seen) :]:
            if isinstance(event, ActionExecuted):
                self._states.append(self._state(domain))
                self._read.append(self._shadow.latest_message)
            self._shadow.update(event)
        self._seen, self._told = applied, len(self._tracker.events)
        return [*self._states, self._state(domain)]

    def _begin(self) -> None:
        self._shadow = self._tracker.init_copy()
        self._seen, self._told, self._states, self._read = [], 0, [], []

    def _rewritten(self, new: Iterable[Event]) -> bool:
        """Could one of these have changed a message that a state is already made of? Some change the latest."""
        kinds = {type(event) for event in new}
        if not kinds & {DefinePrevUserUtteredFeaturization, EntitiesAdded}:
            return False
        latest = (self._tracker.latest_message, self._shadow.latest_message)
        return UserUttered in kinds or any(message is read for message in latest for read in self._read)

    def _state(self, domain: Domain) -> State:
        state: State = domain._clean_state(domain.get_active_state(self._shadow))
        return state


class PlannedRunner:
    """Stands in for DaskGraphRunner: the same nodes in the same order, called directly (docs/engine.md).

    What runs for a message is known beforehand, so there is nothing to schedule.
    """

    def __init__(self, runner: DaskGraphRunner) -> None:
        self._runner = runner
        self._plans: dict[tuple[str, ...], list[tuple[str, Any]]] = {}

    def run(self, inputs: dict[str, Any], targets: list[str]) -> dict[str, Any]:
        """As GraphRunner.run."""
        plan = self._plans.get(tuple(targets))
        if plan is None:
            plan = self._plans[tuple(targets)] = self._plan(targets)
        found = dict(inputs)
        for name, node in plan:
            arguments = {parameter: found[source] for parameter, source in node._inputs.items()}
            found[name] = node._fn(node._component, **arguments)
        return {target: found[target] for target in targets}

    def _plan(self, targets: list[str]) -> list[tuple[str, Any]]:
        schema = self._runner._graph_schema.minimal_graph_schema(targets)
        planned: dict[str, Any] = {}

        def visit(name: str) -> None:
            if name in planned or name not in schema.nodes:
                return
            for source in schema.nodes[name].needs.values():
                visit(source)
            planned[name] = self._runner._instantiated_nodes[name]

        for target in targets:
            visit(target)
        return list(planned.items())
