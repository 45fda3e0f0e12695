"""Rasa's RulePolicy, looking at the few rules that can apply instead of all of them."""

from collections import defaultdict
from typing import Any

from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import PREVIOUS_ACTION

Index = dict[str, list[str]]


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT], is_trainable=True)
class IndexedRulePolicy(RulePolicy):  # type: ignore[misc]
    """The same predictions (docs/engine.md): a rule applies only if its last state follows the same action."""

    _indexes: dict[int, Index]

    def _get_possible_keys(self, lookup: dict[str, str], states: list[Any]) -> set[str]:
        if not states:
            return set(lookup)
        keys = self._index_of(lookup).get(_previous(states[-1]), [])
        possible = set(keys)
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
                index[_previous(self._rule_key_to_state(key)[-1])].append(key)
            self._indexes[id(lookup)] = dict(index)
        return self._indexes[id(lookup)]


def _previous(state: Any) -> str:
    before = state.get(PREVIOUS_ACTION) or {}
    return str(before.get("action_name") or before.get("action_text") or "")
