"""The shortcuts through Rasa find what the long ways find."""

import random

import pytest
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActionReverted,
    ActiveLoop,
    AllSlotsReset,
    DefinePrevUserUtteredFeaturization,
    EntitiesAdded,
    FollowupAction,
    LoopInterrupted,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from kefu_engine.components.rules import IndexedRulePolicy
from kefu_engine.lean import Replay, _applied_of_rasa

DOMAIN = Domain.from_yaml("""
intents: [ask, tell]
entities: [e]
slots:
  colour: {type: text, mappings: [{type: custom}]}
  sure: {type: bool, mappings: [{type: custom}]}
actions: [utter_a, act_b]
responses: {utter_a: [{text: a}]}
forms: {some_form: {required_slots: [colour]}}
""")
KINDS = [
    lambda: UserUttered("x", {"name": "ask", "confidence": 1.0}),
    lambda: UserUttered("y", {"name": "tell", "confidence": 1.0}),
    lambda: ActionExecuted("action_listen"),
    lambda: ActionExecuted("utter_a", hide_rule_turn=True),
    lambda: ActionExecuted("some_form"),
    lambda: ActiveLoop("some_form"),
    lambda: ActiveLoop(None),
    lambda: LoopInterrupted(True),
    lambda: ActionExecutionRejected("some_form"),
    lambda: SlotSet("colour", "red"),
    lambda: SlotSet("sure", True),
    lambda: DefinePrevUserUtteredFeaturization(False),
    lambda: EntitiesAdded([{"entity": "e", "value": "v"}]),
    lambda: FollowupAction("act_b"),
    AllSlotsReset,
    ActionReverted,
    UserUtteranceReverted,
    Restarted,
    SessionStarted,
]


@pytest.mark.parametrize("seed", range(30))
def test_states_of_a_growing_tracker(seed):
    chance = random.Random(seed)
    tracker = DialogueStateTracker("c", DOMAIN.slots)
    for _ in range(30):
        for kind in chance.choices(KINDS, weights=[6] * 14 + [1] * 5, k=chance.randint(1, 3)):
            tracker.update(kind(), DOMAIN)
        assert list(map(id, tracker.applied_events())) == list(map(id, _applied_of_rasa(tracker)))
        tracker.past_states(DOMAIN)  # Rasa's replay changes the messages that it replays; afterwards they stay
        assert Replay.of(tracker).states(DOMAIN) == tracker.past_states(DOMAIN)
        twin, replayed = tracker.copy(), tracker.travel_back_in_time(float("inf"))
        assert twin.current_state() == replayed.current_state()
        twin.update(SlotSet("colour", "blue"), DOMAIN)
        twin.update(ActiveLoop("some_form"), DOMAIN)
        twin.update(LoopInterrupted(False), DOMAIN)
        assert tracker.current_state() == replayed.current_state()
        assert Replay.of(twin).states(DOMAIN) == twin.past_states(DOMAIN)


@pytest.mark.parametrize("kind", [RULES, RULES_FOR_LOOP_UNHAPPY_PATH])
def test_a_rule_that_names_no_intent_is_found_by_text(kind):
    policy = object.__new__(IndexedRulePolicy)
    policy.lookup = {RULES: {}, RULES_FOR_LOOP_UNHAPPY_PATH: {}}
    tracker = DialogueStateTracker("c", DOMAIN.slots)
    for event in (ActionExecuted("action_listen"), UserUttered("x", {"name": "ask"})):
        tracker.update(event, DOMAIN)
    assert policy._find_action_from_rules(tracker, DOMAIN, True) == (None, None, False)
    with_intent = '[{"prev_action": {"action_name": "action_listen"}, "user": {"intent": "ask"}}]'
    policy.lookup[kind] = {with_intent: "utter_a"}
    assert policy._find_action_from_rules(tracker, DOMAIN, True) == (None, None, False)
    policy.lookup[kind] = {'[{"prev_action": {"action_name": "action_listen"}}]': "utter_a"}
    with pytest.raises(AttributeError, match="featurizer"):  # it goes on to read the dialogue's states
        policy._find_action_from_rules(tracker, DOMAIN, True)
