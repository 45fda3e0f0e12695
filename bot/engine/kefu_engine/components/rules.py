"""Rasa's RulePolicy, looking at the few rules that can apply instead of all of them."""

from collections import defaultdict
from typing import Any

from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME, PREVIOUS_ACTION, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.trackers import DialogueStateTracker

from kefu_engine.components.again import OFFER, OFFERS, asked_again
from kefu_engine.lean import Replay

Index = dict[tuple[str, str], list[str]]
"""Rules by the action and the intent that their last state asks for; the intent is empty where they ask for none."""


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT], is_trainable=True)
class IndexedRulePolicy(RulePolicy):
    """The same predictions (docs/engine.md): a rule applies only if its last state follows the same action and has the
    same intent, where it names one. A question that is asked again gets an offer after its answer (again.py); a form
    does not ask on after the offer of a person."""

    _indexes: dict[int, Index]

    def predict_action_probabilities(
        self, tracker: DialogueStateTracker, domain: Domain, rule_only_data: dict[str, Any] | None = None, **kwargs: Any
    ) -> PolicyPrediction:
        if tracker.latest_action_name in OFFERS:
            return self._rule_prediction(self._prediction_result(ACTION_LISTEN_NAME, tracker, domain), "")
        prediction = super().predict_action_probabilities(tracker, domain, rule_only_data, **kwargs)
        then = domain.action_names_or_texts[prediction.max_confidence_index]
        if then in (ACTION_LISTEN_NAME, tracker.active_loop_name) and asked_again(tracker):
            return self._rule_prediction(self._prediction_result(OFFER, tracker, domain), "")
        return prediction

    def _find_action_from_rules(
        self, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> tuple[str | None, str | None, bool]:
        # Read by its text, a message has no intent: only rules that name none could apply.
        if use_text_for_last_user_input and not any(
            (ACTION_LISTEN_NAME, "") in self._index_of(self.lookup[kind])
            for kind in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH)
        ):
            return None, None, False
        found: tuple[str | None, str | None, bool]
        found = super()._find_action_from_rules(tracker, domain, use_text_for_last_user_input)
        return found

    def _prediction_states(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        use_text_for_last_user_input: bool = False,
        rule_only_data: dict[str, Any] | None = None,
    ) -> list[State]:
        states = Replay.of(tracker).states(domain)
        self.featurizer._choose_last_user_input([states], use_text_for_last_user_input)
        return states

    @staticmethod
    def format_tracker_states(states: list[State]) -> str:
        return ""  # only a debug line shows it, and Rasa formats it whether or not there is one

    def _get_possible_keys(self, lookup: dict[str, str], states: list[Any]) -> set[str]:
        if not states:
            return set(lookup)
        index, previous = self._index_of(lookup), _previous(states[-1])
        possible = {key for intent in {"", _intent(states[-1])} for key in index.get((previous, intent), ())}
        for age, state in enumerate(reversed(states)):
            if age >= max((len(self._rule_key_to_state(key)) for key in possible), default=0):
                break
            possible = {key for key in possible if self._is_rule_applicable(key, age, state)}
        return possible

    def _index_of(self, lookup: dict[str, str]) -> Index:
        if not hasattr(self, "_indexes"):
            self._indexes = {}
        if id(lookup) not in self._indexes or sum(map(len, self._indexes[id(lookup)].values())) != len(lookup):
            index: Index = defaultdict(list)
            for key in lookup:
                last = self._rule_key_to_state(key)[-1]
                # Where a conversation begins, Rasa looks at nothing else of the state.
                index[_previous(last), _intent(last) if _previous(last) else ""].append(key)
            self._indexes[id(lookup)] = dict(index)
        return self._indexes[id(lookup)]


def _previous(state: Any) -> str:
    before = state.get(PREVIOUS_ACTION) or {}
    return str(before.get("action_name") or before.get("action_text") or "")


def _intent(state: Any) -> str:
    return str((state.get(USER) or {}).get("intent") or "")
